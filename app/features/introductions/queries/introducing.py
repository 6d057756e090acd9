"""Reads of introductions and connections."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.features.introductions.models import ACCEPTED, DECLINED, PENDING, Introduction
from app.features.introductions.policies import MONTH, AskFacts, can_read
from app.features.profiles.models import Delegation, Institution, Profile
from app.features.relations.queries import are_connected
from app.features.threads.models import Thread, ThreadRead
from app.features.threads.queries import find_thread, list_acting_ids

PAGE = 20


def open_key(one: int, other: int) -> str:
    """What marks the one introduction of a pair that may wait."""
    return f"{min(one, other)}:{max(one, other)}"


def get_introduction(session: Session, actor: Actor, introduction_id: int) -> Introduction:
    """An introduction for the people of its two sides; raises `NotFound` for everybody else."""
    introduction = session.get(Introduction, introduction_id)
    if introduction is None or not can_read(introduction, list_acting_ids(session, actor)):
        raise NotFound
    return introduction


def count_received_since(session: Session, ids: Collection[int], since: datetime) -> dict[int, int]:
    """How many introductions each of the profiles got since then; those without any are left out."""
    if not ids:
        return {}
    rows = (
        select(Introduction.to_profile_id, func.count())
        .where(Introduction.to_profile_id.in_(ids), Introduction.created_at > since)
        .group_by(Introduction.to_profile_id)
    )
    return dict(session.execute(rows).all())


def list_pending_ids(session: Session, profile_id: int) -> set[int]:
    """The profiles that wait for this one's answer, or it for theirs."""
    rows = session.execute(
        select(Introduction.from_profile_id, Introduction.to_profile_id).where(
            or_(Introduction.from_profile_id == profile_id, Introduction.to_profile_id == profile_id),
            Introduction.state == PENDING,
            Introduction.expires_at > now(),
        )
    )
    return {to if asker == profile_id else asker for asker, to in rows}


def find_pending(session: Session, one: int, other: int) -> Introduction | None:
    """The introduction of a pair that waits, whoever asked."""
    return session.scalar(
        select(Introduction).where(Introduction.open_key == open_key(one, other), Introduction.expires_at > now())
    )


def find_thread_of(session: Session, introduction: Introduction) -> Thread | None:
    """The thread an introduction led to; of merged institutions that of the one that was kept."""
    merged = select(Institution.merged_into_id).where(Institution.merged_into_id.is_not(None))
    asker, receiver = (
        session.scalar(merged.where(Institution.id == side)) or side
        for side in (introduction.from_profile_id, introduction.to_profile_id)
    )
    return find_thread(session, asker, receiver) or find_thread(
        session, introduction.from_profile_id, introduction.to_profile_id
    )


def find_last(session: Session, one: int, other: int) -> Introduction | None:
    """The newest introduction of a pair, whoever asked."""
    either = or_(
        and_(Introduction.from_profile_id == one, Introduction.to_profile_id == other),
        and_(Introduction.from_profile_id == other, Introduction.to_profile_id == one),
    )
    return session.scalar(select(Introduction).where(either).order_by(Introduction.id.desc()).limit(1))


def count_delegates(session: Session, institution_id: int) -> int:
    """How many people act for an institution."""
    wanted = select(func.count()).where(
        Delegation.institution_id == institution_id, Delegation.accepted_at.is_not(None)
    )
    return session.scalar(wanted) or 0


def _someone_reads(session: Session, to: Profile) -> bool:
    if not isinstance(to, Institution):
        return True
    return to.claimed and to.merged_into_id is None and count_delegates(session, to.id) > 0


