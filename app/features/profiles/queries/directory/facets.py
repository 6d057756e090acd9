"""How many each further choice would find: every facet is counted with all filters but its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, union_all
from sqlalchemy.orm import Session

from app.features.profiles.models import (
    NEED,
    OFFER,
    Institution,
    Profile,
    ProfileActivity,
    ProfileLanguage,
    ProfileLevel,
    ProfileSubject,
)
from app.features.profiles.queries.directory.conditions import PART_OF, filtered
from app.features.profiles.queries.directory.filters import KINDS, Filters
from app.features.profiles.queries.directory.seeing import Looker, part_open
from app.features.vocabularies.queries import (
    level_codes,
    places_below,
    regions_of,
    subject_ancestors,
    subject_children,
)

MOST_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One further choice: its code, how many it finds, whether it is chosen already, how deep it lies in a tree."""

    code: str
    count: int
    on: bool = False
    depth: int = 0


Facets = dict[str, list[Choice]]
Counts = dict[str, int]
Above = Callable[[str], tuple[str, ...]]
Below = Callable[[str], Iterable[str]]
WORLD = "001"


def _within(looker: Looker, filters: Filters, name: str) -> Select[int]:
    """The ids that all other filters find and whose part this facet counts is open to the viewer."""
    query = filtered(looker, filters.without(name))
    return query.where(part_open(looker, PART_OF[name])) if name in PART_OF else query


def _grouped(session: Session, within: Select[int], key: Any, owner: Any, *where: ColumnElement[bool]) -> Counts:
    query = select(key.label("key"), func.count(func.distinct(owner))).where(owner.in_(within), *where)
    return {code: count for code, count in session.execute(query.group_by("key")) if code is not None}


def _kinds(session: Session, looker: Looker, filters: Filters) -> Counts:
    return _grouped(session, _within(looker, filters, "kind"), Profile.kind, Profile.id)


def _subjects(session: Session, looker: Looker, filters: Filters) -> Counts:
    """By every depth that is shown: the broad fields and what lies below a chosen one."""
    within = _within(looker, filters, "subject")
    deepest = min(4, max((len(code) for code in filters.subject), default=1) + 1)
    column = ProfileSubject.code
    parts = []
    for depth in range(2, deepest + 1):
        key = func.substr(column, 1, depth)
        where = (ProfileSubject.profile_id.in_(within), func.length(column) >= depth)
        count = func.count(func.distinct(ProfileSubject.profile_id))
        parts.append(select(key.label("key"), count).where(*where).group_by("key"))
    return {row[0]: row[1] for row in session.execute(union_all(*parts))}


def _levels(session: Session, looker: Looker, filters: Filters) -> Counts:
    return _grouped(session, _within(looker, filters, "level"), ProfileLevel.code, ProfileLevel.profile_id)


def _languages(session: Session, looker: Looker, filters: Filters) -> Counts:
    """By language without script and region, which parts the two or three letters of its tag from the rest."""
    tag = ProfileLanguage.tag
    key = case(
        (func.substr(tag, 3, 1) == "-", func.substr(tag, 1, 2)),
        (func.substr(tag, 4, 1) == "-", func.substr(tag, 1, 3)),
        else_=tag,
    )
    good = ProfileLanguage.level >= filters.at_least
    return _grouped(session, _within(looker, filters, "language"), key, ProfileLanguage.profile_id, good)


def _places(session: Session, looker: Looker, filters: Filters) -> Counts:
    countries = _grouped(session, _within(looker, filters, "place"), Profile.country, Profile.id)
    found = Counter(countries)
    for country, count in countries.items():
        for region in regions_of(country):
            found[region] += count
    return dict(found)


def _types(session: Session, looker: Looker, filters: Filters) -> Counts:
    table = Institution.__table__
    return _grouped(session, _within(looker, filters, "type"), table.c.type, table.c.id)


def _activities(name: str, direction: str) -> Callable[[Session, Looker, Filters], Counts]:
    def count(session: Session, looker: Looker, filters: Filters) -> Counts:
        within = _within(looker, filters, name)
        where = ProfileActivity.direction == direction
        return _grouped(session, within, ProfileActivity.code, ProfileActivity.profile_id, where)

    return count


_COUNTERS: dict[str, Callable[[Session, Looker, Filters], Counts]] = {
    "kind": _kinds,
    "subject": _subjects,
    "level": _levels,
    "language": _languages,
    "place": _places,
    "type": _types,
    "offer": _activities("offer", OFFER),
    "need": _activities("need", NEED),
}


def regions_within_world(code: str) -> tuple[str, ...]:
    """The regions a country or region lies in, without the world, which holds everything."""
    return regions_of(code)[1:]


def _unfolded(chosen: Iterable[str], above: Above, below: Below) -> set[str]:
    """What is shown of a tree: the chosen, what they lie in, what lies beside them and in them."""
    shown: set[str] = set()
    for code in chosen:
        shown |= {code, *below(code)}
        for wider in above(code):
            shown |= {wider, *below(wider)}
    return shown


def _choices(counts: Counts, chosen: tuple[str, ...], shown: Iterable[str]) -> list[Choice]:
    """The choices that find someone, and those made."""
    return [Choice(c, counts.get(c, 0), c in chosen) for c in shown if counts.get(c) or c in chosen]


def _tree(counts: Counts, chosen: tuple[str, ...], top: str, above: Above, below: Below) -> list[Choice]:
    """The same of a tree, each below what it lies in."""
    shown = {*below(top), *_unfolded(chosen, above, below)}
    ordered = _choices(counts, chosen, sorted(shown, key=lambda code: (*above(code), code)))
    return [replace(choice, depth=len(above(choice.code))) for choice in ordered]


def _arranged(name: str, counts: Counts, chosen: tuple[str, ...]) -> list[Choice]:
    """The choices of a facet in their order: by the scheme where it has one, else the most frequent first."""
    if name == "kind":
        return _choices(counts, chosen, KINDS)
    if name == "level":
        return _choices(counts, chosen, level_codes())
    if name == "subject":
        return _tree(counts, chosen, "", subject_ancestors, subject_children)
    if name == "place":
        return _tree(counts, chosen, WORLD, regions_within_world, places_below)
    order = sorted({*counts, *chosen}, key=lambda c: (c not in chosen, -counts.get(c, 0), c))
    return _choices(counts, chosen, order[: max(MOST_CHOICES, len(chosen))])


def count_facets(session: Session, looker: Looker, filters: Filters) -> Facets:
    """Every facet with its choices and counts, in a fixed number of queries."""
    facets = {}
    for name, counter in _COUNTERS.items():
        chosen = ((filters.kind,) if filters.kind else ()) if name == "kind" else filters.codes(name)
        facets[name] = _arranged(name, counter(session, looker, filters), chosen)
    return facets
