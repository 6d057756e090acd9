"""Reads of posts: a page of a thread, what belongs to it, what a post said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFound
from app.features.threads.models import Post, PostVersion, Reaction

POSTS_PAGE = 20


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as a page shows it; ``answered_by``: who wrote what it answers."""

    id: int
    author_id: int | None
    text: str
    lang: str
    answers_id: int | None
    via: str
    created_at: datetime
    edited_at: datetime | None
    version: int
    hidden_at: datetime | None
    withdrawn_at: datetime | None
    answered_by: int | None

    @property
    def is_shown(self) -> bool:
        """Whether its words are shown: neither hidden nor taken back."""
        return self.hidden_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class PostPage:
    """A page of posts, oldest first; ``earlier`` and ``later``: numbers to go on from, or None."""

    posts: list[PostRow]
    earlier: int | None
    later: int | None


_answered = aliased(Post)
_columns = (
    Post.id, Post.author_id, Post.text, Post.lang, Post.answers_id, Post.via, Post.created_at, Post.edited_at,
    Post.version, Post.hidden_at, Post.withdrawn_at, _answered.author_id.label("answered_by"),
)  # fmt: skip


def _rows(session: Session, query: Any) -> list[PostRow]:
    return [PostRow(*row) for row in session.execute(query)]


def list_posts(
    session: Session,
    thread_id: int,
    start: int | None = None,
    after: int | None = None,
    before: int | None = None,
    newest: bool = False,
    limit: int = POSTS_PAGE,
) -> PostPage:
    """A page of a thread: from its beginning, from the post ``start``, ``after`` or ``before`` one, or the newest.

    One query for the page, and one row more on the side it goes on; whether something stands on the other side
    follows from where it began.
    """
    query = select(*_columns).outerjoin(_answered, _answered.id == Post.answers_id).where(Post.thread_id == thread_id)
    if before is not None or newest:
        if before is not None:
            query = query.where(Post.id < before)
        rows = _rows(session, query.order_by(Post.id.desc()).limit(limit + 1))
        more, rows = len(rows) > limit, rows[:limit][::-1]
        later = rows[-1].id if before is not None and rows else None
        return PostPage(rows, rows[0].id if more else None, later)
    if start is not None:
        query = query.where(Post.id >= start)
    elif after is not None:
        query = query.where(Post.id > after)
    rows = _rows(session, query.order_by(Post.id).limit(limit + 1))
    more, rows = len(rows) > limit, rows[:limit]
    begun = start is not None or after is not None
    first = session.scalar(select(func.min(Post.id)).where(Post.thread_id == thread_id)) if begun else None
    earlier = rows[0].id if rows and first is not None and first < rows[0].id else None
    return PostPage(rows, earlier, rows[-1].id if more else None)


def count_posts_by_language(session: Session, thread_id: int) -> dict[str, int]:
    """How many posts of a thread can be read in each language."""
    shown = (Post.thread_id == thread_id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
    query = select(Post.lang, func.count()).where(*shown).group_by(Post.lang).order_by(Post.lang)
    rows: Sequence[Any] = session.execute(query).all()
    return dict(rows)


def find_first_unread(session: Session, thread_id: int, last_read_id: int, reader_id: int) -> int | None:
    """The first post of somebody else that the reader has not read yet."""
    query = select(func.min(Post.id)).where(Post.thread_id == thread_id, Post.id > last_read_id)
    return session.scalar(query.where(Post.author_id.is_distinct_from(reader_id)))


@dataclass(frozen=True, slots=True)
class Reactions:
    """How many people gave a post each sign, and which of them are the reader's own."""

    counts: dict[str, int]
    mine: frozenset[str]


def list_reactions(session: Session, post_ids: Collection[int], reader_id: int | None) -> dict[int, Reactions]:
    """The signs given to some posts, in one query."""
    if not post_ids:
        return {}
    own = func.sum(case((Reaction.person_id == (reader_id or 0), 1), else_=0))
    query = (
        select(Reaction.post_id, Reaction.kind, func.count(), own)
        .where(Reaction.post_id.in_(post_ids))
        .group_by(Reaction.post_id, Reaction.kind)
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    mine: dict[int, set[str]] = defaultdict(set)
    for post_id, kind, count, by_me in session.execute(query):
        counts[post_id][kind] = count
        if by_me:
            mine[post_id].add(kind)
    return {post_id: Reactions(found, frozenset(mine[post_id])) for post_id, found in counts.items()}


def find_post(session: Session, post_id: int) -> Post | None:
    """A post of any thread."""
    return session.get(Post, post_id)


def get_post(session: Session, community_id: int, post_id: int) -> Post:
    """A post of this community; raises `NotFound`."""
    post = session.get(Post, post_id)
    if post is None or post.community_id != community_id:
        raise NotFound
    return post


def list_versions(
    session: Session, post_id: int, upto: int | None = None, limit: int | None = None
) -> list[PostVersion]:
    """What a post said before, oldest first; the newest ``limit`` of them, those up to a version."""
    rows = select(PostVersion).where(PostVersion.post_id == post_id)
    if upto is not None:
        rows = rows.where(PostVersion.version <= upto)
    return list(session.scalars(rows.order_by(PostVersion.version.desc()).limit(limit)))[::-1]


def list_posts_by(session: Session, person_id: int) -> Iterable[Post]:
    """Every post of a person, oldest first."""
    return session.scalars(select(Post).where(Post.author_id == person_id).order_by(Post.id))


def list_reactions_of(session: Session, person_id: int) -> Iterable[Reaction]:
    """Every sign a person gave, oldest first."""
    query = select(Reaction).where(Reaction.person_id == person_id)
    return session.scalars(query.order_by(Reaction.at, Reaction.post_id, Reaction.kind))
