"""Sees to it that nobody in the sample world is alone: whoever has too few matches learns, widens or asks more.

Sets of people are whole numbers with one bit per person, so that thousands are compared in an instant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.features.samples.world.shapes import SampleActivity, SampleLanguage, SamplePerson
from app.features.samples.world.sources import HUBS, countries

PEERS = 28
"""Well above the fifteen everyone should have: some will be connected already, and a stricter eye counts fewer."""
COLLABORATORS = 12
_ROUNDS = 4
_SCHOOL_LEVELS = ("1", "2", "3")
_WIDE_NEEDS = ("co-author", "adapt", "review", "pilot")


class Company:
    """Who could be suggested to whom, among these people."""

    def __init__(self, people: Sequence[SamplePerson]) -> None:
        self._at_least: dict[tuple[str, int], int] = defaultdict(int)
        self._accepting: dict[tuple[str, int], int] = defaultdict(int)
        self._sharing: dict[str, int] = defaultdict(int)
        self._country: dict[str, int] = defaultdict(int)
        self._asks: dict[tuple[str, str], dict[SampleActivity, int]] = defaultdict(lambda: defaultdict(int))
        self._known: dict[tuple[str, SampleActivity], int] = {}
        self._open = 0
        for index, person in enumerate(people):
            self._add(1 << index, person)

    def _add(self, bit: int, person: SamplePerson) -> None:
        if person.suggested and person.availability != 0:
            self._open |= bit
        self._country[person.country] |= bit
        for lang in person.languages:
            for level in range(1, lang.cefr + 1):
                self._at_least[lang.tag, level] |= bit
            for level in range(lang.accepts, 8):
                self._accepting[lang.tag, level] |= bit
        for key in _work_keys(person):
            self._sharing[key] |= bit
        for side in ("offers", "needs"):
            for activity in getattr(person, side):
                self._asks[side, activity.code][activity] |= bit

    def count_peers(self, person: SamplePerson) -> int:
        """Open people with a common working language and a common broad field or level; the person counts, too."""
        related = 0
        for key in _work_keys(person):
            related |= self._sharing[key]
        return (self._within_reach(person) & related).bit_count()

    def count_collaborators(self, person: SamplePerson) -> int:
        """Open people abroad with a common working language who offer what is needed here, or the other way round."""
        fitting = 0
        for side, other in (("offers", "needs"), ("needs", "offers")):
            for activity in getattr(person, side):
                fitting |= self._answering(other, activity)
        return (self._within_reach(person) & fitting & ~self._country[person.country]).bit_count()

    def _within_reach(self, person: SamplePerson) -> int:
        """Both are at or above the level the other accepts, in one language at least."""
        reach = 0
        for lang in person.languages:
            reach |= self._at_least[lang.tag, lang.accepts] & self._accepting[lang.tag, lang.cefr]
        return reach & self._open

    def _answering(self, side: str, activity: SampleActivity) -> int:
        key = (side, activity)
        if key not in self._known:
            self._known[key] = 0
            for other, bits in self._asks[side, activity.code].items():
                if _meets(activity, other):
                    self._known[key] |= bits
        return self._known[key]


def find_company(people: list[SamplePerson]) -> list[SamplePerson]:
    """The same people, with what the lonely ones among them needed to find company."""
    for _ in range(_ROUNDS):
        company = Company(people)
        helped = [_help(person, company) for person in people]
        if helped == people:
            break
        people = helped
    return people


def _help(person: SamplePerson, company: Company) -> SamplePerson:
    if company.count_collaborators(person) < COLLABORATORS:
        person = _ask_more_widely(person)
    if company.count_peers(person) < PEERS:
        person = _widen(person)
    elif company.count_collaborators(person) < COLLABORATORS // 2:
        person = _learn(person)
    return person


def _ask_more_widely(person: SamplePerson) -> SamplePerson:
    """First what they need already, for any subject and in any language; then one need more."""
    needs = tuple(dict.fromkeys(replace(need, subject=None, language=None) for need in person.needs))
    if needs == person.needs:
        taken = {activity.code for activity in (*person.offers, *person.needs)}
        code = next((code for code in _WIDE_NEEDS if code not in taken), None)
        needs = needs if code is None else (*needs, SampleActivity(code))
    return replace(person, needs=needs)


def _widen(person: SamplePerson) -> SamplePerson:
    """A school level, then a language."""
    if not set(person.levels) & set(_SCHOOL_LEVELS):
        return replace(person, levels=tuple(sorted({*person.levels, "2"})))
    return _learn(person)


def _learn(person: SamplePerson) -> SamplePerson:
    """One widely spoken language more, at B2: the likeliest in their country, else English."""
    known = {lang.tag: lang for lang in person.languages}
    home = next(country for country in countries() if country.code == person.country)
    likely = sorted((other for other in home.others if other.tag in HUBS), key=lambda other: -other.share)
    for tag in (*(other.tag for other in likely), "en"):
        if tag not in known:
            return replace(person, languages=(*person.languages, SampleLanguage(tag, 4)))
        if known[tag].cefr < 4:
            better = replace(known[tag], cefr=4)
            return replace(person, languages=tuple(better if one.tag == tag else one for one in person.languages))
    return person


def _work_keys(person: SamplePerson) -> Iterable[str]:
    yield from {f"field {code[:2]}" for code in person.subjects}
    yield from (f"level {level}" for level in person.levels)


def _meets(one: SampleActivity, other: SampleActivity) -> bool:
    """Of one kind already: in subjects of which one contains the other, and in no two different languages."""
    if one.language and other.language and one.language != other.language:
        return False
    first, second = one.subject or "", other.subject or ""
    return first.startswith(second) or second.startswith(first)
