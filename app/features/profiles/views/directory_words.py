"""The words of the directory: its filters, what was found, and what is hidden and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.web.i18n import current_locale
from app.core.web.pages import link_for
from app.features.profiles.models import INSTITUTION, PERSON
from app.features.profiles.queries.directory import SCHEMES, Filters, Hidden, toggled
from app.features.vocabularies.queries import CEFR, cefr_code, find_exact, label

Address = Callable[..., str]

FACET_ORDER = ("kind", "subject", "level", "language", "place", "offer", "need", "type")
# What a typed word may stand for, in the order in which it is tried.
_RECOGNISED = ("subject", "language", "place", "level")


def filter_names() -> dict[str, str]:
    """What each filter is called."""
    return {
        "q": _("Words"),
        "kind": _("Who"),
        "subject": _("Subject"),
        "level": _("Level of education"),
        "language": _("Language"),
        "at_least": _("Proficiency"),
        "place": _("Country or region"),
        "type": _("Kind of institution"),
        "offer": _("Offers"),
        "need": _("Needs"),
    }


def word_for(name: str, code: str) -> str:
    """A choice of a filter in the reader's language."""
    if name == "kind":
        return {PERSON: _("People"), INSTITUTION: _("Institutions")}.get(code, code)
    return label(SCHEMES[name], code, current_locale().code)


def level_choices() -> list[tuple[str, str]]:
    """How well a language must be known, from any level up."""
    locale = current_locale().code
    levels = [(code, _("%(level)s or better", level=label("cefr", code, locale))) for code in CEFR[1:-1]]
    return [("", _("Any level")), *levels, (CEFR[-1], label("cefr", CEFR[-1], locale))]


def found_words(filters: Filters, total: int) -> str:
    """How many were found, and of what."""
    if filters.kind == PERSON:
        return ngettext("%(num)s person", "%(num)s people", total)
    if filters.kind == INSTITUTION:
        return ngettext("%(num)s institution", "%(num)s institutions", total)
    return ngettext("%(num)s profile", "%(num)s people and institutions", total)


def active_filters(filters: Filters, address: Address) -> list[dict[str, Any]]:
    """Every filter that is on, with the address of the same results without it."""
    names = filter_names()
    shown: list[dict[str, Any]] = []
    if filters.text:
        shown.append({"label": names["q"], "value": filters.text, "remove_href": address(filters.without("text"))})
    if filters.kind:
        value = word_for("kind", filters.kind)
        shown.append({"label": names["kind"], "value": value, "remove_href": address(filters.without("kind"))})
    for name in SCHEMES:
        for code in filters.codes(name):
            href = address(toggled(filters, name, code))
            shown.append({"label": names[name], "value": word_for(name, code), "remove_href": href})
    if filters.language and filters.at_least > 1:
        value = dict(level_choices())[cefr_code(filters.at_least)]
        href = address(replace(filters, at_least=1))
        shown.append({"label": names["at_least"], "value": value, "remove_href": href})
    return shown


def hidden_lines(hidden: Hidden, filters: Filters, address: Address) -> list[dict[str, Any]]:
    """A line for each reason why somebody is not shown, with the way to see them."""
    lines: list[dict[str, Any]] = []
    if hidden.proficiency:
        text = ngettext(
            "%(num)s more knows the language less well.",
            "%(num)s more know the language less well.",
            hidden.proficiency,
        )
        lines.append({"text": text, "href": address(replace(filters, at_least=1)), "action": None})
    others = hidden.language - hidden.proficiency
    if others > 0:
        text = ngettext(
            "%(num)s more does not say to know this language.", "%(num)s more do not say to know this language.", others
        )
        lines.append({"text": text, "href": address(filters.without("language")), "action": None})
    if hidden.members:
        text = _(
            "At least %(num)s more people fit, but show this part of their profile to members only.", num=hidden.members
        )
    else:
        text = _("Some people show parts of their profile to members only, so they cannot be found by them here.")
    if hidden.closed:
        lines.append({"text": text, "href": link_for("accounts.sign_in"), "action": _("Sign in to see them")})
    return lines


def unknown_lines(unknown: list[tuple[str, str]]) -> list[str]:
    """What the address asks for and nobody knows, said instead of dropped."""
    names = filter_names()
    return [
        _("“%(code)s” is not known here (%(filter)s), so it was left out.", code=c, filter=names[n]) for n, c in unknown
    ]


def recognised(filters: Filters, address: Address) -> list[dict[str, str]]:
    """Words that name a subject, a language or a place: the way to look for that instead of the words."""
    words = filters.text.split()
    tries = [filters.text, *words] if 1 < len(words) <= 6 else [filters.text]
    shown: dict[tuple[str, str], dict[str, str]] = {}
    for tried in tries:
        for name in _RECOGNISED:
            code = find_exact(SCHEMES[name], tried) if len(tried) > 1 else None
            if code is None or code in filters.codes(name):
                continue
            rest = " ".join(word for word in words if word not in tried.split())
            changed = toggled(replace(filters, text=rest), name, code)
            text = f"{filter_names()[name]}: {word_for(name, code)}"
            shown.setdefault((name, code), {"text": text, "href": address(changed)})
    return list(shown.values())[:4]
