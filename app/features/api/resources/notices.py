"""What you should hear of: answers to you, who mentions you, who lets you in."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.schemas.notices import NoticesQuery, NoticesSchema, ReadBody, as_notice
from app.features.notifications.queries import count_unread
from app.features.notifications.queries import list_notices as list_rows
from app.features.notifications.services import mark_all_read


@operations.arguments(NoticesQuery, location="query")
@operations.response(200, NoticesSchema)
def list_notices(query: dict[str, Any]) -> dict[str, Any]:
    """Your notices, the newest first. Reading them here leaves them unread."""
    session, person_id = db(), current_actor().person_id
    if person_id is None:
        return {"unread": 0, "notices": [], "next": None}
    before = int(query["cursor"]) if "cursor" in query else None
    page = list_rows(session, person_id, before, query["limit"])
    return {
        "unread": count_unread(session, person_id),
        "notices": [as_notice(notice) for notice in page.notices],
        "next": str(page.older) if page.older is not None else None,
    }


@operations.arguments(ReadBody, location="json")
@operations.response(204)
def read_notices(body: dict[str, Any]) -> Response:
    """Say that you have read your notices up to one; what came since stays new."""
    person_id = current_actor().person_id
    if person_id is not None:
        mark_all_read(db(), person_id, body["up_to"])
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer
