"""Who is here: the directory, with its filters and counts."""

from __future__ import annotations

from typing import Any

from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.schemas.directory import DirectoryQuery, DirectorySchema, as_hidden, filters_from
from app.features.api.schemas.filtering import as_choices
from app.features.api.schemas.profiles import card
from app.features.profiles.queries import directory
from app.features.profiles.queries.visible import present_many
from app.features.profiles.views.cards import reading_languages


@operations.arguments(DirectoryQuery, location="query")
@operations.response(200, DirectorySchema)
def search_directory(query: dict[str, Any]) -> dict[str, Any]:
    """People and institutions by words and filters, page by page; a guest finds only what everybody may see."""
    session, actor, filters = db(), current_actor(), filters_from(query)
    looker = directory.looker_of(session, actor)
    page = directory.find_page(session, looker, filters, query.get("cursor"), query["limit"])
    answer = {
        "total": page.total,
        "profiles": [card(view) for view in present_many(session, actor, page.ids, reading_languages())],
        "hidden": as_hidden(directory.count_hidden(session, looker, filters, page.total)),
        "previous": page.previous,
        "next": page.next,
    }
    if query["facets"]:
        answer["facets"] = as_choices(directory.count_facets(session, looker, filters))
    return answer
