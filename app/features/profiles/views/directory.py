"""The directory: a page of results whose every state has an address, and the page of its filters."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import redirect

from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.profiles.models import INSTITUTION, PERSON, Person
from app.features.profiles.queries import directory as queries
from app.features.profiles.queries.directory import SCHEMES, Filters
from app.features.profiles.queries.profiles import find_own_person
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views import blueprint
from app.features.profiles.views.cards import card_of, reading_languages
from app.features.profiles.views.directory_words import (
    FACET_ORDER,
    active_filters,
    filter_names,
    found_words,
    hidden_lines,
    level_choices,
    recognised,
    unknown_lines,
    word_for,
)
from app.features.vocabularies.queries import option, search

# Filters that are searched for by a word, because there are too many to show.
PICKED = ("subject", "language", "place")


def address(filters: Filters, **more: str | None) -> str:
    """The address of the results of these filters."""
    pairs = [*queries.written(filters), *((k, v) for k, v in more.items() if v)]
    return url_for("profiles.directory") + (f"?{urlencode(pairs)}" if pairs else "")


def _filters_address(filters: Filters) -> str:
    pairs = queries.written(filters)
    return url_for("profiles.directory_filters") + (f"?{urlencode(pairs)}" if pairs else "")


def _facets(facets: queries.Facets, filters: Filters) -> list[dict[str, Any]]:
    """The facets beside the results: each choice is a link to the results with it."""
    names = filter_names()
    shown = []
    for name in FACET_ORDER:
        choices = [
            {
                "label": word_for(name, choice.code),
                "count": choice.count,
                "on": choice.on,
                "depth": choice.depth,
                "href": address(queries.toggled(filters, name, choice.code)),
            }
            for choice in facets[name]
        ]
        if choices:
            shown.append({"name": name, "label": names[name], "choices": choices})
    return shown


def _crosses(view: ProfileView, own: Person | None) -> str | None:
    abroad = own is not None and own.country and view.country and own.country != view.country
    return _("Across a border") if abroad else None


@blueprint.get("/directory")
def directory() -> ResponseReturnValue:
    """Who is here: found by words and filters, page by page."""
    filters, unknown = queries.read_filters(request.args.getlist)
    session, actor = db(), current_actor()
    looker = queries.looker_of(session, actor)
    page = queries.find_page(session, looker, filters, request.args.get("at"))
    hidden = queries.count_hidden(session, looker, filters, page.total)
    views = present_many(session, actor, page.ids, reading_languages())
    own = find_own_person(session, actor)
    return render_template(
        "profiles/directory.html",
        filters=filters,
        kept=[pair for pair in queries.written(filters) if pair[0] != "q"],
        found=found_words(filters, page.total),
        cards=[card_of(view, crosses=_crosses(view, own)) for view in views],
        facets=_facets(queries.count_facets(session, looker, filters), filters),
        active=active_filters(filters, address),
        clear_href=address(Filters()),
        hidden=hidden_lines(hidden, filters, address),
        recognised=recognised(filters, address),
        unknown=unknown_lines(unknown),
        filters_href=_filters_address(filters),
        previous=address(filters, at=page.previous) if page.previous else None,
        next=address(filters, at=page.next) if page.next else None,
    )


def _asked_again() -> str | None:
    """The picker whose word is to be looked up: the one whose button was pressed, else one with a word left in it."""
    pressed = request.args.get("find", "")
    for name in (pressed, *PICKED):
        if name in PICKED and request.args.get(f"{name}_q", "").strip():
            return name
    return None


def _pickers(filters: Filters, looked_up: str | None) -> dict[str, dict[str, Any]]:
    locale = current_locale().code
    pickers = {}
    for name in PICKED:
        typed = request.args.get(f"{name}_q", "").strip()[:80]
        found = search(SCHEMES[name], typed, locale) if name == looked_up else None
        chosen = [option(SCHEMES[name], code, locale) for code in filters.codes(name)]
        if found is not None:
            found = [item for item in found if item.code not in filters.codes(name)]
        # What was found takes the place of what was typed, so that the next sending shows the list.
        pickers[name] = {"chosen": chosen, "found": found, "query": typed if found == [] else ""}
    return pickers


@blueprint.get("/directory/filters")
def directory_filters() -> ResponseReturnValue:
    """Every filter on a page of its own; what is typed in a picker is looked up first."""
    filters, unknown = queries.read_filters(request.args.getlist)
    looked_up = _asked_again()
    if looked_up is None and ("show" in request.args or "find" in request.args):
        return redirect(address(filters), code=303)
    session = db()
    looker = queries.looker_of(session, current_actor())
    facets = queries.count_facets(session, looker, filters)
    names = filter_names()
    chips = {
        name: [(c.code, f"{word_for(name, c.code)} ({c.count})") for c in facets[name]]
        for name in ("kind", "level", "type", "offer", "need")
    }
    return render_template(
        "profiles/directory_filters.html",
        filters=filters,
        names=names,
        chips=chips,
        pickers=_pickers(filters, looked_up),
        schemes=SCHEMES,
        levels=level_choices(),
        unknown=unknown_lines(unknown),
        active=active_filters(filters, lambda changed, **_more: _filters_address(changed)),
        clear_href=url_for("profiles.directory_filters"),
        back_href=address(filters),
    )


@blueprint.get("/people")
def all_people() -> ResponseReturnValue:
    """The people of the directory, under an address one may guess."""
    return redirect(address(Filters(kind=PERSON)))


@blueprint.get("/institutions")
def all_institutions() -> ResponseReturnValue:
    """The institutions of the directory, under an address one may guess."""
    return redirect(address(Filters(kind=INSTITUTION)))
