"""Lists of resources: everything that is open to all, and what one community shares; every state has an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.utils import redirect

from app.core.errors import Forbidden
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import get_standing
from app.features.communities.views.frame import render_in_community
from app.features.profiles.views.cards import word
from app.features.resources import wording
from app.features.resources.policies import can_add
from app.features.resources.queries.filters import NAMES, Filters, read_filters
from app.features.resources.queries.listing import Choices, count_choices, find_page
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.rows import rows_of
from app.features.vocabularies.queries import option, search

# Filters that are searched for by a word, because there are too many to show.
PICKED = ("subject", "language")
MOST_TYPED = 80


def word_for(name: str, code: str) -> str:
    """A choice of a filter in the reader's language."""
    if name == "type":
        return _(wording.TYPES[code])
    if name == "use":
        return _(wording.USES[code])
    return word(name, code)


def address(filters: Filters, slug: str | None, page: str = "list", **more: str | None) -> str:
    """The address of a list with these filters, or of the page on which they are chosen."""
    endpoint = {
        ("list", False): "resources.list_resources",
        ("list", True): "resources.list_in_community",
        ("filters", False): "resources.filter_resources",
        ("filters", True): "resources.filter_in_community",
    }[page, slug is not None]
    pairs = [*filters.written(), *((key, value) for key, value in more.items() if value)]
    values: dict[str, Any] = {"slug": slug} if slug is not None else {}
    return url_for(endpoint, **values) + (f"?{urlencode(pairs)}" if pairs else "")


def _active(filters: Filters, slug: str | None, page: str = "list") -> list[dict[str, Any]]:
    shown = []
    if filters.text:
        href = address(replace(filters, text=""), slug, page)
        shown.append({"label": _("Words"), "value": filters.text, "remove_href": href})
    for name in NAMES:
        for code in filters.codes(name):
            href = address(filters.toggled(name, code), slug, page)
            shown.append({"label": _(wording.FILTERS[name]), "value": word_for(name, code), "remove_href": href})
    return shown


def _facets(choices: Choices, filters: Filters, slug: str | None) -> list[dict[str, Any]]:
    shown = []
    for name in NAMES:
        listed = [
            {
                "label": word_for(name, code),
                "count": number,
                "on": code in filters.codes(name),
                "href": address(filters.toggled(name, code), slug),
            }
            for code, number in choices.counts[name]
        ]
        if listed:
            shown.append({"name": name, "label": _(wording.FILTERS[name]), "choices": listed})
    return shown


def unknown_lines(unknown: list[str]) -> list[str]:
    """What the address asks for and nobody knows, said instead of dropped."""
    return [_("“%(code)s” is not known here, so it was left out.", code=code) for code in unknown]


def _values(standing: Standing | None) -> dict[str, Any]:
    filters, unknown = read_filters(request.args.getlist)
    session, locale = db(), current_locale().code
    slug = standing.community.slug if standing else None
    page = find_page(session, standing, filters, locale, request.args.get("at"))
    choices = count_choices(session, standing, filters, locale)
    may_add = can_add(current_actor(), standing)
    where: dict[str, Any] = {"slug": slug} if slug else {}
    new = url_for("resources.new_in_community" if slug else "resources.new_resource", **where)
    taking = url_for("resources.import_in_community" if slug else "resources.import_resources_page", **where)
    export = url_for("resources.export_community" if slug else "resources.export_resources", **where)
    return {
        "filters": filters,
        "kept": [pair for pair in filters.written() if pair[0] != "q"],
        "found": ngettext("%(num)s resource", "%(num)s resources", choices.total),
        "rows": rows_of(page.resources, with_community=standing is None),
        "facets": _facets(choices, filters, slug),
        "active": _active(filters, slug),
        "unknown": unknown_lines(unknown),
        "list_href": address(Filters(), slug),
        "filters_href": address(filters, slug, "filters"),
        "new_href": new if may_add else None,
        "import_href": taking if may_add else None,
        "export_href": export,
        "previous": address(filters, slug, at=page.previous) if page.previous else None,
        "next": address(filters, slug, at=page.next) if page.next else None,
    }


@blueprint.get("/resources")
def list_resources() -> ResponseReturnValue:
    """Everything that is open to all."""
    return render_template("resources/index.html", **_values(None))


def readable(slug: str) -> Standing:
    """Where the actor stands in a community they may read; raises `Forbidden`."""
    standing = get_standing(db(), current_actor(), slug)
    if not can_read(standing):
        raise Forbidden
    return standing


@blueprint.get("/communities/<slug>/resources")
def list_in_community(slug: str) -> ResponseReturnValue:
    """What a community shares."""
    standing = readable(slug)
    return render_in_community(standing, "resources/in_community.html", "resources", **_values(standing))


def _filter_page(standing: Standing | None) -> ResponseReturnValue:
    filters, unknown = read_filters(request.args.getlist)
    slug = standing.community.slug if standing else None
    asked = _asked_again()
    if asked is None and ("show" in request.args or "find" in request.args):
        return redirect(address(filters, slug), code=303)
    locale = current_locale().code
    choices = count_choices(db(), standing, filters, locale)
    pickers = {}
    for name in PICKED:
        typed = request.args.get(f"{name}_q", "").strip()[:MOST_TYPED]
        chosen = [option(name, code, locale) for code in filters.codes(name)]
        found = [o for o in search(name, typed, locale) if o.code not in filters.codes(name)] if name == asked else None
        # What was found takes the place of what was typed, so that the next sending shows the list.
        pickers[name] = {"chosen": chosen, "found": found, "query": typed if found == [] else ""}
    chips = {
        name: [(code, f"{word_for(name, code)} ({number})") for code, number in choices.counts[name]]
        for name in ("level", "use", "type")
    }
    return render_template(
        "resources/filters.html",
        filters=filters,
        names={name: _(words) for name, words in wording.FILTERS.items()},
        chips=chips,
        pickers=pickers,
        unknown=unknown_lines(unknown),
        active=_active(filters, slug, "filters"),
        action=address(Filters(), slug, "filters"),
        back_href=address(filters, slug),
        community=standing.community if standing else None,
    )


def _asked_again() -> str | None:
    """The picker whose word is to be looked up: the one whose button was pressed, else one with a word left in it."""
    for name in (request.args.get("find", ""), *PICKED):
        if name in PICKED and request.args.get(f"{name}_q", "").strip():
            return name
    return None


@blueprint.get("/resources/filters")
def filter_resources() -> ResponseReturnValue:
    """The filters on a page of their own."""
    return _filter_page(None)


@blueprint.get("/communities/<slug>/resources/filters")
def filter_in_community(slug: str) -> ResponseReturnValue:
    """The filters of a community's list on a page of their own."""
    return _filter_page(readable(slug))
