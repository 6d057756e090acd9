"""Finding communities: filters with exact counts, pages by keyset, and those that suit a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.actor import Actor
from app.core.text import Term
from app.features.communities.models import (
    ACTIVE,
    CLOSED,
    STATES,
    TEMPLATES,
    Community,
    CommunityFacet,
    Member,
)
from app.features.communities.queries.founding import domains_of, list_around, load_alike, load_seeker
from app.features.communities.queries.suiting import list_aside_ids, list_communities_for, list_known_ids
from app.features.profiles.models import Person
from app.features.profiles.queries.directory import Filters as Words
from app.features.profiles.queries.directory import asked_of
from app.features.profiles.queries.directory.filters import clean_codes
from app.features.profiles.queries.directory.paging import read_cursor, write_cursor
from app.features.profiles.queries.reading import primary
from app.features.vocabularies.queries import (
    countries_in,
    level_codes,
    places_below,
    regions_of,
    subject_ancestors,
    subject_children,
)
from app.matching import communities as matching
from app.matching import facets

PAGE, SUITING = 20, 6
LONGEST_TEXT = 200
FACET_NAMES = ("subject", "language", "level", "place")
NAMES = (*FACET_NAMES, "template", "state")
WORLD = "001"


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for; within one filter any of its codes is enough, and all filters together must hold."""

    text: str = ""
    subject: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    template: tuple[str, ...] = ()
    state: tuple[str, ...] = ()

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of one of `NAMES`."""
        return getattr(self, name)  # type: ignore[no-any-return]

    def with_codes(self, name: str, codes: tuple[str, ...]) -> Filters:
        """The same with other codes in one filter."""
        changed: dict[str, Any] = {name: codes}
        return replace(self, **changed)

    @property
    def count(self) -> int:
        """How many things are asked for."""
        return sum(len(self.codes(name)) for name in NAMES) + bool(self.text)


def read_filters(get_list: Callable[[str], list[str]]) -> tuple[Filters, list[tuple[str, str]]]:
    """The filters of an address and, as (filter, code), what it names that does not exist."""
    unknown: list[tuple[str, str]] = []
    codes: dict[str, tuple[str, ...]] = {}
    for name in FACET_NAMES:
        codes[name], bad = clean_codes(name, get_list(name))
        unknown += [(name, code) for code in bad]
    for name, known in (("template", TEMPLATES), ("state", STATES)):
        asked = list(dict.fromkeys(get_list(name)))[:10]
        codes[name] = tuple(code for code in asked if code in known)
        unknown += [(name, code[:40]) for code in asked if code and code not in known]
    text = " ".join(next(iter(get_list("q")), "").replace("\0", " ").split())[:LONGEST_TEXT]
    return Filters(text=text, **codes), unknown


def written(filters: Filters) -> list[tuple[str, str]]:
    """The filters as they stand in an address; the same filters always make the same address."""
    return [*([("q", filters.text)] if filters.text else []), *((n, c) for n in NAMES for c in filters.codes(n))]


def toggled(filters: Filters, name: str, code: str) -> Filters:
    """The filters with one code taken away if it was there, else added."""
    chosen = filters.codes(name)
    return filters.with_codes(name, tuple(c for c in chosen if c != code) if code in chosen else (*chosen, code))


def _family(name: str, code: str) -> tuple[str, ...]:
    """What a community may name to be found by ``code``, besides what lies below it: itself and all that holds it.

    A community for all sciences, or for all of Africa, is one for a chemist, or for a Kenyan.
    """
    if name == "subject":
        return (code, *subject_ancestors(code))
    return (code, *regions_of(code)) if name == "place" else (code,)


def _places_in(code: str) -> tuple[str, ...]:
    """The countries and regions that lie in a region."""
    if not code.isdigit():
        return ()
    inner = [below for one in places_below(code) if one.isdigit() for below in (one, *_places_in(one))]
    return tuple(dict.fromkeys((*inner, *countries_in(code))))


def _matches(name: str, code: str) -> ColumnElement[bool]:
    column = CommunityFacet.code
    if name == "subject":
        return or_(column.in_(_family(name, code)), column.like(f"{code}%"))
    if name == "place":
        return column.in_((*_family(name, code), *_places_in(code)))
    if name == "language" and "-" not in code:
        return or_(column == code, column.like(f"{code}-%"))
    return column == code


def _having(name: str, codes: Iterable[str]) -> ColumnElement[bool]:
    rows = select(CommunityFacet.community_id).where(
        CommunityFacet.kind == name, or_(*(_matches(name, code) for code in codes))
    )
    return Community.id.in_(rows)


def _worded(text: str, locale: str) -> list[ColumnElement[bool]]:
    """Every word is in the name or the summary, or is the name of something the community is for."""

    def found(term: Term) -> ColumnElement[bool]:
        # Tokens hold letters, marks and digits only: nothing that LIKE would take for more than it is.
        tokens = {f"% {term.token}%" if term.prefix else f"% {term.token} %"}
        tokens |= {f"% {term.stem} %"} if term.stem else set()
        return or_(*(Community.search_text.like(token) for token in sorted(tokens)))

    conditions = []
    for part in asked_of(Words(text=text), locale):
        said = and_(*(found(term) for term in part.terms))
        named = part.named if part.named is not None and part.named[0] in FACET_NAMES else None
        conditions.append(or_(said, _having(named[0], [named[1]])) if named else said)
    return conditions


def found_by(filters: Filters, locale: str, closed: bool = False) -> Select[Any]:
    """The ids of what the filters find; closed communities only where they are asked for by name."""
    query = select(Community.id).where(Community.hidden_at.is_(None))
    if filters.state:
        query = query.where(Community.state.in_(filters.state))
    elif not closed:
        query = query.where(Community.state != CLOSED)
    if filters.template:
        query = query.where(Community.template.in_(filters.template))
    for name in FACET_NAMES:
        if filters.codes(name):
            query = query.where(_having(name, filters.codes(name)))
    return query.where(*(_worded(filters.text, locale) or [false()])) if filters.text else query


@dataclass(frozen=True, slots=True)
class Page:
    """A page of communities, how many there are in all, and the cursors to its neighbours."""

    communities: Sequence[Community]
    total: int
    previous: str | None
    next: str | None


def find_page(session: Session, filters: Filters, locale: str, cursor: str | None, limit: int = PAGE) -> Page:
    """The page a cursor leads to; whatever was active last comes first."""
    at = read_cursor(cursor)
    forward = at is None or at[0] == "a"
    keys = (Community.active_at, Community.id)
    query = select(Community).where(Community.id.in_(found_by(filters, locale))).options(selectinload(Community.facets))
    if at is not None:
        _rank, moment, number = at[1]
        if forward:
            beyond = or_(keys[0] < moment, and_(keys[0] == moment, keys[1] < number))
        else:
            beyond = or_(keys[0] > moment, and_(keys[0] == moment, keys[1] > number))
        query = query.where(beyond)
    rows = list(session.scalars(query.order_by(*(k.desc() if forward else k.asc() for k in keys)).limit(limit + 1)))
    more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    total = session.scalar(select(func.count()).select_from(found_by(filters, locale).subquery())) or 0
    if not rows:
        return Page((), total, None, None)
    first, last = ((0, row.active_at, row.id) for row in (rows[0], rows[-1]))
    has_previous, has_next = (at is not None, more) if forward else (more, True)
    return Page(
        rows, total, write_cursor("b", first) if has_previous else None, write_cursor("a", last) if has_next else None
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """One further choice of a filter, how many communities it finds, and how deep it lies in a tree."""

    code: str
    count: int
    on: bool = False
    depth: int = 0


def _pairs(session: Session, filters: Filters, locale: str, name: str) -> dict[str, set[int]]:
    """What communities name in a facet, with the communities that name it, counted with all filters but this one."""
    within = found_by(filters.with_codes(name, ()), locale)
    rows = select(CommunityFacet.code, CommunityFacet.community_id).where(
        CommunityFacet.kind == name, CommunityFacet.community_id.in_(within)
    )
    named: dict[str, set[int]] = defaultdict(set)
    for code, number in session.execute(rows):
        named[primary(code) if name == "language" else code].add(number)
    return named


def _count(name: str, named: dict[str, set[int]], code: str) -> int:
    """How many communities the choice of ``code`` would find."""
    wanted = {*_family(name, code), *(_places_in(code) if name == "place" else ())}
    below = [other for other in named if name == "subject" and other.startswith(code)]
    return len(set[int]().union(*(named.get(one, set()) for one in {*wanted, *below})))


def _shown(name: str, named: dict[str, set[int]], chosen: tuple[str, ...]) -> list[str]:
    """The choices of a facet that are offered, in their order."""
    if name == "level":
        return [code for code in level_codes() if code in named or code in chosen]
    if name == "language":
        return sorted({*named, *chosen}, key=lambda c: (c not in chosen, -len(named.get(c, ())), c))[:15]
    above = subject_ancestors if name == "subject" else regions_of
    within = subject_children if name == "subject" else places_below
    tops = within("") if name == "subject" else within(WORLD)
    opened = {code for one in chosen for code in (*above(one), one)} - {WORLD}
    shown = {*tops, *opened, *(code for one in opened for code in within(one))}
    return sorted(shown, key=lambda code: (*above(code), code))


def _depth(name: str, code: str) -> int:
    if name == "place":
        return len(regions_of(code)[1:])
    return len(subject_ancestors(code)) if name == "subject" else 0


def count_facets(session: Session, filters: Filters, locale: str) -> dict[str, list[Choice]]:
    """Every filter with its choices and exact counts, in a fixed number of queries."""
    counted: dict[str, list[Choice]] = {}
    for name in FACET_NAMES:
        named, chosen = _pairs(session, filters, locale, name), filters.codes(name)
        choices = [Choice(c, _count(name, named, c), c in chosen, _depth(name, c)) for c in _shown(name, named, chosen)]
        counted[name] = [choice for choice in choices if choice.count or choice.on]
    for name, known in (("template", TEMPLATES), ("state", STATES)):
        column = getattr(Community, name)
        within = found_by(filters.with_codes(name, ()), locale, closed=name == "state")
        rows = select(column, func.count()).where(Community.id.in_(within)).group_by(column)
        counts: Counter[str] = Counter(dict(session.execute(rows).all()))
        chosen = filters.codes(name)
        counted[name] = [Choice(c, counts[c], c in chosen) for c in known if counts[c] or c in chosen]
    return counted


@dataclass(frozen=True, slots=True)
class Suiting:
    """A community that suits the reader, with why."""

    community: Community
    fit: matching.Fit


@dataclass(frozen=True, slots=True)
class Around:
    """What suits the reader, and what is missing around them."""

    suiting: tuple[Suiting, ...] = ()
    missing: matching.Missing | None = None


def _loaded(session: Session, fits: Iterable[matching.Fit]) -> tuple[Suiting, ...]:
    """The communities of some fits, in their order."""
    found = list(fits)
    query = (
        select(Community).where(Community.id.in_([one.key for one in found])).options(selectinload(Community.facets))
    )
    by_id = {one.id: one for one in session.scalars(query)}
    return tuple(Suiting(by_id[one.key], one) for one in found if one.key in by_id)


def list_suiting(session: Session, seeker: facets.Profile, limit: int) -> tuple[Suiting, ...]:
    """The communities that suit somebody who belongs to none, such as a guest with a few answers."""
    return _loaded(session, matching.best_fits(seeker, list_communities_for(session, seeker), limit))


def list_around_person(
    session: Session, actor: Actor, person: Person | None, limit: int = SUITING, missing: bool = True
) -> Around:
    """The communities that suit somebody and that they have had nothing to do with, the same and in the same order as
    among the suggestions, and with ``missing`` one that could exist; always as many queries."""
    if person is None or not actor.verified:
        return Around()
    seeker = load_seeker(session, person)
    left_out = list_known_ids(session, person.id) | list_aside_ids(session, person.id).communities
    open_to_them = list_communities_for(session, seeker, left_out)
    suiting = _loaded(session, matching.best_fits(seeker, open_to_them, limit))
    if not missing:
        return Around(suiting)
    existing = domains_of(list_around(session, seeker))
    return Around(suiting, matching.find_missing(seeker, load_alike(session, seeker), existing))


def list_joined_ids(session: Session, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Those communities of ``ids`` that the actor belongs to."""
    if actor.person_id is None or not ids:
        return set()
    rows = select(Member.community_id).where(
        Member.person_id == actor.person_id, Member.state == ACTIVE, Member.community_id.in_(ids)
    )
    return set(session.scalars(rows))
