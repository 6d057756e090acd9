"""The pages of external networks: those that live elsewhere, kept by members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.web.i18n import current_locale, side_by_side, translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go, link_for
from app.core.web.sessions import READING, db
from app.features.communities.forms.networks import NetworkForm, reach_words, who_words
from app.features.communities.listed_networks import SLUGS
from app.features.communities.models import ExternalNetwork
from app.features.communities.policies import can_keep_networks
from app.features.communities.queries import networks as queries
from app.features.communities.queries.networks import Filters
from app.features.communities.services import networks as services
from app.features.communities.views.blueprint import blueprint
from app.features.profiles.queries.reading import primary
from app.features.profiles.queries.visible import present_many
from app.features.profiles.views.cards import address_of, reading_languages, title_of, word
from app.features.renditions.queries import Shown, list_best
from app.features.vocabularies.queries import autonym


def _filter_names() -> dict[str, str]:
    return {
        "q": _("Words"),
        "subject": _("Subject"),
        "language": _("Language"),
        "level": _("Level of education"),
        "place": _("Country or region"),
        "reach": _("Reach"),
        "who": _("Who can take part"),
    }


def _word_for(name: str, code: str) -> str:
    if name == "reach":
        return reach_words().get(code, code)
    return who_words().get(code, code) if name == "who" else word(name, code)


def _address(filters: Filters, at: str | None = None) -> str:
    pairs = [*filters.written(), *([("at", at)] if at else [])]
    return url_for("communities.list_networks") + (f"?{urlencode(pairs)}" if pairs else "")


def _active(filters: Filters) -> list[dict[str, str]]:
    names = _filter_names()
    shown = [
        {"label": names[n], "value": _word_for(n, c), "remove_href": _address(filters.toggled(n, c))}
        for n, c in filters.codes
    ]
    if filters.text:
        shown.insert(
            0, {"label": names["q"], "value": filters.text, "remove_href": _address(Filters("", filters.codes))}
        )
    return shown


def _facets(filters: Filters, choices: dict[str, list[queries.Choice]]) -> list[dict[str, Any]]:
    names = _filter_names()
    return [
        {
            "label": names[name],
            "choices": [
                {
                    "label": _word_for(name, choice.code),
                    "count": choice.count,
                    "on": choice.on,
                    "href": _address(filters.toggled(name, choice.code)),
                }
                for choice in choices[name]
            ],
        }
        for name in queries.NAMES
        if choices[name]
    ]


def _checked(network: ExternalNetwork) -> str:
    """When somebody last looked, in words."""
    if network.checked_by is None and network.slug in SLUGS:
        return _("No member has checked this yet")
    if now() - network.checked_at < timedelta(days=1):
        return _("Last checked today")
    ago = format_timedelta(network.checked_at - now(), add_direction=True, granularity="day")
    return _("Last checked %(ago)s", ago=ago)


def _card(network: ExternalNetwork, shown: dict[int, Shown]) -> dict[str, Any]:
    """What the list and the page say of a network."""
    known = {primary(tag) for tag in current_actor().languages}
    best = shown.get(network.id)
    domain = {
        name: side_by_side(word(kind, code) for code in network.codes(kind))
        for name, kind in (("subjects", "subject"), ("levels", "level"), ("places", "place"))
    }
    return {
        "network": network,
        "href": url_for("communities.show_network", slug=network.slug),
        "summary": (best.text("summary") if best else None) or network.summary,
        "lang": best.lang if best and best.text("summary") else network.lang,
        "shown": best,
        "reach": reach_words().get(network.reach, network.reach),
        "who": who_words().get(network.who_can_join, network.who_can_join),
        "checked": _checked(network),
        "old": queries.is_old(network),
        "listed": network.slug in SLUGS,
        **domain,
        "domain": " · ".join(words for words in domain.values() if words),
        "languages": [
            {"tag": tag, "name": autonym(tag), "shared": primary(tag) in known} for tag in network.codes("language")
        ],
    }


def cards_of_networks(networks: Sequence[ExternalNetwork]) -> dict[int, dict[str, Any]]:
    """The cards of several networks by number, in words the reader reads where there is a translation."""
    shown = _best(list(networks))
    return {network.id: _card(network, shown) for network in networks}


def _best(networks: list[ExternalNetwork]) -> dict[int, Shown]:
    return list_best(
        db(),
        current_actor(),
        "network",
        {network.id: network.lang for network in networks},
        {network.id: queries.text_version(network) for network in networks},
        reading_languages(),
    )


@blueprint.get("/communities/elsewhere")
def list_networks() -> ResponseReturnValue:
    """The networks that live elsewhere, by filters."""
    filters = queries.read_filters(request.args.getlist)
    page = queries.find_networks(db(), filters, current_locale().code, request.args.get("at"))
    shown = _best(list(page.networks))
    return render_template(
        "communities/networks/list.html",
        filters=filters,
        kept=list(filters.codes),
        found=ngettext("%(num)s network", "%(num)s networks", page.total),
        cards=[_card(network, shown) for network in page.networks],
        facets=_facets(filters, page.choices),
        active=_active(filters),
        clear_href=_address(Filters()),
        previous=_address(filters, page.previous) if page.previous else None,
        next=_address(filters, page.next) if page.next else None,
        may_keep=can_keep_networks(current_actor()),
    )


@blueprint.get("/communities/elsewhere/<slug>")
def show_network(slug: str) -> ResponseReturnValue:
    """One network: what it is, whom it is for, who looked last."""
    network = queries.get_network(db(), current_actor(), slug)
    people = [number for number in (network.added_by, network.checked_by) if number is not None]
    views = {view.id: view for view in present_many(db(), current_actor(), people, reading_languages())}

    def named(number: int | None) -> dict[str, Any] | None:
        view = views.get(number or 0)
        return {"name": title_of(view), "lang": view.name_lang, "href": address_of(view)} if view else None

    return render_template(
        "communities/networks/show.html",
        card=_card(network, _best([network])),
        network=network,
        added_by=named(network.added_by),
        checked_by=named(network.checked_by),
        may_keep=can_keep_networks(current_actor()),
        report_href=link_for("moderation.report", kind="network", thing_id=network.id)
        if current_actor().signed_in
        else None,
    )


def _form_page(network: ExternalNetwork | None, form: NetworkForm, status: int = 200) -> ResponseReturnValue:
    back = url_for("communities.show_network", slug=network.slug) if network else url_for("communities.list_networks")
    page = render_template("communities/networks/edit.html", network=network, form=form, back=back)
    return page, status


def _save(network: ExternalNetwork | None) -> ResponseReturnValue:
    """Show the form, or keep what was entered."""
    if not can_keep_networks(current_actor()):
        raise Forbidden
    form = NetworkForm.of(network)
    if request.method in READING or form.acted():
        return _form_page(network, form)
    limit("communities.network", 20, DAY, key=f"account:{current_actor().account_id}")
    if not form.validate():
        return _form_page(network, form, 422)
    try:
        saved = services.save_network(
            db(), current_actor(), network, form.values(), current_app.extensions["settings"], form.opened_at()
        )
    except Invalid as problem:
        form.show(problem)
        return _form_page(network, form, 422)
    except Conflict as problem:
        return _conflict(network, form, problem)
    flash(_("Kept. Others find it now, and see that you looked at it today."), "ok")
    return go(url_for("communities.show_network", slug=saved.slug))


def _conflict(network: ExternalNetwork | None, form: NetworkForm, problem: Conflict) -> ResponseReturnValue:
    """The form again with what was typed; saved once more it takes the place of what came in between."""
    db().rollback()
    form.version.data = network.version if network is not None else 0
    flash(translate(problem.text), "warning")
    return _form_page(network, form, problem.status)


@blueprint.route("/communities/elsewhere/new", methods=["GET", "POST"])
def new_network() -> ResponseReturnValue:
    """List a network."""
    return _save(None)


@blueprint.route("/communities/elsewhere/<slug>/edit", methods=["GET", "POST"])
def edit_network(slug: str) -> ResponseReturnValue:
    """Change what is said of a network."""
    return _save(queries.get_network(db(), current_actor(), slug))


@blueprint.post("/communities/elsewhere/<slug>/checked")
def confirm_network(slug: str) -> ResponseReturnValue:
    """Say that one looked, and that it still holds."""
    network = queries.get_network(db(), current_actor(), slug)
    services.confirm_network(db(), current_actor(), network)
    flash(_("Thank you. Others see that somebody looked today."), "ok")
    return go(url_for("communities.show_network", slug=slug))
