"""What the network lacks: communities that should exist, and who could introduce a community to others."""

from __future__ import annotations

from typing import Any

from app.core.errors import Forbidden
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.schemas.groups import (
    IntroducersSchema,
    MissingPageSchema,
    MissingQuery,
    as_missing,
    as_to_community,
)
from app.features.communities.policies import can_coordinate, can_found
from app.features.communities.queries import get_standing
from app.features.communities.queries.between import list_to_communities
from app.features.communities.queries.missing import list_missing, list_own_missing
from app.features.profiles.queries.visible import present_many
from app.features.profiles.views.cards import reading_languages

MOST = 20


@operations.arguments(MissingQuery, location="query")
@operations.response(200, MissingPageSchema)
def list_missing_communities(query: dict[str, Any]) -> dict[str, Any]:
    """Communities that should exist: groups who match one another and share none."""
    session, actor, cursor = db(), current_actor(), query.get("cursor")
    if not can_found(actor) or actor.person_id is None:
        raise Forbidden
    page = list_missing(session, actor.person_id, cursor)
    found = [*(list_own_missing(session, actor.person_id) if not cursor else ()), *page.items]
    ids = list(dict.fromkeys(number for one in found for number in one.some_ids))
    views = {view.id: view for view in present_many(session, actor, ids, reading_languages())}
    return {"communities": [as_missing(one, views) for one in found], "next": page.next}


@operations.response(200, IntroducersSchema)
def list_introducers(slug: str) -> dict[str, Any]:
    """Who could introduce a community to others; for its coordinators."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_coordinate(standing):
        raise Forbidden
    found = list_to_communities(db(), standing.actor, standing.community, MOST, reading_languages())
    return {"communities": [as_to_community(one) for one in found]}
