"""The pages of the vocabularies: search them, walk through them; and the options a picker asks for as one types."""

from __future__ import annotations

import re

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.web.i18n import current_locale
from app.core.web.pages import link_for
from app.features.vocabularies import queries

blueprint = Blueprint("vocabularies", __name__)

_NAME = re.compile(r"[A-Za-z][\w-]{0,60}")
# By which filter of the directory a code of a scheme is found.
_FILTERS = {
    "subject": "subject",
    "level": "level",
    "country": "place",
    "region": "place",
    "place": "place",
    "language": "language",
    "activity": "offer",
    "institution_type": "type",
}
SHOWN_FOUND = 12


def _titles() -> dict[str, tuple[str, str]]:
    return {
        "subject": (_("Subjects"), _("The fields of education and training of UNESCO (ISCED-F 2013).")),
        "level": (_("Levels"), _("The levels of education of UNESCO (ISCED 2011).")),
        "language": (_("Languages"), _("Languages people teach in, with their own names.")),
        "country": (_("Countries"), _("Countries and areas, named as the United Nations name them.")),
        "region": (_("Regions"), _("The regions of the world as the United Nations group them (M49).")),
        "place": (_("Countries and regions"), _("Countries and the regions they lie in.")),
        "activity": (_("Offers and needs"), _("What people offer to each other, and what they need.")),
        "cefr": (_("Proficiency"), _("How well someone knows a language, by the Common European Framework.")),
        "institution_type": (_("Kinds of institutions"), _("Who takes part, as the OER Recommendation names them.")),
    }


def _directory_link(scheme: str, code: str) -> str | None:
    name = _FILTERS.get(scheme)
    return link_for("profiles.directory", **{name: code}) if name else None


def _options(scheme: str) -> Response:
    """Only the options, for a picker: they hold nothing personal and may be kept for a while."""
    name = request.args.get("name", "")
    if not name:
        name = next((key[:-2] for key in request.args if key.endswith("_q")), "")
    if not _NAME.fullmatch(name):
        raise NotFound
    query = request.args.get(f"{name}_q", "")
    found = queries.search(scheme, query, current_locale().code, SHOWN_FOUND)
    many = request.args.get("multiple", "1") != "0"
    page = render_template("vocabularies/options.html", name=name, found=found, multiple=many, query=query[:80])
    response = make_response(page)
    response.headers["Cache-Control"] = "private, max-age=600"
    return response


def _known(scheme: str) -> str:
    # Addresses are written with a hyphen, codes with an underscore.
    name = scheme.replace("-", "_")
    if name not in queries.SCHEMES:
        raise NotFound
    return name


@blueprint.get("/vocabularies")
def index() -> str:
    """Every vocabulary, with what it is for."""
    hidden = ("place", "cefr", "region")
    schemes = [(scheme, *words) for scheme, words in _titles().items() if scheme not in hidden]
    return render_template("vocabularies/index.html", schemes=schemes)


@blueprint.get("/vocabularies/<scheme>")
def search(scheme: str) -> Response:
    """Find codes by any word; without one walk through all of them. A picker gets the options alone."""
    scheme = _known(scheme)
    if "HX-Request" in request.headers:
        response = _options(scheme)
    else:
        response = make_response(_page(scheme))
    response.vary.add("HX-Request")
    return response


def _page(scheme: str) -> str:
    locale, asked = current_locale().code, request.args.get("q", "").strip()[:200]
    found = queries.search(scheme, asked, locale, 60) if asked else None
    title, lead = _titles()[scheme]
    return render_template(
        "vocabularies/scheme.html",
        scheme=scheme,
        title=title,
        lead=lead,
        asked=asked,
        found=found,
        everything=_everything(scheme, locale) if found is None and scheme != "subject" else [],
        children=queries.subject_children,
        directory_link=_directory_link,
    )


def _everything(scheme: str, locale: str) -> list[queries.Option]:
    return queries.options(scheme, locale)
