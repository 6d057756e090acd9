"""What stands around every page of a community: its name, its state, the way to its parts."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from app.core.registries import tabs
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.models import CLOSED, EVERYONE
from app.features.communities.policies import Standing, can_coordinate, can_facilitate, can_read, can_see
from app.features.communities.queries.house_log import find_closing_reason

_DOORS = {
    "everyone": can_see,
    "readers": can_read,
    "members": lambda standing: standing.is_member,
    "facilitators": can_facilitate,
    "coordinators": can_coordinate,
}


def tabs_of(standing: Standing, section: str) -> list[dict[str, Any]]:
    """The parts of a community that the actor may go to, the present one marked."""
    slug = standing.community.slug
    return [
        {"label": _(tab.label), "href": href, "here": tab.name == section}
        for tab in tabs("community")
        if _DOORS[tab.open_to](standing) and (href := link_for(tab.endpoint, slug=slug))
    ]


def feeds_of(standing: Standing) -> list[tuple[str, str]]:
    """The feeds of what a community writes, plans and shares; none where only its members read."""
    if standing.community.reading != EVERYONE:
        return []
    kinds = (
        (_("Threads"), "communities.feed_of_threads"),
        (_("Events"), "notifications.feed_of_events"),
        (_("Resources"), "notifications.feed_of_shared"),
    )
    found = ((label, link_for(endpoint, slug=standing.community.slug)) for label, endpoint in kinds)
    return [(label, href) for label, href in found if href]


def _closing_reason(standing: Standing) -> str:
    """What members read of why their community was closed."""
    closed = standing.community.state == CLOSED and standing.is_member
    return find_closing_reason(db(), standing.community.id) if closed else ""


def render_in_community(standing: Standing, template: str, section: str, **values: Any) -> str:
    """A page of a community; its template extends ``communities/frame.html``."""
    return render_template(
        template,
        standing=standing,
        community=standing.community,
        community_tabs=tabs_of(standing, section),
        community_feeds=feeds_of(standing),
        closing_reason=_closing_reason(standing),
        section="communities",
        **values,
    )
