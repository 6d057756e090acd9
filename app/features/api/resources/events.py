"""When communities meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.core.registries import version_of
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.queries import get_readable
from app.features.api.schemas.events import EventsQuery, EventsSchema, EventWholeSchema, as_event, whole
from app.features.api.schemas.filtering import check
from app.features.api.schemas.profiles import named
from app.features.api.schemas.translations import Translations
from app.features.communities.policies import Standing
from app.features.communities.views.people import views_of
from app.features.events.models import Event
from app.features.events.queries import events as queries
from app.features.events.views.words import texts_of
from app.features.profiles.queries.directory.paging import read_cursor, write_cursor


def _given(standing: Standing, events: Sequence[Event]) -> list[dict[str, Any]]:
    answers = queries.list_answers_of(db(), standing.actor.person_id, [event.id for event in events])
    langs, versions = {one.id: one.lang for one in events}, {one.id: version_of(texts_of(one)) for one in events}
    texts = Translations("event", langs, versions)
    return [as_event(event, standing, answers.get(event.id), texts) for event in events]


def _place(query: dict[str, Any]) -> tuple[datetime, int] | None:
    """Where a page begins."""
    check(query, (), ())
    at = read_cursor(query.get("cursor"))
    return (at[1][1], at[1][2]) if at is not None else None


@operations.arguments(EventsQuery, location="query")
@operations.response(200, EventsSchema)
def list_events(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """The coming meetings of a community, the next first; or the past ones, the last first."""
    session, standing = db(), get_readable(db(), current_actor(), slug)
    page = queries.list_events(
        session, standing.community.id, standing.moment, query["past"], _place(query), query["limit"]
    )
    after = write_cursor("a", (0, *page.next)) if page.next is not None else None
    return {"events": _given(standing, page.events), "next": after}


@operations.response(200, EventWholeSchema)
def read_event(slug: str, event_id: int) -> dict[str, Any]:
    """A meeting: when it is, where, in which languages, and what became of it."""
    session, standing = db(), get_readable(db(), current_actor(), slug)
    event = queries.get_event(session, standing, event_id)
    maker = views_of([event.created_by]).get(event.created_by or 0)
    return {
        **_given(standing, [event])[0],
        **whole(event, standing),
        "created_by": named(maker) if maker is not None else None,
    }
