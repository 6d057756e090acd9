"""Reads of external networks: the list by filters, with what each filter would find, and one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.registries import version_of
from app.features.communities.models import REACHES, WHO, ExternalNetwork, NetworkFacet
from app.features.profiles.queries.directory import Filters as Words
from app.features.profiles.queries.directory import asked_of
from app.features.profiles.queries.directory.filters import clean_codes
from app.features.profiles.queries.directory.paging import read_cursor, write_cursor
from app.features.profiles.queries.reading import primary
from app.features.vocabularies.queries import regions_of, subject_ancestors

PAGE = 20
MOST_CHOICES = 15
LONGEST_TEXT = 200
FACETS = ("subject", "language", "level", "place")
NAMES = (*FACETS, "reach", "who")
# What nobody looked at for so long may have changed.
OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody looks for: words, and at most one code of each kind."""

    text: str = ""
    codes: tuple[tuple[str, str], ...] = ()

    def code(self, name: str) -> str | None:
        """What is asked for of one of `NAMES`."""
        return dict(self.codes).get(name)

    def toggled(self, name: str, code: str) -> Filters:
        """The same with a code taken away if it was there, else in the place of what was."""
        rest = {kind: chosen for kind, chosen in self.codes if kind != name}
        if self.code(name) != code:
            rest[name] = code
        return replace(self, codes=tuple((kind, rest[kind]) for kind in NAMES if kind in rest))

    def written(self) -> list[tuple[str, str]]:
        """As they stand in an address; the same filters always make the same address."""
        return [*([("q", self.text)] if self.text else []), *self.codes]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a filter and how many networks it finds."""

    code: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of networks, how many there are in all, the choices of each filter, the cursors to the neighbours."""

    networks: Sequence[ExternalNetwork]
    total: int
    choices: dict[str, list[Choice]]
    previous: str | None
    next: str | None


def read_filters(get_list: Callable[[str], list[str]]) -> Filters:
    """The filters of an address; codes that do not exist are left out."""
    codes: list[tuple[str, str]] = []
    for name in FACETS:
        known, _unknown = clean_codes(name, get_list(name))
        codes += [(name, code) for code in known[:1]]
    for name, offered in (("reach", REACHES), ("who", WHO)):
        codes += [(name, code) for code in get_list(name)[:1] if code in offered]
    text = " ".join(next(iter(get_list("q")), "").replace("\0", " ").split())[:LONGEST_TEXT]
    return Filters(text, tuple(codes))


def text_version(network: ExternalNetwork) -> int:
    """The version of what is translated of a network: only its summary is."""
    return version_of({"summary": network.summary})


def is_old(network: ExternalNetwork) -> bool:
    """Whether nobody has looked for so long that it may not hold any more."""
    return network.checked_at < now() - OLD


def _worded(text: str, locale: str) -> list[ColumnElement[bool]]:
    """Every word is in the name or the summary."""
    conditions = []
    for part in asked_of(Words(text=text), locale):
        for term in part.terms:
            # Tokens hold letters, marks and digits only: nothing that LIKE would take for more than it is.
            tokens = {f"% {term.token}%" if term.prefix else f"% {term.token} %"}
            tokens |= {f"% {term.stem} %"} if term.stem else set()
            conditions.append(or_(*(ExternalNetwork.search_text.like(token) for token in sorted(tokens))))
    return conditions or [false()]


def _above(name: str, code: str) -> tuple[str, ...]:
    """A code with what holds it: a network for all of Africa is one for Kenya, one for all sciences for chemistry."""
    if name == "subject":
        return (code, *subject_ancestors(code))
    if name == "place":
        return (code, *regions_of(code))
    return (primary(code) if name == "language" else code,)


def _fits(name: str, wanted: str, named: Collection[str]) -> bool:
    """Whether a network that names these codes is found by one: itself, what is broader, and what is narrower."""
    asked = set(_above(name, wanted))
    return any(code in asked or _above(name, wanted)[0] in _above(name, code) for code in named)


def find_networks(session: Session, filters: Filters, locale: str, cursor: str | None) -> Page:
    """The page a cursor leads to, what was looked at last first; a fixed number of queries.

    What networks name is a small table: it is read whole, so that each filter can say how many it would find.
    """
    named = _named(session, filters, locale)
    wanted = [number for number, codes in named.items() if _holds(codes, filters.codes)]
    choices = {name: _choices(named, filters, name) for name in NAMES}
    rows, previous, following = _page(session, wanted, cursor)
    return Page(rows, len(wanted), choices, previous, following)


