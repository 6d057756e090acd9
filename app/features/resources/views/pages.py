"""What several pages of resources need: the way back up, and who is behind a name."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.communities.models import Community
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, reading_languages, title_of

Trail = list[tuple[str, str]]


def trail_of(community: Community | None, *, practice: bool = False) -> Trail:
    """The way back to the list a page belongs to."""
    if community is None:
        return [(_("Resources"), url_for("resources.list_resources"))]
    slug = community.slug
    here = (
        (_("Practice"), url_for("resources.list_practice", slug=slug))
        if practice
        else (_("Resources"), url_for("resources.list_in_community", slug=slug))
    )
    home = link_for("communities.show_community", slug=slug)
    name = named(community.name, community.lang)
    return [*([(name, home)] if home else []), here]


def named(words: str, lang: str) -> Markup:
    """Somebody's own words among ours, with their language."""
    return Markup('<bdi lang="{}">{}</bdi>').format(lang, words)


def people(ids: Iterable[int | None]) -> dict[int, dict[str, str | None]]:
    """Names and addresses of persons, as far as they are open to the reader."""
    wanted = sorted({number for number in ids if number is not None})
    views: list[ProfileView] = present_many(db(), current_actor(), wanted, reading_languages()) if wanted else []
    return {
        view.id: {"name": title_of(view), "href": address_of(view), "lang": view.name_lang, "key": view.handle}
        for view in views
    }
