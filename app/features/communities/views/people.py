"""Members as the pages of a community show them: named as each reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, does_of, place_of, reading_languages, title_of


def views_of(ids: Iterable[int | None]) -> dict[int, ProfileView]:
    """The persons as this reader may see them, by number; in a fixed number of queries."""
    wanted = list(dict.fromkeys(number for number in ids if number is not None))
    return {view.id: view for view in present_many(db(), current_actor(), wanted, reading_languages())}


def line_of(view: ProfileView, **more: Any) -> dict[str, Any]:
    """A person as a line of a list (`components/line.html`)."""
    line = {
        "id": view.id,
        "name": title_of(view),
        "name_lang": view.name_lang if view.name else current_locale().code,
        "href": address_of(view),
        "key": view.handle,
        "kind": view.kind,
        "about": " · ".join(filter(None, (place_of(view), does_of(view)))),
        "languages": view.languages,
        "handle": view.handle,
        "named": view.name is not None,
        "own": view.own,
    }
    return {**line, **more}


def home_of(slug: str) -> str:
    """The address of a community's first page."""
    return link_for("communities.show_community", slug=slug) or url_for("communities.list_members", slug=slug)