def load_ask_facts(session: Session, actor: Actor, from_id: int, to: Profile, moment: datetime) -> AskFacts:
    """Everything that decides whether ``from_id`` may ask ``to`` now."""
    pending = find_pending(session, from_id, to.id)
    asked_me = pending is not None and pending.from_profile_id == to.id
    since = moment - MONTH
    # Whoever speaks for an institution, too, is the same person to the one they ask.
    ours = and_(
        or_(Introduction.from_profile_id == from_id, Introduction.by_person_id == actor.person_id),
        Introduction.to_profile_id == to.id,
    )
    declined_at = session.scalar(select(func.max(Introduction.decided_at)).where(ours, Introduction.state == DECLINED))
    before = select(Introduction.created_at).where(ours, Introduction.created_at > since)
    received = select(Introduction.created_at).where(
        Introduction.to_profile_id == to.id, Introduction.created_at > since
    )
    asked = select(Introduction.created_at).where(
        Introduction.by_person_id == actor.person_id, Introduction.created_at > since
    )
    return AskFacts(
        moment=moment,
        same_people=to.id in list_acting_ids(session, actor),
        someone_reads=_someone_reads(session, to),
        connected=are_connected(session, from_id, to.id),
        asked_me=pending.id if pending and asked_me else None,
        asked_them=pending.id if pending and not asked_me else None,
        declined_at=declined_at,
        monthly=to.monthly_contacts,
        received=session.scalars(received.order_by(Introduction.created_at)).all(),
        asked=session.scalars(asked.order_by(Introduction.created_at)).all(),
        asked_before=session.scalars(before.order_by(Introduction.created_at)).all(),
    )


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list and where the next begins, or None."""

    items: list[Introduction]
    after: str | None


def list_introductions(
    session: Session, sides: Sequence[int], received: bool, after: str | None = None, limit: int = PAGE
) -> Page:
    """Introductions that these profiles received or sent: waiting ones first, then the newest."""
    if not sides:
        return Page([], None)
    moment = now()
    waits = and_(Introduction.state == PENDING, Introduction.expires_at > moment)
    rank = case((waits, 0), else_=1)
    side = Introduction.to_profile_id if received else Introduction.from_profile_id
    rows = select(Introduction, rank).where(side.in_(sides)).order_by(rank, Introduction.id.desc()).limit(limit + 1)
    at = _read_mark(after)
    if at is not None:
        rows = rows.where(or_(rank > at[0], and_(rank == at[0], Introduction.id < at[1])))
    found = session.execute(rows).all()
    items = [introduction for introduction, _rank in found[:limit]]
    more = f"{found[limit - 1][1]}-{items[-1].id}" if len(found) > limit else None
    return Page(items, more)


def _read_mark(mark: str | None) -> tuple[int, int] | None:
    """The two numbers of a page mark; anything else means the beginning."""
    first, _dash, second = (mark or "").partition("-")
    if not (first.isascii() and first.isdigit() and second.isascii() and second.isdigit()):
        return None
    return min(int(first), 2**31), min(int(second), 2**62)


def count_waiting(session: Session, sides: Sequence[int]) -> int:
    """How many introductions wait for the answer of these profiles."""
    if not sides:
        return 0
    wanted = select(func.count()).where(
        Introduction.to_profile_id.in_(sides), Introduction.state == PENDING, Introduction.expires_at > now()
    )
    return session.scalar(wanted) or 0


def list_unseen_threads(session: Session, person_id: int) -> list[int]:
    """The threads that a yes of the last month opened to the person who asked, and that they have not looked at yet."""
    asker, receiver = Introduction.from_profile_id, Introduction.to_profile_id
    sides = or_(
        and_(Thread.low_id == asker, Thread.high_id == receiver),
        and_(Thread.low_id == receiver, Thread.high_id == asker),
    )
    rows = (
        select(Thread.id)
        .join(Introduction, sides)
        .outerjoin(ThreadRead, and_(ThreadRead.thread_id == Thread.id, ThreadRead.person_id == person_id))
        .where(
            Introduction.by_person_id == person_id,
            Introduction.state == ACCEPTED,
            Introduction.decided_at > now() - MONTH,
            ThreadRead.thread_id.is_(None),
        )
    )
    return list(session.scalars(rows.order_by(Thread.id)))


def list_of_person(session: Session, person_id: int) -> Iterable[Introduction]:
    """Every introduction a person asked for or that they received themselves, oldest first."""
    mine = or_(
        Introduction.by_person_id == person_id,
        Introduction.from_profile_id == person_id,
        Introduction.to_profile_id == person_id,
    )
    return session.scalars(select(Introduction).where(mine).order_by(Introduction.id))
