"""Which communities and networks could be suggested to somebody, as the matching sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from app.core.clock import now
from app.features.communities.models import (
    INVITATION,
    LIVE,
    Community,
    CommunityFacet,
    ExternalNetwork,
    GroupAside,
    Member,
    NetworkFacet,
)
from app.features.communities.queries.networks import OLD
from app.matching import facets
from app.matching.communities import Domain

# Who may join a network, by who asks; those that only take whom they invite are suggested to nobody.
_OPEN_TO = {facets.PERSON: ("everyone", "professionals"), facets.INSTITUTION: ("everyone", "institutions")}


@dataclass(frozen=True, slots=True)
class Groups:
    """Communities and networks by their numbers, with their facets loaded."""

    communities: dict[int, Community]
    networks: dict[int, ExternalNetwork]


def _near(owner: Any, number: Any, seeker: facets.Profile) -> ColumnElement[bool]:
    """The condition that a group names no subject, or one in the seeker's broad fields: any other is a wall that no
    small change opens, and most groups need not even be looked at."""
    if not seeker.subjects:
        return true()
    broad = sorted({code[:2] for code in seeker.subjects})
    table = owner.class_
    named = and_(owner == number, table.kind == "subject")
    near = or_(table.code.in_(broad), *(table.code.like(f"{code}%") for code in broad))
    return or_(not_(exists().where(named)), exists().where(named, near))


def list_domains(session: Session, seeker: facets.Profile, left_out: Iterable[int] = ()) -> list[Domain]:
    """Everything that could be suggested to ``seeker``, communities first, but for what they put aside; always five
    queries."""
    aside = list_aside_ids(session, seeker.key)
    return [
        *list_communities_for(session, seeker, {*left_out, *aside.communities}),
        *list_networks_for(session, seeker, aside.networks),
    ]


def list_communities_for(session: Session, seeker: facets.Profile, left_out: Iterable[int] = ()) -> list[Domain]:
    """The communities that could be suggested: alive and open. What sleeps, is closed or out of sight, or takes in by
    invitation only is suggested to nobody."""
    community, moment = Community, now()
    query = select(community.id, community.lang, community.active_at).where(
        community.state == LIVE, community.hidden_at.is_(None), community.joining != INVITATION,
        community.id.not_in(list(left_out)), or_(community.host_id.is_(None), community.host_id != seeker.key),
        _near(CommunityFacet.community_id, community.id, seeker),
    )  # fmt: skip
    rows = session.execute(query.order_by(community.id)).all()
    named = _named(session, CommunityFacet.community_id, [row.id for row in rows])
    return [_domain(row.id, named[row.id], (moment - row.active_at).days, languages=(row.lang,)) for row in rows]


def list_networks_for(session: Session, seeker: facets.Profile, left_out: Iterable[int] = ()) -> list[Domain]:
    """The networks elsewhere that could be suggested: open to such as ``seeker``, and not long unlooked at."""
    network, moment = ExternalNetwork, now()
    query = select(network.id, network.checked_at).where(
        network.hidden_at.is_(None), network.checked_at > moment - OLD, network.id.not_in(list(left_out)),
        network.who_can_join.in_(_OPEN_TO.get(seeker.kind, ())), _near(NetworkFacet.network_id, network.id, seeker),
    )  # fmt: skip
    rows = session.execute(query.order_by(network.id)).all()
    named = _named(session, NetworkFacet.network_id, [row.id for row in rows])
    return [_domain(row.id, named[row.id], (moment - row.checked_at).days, external=True) for row in rows]


def _named(session: Session, owner: Any, ids: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    """What groups name, by kind of facet."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    table = owner.class_
    query = select(owner, table.kind, table.code).where(owner.in_(ids))
    for number, kind, code in session.execute(query.order_by(table.kind, table.code)):
        found[number][kind].append(code)
    return found


