"""Asking for contact and answering: nobody's address is shown, and both sides must agree."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from app.core.clock import now
from app.core.web.errors import problem_document
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.sessions import db
from app.features.api import queries
from app.features.api.describing import operations
from app.features.api.schemas.introductions import (
    AcceptBody,
    AskBody,
    DeclineBody,
    IntroductionSchema,
    IntroductionsQuery,
    IntroductionsSchema,
    as_introduction,
)
from app.features.introductions import services
from app.features.introductions.models import Introduction
from app.features.introductions.policies import Obstacle
from app.features.introductions.queries import get_introduction
from app.features.introductions.queries import list_introductions as list_rows
from app.features.introductions.views.wording import say, views_by_id
from app.features.profiles.queries.profiles import find_profile
from app.features.threads.queries import list_acting_ids

# What stands against asking, as a status; whatever is not named here: 403.
_STATUS = {"connected": 409, "asked_me": 409, "asked_them": 409, "often": 429}


def _given(rows: list[Introduction]) -> list[dict[str, Any]]:
    ids = [number for row in rows for number in (row.from_profile_id, row.to_profile_id, row.by_person_id)]
    views, moment = views_by_id(db(), ids), now()
    return [as_introduction(row, views, moment) for row in rows]


@operations.arguments(IntroductionsQuery, location="query")
@operations.response(200, IntroductionsSchema)
def list_introductions(query: dict[str, Any]) -> dict[str, Any]:
    """Introductions received or sent, by you and the institutions you act for: those that wait first."""
    session, actor = db(), current_actor()
    only = queries.get_speaker(session, actor, query["as_"]) if query["as_"] else None
    sides = [only.id] if only else list_acting_ids(session, actor)
    page = list_rows(session, sides, query["box"] == "received", query["cursor"])
    return {"introductions": _given(page.items), "next": page.after}


def _refused(obstacle: Obstacle) -> Response:
    status = _STATUS.get(obstacle.code, 403)
    waiting = {} if obstacle.introduction_id is None else {"introduction": obstacle.introduction_id}
    response = problem_document(status, say(obstacle.text), {"reason": obstacle.code, **waiting})
    if status == 429:
        response.headers["Retry-After"] = str(int(DAY.total_seconds()))
    return response


@operations.arguments(AskBody, location="json")
@operations.response(201, IntroductionSchema, headers={"Location": {"schema": {"type": "string"}}})
def ask_introduction(body: dict[str, Any]) -> Any:
    """Ask somebody for contact, for yourself or for an institution you speak for."""
    session, actor = db(), current_actor()
    limit("introductions.ask", 60, DAY, key=f"account:{actor.account_id}")
    speaker = queries.get_speaker(session, actor, body["as_"])
    try:
        row = services.ask(session, actor, find_profile(session, body["to"]), body["note"], body["lang"], speaker.id)
    except services.CannotAsk as problem:
        return _refused(problem.obstacle)
    return _given([row])[0], 201, {"Location": url_for("api.read_introduction", introduction_id=row.id)}


@operations.response(200, IntroductionSchema)
def read_introduction(introduction_id: int) -> dict[str, Any]:
    """An introduction you received or sent."""
    return _given([get_introduction(db(), current_actor(), introduction_id)])[0]


@operations.arguments(AcceptBody, location="json", required=False)
@operations.response(200, IntroductionSchema)
def accept_introduction(body: dict[str, Any], introduction_id: int) -> dict[str, Any]:
    """Say yes: you are connected, and have a thread that begins with the note and your reply."""
    row = services.accept(db(), current_actor(), introduction_id, body["reply"], body["lang"])
    return _given([row])[0]


@operations.arguments(DeclineBody, location="json")
@operations.response(200, IntroductionSchema)
def decline_introduction(body: dict[str, Any], introduction_id: int) -> dict[str, Any]:
    """Say no, politely."""
    session, actor = db(), current_actor()
    row = services.decline(session, actor, introduction_id, body["reason"], body["reply"], body["lang"])
    return _given([row])[0]


@operations.response(200, IntroductionSchema)
def withdraw_introduction(introduction_id: int) -> dict[str, Any]:
    """Take back what you asked."""
    return _given([services.withdraw(db(), current_actor(), introduction_id)])[0]
