"""Succession: what happens when nobody coordinates a community any more.

Its facilitators are asked first, then the members who are here longest; the first yes counts. After thirty days
every member may take it, and the operators of the platform are told. A coordinator who was only silent, and does
something again, simply stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.core.actor import OPERATOR
from app.core.notices import tell
from app.features.accounts.models import Account, AccountRole
from app.features.communities.models import (
    ACTIVE,
    CLOSED,
    COORDINATOR,
    FACILITATOR,
    MEMBER,
    Community,
    HouseLog,
    Member,
)
from app.features.communities.policies import OPEN_TO_ALL
from app.features.profiles.models import Person

SILENT_AFTER = timedelta(days=60)
# After so long without a yes from the facilitators the members are asked, and again others after as long.
NEXT_ROUND = timedelta(days=7)
MOST_ASKED = 5


def _able() -> Select[int]:
    """The active members whose account is in good standing."""
    return (
        select(Member.person_id)
        .join(Person, Person.id == Member.person_id)
        .join(Account, Account.id == Person.account_id)
        .where(Member.state == ACTIVE, Account.suspended_at.is_(None))
    )


def count_coordinators(session: Session, community_id: int, since: datetime | None = None) -> int:
    """How many coordinate it whose account is not suspended; ``since``: those who did something since then."""
    rows = _able().where(Member.community_id == community_id, Member.role == COORDINATOR)
    if since is not None:
        rows = rows.where(func.coalesce(Member.active_at, Member.joined_at) >= since)
    return session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def begin_succession(session: Session, community: Community, moment: datetime) -> None:
    """Note that nobody coordinates the community, and ask the first who might; a closed one needs nobody."""
    if community.state == CLOSED:
        return
    done = session.execute(
        update(Community)
        .where(Community.id == community.id, Community.orphaned_at.is_(None))
        .values(orphaned_at=moment)
        .returning(Community.id)
        .execution_options(synchronize_session=False)
    )
    session.expire(community, ["orphaned_at"])
    if done.first() is not None:
        ask_next(session, community, moment)


def ask_next(session: Session, community: Community, moment: datetime) -> list[int]:
    """Ask those who come next whether they would coordinate: facilitators, then the longest-standing members."""
    orphaned = community.orphaned_at or moment
    not_asked = or_(Member.offered_at.is_(None), Member.offered_at < orphaned)
    rows = _able().where(Member.community_id == community.id, not_asked)
    chosen = list(session.scalars(rows.where(Member.role == FACILITATOR).order_by(Member.joined_at, Member.person_id)))
    if not chosen:
        lately = func.coalesce(Member.active_at, Member.joined_at) >= moment - SILENT_AFTER
        members = rows.where(Member.role == MEMBER)
        order = (Member.joined_at, Member.person_id)
        chosen = list(session.scalars(members.where(lately).order_by(*order).limit(MOST_ASKED)))
        chosen = chosen or list(session.scalars(members.order_by(*order).limit(MOST_ASKED)))
    if chosen:
        session.execute(
            update(Member)
            .where(Member.community_id == community.id, Member.person_id.in_(chosen))
            .values(offered_role=COORDINATOR, offered_by=None, offered_at=moment)
            .execution_options(synchronize_session="fetch")
        )
        tell(session, chosen, "succession_asked", community=community.name, slug=community.slug)
    return chosen


def end_succession(session: Session, community: Community, but: int | None = None) -> list[int]:
    """Somebody coordinates it again: those who were asked are not needed; gives who they were, ``but`` one."""
    session.execute(
        update(Community)
        .where(Community.id == community.id)
        .values(orphaned_at=None)
        .execution_options(synchronize_session=False)
    )
    session.expire(community, ["orphaned_at"])
    asked = and_(Member.community_id == community.id, Member.offered_role.is_not(None), Member.offered_by.is_(None))
    waiting = [number for number in session.scalars(select(Member.person_id).where(asked)) if number != but]
    session.execute(
        update(Member).where(asked).values(offered_role=None).execution_options(synchronize_session="fetch")
    )
    return waiting


def list_untended(session: Session, moment: datetime, after: int = 0, limit: int = 200) -> Sequence[Community]:
    """Communities with members that nobody coordinates, or whose coordinators are silent while members are not."""
    coordinator = aliased(Member)
    able = (
        select(coordinator.person_id)
        .join(Person, Person.id == coordinator.person_id)
        .join(Account, Account.id == Person.account_id)
        .where(
            coordinator.community_id == Community.id,
            coordinator.state == ACTIVE,
            coordinator.role == COORDINATOR,
            Account.suspended_at.is_(None),
        )
    )
    heard = able.where(func.coalesce(coordinator.active_at, coordinator.joined_at) >= moment - SILENT_AFTER)
    lively = select(Member.person_id).where(
        Member.community_id == Community.id,
        Member.state == ACTIVE,
        Member.role != COORDINATOR,
        Member.active_at >= moment - SILENT_AFTER,
    )
    silent = and_(~heard.exists(), lively.exists())
    rows = (
        select(Community)
        .where(
            Community.id > after,
            Community.orphaned_at.is_(None),
            Community.state != CLOSED,
            Community.member_count > 0,
            or_(~able.exists(), silent),
        )
        .order_by(Community.id)
        .limit(limit)
    )
    return list(session.scalars(rows))


def list_orphaned(session: Session, after: int = 0, limit: int = 200) -> Sequence[Community]:
    """Communities that wait for somebody to coordinate them."""
    rows = select(Community).where(
        Community.id > after, Community.orphaned_at.is_not(None), Community.state != CLOSED
    )  # fmt: skip
    return list(session.scalars(rows.order_by(Community.id).limit(limit)))


def carry_on(session: Session, community: Community, moment: datetime) -> None:
    """The next step for a community that waits: over, the next round of asking, or open to all."""
    orphaned = community.orphaned_at
    if orphaned is None:
        return
    if count_coordinators(session, community.id, since=orphaned):
        end_succession(session, community)
        return
    thinking = select(Member.person_id).where(
        Member.community_id == community.id,
        Member.state == ACTIVE,
        Member.offered_role.is_not(None),
        Member.offered_at > moment - NEXT_ROUND,
    )
    if session.scalar(thinking.limit(1)) is None:
        ask_next(session, community, moment)
    if orphaned <= moment - OPEN_TO_ALL:
        _tell_operators(session, community, orphaned)


def _tell_operators(session: Session, community: Community, orphaned: datetime) -> None:
    """Once for each time it is left alone: the house log remembers."""
    told = select(HouseLog.id).where(
        HouseLog.community_id == community.id, HouseLog.action == "open_to_all", HouseLog.at >= orphaned
    )
    if session.scalar(told.limit(1)) is not None:
        return
    session.add(HouseLog(community_id=community.id, action="open_to_all", kind="community", thing_id=community.id))
    operators = (
        select(Person.id)
        .join(AccountRole, AccountRole.account_id == Person.account_id)
        .where(AccountRole.role == OPERATOR)
    )
    tell(session, session.scalars(operators), "community_orphaned", community=community.name, slug=community.slug)
    session.flush()
