"""How many each further choice would find: every facet is counted with all filters but its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, String, case, func, literal, select, union_all
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


def _within(looker: Looker, filters: Filters, names: Iterable[str]) -> CTE:
    """Those whom the filters find, with what is counted of each, and whether the parts that are needed are open."""
    parts = sorted({PART_OF[name] for name in names if name in PART_OF})
    type_of = Institution.__table__.c.type
    columns = (Profile.id, Profile.kind, Profile.country, type_of.label("type"))
    opened = (part_open(looker, part).label(part) for part in parts)
    return filtered(looker, filters).with_only_columns(*columns, *opened).cte("within")


Counting = Callable[[CTE, Filters], Iterable[Select[Any]]]


def _own(name: str, column: str) -> Counting:
    """Counts a column of the profile itself."""

    def count(within: CTE, _filters: Filters) -> Iterable[Select[Any]]:
        key = within.c[column]
        yield _select(name, key, func.count()).where(key.is_not(None)).group_by("key")

    return count


def _select(name: str, key: Any, count: Any) -> Select[Any]:
    return select(literal(name, String).label("facet"), key.label("key"), count.label("number"))


def _hung(name: str, within: CTE, table: Any, key: Any, *where: ColumnElement[bool]) -> Select[Any]:
    """Counts those who have rows with a key in a table that hangs on profiles, each once, where the part is open."""
    owner = table.profile_id
    open_here = select(within.c.id).where(within.c[PART_OF[name]])
    query = _select(name, key, func.count(func.distinct(owner))).where(owner.in_(open_here), *where)
    return query.group_by("key")


def _subjects(within: CTE, filters: Filters) -> Iterable[Select[Any]]:
    """By every depth that is shown: the broad fields and what lies below a chosen one."""
    deepest = min(4, max((len(code) for code in filters.subject), default=1) + 1)
    column = ProfileSubject.code
    for depth in range(2, deepest + 1):
        key = func.substr(column, 1, depth)
        yield _hung("subject", within, ProfileSubject, key, func.length(column) >= depth)


def _levels(within: CTE, _filters: Filters) -> Iterable[Select[Any]]:
    yield _hung("level", within, ProfileLevel, ProfileLevel.code)


def _languages(within: CTE, filters: Filters) -> Iterable[Select[Any]]:
    """By language without script and region, which parts the two or three letters of its tag from the rest."""
    tag = ProfileLanguage.tag
    key = case(
        (func.substr(tag, 3, 1) == "-", func.substr(tag, 1, 2)),
        (func.substr(tag, 4, 1) == "-", func.substr(tag, 1, 3)),
        else_=tag,
    )
    yield _hung("language", within, ProfileLanguage, key, ProfileLanguage.level >= filters.at_least)


def _activities(name: str, direction: str) -> Counting:
    def count(within: CTE, _filters: Filters) -> Iterable[Select[Any]]:
        yield _hung(name, within, ProfileActivity, ProfileActivity.code, ProfileActivity.direction == direction)

    return count


_COUNTERS: dict[str, Counting] = {
    "kind": _own("kind", "kind"),
    "subject": _subjects,
    "level": _levels,
    "language": _languages,
    "place": _own("place", "country"),
    "type": _own("type", "type"),
    "offer": _activities("offer", OFFER),
    "need": _activities("need", NEED),
}


def _counted(session: Session, looker: Looker, filters: Filters) -> dict[str, Counts]:
    """What each facet counts. Those of which nothing is chosen yet share one look at whom the filters find."""
    together: dict[Filters, list[str]] = {}
    for name in _COUNTERS:
        together.setdefault(filters.without(name), []).append(name)
    found: dict[str, Counts] = {name: {} for name in _COUNTERS}
    for others, names in together.items():
        within = _within(looker, others, names)
        for name, code, number in session.execute(union_all(*_each(within, names, filters))):
            found[name][code] = number
    found["place"] = _with_regions(found["place"])
    return found


def _each(within: CTE, names: Iterable[str], filters: Filters) -> Iterable[Select[Any]]:
    return (query for name in names for query in _COUNTERS[name](within, filters))


def _with_regions(countries: Counts) -> Counts:
    found = Counter(countries)
    for country, count in countries.items():
        for region in regions_of(country):
            found[region] += count
    return dict(found)


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
    """Every facet with its choices and counts: one query, and one more for each facet of which something is chosen."""
    facets, counts = {}, _counted(session, looker, filters)
    for name in _COUNTERS:
        chosen = ((filters.kind,) if filters.kind else ()) if name == "kind" else filters.codes(name)
        facets[name] = _arranged(name, counts[name], chosen)
    return facets
