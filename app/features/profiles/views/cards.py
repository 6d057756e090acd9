"""A `ProfileView` as the card and the headings show it, in the reader's language."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_time
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.core.clock import now
from app.core.web.i18n import current_locale, side_by_side
from app.core.web.identity import current_actor
from app.features.profiles.queries.visible import ProfileView
from app.features.vocabularies.queries import label


def reading_languages() -> tuple[str, ...]:
    """The languages this reader would like texts in, best first: that of the page, then their own."""
    return tuple(dict.fromkeys((current_locale().code, *current_actor().languages)))


def word(scheme: str, code: object) -> str:
    """The label of a vocabulary's code in the reader's language."""
    return label(scheme, str(code), current_locale().code)


def title_of(view: ProfileView) -> str:
    """The name, or where that is not open to the viewer: "A teacher in Kenya"."""
    if view.name:
        return view.name
    if view.country:
        return _("A teacher in %(country)s", country=word("country", view.country))
    return _("A teacher")


def address_of(view: ProfileView) -> str:
    """The address of the profile's page."""
    endpoint = "profiles.show_institution" if view.is_institution else "profiles.show_person"
    return url_for(endpoint, handle=view.handle)


def place_of(view: ProfileView) -> str:
    """City and country, as far as they are open."""
    country = word("country", view.country) if view.country else ""
    if view.city and country:
        # Isolated, so that a city written from right to left does not turn the order of the two.
        return _("%(city)s, %(country)s", city=f"\u2068{view.city}\u2069", country=country)
    return view.city or country


def local_time(timezone: str | None) -> str:
    """The time of day there now, as the reader writes it; empty where the zone is not known."""
    if not timezone:
        return ""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return str(format_time(now().astimezone(zone), "short", locale=get_locale() or "en"))


def does_of(view: ProfileView) -> str:
    """In one line what they do: up to three subjects and their levels; for an institution its type first."""
    subjects = [word("subject", code) for code in view.subjects[:3]]
    levels = [word("level", code) for code in view.levels[:2]]
    kind = [word("institution_type", view.type)] if view.is_institution and view.type else []
    return " · ".join(side_by_side(words) for words in (kind, subjects, levels) if words)


def mark_of(view: ProfileView) -> str | None:
    """A quiet word on what the profile is not: real, verified, looked after."""
    if view.sample:
        return _("Sample")
    if view.is_institution and not view.claimed:
        return _("Nobody acts for it here yet")
    if view.is_institution and not view.verified_by:
        return _("Not verified yet")
    return None


def card_of(view: ProfileView, **more: Any) -> dict[str, Any]:
    """The values of `templates/components/card.html` for a profile; ``more`` adds reasons, gaps and actions."""
    card = {
        "name": view.name or _("A teacher"),
        "unnamed": not view.name,
        "name_lang": view.name_lang,
        "href": address_of(view),
        "key": view.handle,
        "kind": view.kind,
        "does": does_of(view),
        "place": place_of(view),
        "local_time": local_time(view.timezone),
        "mark": mark_of(view),
        "languages": view.languages,
    }
    return {**card, **more}
