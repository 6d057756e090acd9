"""What someone asks of the directory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from app.features.profiles.models import INSTITUTION, PERSON
from app.features.vocabularies.queries import (
    CEFR,
    cefr_code,
    is_valid,
    normalise_language,
    regions_of,
    subject_ancestors,
)

KINDS = (PERSON, INSTITUTION)
MOST_CODES = 20
LONGEST_TEXT = 200

# The names of the filters that hold codes, with the vocabulary of each.
SCHEMES = {
    "subject": "subject",
    "level": "level",
    "language": "language",
    "place": "place",
    "type": "institution_type",
    "offer": "activity",
    "need": "activity",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Every filter; within one any of its codes is enough, and all filters together must hold.

    ``at_least`` is the lowest proficiency in one of the languages (A1..C2 as 1..6, native as 7). ``place`` holds
    countries and regions.
    """

    text: str = ""
    kind: str | None = None
    subject: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    at_least: int = 1
    place: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    need: tuple[str, ...] = ()

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of the filter ``name``."""
        return getattr(self, name)  # type: ignore[no-any-return]

    def without(self, name: str) -> Filters:
        """The same without one filter."""
        if name == "kind":
            return replace(self, kind=None)
        if name == "text":
            return replace(self, text="")
        if name == "language":
            return replace(self, language=(), at_least=1)
        return self.with_codes(name, ())

    def with_codes(self, name: str, codes: tuple[str, ...]) -> Filters:
        """The same with other codes in one filter."""
        changed: dict[str, Any] = {name: codes}
        return replace(self, **changed)

    @property
    def count(self) -> int:
        """How many things are asked for."""
        return sum(len(self.codes(name)) for name in SCHEMES) + bool(self.text) + bool(self.kind)


def clean_codes(name: str, codes: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of a filter that exist, each once, and those that do not."""
    good: list[str] = []
    bad: list[str] = []
    for typed in codes[:MOST_CODES]:
        code = typed.strip()[:40]
        if name == "language":
            code = normalise_language(code) or code
        if name == "place" and code.isalpha():
            code = code.upper()
        if not code:
            continue
        (good if is_valid(SCHEMES[name], code) else bad).append(code)
    return tuple(dict.fromkeys(good)), tuple(dict.fromkeys(bad))


def _above(name: str, code: str) -> tuple[str, ...]:
    """What holds a code: choosing one makes the wider ones pointless."""
    if name == "subject":
        return subject_ancestors(code)
    return regions_of(code) if name == "place" else ()


def toggled(filters: Filters, name: str, code: str) -> Filters:
    """The filters with one code taken away if it was there, else added in the place of what is wider or narrower.

    >>> toggled(Filters(subject=("05",)), "subject", "0541").subject
    ('0541',)
    >>> toggled(Filters(subject=("0541",)), "subject", "0541").subject
    ()
    """
    if name == "kind":
        return replace(filters, kind=None if filters.kind == code else code)
    chosen = filters.codes(name)
    if code in chosen:
        return filters.with_codes(name, tuple(c for c in chosen if c != code))
    above = _above(name, code)
    kept = tuple(c for c in chosen if c not in above and code not in _above(name, c))
    return filters.with_codes(name, (*kept, code))


def read_filters(get_list: Callable[[str], list[str]]) -> tuple[Filters, list[tuple[str, str]]]:
    """The filters of an address and, as (filter, code), what it names that does not exist."""
    unknown: list[tuple[str, str]] = []
    codes: dict[str, Any] = {}
    for name in SCHEMES:
        codes[name], bad = clean_codes(name, get_list(name))
        unknown += [(name, code) for code in bad]
    kind = next(iter(get_list("kind")), "")
    if kind and kind not in KINDS:
        unknown.append(("kind", kind))
    level = next(iter(get_list("at_least")), "")
    if level and not is_valid("cefr", level):
        unknown.append(("at_least", level))
        level = ""
    at_least = CEFR.index(cefr_code(level)) + 1 if level else 1
    text = " ".join(next(iter(get_list("q")), "").replace("\0", " ").split())[:LONGEST_TEXT]
    return Filters(text=text, kind=kind if kind in KINDS else None, at_least=at_least, **codes), unknown


def written(filters: Filters) -> list[tuple[str, str]]:
    """The filters as they stand in an address; the same filters always make the same address."""
    pairs = [("q", filters.text)] if filters.text else []
    if filters.kind:
        pairs.append(("kind", filters.kind))
    for name in SCHEMES:
        pairs += [(name, code) for code in filters.codes(name)]
    if filters.language and filters.at_least > 1:
        pairs.append(("at_least", cefr_code(filters.at_least)))
    return pairs
