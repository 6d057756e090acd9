"""Feeds of meetings and resources, each as everybody may read it."""

from __future__ import annotations

from collections.abc import Iterable

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.markdown import render_markdown
from app.core.web.feeds import MOST_ENTRIES, Entry, Feed, answer_feed
from app.core.web.i18n import current_locale
from app.core.web.pages import full_address
from app.core.web.sessions import db
from app.features.communities.views.feeds import read_by_all
from app.features.events.models import CANCELLED, Event
from app.features.notifications.queries.feeds import list_newest_events, list_newest_resources
from app.features.notifications.views.blueprint import blueprint
from app.features.resources.models import Resource


def _meeting(event: Event, slug: str) -> Entry:
    """A meeting; the room is for members and stays out, the time is that of the world."""
    begins = event.starts_at.strftime("%Y-%m-%d %H:%M UTC")
    state = _("Cancelled") if event.state == CANCELLED else ""
    head = Markup('<p lang="{}">{} {}</p>').format(current_locale().code, begins, state)
    words = render_markdown(event.description) + render_markdown(event.agenda)
    return Entry(
        tag=f"event/{event.id}",
        title=event.title,
        lang=event.lang,
        href=full_address("events.show_event", slug=slug, event_id=event.id),
        published=event.created_at,
        updated=event.updated_at,
        html=head + words,
    )


def _shared(resources: Iterable[Resource]) -> list[Entry]:
    return [
        Entry(
            tag=f"resource/{row.id}",
            title=row.title,
            lang=row.lang,
            href=full_address("resources.show_resource", resource_id=row.id),
            published=row.created_at,
            updated=row.edited_at or row.created_at,
            html=render_markdown(row.description),
            author=", ".join(row.authors) or None,
        )
        for row in resources
    ]


@blueprint.get("/communities/<slug>/events.atom")
def feed_of_events(slug: str) -> ResponseReturnValue:
    """The meetings of a community, planned or changed last."""
    community = read_by_all(slug).community
    entries = [_meeting(event, slug) for event in list_newest_events(db(), community.id, MOST_ENTRIES)]
    href = full_address("events.list_events", slug=slug)
    tag = f"community/{community.id}/events"
    return answer_feed(Feed(tag, community.name, community.lang, href, entries, community.created_at))


@blueprint.get("/communities/<slug>/resources.atom")
def feed_of_shared(slug: str) -> ResponseReturnValue:
    """What a community shared last."""
    community = read_by_all(slug).community
    entries = _shared(list_newest_resources(db(), community.id, MOST_ENTRIES))
    href = full_address("resources.list_in_community", slug=slug)
    tag = f"community/{community.id}/resources"
    return answer_feed(Feed(tag, community.name, community.lang, href, entries, community.created_at))


@blueprint.get("/resources.atom")
def feed_of_resources() -> ResponseReturnValue:
    """What was shared last with everyone."""
    entries = _shared(list_newest_resources(db(), None, MOST_ENTRIES))
    href = full_address("resources.list_resources")
    return answer_feed(Feed("resources", _("New resources"), current_locale().code, href, entries))
