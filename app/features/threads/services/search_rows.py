"""What a post is found by: its words, those of its thread's title if it opened the thread, and their stems."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from app.core.text import analyse
from app.features.threads.models import CommunityThread, Post
from app.features.threads.search_table import post_search, tokens_of

CHUNK = 500


def write_search_rows(session: Session, ids: Sequence[int]) -> None:
    """Make the search rows of these posts say what the posts say now; those out of sight have none."""
    for start in range(0, len(ids), CHUNK):
        _write(session, ids[start : start + CHUNK])


def _write(session: Session, ids: Sequence[int]) -> None:
    thread = CommunityThread.__table__
    shown = (Post.hidden_at.is_(None), Post.withdrawn_at.is_(None), thread.c.hidden_at.is_(None))
    posts = session.execute(
        select(Post.id, Post.thread_id, Post.community_id, Post.text, Post.lang, thread.c.title, thread.c.lang)
        .join(thread, thread.c.id == Post.thread_id)
        .where(Post.id.in_(ids), *shown)
    ).all()
    threads = {post.thread_id for post in posts}
    first = set(
        session.scalars(select(func.min(Post.id)).where(Post.thread_id.in_(threads)).group_by(Post.thread_id))
        if threads
        else ()
    )
    rows = []
    for number, _thread, community_id, text, lang, title, title_lang in posts:
        words = analyse(text, lang) + (analyse(title, title_lang) if number in first else [])
        rows.append((number, tokens_of(words, community_id)))
    connection = session.connection()
    post_search.forget(connection, sorted(set(ids) - {number for number, _tokens in rows}))
    post_search.write(connection, rows)


def write_rows_of_thread(session: Session, thread_id: int) -> None:
    """The same for every post of a thread, after it was hidden, moved or joined to another."""
    write_search_rows(session, list(session.scalars(select(Post.id).where(Post.thread_id == thread_id))))


def reindex_posts(session: Session, advance: Callable[[int], None] = lambda done: None) -> int:
    """Write the search rows of every post anew; returns how many there are."""
    done = last = 0
    while ids := session.scalars(select(Post.id).where(Post.id > last).order_by(Post.id).limit(CHUNK)).all():
        write_search_rows(session, ids)
        done, last = done + len(ids), ids[-1]
        advance(len(ids))
    return done


def rebuild_after_restore(connection: Connection) -> None:
    """Write every search row after a backup was restored, which holds none."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        reindex_posts(session)
        session.commit()
