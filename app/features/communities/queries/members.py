"""Reads of members: the list of them, who asks to come in, who was asked to coordinate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from app.features.communities.models import (
    ACTIVE,
    ASKED,
    CLOSED,
    COORDINATOR,
    FACILITATOR,
    ROLES,
    Community,
    Member,
)
from app.features.communities.policies import Standing, can_facilitate, can_list_members
from app.features.profiles.models import Person, ProfileLanguage

PAGE = 30
# Whoever wrote and heard nothing for so long was not answered.
ANSWER_WITHIN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """What a list of members is narrowed to."""

    role: str | None = None
    language: str | None = None
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class MemberPage:
    """A page of members; ``next``: the last one's number, to go on from, or None."""

    members: list[Member]
    next: int | None


def _shown(standing: Standing) -> Select[Member]:
    """The members this reader may be shown; guests see those who look after the community."""
    rows = (
        select(Member)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == standing.community.id, Member.state == ACTIVE, Person.hidden_at.is_(None))
    )
    if not can_list_members(standing):
        rows = rows.where(Member.role.in_((COORDINATOR, FACILITATOR)))
    return rows


def unanswered(standing: Standing) -> Any:
    """The condition that somebody wrote here for the first time and nobody answered yet."""
    return unanswered_at(standing.moment)


def unanswered_at(moment: datetime) -> Any:
    """The same for a moment, in whatever community."""
    return and_(
        Member.first_post_at.is_not(None),
        Member.first_answer_at.is_(None),
        Member.first_post_at < moment - ANSWER_WITHIN,
    )


def _speaks(tag: str) -> Any:
    open_to = Person.audiences["languages"].as_string()
    return and_(
        or_(open_to.is_(None), open_to.in_(("everyone", "members"))),
        exists().where(
            ProfileLanguage.profile_id == Member.person_id,
            or_(ProfileLanguage.tag == tag, ProfileLanguage.tag.startswith(f"{tag}-", autoescape=True)),
        ),
    )


def list_members(
    session: Session, standing: Standing, wanted: MemberFilter, after: int | None = None, limit: int = PAGE
) -> MemberPage:
    """Members by role, then by how long they are here; ``after``: from that person on."""
    rows = _shown(standing)
    if wanted.role in ROLES:
        rows = rows.where(Member.role == wanted.role)
    if wanted.language:
        rows = rows.where(_speaks(wanted.language))
    if wanted.unanswered and can_facilitate(standing):
        rows = rows.where(unanswered(standing))
    last = session.get(Member, (standing.community.id, after)) if after is not None else None
    if last is not None and last.joined_at is not None:
        later = or_(
            Member.joined_at > last.joined_at,
            and_(Member.joined_at == last.joined_at, Member.person_id > last.person_id),
        )
        rows = rows.where(or_(Member.role > last.role, and_(Member.role == last.role, later)))
    # Their names are in the order of what they do: coordinator, facilitator, member.
    rows = rows.order_by(Member.role, Member.joined_at, Member.person_id).limit(limit + 1)
    found = list(session.scalars(rows))
    return MemberPage(found[:limit], found[limit - 1].person_id if len(found) > limit else None)


def count_by_role(session: Session, community_id: int) -> dict[str, int]:
    """How many members have each role."""
    rows = session.execute(
        select(Member.role, func.count())
        .where(Member.community_id == community_id, Member.state == ACTIVE)
        .group_by(Member.role)
    )
    counts = dict(rows.all())
    return {role: counts.get(role, 0) for role in ROLES}


def list_asking(
    session: Session, community_id: int, after: int | None = None, limit: int = PAGE
) -> tuple[list[Member], int | None]:
    """Those who asked to be let in, the longest waiting first, and from whom to go on."""
    rows = select(Member).where(Member.community_id == community_id, Member.state == ASKED)
    last = session.get(Member, (community_id, after)) if after is not None else None
    if last is not None and last.asked_at is not None:
        later = and_(Member.asked_at == last.asked_at, Member.person_id > last.person_id)
        rows = rows.where(or_(Member.asked_at > last.asked_at, later))
    found = list(session.scalars(rows.order_by(Member.asked_at, Member.person_id).limit(limit + 1)))
    return found[:limit], found[limit - 1].person_id if len(found) > limit else None


def count_asking(session: Session, community_id: int) -> int:
    """How many wait to be let in."""
    rows = select(func.count()).select_from(Member)
    return session.scalar(rows.where(Member.community_id == community_id, Member.state == ASKED)) or 0


def find_member(session: Session, standing: Standing, handle: str) -> tuple[Member, Person] | None:
    """A member by the name in their address."""
    row = session.execute(
        select(Member, Person)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == standing.community.id, Member.state == ACTIVE, Person.handle == handle)
    ).first()
    return (row[0], row[1]) if row is not None else None


def list_longest_untended(session: Session, before: Any, limit: int = 10) -> Sequence[Community]:
    """Communities that nobody coordinates since ``before`` or longer, the longest first."""
    rows = select(Community).where(Community.orphaned_at <= before, Community.state != CLOSED)
    return list(session.scalars(rows.order_by(Community.orphaned_at, Community.id).limit(limit)))


def list_offers(session: Session, person_id: int) -> list[tuple[Community, Member]]:
    """The communities in which a person is asked to coordinate."""
    rows = (
        select(Community, Member)
        .join(Member, Member.community_id == Community.id)
        .where(
            Member.person_id == person_id,
            Member.state == ACTIVE,
            Member.offered_role.is_not(None),
            Community.hidden_at.is_(None),
        )
        .order_by(Community.id)
        .limit(5)
    )
    return [(row[0], row[1]) for row in session.execute(rows)]
