"""The words of the directory: its filters, what was found, and what is hidden and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.features.profiles.models import INSTITUTION, PERSON
from app.features.profiles.queries.directory import SCHEMES, Filters, Hidden, asked_of, toggled
from app.features.vocabularies.queries import CEFR, cefr_code, label

Address = Callable[..., str]

FACET_ORDER = ("kind", "subject", "level", "language", "place", "offer", "need", "type")


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
        lines.append({"text": text, **_way_in()})
    return lines


def _way_in() -> dict[str, Any]:
    """How to become someone to whom members show more: sign in, or confirm the address."""
    if current_actor().signed_in:
        return {"href": link_for("accounts.unverified"), "action": _("Confirm your address to see them")}
    return {"href": link_for("accounts.sign_in"), "action": _("Sign in to see them")}


def unknown_lines(unknown: list[tuple[str, str]]) -> list[str]:
    """What the address asks for and nobody knows, said instead of dropped."""
    names = filter_names()
    return [
        _("“%(code)s” is not known here (%(filter)s), so it was left out.", code=c, filter=names[n]) for n, c in unknown
    ]


def recognised(filters: Filters, address: Address) -> list[dict[str, str]]:
    """Words that name a subject, a language or a place: the way to go by that alone instead of by the words."""
    parts = asked_of(filters, current_locale().code)
    shown = []
    for part in parts:
        if part.named is None or part.named[1] in filters.codes(part.named[0]):
            continue
        name, code = part.named
        rest = " ".join(other.words for other in parts if other is not part)
        changed = toggled(replace(filters, text=rest), name, code)
        what = _("%(label)s:", label=filter_names()[name])
        shown.append({"text": f"{what} {word_for(name, code)}", "href": address(changed)})
    return shown
