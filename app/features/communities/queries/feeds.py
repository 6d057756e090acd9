"""What is public of communities, the newest first, for feeds: few rows, and a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from app.features.communities.models import CLOSED, Community
from app.features.threads.models import CommunityThread, Post, Thread

_threads, _all_threads = cast(Table, CommunityThread.__table__), cast(Table, Thread.__table__)


def list_newest_communities(session: Session, limit: int) -> Sequence[Community]:
    """The communities that were founded last, but for closed ones and those out of sight."""
    rows = select(Community).where(Community.hidden_at.is_(None), Community.state != CLOSED)
    return session.scalars(rows.order_by(Community.created_at.desc(), Community.id.desc()).limit(limit)).all()


def list_threads_with_words(session: Session, community_id: int, limit: int) -> Sequence[Any]:
    """The threads in which somebody wrote last, each with its first post if that can be read."""
    c = _threads.c
    first = (
        select(func.min(Post.id))
        .where(Post.thread_id == c.id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
        .correlate(_threads)
        .scalar_subquery()
    )
    newest = (
        select(
            c.id, c.title, c.lang, c.opened_by, c.last_post_at, c.last_post_id, _all_threads.c.created_at,
            first.label("first"),
        )
        .join(_all_threads, _all_threads.c.id == c.id)
        .where(
            c.community_id == community_id, c.moved_to_id.is_(None), c.hidden_at.is_(None), c.post_count > 0
        )
        .order_by(c.last_post_at.desc(), c.id.desc())
        .limit(limit)
        .subquery()
    )  # fmt: skip
    query = select(newest, Post.text, Post.lang.label("text_lang")).outerjoin(Post, Post.id == newest.c.first)
    return session.execute(query.order_by(newest.c.last_post_at.desc(), newest.c.id.desc())).all()


def list_newest_posts(session: Session, thread_id: int, limit: int) -> Sequence[Post]:
    """The newest posts of a thread that can be read."""
    rows = select(Post).where(Post.thread_id == thread_id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
    return session.scalars(rows.order_by(Post.id.desc()).limit(limit)).all()


def changed_at(post: Post) -> datetime:
    """When a post was written or last edited."""
    return post.edited_at or post.created_at
