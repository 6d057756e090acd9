"""Whom you could meet, and why: the same ranked lists as on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, url_for

from app.core.errors import Invalid, NotFound
from app.core.messages import N_, Text
from app.core.web.identity import current_actor
from app.core.web.sessions import after_response, db
from app.features.api import queries
from app.features.api.describing import operations
from app.features.api.schemas.profiles import named
from app.features.api.schemas.suggestions import (
    PROFILE,
    AppearancesSchema,
    DismissalBody,
    DismissalSchema,
    DismissalsQuery,
    DismissalsSchema,
    RestoreQuery,
    SpeakerQuery,
    SuggestionsQuery,
    SuggestionsSchema,
)
from app.features.communities.queries.suiting import list_asides
from app.features.profiles.models import Profile
from app.features.profiles.queries.profiles import get_profile
from app.features.profiles.queries.visible import present, present_many
from app.features.profiles.views.cards import reading_languages
from app.features.suggestions.queries.appearances import count_appearances_of
from app.features.suggestions.queries.marks import list_dismissed, read_place, write_place
from app.features.suggestions.schemas import as_json, groups_as_json
from app.features.suggestions.services import Suggestions, details_of, dismiss, note_shown, restore, suggest
from app.features.suggestions.services.dismissing import check_asking
from app.features.suggestions.services.group_asides import NETWORK, dismiss_group, get_group, restore_group
from app.features.suggestions.services.groups import COMMUNITIES, Group, suggest_groups
from app.features.suggestions.views.group_asides import kind_of

PAGE = 30


def _speaker(handle: str | None) -> Profile:
    return queries.get_speaker(db(), current_actor(), handle)


def _note(found: Suggestions, profile: Profile) -> None:
    shown, kind, profile_id = [(item.view.id, item.match.score) for item in found.items], found.kind, profile.id
    details = details_of(found)
    after_response(lambda session: note_shown(session, profile_id, kind, shown, details))


@operations.arguments(SuggestionsQuery, location="query")
@operations.response(200, SuggestionsSchema)
def list_suggestions(query: dict[str, Any]) -> dict[str, Any]:
    """Suggestions of a kind, best first, each with its reasons, which add up to its score, and its gaps."""
    if query["with_"] is not None and query["kind"] != "bridges":
        raise Invalid({"with": Text(N_("This goes with the kind bridges only."))})
    session, asking = db(), _speaker(query["as_"])
    if query["kind"] == COMMUNITIES:
        return groups_as_json(suggest_groups(session, current_actor(), asking, query["limit"]))
    target = get_profile(session, query["with_"]) if query["with_"] is not None else None
    found = suggest(session, current_actor(), asking, query["kind"], query["limit"], target)
    _note(found, asking)
    return as_json(found)


@operations.arguments(SpeakerQuery, location="query")
@operations.response(200, AppearancesSchema)
def read_appearances(query: dict[str, Any]) -> dict[str, Any]:
    """How often one was suggested to others, by kind and by what counted most; never to whom."""
    session, asking = db(), _speaker(query["as_"])
    check_asking(session, current_actor(), asking)
    found = count_appearances_of(session, asking.id)
    return {
        "suggestible": asking.suggestible,
        "not_suggested_as": [refusal.kind for refusal in asking.refusals],
        "last_30_days": found.lately,
        "last_90_days": found.long,
        "kinds": {kind: {"last_30_days": few, "last_90_days": many} for kind, (few, many) in found.kinds.items()},
        "criteria": dict(found.criteria),
    }


def _named_group(group: Group) -> dict[str, Any]:
    kind = kind_of(group)
    endpoint = "communities.show_network" if kind == NETWORK else "communities.show_community"
    return {"id": group.slug, "name": group.name, "kind": kind, "url": url_for(endpoint, slug=group.slug)}


def _mark(cursor: str | None) -> tuple[datetime, int] | None:
    """Where a page begins; anything that is not from an earlier answer is refused."""
    if cursor is None:
        return None
    place = read_place(cursor)
    if place is None:
        raise Invalid({"cursor": Text(N_("This is not from an earlier answer."))})
    return place


@operations.arguments(DismissalsQuery, location="query")
@operations.response(200, DismissalsSchema)
def list_dismissals(query: dict[str, Any]) -> dict[str, Any]:
    """Who was put aside, the latest first; or, of the kind communities, which communities and networks."""
    session, actor, asking = db(), current_actor(), _speaker(query["as_"])
    check_asking(session, actor, asking)
    if query["kind"] == COMMUNITIES:
        groups, after = list_asides(session, asking.id, _mark(query.get("cursor")), PAGE)
        return {
            "dismissals": [{**_named_group(one.group), "reason": one.reason} for one in groups],
            "next": write_place(after) if after else None,
        }
    rows, after = list_dismissed(session, asking.id, _mark(query.get("cursor")), PAGE)
    reasons = {row.profile_id: row.reason for row in rows}
    views = present_many(session, actor, list(reasons), reading_languages())
    return {
        "dismissals": [{**named(view), "reason": reasons[view.id]} for view in views],
        "next": write_place(after) if after else None,
    }


@operations.arguments(DismissalBody, location="json")
@operations.response(201, DismissalSchema)
def dismiss_suggestion(body: dict[str, Any]) -> dict[str, Any]:
    """Not for me, because …: they are not suggested any more. Again with another reason changes the reason."""
    session, actor, asking = db(), current_actor(), _speaker(body["as_"])
    if body["kind"] != PROFILE:
        group = get_group(session, actor, body["kind"], body["id"])
        dismiss_group(session, actor, asking, group, body["reason"])
        return {**_named_group(group), "reason": body["reason"]}
    other = get_profile(session, body["id"])
    dismiss(session, actor, asking, other, body["reason"])
    view = present(session, actor, other, reading_languages())
    if view is None:
        raise NotFound
    return {**named(view), "reason": body["reason"]}


@operations.arguments(RestoreQuery, location="query")
@operations.response(204)
def restore_suggestion(query: dict[str, Any], handle: str) -> Response:
    """Let someone, a community or a network that was put aside be suggested again."""
    session, actor, asking = db(), current_actor(), _speaker(query["as_"])
    if query["kind"] != PROFILE:
        restore_group(session, actor, asking, get_group(session, actor, query["kind"], handle))
    else:
        restore(session, actor, asking, get_profile(session, handle))
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer
