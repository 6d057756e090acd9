"""The pages of figures about the whole: open to everyone, about nobody in particular."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from babel.numbers import format_percent as format_exact_percent
from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_percent, get_locale, gettext, ngettext

from app.core.web.i18n import current_locale
from app.core.web.sessions import db
from app.features.insights.queries.exposure import OTHERS, Exposure, GroupShare, find_exposure
from app.features.insights.schemas import exposure_as_csv, exposure_as_json
from app.features.insights.wording import NAMES
from app.features.vocabularies.queries import label

blueprint = Blueprint("insights", __name__)


def _percent(share: float) -> str:
    return str(format_percent(share))


def _exact(share: float) -> str:
    return str(format_exact_percent(share, locale=get_locale() or "en", decimal_quantization=False))


def _named(scheme: str, key: str) -> str:
    return gettext(NAMES[key]) if key in NAMES else label(scheme, key, current_locale().code)


def _rows(scheme: str, shares: Iterable[GroupShare]) -> list[list[Any]]:
    """Each group with two bars, as `components/chart.html` takes them."""
    return [
        [_named(scheme, one.key), min(one.given, 1), min(one.due, 1), _percent(one.given), _percent(one.due)]
        for one in shares
    ]


def _kinds(found: Exposure) -> list[str]:
    """How many lists of each kind the figures are about."""
    words = {
        "peers": lambda n: ngettext("%(num)s list of peers", "%(num)s lists of peers", n),
        "collaborators": lambda n: ngettext("%(num)s list of collaborators", "%(num)s lists of collaborators", n),
        "institutions": lambda n: ngettext("%(num)s list of institutions", "%(num)s lists of institutions", n),
        "bridges": lambda n: ngettext("%(num)s list of bridges", "%(num)s lists of bridges", n),
        "home": lambda n: ngettext("%(num)s on a first page", "%(num)s on first pages", n),
        "guests": lambda n: ngettext("%(num)s list of a guest", "%(num)s lists of guests", n),
        OTHERS: lambda n: ngettext("%(num)s list of another kind", "%(num)s lists of other kinds", n),
    }
    return [words[kind](number) for kind, number in found.kinds.items() if kind in words]


@blueprint.get("/insights/exposure")
def exposure() -> ResponseReturnValue:
    """Whom suggestions bring to attention, what balance costs, and how it is computed."""
    found = find_exposure(db())
    if found is None:
        return render_template("insights/exposure.html", found=None)
    return render_template(
        "insights/exposure.html",
        found=found,
        begin=format_date(found.begin, "long"),
        end=format_date(found.at, "long"),
        regions=_rows("region", found.regions),
        languages=_rows("language", found.languages),
        groups=_rows("region", found.groups),
        kinds=_kinds(found),
        given_up=_exact(found.given_up),
        most_given_up=_exact(found.most_given_up),
        promised=_percent(found.promised),
    )


@blueprint.get("/insights/exposure.json")
def exposure_json() -> ResponseReturnValue:
    """The figures as JSON."""
    return jsonify(exposure_as_json(find_exposure(db())))


@blueprint.get("/insights/exposure.csv")
def exposure_csv() -> ResponseReturnValue:
    """The shares as a table."""
    found = find_exposure(db())
    answer = Response(exposure_as_csv(found, _named), mimetype="text/csv")
    day = f"-{found.at.date().isoformat()}" if found is not None else ""
    answer.headers["Content-Disposition"] = f'attachment; filename="exposure{day}.csv"'
    return answer