def _named(session: Session, filters: Filters, locale: str) -> dict[int, dict[str, set[str]]]:
    """What each network in sight names, by kind; only those in which the words are."""
    query = select(ExternalNetwork.id, ExternalNetwork.reach, ExternalNetwork.who_can_join)
    query = query.where(ExternalNetwork.hidden_at.is_(None))
    if filters.text:
        query = query.where(*_worded(filters.text, locale))
    named: dict[int, dict[str, set[str]]] = {}
    for number, reach, who in session.execute(query):
        named[number] = defaultdict(set, {"reach": {reach}, "who": {who}})
    facets = select(NetworkFacet.network_id, NetworkFacet.kind, NetworkFacet.code)
    for number, kind, code in session.execute(facets):
        if number in named:
            named[number][kind].add(primary(code) if kind == "language" else code)
    return named


def _holds(codes: dict[str, set[str]], asked: Sequence[tuple[str, str]]) -> bool:
    return all(_fits(name, code, codes.get(name, ())) for name, code in asked)


def _choices(named: dict[int, dict[str, set[str]]], filters: Filters, name: str) -> list[Choice]:
    others = [(kind, code) for kind, code in filters.codes if kind != name]
    within = [codes for codes in named.values() if _holds(codes, others)]
    chosen = filters.code(name)
    offered = {code for codes in within for code in codes.get(name, ())} | ({chosen} if chosen else set())
    counted = [
        Choice(code, sum(_fits(name, code, codes.get(name, ())) for codes in within), code == chosen)
        for code in offered
    ]
    return sorted(counted, key=lambda choice: (not choice.on, -choice.count, choice.code))[:MOST_CHOICES]


def _page(
    session: Session, wanted: Sequence[int], cursor: str | None
) -> tuple[list[ExternalNetwork], str | None, str | None]:
    at = read_cursor(cursor)
    forward = at is None or at[0] == "a"
    keys = (ExternalNetwork.checked_at, ExternalNetwork.id)
    query = select(ExternalNetwork).where(ExternalNetwork.id.in_(wanted)).options(selectinload(ExternalNetwork.facets))
    if at is not None:
        _rank, moment, number = at[1]
        after = or_(keys[0] < moment, and_(keys[0] == moment, keys[1] < number))
        before = or_(keys[0] > moment, and_(keys[0] == moment, keys[1] > number))
        query = query.where(after if forward else before)
    rows = list(session.scalars(query.order_by(*(k.desc() if forward else k.asc() for k in keys)).limit(PAGE + 1)))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if not forward:
        rows.reverse()
    if not rows:
        return [], None, None
    first, last = ((0, row.checked_at, row.id) for row in (rows[0], rows[-1]))
    has_previous, has_next = (at is not None, more) if forward else (more, True)
    return rows, write_cursor("b", first) if has_previous else None, write_cursor("a", last) if has_next else None


def find_network(session: Session, actor: Actor, slug: str) -> ExternalNetwork | None:
    """The network of that name in addresses; a hidden one only for those who moderate."""
    # PostgreSQL cannot even be asked for a text with a NUL in it.
    if "\0" in slug:
        return None
    query = select(ExternalNetwork).where(ExternalNetwork.slug == slug)
    network = session.scalar(query.options(selectinload(ExternalNetwork.facets)))
    if network is not None and network.hidden_at is not None and not actor.roles & {OPERATOR, MODERATOR}:
        return None
    return network


def get_network(session: Session, actor: Actor, slug: str) -> ExternalNetwork:
    """The same; raises `NotFound`."""
    network = find_network(session, actor, slug)
    if network is None:
        raise NotFound
    return network


def load_networks(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, ExternalNetwork]:
    """Those in sight of some numbers."""
    query = select(ExternalNetwork).where(ExternalNetwork.id.in_(list(ids)))
    if not actor.roles & {OPERATOR, MODERATOR}:
        query = query.where(ExternalNetwork.hidden_at.is_(None))
    return {network.id: network for network in session.scalars(query)}
