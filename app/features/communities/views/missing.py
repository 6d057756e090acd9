"""Communities that should exist: what they would be, who would be in them, and one click to begin."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from babel.lists import format_list
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_percent, get_locale, ngettext
from flask_babel import gettext as _

from app.core.web.i18n import side_by_side
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.models import MissingCommunity
from app.features.communities.policies import can_found
from app.features.communities.queries.missing import Missing, list_missing, list_own_missing
from app.features.communities.services.missing import take_up
from app.features.communities.views.blueprint import blueprint
from app.features.profiles.queries.reading import primary
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, reading_languages, title_of, word
from app.features.vocabularies.queries import autonym

# So many names of people, and of countries, stand on a card.
NAMES, COUNTRIES = 4, 6


def _codes(row: MissingCommunity, kind: str) -> list[str]:
    return [str(code) for code in row.facets.get(kind, ())]


def title_of_missing(row: MissingCommunity) -> str:
    """What it would be about: subject and level, in the reader's language."""
    subjects = side_by_side(word("subject", code) for code in _codes(row, "subject"))
    levels = side_by_side(word("level", code) for code in _codes(row, "level"))
    return " · ".join(part for part in (subjects, levels) if part)


def _counted(one: Missing) -> str:
    """How many people and institutions."""
    people = one.people - one.own
    said = (
        ngettext("%(num)s person besides you", "%(num)s people besides you", people)
        if one.own
        else ngettext("%(num)s person", "%(num)s people", people)
    )
    if not one.institutions:
        return said
    institutions = ngettext("%(num)s institution", "%(num)s institutions", one.institutions)
    return format_list([said, institutions], locale=get_locale() or "en")


def card_of_missing(one: Missing, views: dict[int, ProfileView]) -> dict[str, Any]:
    """What the page and the panel say of one."""
    row, known = one.row, {primary(tag) for tag in current_actor().languages}
    tags = _codes(row, "language")
    countries = ngettext("%(num)s country", "%(num)s countries", len(row.countries))
    languages = side_by_side(word("language", tag) for tag in tags)
    more = len(row.countries) - COUNTRIES
    named = [views[number] for number in one.some_ids if number in views and views[number].name]
    return {
        "id": row.id,
        "title": title_of_missing(row),
        "text": _(
            "%(people)s, in %(languages)s. There is no community for them yet.",
            people=_counted(one), languages=languages,
        ),
        "languages": [{"tag": tag, "name": autonym(tag), "shared": primary(tag) in known} for tag in tags],
        "countries": side_by_side(word("country", code) for code in row.countries[:COUNTRIES]),
        "more": ngettext("and %(num)s more country", "and %(num)s more countries", more) if more > 0 else None,
        "crosses": countries if len(row.countries) > 1 else None,
        "firm": _("This group held together in %(share)s of our checks.", share=format_percent(row.stability / 100)),
        "own": one.own,
        "some": [{"name": title_of(view), "lang": view.name_lang, "href": address_of(view)} for view in named[:NAMES]],
    }  # fmt: skip


def cards_of_missing(found: Sequence[Missing]) -> list[dict[str, Any]]:
    """The cards of several, with the names of some who are in each, as far as the reader may see them."""
    ids: Collection[int] = dict.fromkeys(number for one in found for number in one.some_ids)
    views = {view.id: view for view in present_many(db(), current_actor(), list(ids), reading_languages())}
    return [card_of_missing(one, views) for one in found]


@blueprint.get("/communities/missing", endpoint="list_missing")
def show_missing() -> ResponseReturnValue:
    """All communities that should exist: first those the reader would be in, then the others."""
    session, actor = db(), current_actor()
    ready, after = can_found(actor), request.args.get("after")
    own = list_own_missing(session, actor.person_id) if ready and actor.person_id is not None and not after else ()
    page = list_missing(session, actor.person_id, after) if ready else None
    cards = cards_of_missing([*own, *(page.items if page else ())])
    return render_template(
        "communities/missing/list.html",
        ready=ready,
        own=[card for card in cards if card["own"]],
        cards=[card for card in cards if not card["own"]],
        next=url_for("communities.list_missing", after=page.next) if page and page.next else None,
        first=not after,
    )


@blueprint.post("/communities/missing/<int:missing_id>")
def take_up_missing(missing_id: int) -> ResponseReturnValue:
    """Take one up: its founding pages open filled in, and whoever would be in it can be invited on the last one."""
    limit("community_seed", 20, DAY, key=str(current_actor().account_id))
    seed = take_up(db(), current_actor(), missing_id)
    return go(url_for("communities.new_community", seed=seed.id))
