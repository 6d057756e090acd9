"""Reads of the threads of communities: the list, and one of them. No list reads a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, false, func, literal, or_, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.features.threads.models import CommunityThread, Draft, Post, ThreadFollow, ThreadRead

THREADS_PAGE = 20
_threads = cast(Table, CommunityThread.__table__)


def _make_list() -> Select[Any]:
    c = _threads.c
    read = and_(ThreadRead.thread_id == c.id, ThreadRead.person_id == bindparam("reader"))
    return (
        select(
            c.id, c.title, c.lang, c.post_count, c.last_post_at, c.last_post_id, c.last_author_id, c.opened_by,
            c.pinned, c.locked_at, c.hidden_at, func.coalesce(ThreadRead.last_read_id, 0),
        )
        .outerjoin(ThreadRead, read)
        .where(c.community_id == bindparam("community"), c.moved_to_id.is_(None))
        .order_by(c.pinned.desc(), c.last_post_at.desc(), c.id.desc())
        .limit(bindparam("most"))
    )  # fmt: skip


def _make_counts() -> Select[Any]:
    c = _threads.c
    query = select(c.lang, func.count()).where(c.community_id == bindparam("community"), c.moved_to_id.is_(None))
    return query.group_by(c.lang).order_by(func.count().desc(), c.lang)


# Put together once: that takes longer than asking them.
_LIST, _COUNTS = _make_list(), _make_counts()


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as a list shows it; ``last_read_id``: how far this reader is, 0 if they never opened it."""

    id: int
    title: str
    lang: str
    post_count: int
    last_post_at: datetime
    last_post_id: int | None
    last_author_id: int | None
    opened_by: int | None
    pinned: bool
    locked_at: datetime | None
    hidden_at: datetime | None
    last_read_id: int

    @property
    def mark(self) -> str:
        """Where the list goes on after this row."""
        return f"{int(self.pinned)}_{self.last_post_at.timestamp():.6f}_{self.id}"


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A page of threads; ``later``: the mark to go on from, or None."""

    threads: list[ThreadRow]
    later: str | None


def _after(mark: str) -> ColumnElement[bool] | None:
    """The condition for what comes after a mark; None for one that no list of ours made."""
    parts = mark.split("_")
    try:
        pinned, moment, number = parts[0] == "1", datetime.fromtimestamp(float(parts[1]), UTC), int(parts[2])
    except (ValueError, IndexError, OverflowError, OSError):
        return None
    if not 0 < number < 2**63:
        return None
    c = _threads.c
    older = or_(c.last_post_at < moment, and_(c.last_post_at == moment, c.id < number))
    same = and_(c.pinned == pinned, older)
    return or_(same, c.pinned.is_(false())) if pinned else same


def _of_language(lang: str) -> ColumnElement[bool]:
    return or_(_threads.c.lang == lang, _threads.c.lang.startswith(f"{lang}-", autoescape=True))


def _unanswered() -> ColumnElement[bool]:
    """Open threads in which nobody wrote but the one who opened them."""
    c, nobody = _threads.c, literal(0)
    answers = select(Post.id).where(
        Post.thread_id == c.id,
        func.coalesce(Post.author_id, nobody) != func.coalesce(c.opened_by, nobody),
        Post.hidden_at.is_(None),
        Post.withdrawn_at.is_(None),
    )
    return and_(c.hidden_at.is_(None), c.locked_at.is_(None), ~answers.correlate(_threads).exists())


def list_threads(
    session: Session,
    community_id: int,
    reader_id: int | None = None,
    lang: str | None = None,
    mark: str | None = None,
    limit: int = THREADS_PAGE,
    unanswered: bool = False,
) -> ThreadPage:
    """The threads of a community, pinned ones first, then those in which somebody wrote last."""
    query = _LIST.where(_unanswered()) if unanswered else _LIST
    if lang:
        query = query.where(_of_language(lang))
    condition = _after(mark) if mark else None
    if condition is not None:
        query = query.where(condition)
    given = {"community": community_id, "reader": reader_id or 0, "most": limit + 1}
    rows: Sequence[Any] = session.execute(query, given).all()
    found = [ThreadRow(*row) for row in rows]
    return ThreadPage(found[:limit], found[limit - 1].mark if len(found) > limit else None)


def count_threads_by_language(session: Session, community_id: int) -> dict[str, int]:
    """How many threads a community has in each language, hidden ones too: they stand in the list as a line."""
    rows: Sequence[Any] = session.execute(_COUNTS, {"community": community_id}).all()
    return dict(rows)


def find_community_thread(session: Session, thread_id: int) -> CommunityThread | None:
    """A thread of any community."""
    return session.get(CommunityThread, thread_id)


def get_community_thread(session: Session, community_id: int, thread_id: int) -> CommunityThread:
    """A thread of this community; one that was joined to another is that other. Raises `NotFound`."""
    thread = session.get(CommunityThread, thread_id)
    if thread is not None and thread.moved_to_id is not None:
        thread = session.get(CommunityThread, thread.moved_to_id)
    if thread is None or thread.community_id != community_id:
        raise NotFound
    return thread


@dataclass(frozen=True, slots=True)
class OwnMarks:
    """What a reader has to do with a thread: how far they read, whether they hear of it, what they began to write."""

    last_read_id: int = 0
    following: bool = False
    draft: Draft | None = None


def load_own_marks(session: Session, thread_id: int, community_id: int, person_id: int | None) -> OwnMarks:
    """The same in two queries."""
    if person_id is None:
        return OwnMarks()
    return OwnMarks(
        last_read_id=session.scalar(
            select(ThreadRead.last_read_id).where(ThreadRead.thread_id == thread_id, ThreadRead.person_id == person_id)
        )
        or 0,
        following=bool(
            session.scalar(
                select(ThreadFollow.following).where(
                    ThreadFollow.thread_id == thread_id, ThreadFollow.person_id == person_id
                )
            )
        ),
        draft=find_draft(session, person_id, community_id, thread_id),
    )


def find_draft(session: Session, person_id: int, community_id: int, thread_id: int = 0) -> Draft | None:
    """What a person began to write in a thread, or (without one) a new thread."""
    return session.scalar(
        select(Draft).where(
            Draft.person_id == person_id, Draft.community_id == community_id, Draft.thread_id == thread_id
        )
    )


def list_drafts_of(session: Session, person_id: int) -> Sequence[Draft]:
    """Everything a person began to write."""
    return session.scalars(select(Draft).where(Draft.person_id == person_id).order_by(Draft.id)).all()


def list_follower_ids(session: Session, thread_id: int) -> list[int]:
    """Who wants to hear of a thread."""
    query = select(ThreadFollow.person_id).where(ThreadFollow.thread_id == thread_id, ThreadFollow.following)
    return list(session.scalars(query.order_by(ThreadFollow.person_id)))


def list_newest_threads(session: Session, community_id: int, limit: int = 3) -> Sequence[ThreadRow]:
    """The threads in which somebody wrote last, for the community's own page."""
    c = _threads.c
    query = (
        select(
            c.id, c.title, c.lang, c.post_count, c.last_post_at, c.last_post_id, c.last_author_id, c.opened_by,
            c.pinned, c.locked_at, c.hidden_at, literal(0),
        )
        .where(c.community_id == community_id, c.moved_to_id.is_(None), c.hidden_at.is_(None))
        .order_by(c.last_post_at.desc(), c.id.desc())
        .limit(limit)
    )  # fmt: skip
    rows: Sequence[Any] = session.execute(query).all()
    return [ThreadRow(*row) for row in rows]
