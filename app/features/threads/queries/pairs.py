"""Reads of the threads of pairs, and for whom a person may speak."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.messages import Text
from app.features.profiles.models import Delegation, Institution, Profile
from app.features.relations.queries import are_connected, is_blocked
from app.features.threads.models import Message, Thread, ThreadRead
from app.features.threads.policies import can_read, obstacle_to_post, side_of

PAGE = 30


def list_institution_ids(session: Session, actor: Actor) -> list[int]:
    """The institutions the actor may speak for, by number."""
    if actor.person_id is None:
        return []
    rows = (
        select(Institution.id)
        .join(Delegation, Delegation.institution_id == Institution.id)
        .where(
            Delegation.person_id == actor.person_id,
            Delegation.accepted_at.is_not(None),
            Institution.merged_into_id.is_(None),
            Institution.hidden_at.is_(None),
        )
        .order_by(Institution.id)
    )
    return list(session.scalars(rows))


def list_acting_ids(session: Session, actor: Actor) -> list[int]:
    """The profiles the actor may speak for: their own first, then institutions, then those merged into these."""
    if actor.person_id is None:
        return []
    institutions = list_institution_ids(session, actor)
    merged: list[int] = []
    if institutions:
        merged = list(session.scalars(select(Institution.id).where(Institution.merged_into_id.in_(institutions))))
    return [actor.person_id, *institutions, *merged]


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A thread as one of its people sees it: their side, the other (None: it left), why they can't write (or None)."""

    thread: Thread
    side: int
    other: int | None
    obstacle: Text | None


def get_thread(session: Session, actor: Actor, thread_id: int) -> ThreadView:
    """A thread for one of its people; raises `NotFound` for everybody else."""
    thread = session.get(Thread, thread_id)
    acting = list_acting_ids(session, actor)
    if thread is None or not can_read(thread, acting):
        raise NotFound
    side = side_of(thread, acting)
    assert side is not None
    other = thread.high_id if side == thread.low_id else thread.low_id
    if other is None:
        return ThreadView(thread, side, None, obstacle_to_post(left=True, away=False, connected=False, blocked=False))
    blocked = bool(is_blocked(session, other, {side, actor.person_id or side}))
    away = session.scalar(select(Profile.hidden_at).where(Profile.id == other)) is not None
    connected = are_connected(session, side, other)
    return ThreadView(
        thread, side, other, obstacle_to_post(left=False, away=away, connected=connected, blocked=blocked)
    )


def find_thread(session: Session, one: int, other: int) -> Thread | None:
    """The thread of a pair."""
    return session.scalar(select(Thread).where(Thread.low_id == min(one, other), Thread.high_id == max(one, other)))


def find_thread_ids(session: Session, one: int, others: Collection[int]) -> dict[int, int]:
    """The threads of ``one`` with each of ``others``: other profile to thread."""
    if not others:
        return {}
    low = and_(Thread.low_id == one, Thread.high_id.in_(others))
    high = and_(Thread.high_id == one, Thread.low_id.in_(others))
    rows = session.execute(select(Thread.id, Thread.low_id, Thread.high_id).where(or_(low, high)))
    pairs = ((high_id if low_id == one else low_id, number) for number, low_id, high_id in rows)
    return {other: number for other, number in pairs if other is not None}


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A page of messages, oldest first; ``earlier`` and ``later``: numbers to go on from, or None."""

    messages: list[Message]
    earlier: int | None
    later: int | None


def list_messages(
    session: Session, thread_id: int, before: int | None = None, after: int | None = None, limit: int = PAGE
) -> MessagePage:
    """The newest messages, or those before or after one of them."""
    rows = select(Message).where(Message.thread_id == thread_id)
    if after is not None:
        found = list(session.scalars(rows.where(Message.id > after).order_by(Message.id).limit(limit + 1)))
        more, found = len(found) > limit, found[:limit]
        earlier = found[0].id if found and _exists(session, thread_id, Message.id < found[0].id) else None
        return MessagePage(found, earlier, found[-1].id if more else None)
    if before is not None:
        rows = rows.where(Message.id < before)
    newest = list(session.scalars(rows.order_by(Message.id.desc()).limit(limit + 1)))
    more, found = len(newest) > limit, newest[:limit][::-1]
    later = found[-1].id if before is not None and found else None
    return MessagePage(found, found[0].id if more else None, later)


def _exists(session: Session, thread_id: int, condition: object) -> bool:
    wanted = select(Message.id).where(Message.thread_id == thread_id, condition)  # type: ignore[arg-type]
    return session.scalar(wanted.limit(1)) is not None


def _unread(person_id: int, threads: Collection[int]) -> list[object]:
    return [
        Message.thread_id.in_(threads),
        Message.hidden_at.is_(None),
        or_(Message.by_person_id.is_(None), Message.by_person_id != person_id),
        Message.id > func.coalesce(ThreadRead.last_read_id, 0),
    ]


def count_unread(session: Session, person_id: int, threads: Collection[int]) -> dict[int, int]:
    """How many messages of others the person has not read yet, by thread; threads without any are left out."""
    if not threads:
        return {}
    read = and_(ThreadRead.thread_id == Message.thread_id, ThreadRead.person_id == person_id)
    rows = (
        select(Message.thread_id, func.count())
        .outerjoin(ThreadRead, read)
        .where(*_unread(person_id, threads))  # type: ignore[arg-type]
        .group_by(Message.thread_id)
    )
    return dict(session.execute(rows).all())


def list_thread_ids(session: Session, sides: Sequence[int]) -> list[int]:
    """Every thread that one of these profiles is a side of."""
    if not sides:
        return []
    rows = select(Thread.id).where(or_(Thread.low_id.in_(sides), Thread.high_id.in_(sides)))
    return list(session.scalars(rows.order_by(Thread.id)))


def find_message(session: Session, message_id: int) -> Message | None:
    """A message by its number."""
    return session.get(Message, message_id)


def find_message_by_token(session: Session, thread_id: int, token: str) -> Message | None:
    """The message of a thread that has a token of our own making, such as the note the thread begins with."""
    return session.scalar(select(Message).where(Message.thread_id == thread_id, Message.token == token))


def list_written_by(session: Session, person_id: int) -> Iterable[Message]:
    """Every message a person wrote, oldest first."""
    return session.scalars(select(Message).where(Message.by_person_id == person_id).order_by(Message.id))
