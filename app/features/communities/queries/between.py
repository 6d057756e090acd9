"""Reads of those who could introduce groups to each other: two communities, or those who work in two languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.actor import Actor
from app.features.communities.models import (
    ACTIVE,
    BETWEEN_COMMUNITIES,
    BETWEEN_LANGUAGES,
    COORDINATOR,
    LIVE,
    MEMBERS,
    Community,
    Introducer,
    Member,
)
from app.features.communities.queries.missing import list_open_ids
from app.features.profiles.queries.visible import ProfileView, present_many

# Of more rows the best reached are looked at.
MOST_ROWS = 600
SHOWN_EACH = 3


@dataclass(frozen=True, slots=True)
class Between:
    """Somebody between two groups, as the reader may see them."""

    view: ProfileView
    role: str


@dataclass(frozen=True, slots=True)
class ToCommunity:
    """Another community, what it shares with the one asked for, and who could introduce the two."""

    community: Community
    shares: int
    people: tuple[Between, ...]


@dataclass(frozen=True, slots=True)
class LanguagePair:
    """Two languages, and who could introduce those who work in the one to those who work in the other."""

    one: str
    other: str
    people: tuple[Between, ...]


@dataclass(frozen=True, slots=True)
class Stands:
    """Between which languages and which communities somebody was found to stand."""

    languages: tuple[tuple[str, str], ...]
    communities: tuple[tuple[Community, Community], ...]


def find_stands(session: Session, person_id: int, limit: int) -> Stands:
    """Between which groups a person may be named, the best first; communities out of sight are left out."""
    query = select(Introducer).where(Introducer.person_id == person_id)
    rows = session.scalars(query.order_by(Introducer.place, Introducer.id).limit(MOST_ROWS)).all()
    pairs = [(int(row.one), int(row.other)) for row in rows if row.kind == BETWEEN_COMMUNITIES]
    known = select(Community).where(
        Community.id.in_({number for pair in pairs for number in pair}),
        Community.state == LIVE,
        Community.hidden_at.is_(None),
    )
    named = {one.id: one for one in session.scalars(known)}
    return Stands(
        tuple((row.one, row.other) for row in rows if row.kind == BETWEEN_LANGUAGES)[:limit],
        tuple((named[one], named[other]) for one, other in pairs if one in named and other in named)[:limit],
    )


def _open_views(session: Session, actor: Actor, ids: Iterable[int], reading: Sequence[str]) -> dict[int, ProfileView]:
    """Those of some people whom the reader may see and who may be suggested now; never the reader."""
    wanted = sorted(set(ids) - {actor.person_id})
    open_now = list_open_ids(session, wanted, "introducers")
    return {view.id: view for view in present_many(session, actor, [i for i in wanted if i in open_now], reading)}


def list_to_communities(
    session: Session, actor: Actor, community: Community, limit: int, reading: Sequence[str]
) -> list[ToCommunity]:
    """The communities that somebody could introduce this one to, those with most in common first; as many queries
    however many there are."""
    own = str(community.id)
    query = (
        select(Introducer)
        .where(Introducer.kind == BETWEEN_COMMUNITIES, or_(Introducer.one == own, Introducer.other == own))
        .order_by(Introducer.place, Introducer.id)
        .limit(MOST_ROWS)
    )
    by_other: dict[int, list[Introducer]] = {}
    for row in session.scalars(query):
        by_other.setdefault(int(row.other if row.one == own else row.one), []).append(row)
    others = session.scalars(
        select(Community)
        .where(Community.id.in_(list(by_other)), Community.state == LIVE, Community.hidden_at.is_(None))
        .options(selectinload(Community.facets))
    ).all()
    ranked = sorted(others, key=lambda one: (-_shares(community, one), -_reach(by_other[one.id]), one.id))[: 3 * limit]
    people = {row.person_id for one in ranked for row in by_other[one.id]}
    views, closed = _open_views(session, actor, people, reading), _closed_pairs(session, actor, by_other, people)
    found = []
    for one in ranked:
        told = (r for r in by_other[one.id] if r.person_id in views and (one.id, r.person_id) not in closed)
        named = tuple(Between(views[row.person_id], row.role) for row in told)
        found.append(ToCommunity(one, _shares(community, one), named[:SHOWN_EACH]))
    return [one for one in found if one.people][:limit]


def _closed_pairs(
    session: Session, actor: Actor, communities: Iterable[int], people: Iterable[int]
) -> set[tuple[int, int]]:
    """Who of ``people`` belongs to which of ``communities`` without the actor being told: where only members read who
    belongs, others know who coordinates and nobody else."""
    own = select(Member.community_id).where(Member.person_id == actor.person_id, Member.state == ACTIVE)
    query = (
        select(Member.community_id, Member.person_id)
        .join(Community, Community.id == Member.community_id)
        .where(Member.community_id.in_(list(communities)), Member.person_id.in_(list(people)))
        .where(Member.state == ACTIVE, Member.role != COORDINATOR, Community.reading == MEMBERS)
        .where(Member.community_id.not_in(own))
    )
    return {(row.community_id, row.person_id) for row in session.execute(query)}


def _shares(one: Community, other: Community) -> int:
    """How many kinds of facets two communities have something of in common."""
    kinds = ("subject", "level", "language", "place")
    return sum(bool(set(one.codes(kind)) & set(other.codes(kind))) for kind in kinds)


def _reach(rows: Sequence[Introducer]) -> int:
    return max(min(row.known_one, row.known_other) for row in rows)


def list_language_pairs(
    session: Session, actor: Actor, language: str, limit: int, reading: Sequence[str]
) -> list[LanguagePair]:
    """The languages that somebody could introduce those who work in ``language`` to, the best reached first."""
    query = (
        select(Introducer)
        .where(Introducer.kind == BETWEEN_LANGUAGES, or_(Introducer.one == language, Introducer.other == language))
        .order_by(Introducer.place, Introducer.id)
        .limit(MOST_ROWS)
    )
    by_other: dict[str, list[Introducer]] = {}
    for row in session.scalars(query):
        by_other.setdefault(row.other if row.one == language else row.one, []).append(row)
    ranked = sorted(by_other, key=lambda tag: (-_reach(by_other[tag]), tag))[: 2 * limit]
    views = _open_views(session, actor, (row.person_id for tag in ranked for row in by_other[tag]), reading)
    found = [
        LanguagePair(
            language,
            tag,
            tuple(Between(views[r.person_id], r.role) for r in by_other[tag] if r.person_id in views)[:SHOWN_EACH],
        )
        for tag in ranked
    ]
    return [pair for pair in found if pair.people][:limit]


def list_bridged_languages(session: Session) -> list[str]:
    """Every language from which somebody stands to another, the most bridged first."""
    counts: dict[str, int] = {}
    for column in (Introducer.one, Introducer.other):
        query = select(column, func.count()).where(Introducer.kind == BETWEEN_LANGUAGES).group_by(column)
        for tag, number in session.execute(query):
            counts[tag] = counts.get(tag, 0) + number
    return sorted(counts, key=lambda tag: (-counts[tag], tag))
