"""Threads of communities and their posts: opened, answered, edited, taken back.

These services trust nothing about the text and everything about the right to write it: who may is asked by the
communities feature, which knows its members.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Table, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.cleaning import clean_line
from app.core.clock import now
from app.core.database import insert_if_new, insert_unless_there
from app.core.errors import Conflict, Invalid, NotFound
from app.core.messages import N_, Text
from app.features.threads.models import (
    COMMUNITY,
    LONGEST_POST,
    LONGEST_TITLE,
    CommunityThread,
    Mention,
    Post,
    PostVersion,
    Thread,
    ThreadFollow,
)
from app.features.threads.services.search_rows import write_search_rows
from app.features.threads.services.texts import check_text

MOST_MENTIONS = 20
_TOKEN = re.compile(r"[0-9a-f]{32,64}")
_MENTION = re.compile(r"(?<![\w@/.&-])@([a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?)(?![\w@]|\.\w)", re.IGNORECASE)

# Plain statements on the table itself: counting must not raise the version that two editors of a title meet by.
_all_threads = cast(Table, Thread.__table__)
_threads = cast(Table, CommunityThread.__table__)
_posts = cast(Table, Post.__table__)


class EditConflict(Conflict):
    """The post was edited elsewhere meanwhile; ``post`` holds what stands there now."""

    def __init__(self, post: Post) -> None:
        super().__init__()
        self.post = post


def handles_in(text: str) -> list[str]:
    """The handles that a text mentions, each once, in order, at most `MOST_MENTIONS`.

    >>> handles_in("Thanks @amina, and @li-ming. Write to a@example.org or @@x")
    ['amina', 'li-ming']
    """
    return list(dict.fromkeys(name.lower() for name in _MENTION.findall(text)))[:MOST_MENTIONS]


def check_title(title: str) -> str:
    """A title in any script, without marks that turn or hide it; raises `Invalid`."""
    title = clean_line(title)
    if not any(c.isalnum() for c in title):
        raise Invalid({"title": Text(N_("Please give it a title."))})
    if len(title) > LONGEST_TITLE:
        values = {"length": len(title), "limit": LONGEST_TITLE}
        raise Invalid({"title": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    return title


def check_post(text: str, lang: str | None) -> tuple[str, str]:
    """The text of a post and its language, which must be said; raises `Invalid`."""
    text, tag = check_text("text", text, lang, LONGEST_POST)
    if tag is None:
        raise Invalid({"lang": Text(N_("Please choose the language you wrote in."))})
    return text, tag


def check_token(token: str) -> str:
    """The mark by which a form that is sent twice is known; raises `Invalid` for one that no form of ours made."""
    if not _TOKEN.fullmatch(token or ""):
        raise Invalid(message=N_("This page was open for a long time. Please send it again."))
    return token


def lock_thread(session: Session, thread_id: int) -> CommunityThread:
    """The thread as it is now; others who would write in it wait for this transaction (numbers follow in order)."""
    query = select(CommunityThread).where(CommunityThread.id == thread_id).with_for_update()
    thread = session.scalar(query.execution_options(populate_existing=True))
    if thread is None:
        raise NotFound
    return thread


def add_thread(
    session: Session,
    community_id: int,
    author_id: int,
    title: str,
    text: str,
    lang: str | None,
    token: str,
    mentioned: Collection[int] = (),
    at: datetime | None = None,
) -> tuple[CommunityThread, Post] | None:
    """Open a thread with its first post, without asking who may; None if the token was used before."""
    problems: dict[str, Text] = {}
    try:
        title = check_title(title)
    except Invalid as problem:
        problems |= problem.fields
    try:
        text, tag = check_post(text, lang)
    except Invalid as problem:
        problems |= problem.fields
    if problems:
        raise Invalid(problems)
    moment = at or now()
    number = session.scalar(insert(_all_threads).values(kind=COMMUNITY, created_at=moment).returning(Thread.id))
    row = {"community_id": community_id, "title": title, "lang": tag, "token": check_token(token)}
    times = {"opened_by": author_id, "last_post_at": moment}
    made = session.scalar(insert_unless_there(session, _threads, id=number, **row, **times).returning(_threads.c.id))
    if made is None:
        session.execute(delete(_all_threads).where(_all_threads.c.id == number))
        return None
    thread = lock_thread(session, made)
    post = _write(session, thread, author_id, text, tag, token, None, "page", moment, mentioned)
    assert post is not None
    return thread, post


def add_post(
    session: Session,
    thread_id: int,
    author_id: int,
    text: str,
    lang: str | None,
    token: str,
    answers_id: int | None = None,
    via: str = "page",
    mentioned: Collection[int] = (),
    at: datetime | None = None,
) -> Post | None:
    """Answer in a thread, without asking who may; None if the token was used before."""
    text, tag = check_post(text, lang)
    check_token(token)
    thread = lock_thread(session, thread_id)
    if answers_id is not None:
        # What is quoted may have been moved elsewhere meanwhile: the answer stays, the tie goes.
        answers_id = session.scalar(select(Post.id).where(Post.id == answers_id, Post.thread_id == thread_id))
    return _write(session, thread, author_id, text, tag, token, answers_id, via, at or now(), mentioned)


def _write(
    session: Session,
    thread: CommunityThread,
    author_id: int,
    text: str,
    tag: str,
    token: str,
    answers_id: int | None,
    via: str,
    moment: datetime,
    mentioned: Collection[int],
) -> Post | None:
    number = insert_if_new(
        session, Post, thread_id=thread.id, community_id=thread.community_id, author_id=author_id, text=text, lang=tag,
        answers_id=answers_id, token=token, via=via, created_at=moment,
    )  # fmt: skip
    if number is None:
        return None
    newest = _threads.c.last_post_id.is_(None) | (_threads.c.last_post_id < number)
    last = {"last_post_at": moment, "last_post_id": number, "last_author_id": author_id}
    session.execute(
        update(_threads)
        .where(_threads.c.id == thread.id)
        .values(
            post_count=_threads.c.post_count + 1,
            **{name: case((newest, value), else_=_threads.c[name]) for name, value in last.items()},
        )
    )
    session.refresh(thread)
    for person_id in sorted(set(mentioned)):
        session.execute(insert_unless_there(session, Mention, post_id=number, person_id=person_id))
    # Who writes hears of answers, unless they said before that they don't want to.
    follow = {"thread_id": thread.id, "person_id": author_id, "following": True}
    session.execute(insert_unless_there(session, ThreadFollow, **follow))
    write_search_rows(session, [number])
    return session.get(Post, number)


def find_post_by_token(session: Session, thread_id: int, token: str) -> Post | None:
    """The post that was written when the same form was sent before."""
    return session.scalar(select(Post).where(Post.thread_id == thread_id, Post.token == token))


def find_thread_by_token(session: Session, community_id: int, token: str) -> CommunityThread | None:
    """The thread that was opened when the same form was sent before."""
    query = select(CommunityThread).where(CommunityThread.community_id == community_id, CommunityThread.token == token)
    return session.scalar(query)


def edit_post(
    session: Session, post: Post, text: str, lang: str | None, version: int, mentioned: Collection[int] = ()
) -> bool:
    """Put other words in a post and keep the former ones; raises `EditConflict` if another edit came between.

    Returns whether anything changed.
    """
    text, tag = check_post(text, lang)
    if post.version != version:
        raise EditConflict(post)
    if (text, tag) == (post.text, post.lang):
        return False
    kept = {"version": post.version, "text": post.text, "lang": post.lang, "at": post.edited_at or post.created_at}
    session.add(PostVersion(post_id=post.id, **kept))
    post.text, post.lang, post.edited_at = text, tag, now()
    session.flush()
    for person_id in sorted(set(mentioned)):
        session.execute(insert_unless_there(session, Mention, post_id=post.id, person_id=person_id))
    write_search_rows(session, [post.id])
    return True


def withdraw_post(session: Session, post: Post, withdrawn: bool) -> None:
    """Take one's own post back, or put it there again; a line stays where it stood."""
    if (post.withdrawn_at is not None) == withdrawn:
        return
    moment = now() if withdrawn else None
    session.execute(update(_posts).where(_posts.c.id == post.id).values(withdrawn_at=moment))
    session.refresh(post)
    recount(session, post.thread_id)
    write_search_rows(session, [post.id])


def recount(session: Session, thread_id: int) -> None:
    """Count a thread's visible posts anew and find its last one, after posts went, came or were hidden."""
    lock_thread(session, thread_id)
    seen = (Post.thread_id == thread_id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
    count, newest = session.execute(select(func.count(), func.max(Post.id)).where(*seen)).one()
    values: dict[str, object] = {"post_count": count, "last_post_id": newest}
    if newest is not None:
        last = session.execute(select(Post.created_at, Post.author_id).where(Post.id == newest)).one()
        values |= {"last_post_at": last.created_at, "last_author_id": last.author_id}
    session.execute(update(_threads).where(_threads.c.id == thread_id).values(**values))
    session.expire(session.get(CommunityThread, thread_id))
