"""What a section of a profile holds, as lines to read: on the overview, and beside what another tab saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.web.i18n import side_by_side
from app.features.profiles.forms.hours import clock, day_choices, rows_of
from app.features.profiles.forms.place import NAME_KINDS
from app.features.profiles.forms.reach import AUDIENCE_NAMES, VisibilityForm
from app.features.profiles.models import NATIVE, PARTS
from app.features.profiles.services.facets import ActivityFacet, Facets
from app.features.profiles.views.cards import word
from app.features.vocabularies.queries import autonym, cefr_code

SHORT = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary; ``lang`` when it is somebody's own words."""

    label: str
    text: str
    lang: str | None = None


def _names(facets: Facets) -> list[Line]:
    kinds = dict(NAME_KINDS)
    return [Line(str(kinds.get(n.kind, n.kind)), n.name, n.lang) for n in facets.names]  # type: ignore[union-attr]


def _place(facets: Facets) -> list[Line]:
    lines = []
    if isinstance(facets.name, str):
        lines.append(Line(_("Name"), facets.name, facets.name_lang or None))  # type: ignore[arg-type]
    if isinstance(facets.type, str):
        lines += [Line(_("Kind"), word("institution_type", facets.type)), Line(_("Website"), str(facets.website or ""))]
    lines.append(Line(_("Country"), word("country", facets.country) if facets.country else ""))
    lines.append(Line(_("City or town"), str(facets.city or "")))
    return [*lines, Line(_("Time zone"), str(facets.timezone or "").replace("_", " "))]


def _hours(facets: Facets) -> list[Line]:
    names: dict[str, str] = dict(day_choices())
    spans: dict[str, list[str]] = {}
    for row in rows_of(facets.hours):  # type: ignore[arg-type]
        span = _("%(begin)s to %(end)s", begin=clock(int(row["begin"])), end=clock(int(row["end"])))
        spans.setdefault(row["days"], []).append(span)
    return [Line(names[days], side_by_side(texts)) for days, texts in spans.items()]


def _teaching(facets: Facets) -> list[Line]:
    return [
        Line(_("Subjects"), side_by_side(word("subject", code) for code in facets.subjects)),  # type: ignore[union-attr]
        Line(_("Levels"), side_by_side(word("level", code) for code in facets.levels)),  # type: ignore[union-attr]
    ]


def _languages(facets: Facets) -> list[Line]:
    known, taught = [], []
    for x in facets.languages:  # type: ignore[union-attr]
        level = word("cefr", NATIVE) if x.level == NATIVE else cefr_code(x.level or 1)
        # Isolated, so that a name written from right to left does not turn the order of the list.
        name = f"\u2068{autonym(x.tag)}\u2069"
        known.append(_("%(language)s (%(level)s)", language=name, level=level))
        taught += [name] if x.teaches else []
    lines = [Line(_("Known"), side_by_side(known)), Line(_("Used for teaching"), side_by_side(taught))]
    return [line for line in lines if line.text]


def activity_text(activity: ActivityFacet) -> str:
    """An offer or a need in one line."""
    parts = [word("activity", activity.code)]
    parts += [word("subject", activity.subject)] if activity.subject else []
    parts += [autonym(activity.language)] if activity.language else []
    return " · ".join(parts)


def _exchange(facets: Facets) -> list[Line]:
    return [
        *(Line(_("Offer"), activity_text(a)) for a in facets.offers),  # type: ignore[union-attr]
        *(Line(_("Need"), activity_text(a)) for a in facets.needs),  # type: ignore[union-attr]
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else text[:SHORT].rsplit(" ", 1)[0] + " …"


def _texts(facets: Facets, short: bool = True) -> list[Line]:
    shown: Callable[[str], str] = _shortened if short else str
    texts = [*facets.about.items(), *facets.interests.items()]  # type: ignore[union-attr]
    lines = [Line(autonym(lang), shown(text), lang) for lang, text in texts]
    return [*lines, Line(_("Tags"), side_by_side(facets.tags))] if facets.tags else lines  # type: ignore[arg-type]


def _visibility(facets: Facets) -> list[Line]:
    names = dict(AUDIENCE_NAMES)
    audiences = {**PARTS, **dict(facets.audiences)}  # type: ignore[arg-type]
    labels = {part: str(getattr(VisibilityForm, part).args[0]) for part in PARTS}
    groups = {audience: [labels[part] for part in PARTS if audiences[part] == audience] for audience in names}
    return [Line(str(names[audience]), side_by_side(parts)) for audience, parts in groups.items() if parts]


def _contacts(facets: Facets) -> list[Line]:
    number = facets.monthly_contacts
    suggested = _("No") if not facets.suggestible else _("On some lists") if facets.not_suggested_as else _("Yes")
    return [
        Line(_("Suggested to others"), suggested),
        Line(_("New contacts a month"), _("Left open") if number is None else str(number)),
    ]


_SUMMARIES: dict[str, Callable[..., list[Line]]] = {
    "names": _names,
    "place": _place,
    "hours": _hours,
    "teaching": _teaching,
    "languages": _languages,
    "exchange": _exchange,
    "texts": _texts,
    "visibility": _visibility,
    "contacts": _contacts,
}


def summary_of(section: str, facets: Facets, whole: bool = False) -> list[Line]:
    """The lines of a section that say something; ``whole``: long texts are not shortened."""
    extra: dict[str, Any] = {"short": not whole} if section == "texts" else {}
    return [line for line in _SUMMARIES[section](facets, **extra) if line.text]