def _domain(
    number: int, named: dict[str, list[str]], days: int, languages: tuple[str, ...] = (), external: bool = False
) -> Domain:
    """``languages``: in which it works where it names none."""
    return Domain(
        number, tuple(named["subject"]), tuple(named["level"]), tuple(named["language"]) or languages,
        tuple(named["place"]), max(0, days), external,
    )  # fmt: skip


def list_known_ids(session: Session, person_id: int) -> set[int]:
    """The communities a person has had to do with: belongs to, asked to join, left, or was taken out of."""
    return set(session.scalars(select(Member.community_id).where(Member.person_id == person_id)))


@dataclass(frozen=True, slots=True)
class AsideIds:
    """The numbers of what a profile put aside."""

    communities: frozenset[int]
    networks: frozenset[int]


@dataclass(frozen=True, slots=True)
class Aside:
    """A group that was put aside, why, and when."""

    group: Community | ExternalNetwork
    reason: str
    at: datetime


def list_aside_ids(session: Session, profile_id: int) -> AsideIds:
    """What a profile put aside."""
    query = select(GroupAside.community_id, GroupAside.network_id).where(GroupAside.profile_id == profile_id)
    rows = session.execute(query).all()
    return AsideIds(
        frozenset(row.community_id for row in rows if row.community_id is not None),
        frozenset(row.network_id for row in rows if row.network_id is not None),
    )


def find_aside(session: Session, profile_id: int, group: Community | ExternalNetwork) -> GroupAside | None:
    """The row by which a profile put a group aside."""
    column = GroupAside.network_id if isinstance(group, ExternalNetwork) else GroupAside.community_id
    return session.scalar(select(GroupAside).where(GroupAside.profile_id == profile_id, column == group.id))


def list_asides(
    session: Session, profile_id: int, after: tuple[datetime, int] | None, limit: int
) -> tuple[list[Aside], tuple[datetime, int] | None]:
    """A page of what a profile put aside and is still in sight, the latest first, and where the next begins."""
    at, key = GroupAside.created_at, GroupAside.id
    here = select(Community.id).where(Community.hidden_at.is_(None))
    elsewhere = select(ExternalNetwork.id).where(ExternalNetwork.hidden_at.is_(None))
    in_sight = or_(GroupAside.community_id.in_(here), GroupAside.network_id.in_(elsewhere))
    query = select(GroupAside).where(GroupAside.profile_id == profile_id, in_sight).order_by(at.desc(), key.desc())
    if after is not None:
        query = query.where(or_(at < after[0], and_(at == after[0], key < after[1])))
    rows = list(session.scalars(query.limit(limit + 1)))
    shown = rows[:limit]
    inside = [row.community_id for row in shown if row.community_id is not None]
    outside = [row.network_id for row in shown if row.network_id is not None]
    communities = select(Community).where(Community.id.in_(inside))
    networks = select(ExternalNetwork).where(ExternalNetwork.id.in_(outside))
    groups: dict[tuple[int | None, int | None], Community | ExternalNetwork] = {
        **{(one.id, None): one for one in session.scalars(communities)},
        **{(None, one.id): one for one in session.scalars(networks)},
    }
    found = [
        Aside(groups[row.community_id, row.network_id], row.reason, row.created_at)
        for row in shown
        if (row.community_id, row.network_id) in groups  # one may have gone in between
    ]
    return found, (shown[-1].created_at, shown[-1].id) if len(rows) > limit else None


def load_groups(session: Session, domains: Iterable[Domain]) -> Groups:
    """The rows of some domains, with their facets, that are in sight; two queries and their facets."""
    wanted = list(domains)
    inside = [one.key for one in wanted if not one.external]
    outside = [one.key for one in wanted if one.external]
    communities = select(Community).where(Community.id.in_(inside))
    networks = select(ExternalNetwork).where(ExternalNetwork.id.in_(outside))
    return Groups(
        {one.id: one for one in session.scalars(communities.options(selectinload(Community.facets)))},
        {one.id: one for one in session.scalars(networks.options(selectinload(ExternalNetwork.facets)))},
    )
