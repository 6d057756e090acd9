"""What is done to posts and threads to keep order: out of sight and back, pinned, locked, parted, moved, joined.

Who may, the reason and the log are for the communities feature; here the rows, the counts and what is searched
stay right together.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from sqlalchemy import Table, delete, insert, literal, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.errors import Invalid, NotFound
from app.core.messages import N_, Text
from app.features.threads.models import COMMUNITY, CommunityThread, Draft, Post, Thread, ThreadFollow, ThreadRead
from app.features.threads.services.posts import check_title, lock_thread, recount
from app.features.threads.services.search_rows import write_rows_of_thread, write_search_rows

# Plain statements on the tables: a version is raised by other words only, not by what is done about a post.
_threads = cast(Table, CommunityThread.__table__)
_posts = cast(Table, Post.__table__)


def _change(session: Session, thread: CommunityThread, **values: object) -> None:
    session.execute(update(_threads).where(_threads.c.id == thread.id).values(**values))
    session.refresh(thread)


def set_post_hidden(session: Session, post: Post, hidden: bool) -> bool:
    """Take a post out of sight, or show it again; returns whether that changed anything."""
    if (post.hidden_at is not None) == hidden:
        return False
    session.execute(update(_posts).where(_posts.c.id == post.id).values(hidden_at=now() if hidden else None))
    session.refresh(post)
    recount(session, post.thread_id)
    write_search_rows(session, [post.id])
    return True


def set_thread_hidden(session: Session, thread: CommunityThread, hidden: bool) -> bool:
    """Take a whole thread out of sight, or show it again; returns whether that changed anything."""
    if (thread.hidden_at is not None) == hidden:
        return False
    _change(session, thread, hidden_at=now() if hidden else None)
    write_rows_of_thread(session, thread.id)
    return True


def set_pinned(session: Session, thread: CommunityThread, pinned: bool) -> bool:
    """Keep a thread on top of the list, or let it go with the others."""
    if thread.pinned == pinned:
        return False
    _change(session, thread, pinned=pinned)
    return True


def set_locked(session: Session, thread: CommunityThread, locked: bool) -> bool:
    """Let nobody write in a thread any more, or again."""
    if (thread.locked_at is not None) == locked:
        return False
    _change(session, thread, locked_at=now() if locked else None)
    return True


def retitle(session: Session, thread: CommunityThread, title: str) -> bool:
    """Give a thread another title."""
    title = check_title(title)
    if thread.title == title:
        return False
    thread.title = title
    session.flush()
    first = session.scalar(select(Post.id).where(Post.thread_id == thread.id).order_by(Post.id).limit(1))
    write_search_rows(session, [first] if first is not None else [])
    return True


def split_thread(
    session: Session, thread: CommunityThread, post_ids: Collection[int], title: str, token: str
) -> CommunityThread | None:
    """Let some posts of a thread become a thread of their own; None if the same form did so before."""
    title = check_title(title)
    lock_thread(session, thread.id)
    rows = session.execute(
        select(Post.id, Post.author_id, Post.lang, Post.created_at)
        .where(Post.thread_id == thread.id, Post.id.in_(post_ids))
        .order_by(Post.id)
    ).all()
    if not rows:
        raise Invalid({"posts": Text(N_("Choose the posts that become a thread of their own."))})
    chosen = [row.id for row in rows]
    if session.scalar(select(Post.id).where(Post.thread_id == thread.id, Post.id.not_in(chosen)).limit(1)) is None:
        raise Invalid({"posts": Text(N_("At least one post has to stay; you have chosen them all."))})
    first = rows[0]
    all_threads = cast(Table, Thread.__table__)
    number = session.scalar(
        insert(all_threads).values(kind=COMMUNITY, created_at=first.created_at).returning(Thread.id)
    )
    made = session.scalar(
        insert_unless_there(
            session, _threads, id=number, community_id=thread.community_id, title=title, lang=first.lang, token=token,
            opened_by=first.author_id, last_post_at=first.created_at,
        ).returning(_threads.c.id)
    )  # fmt: skip
    if made is None:
        session.execute(delete(all_threads).where(all_threads.c.id == number))
        return None
    _move_posts(session, chosen, made)
    authors = {row.author_id for row in rows if row.author_id is not None}
    for person_id in sorted(authors):
        session.execute(insert_unless_there(session, ThreadFollow, thread_id=made, person_id=person_id, following=True))
    _copy_reads(session, thread.id, made)
    for changed in (thread.id, made):
        recount(session, changed)
    write_rows_of_thread(session, thread.id)
    write_rows_of_thread(session, made)
    found = session.get(CommunityThread, made)
    assert found is not None
    return found


def _move_posts(session: Session, post_ids: Collection[int], to: int) -> None:
    """Posts to another thread; a tie to a post that stays behind goes, in both directions."""
    moving = _posts.c.id.in_(post_ids)
    answered = _posts.c.answers_id.in_(post_ids)
    for apart in (moving & ~answered, ~moving & answered):
        session.execute(update(_posts).where(apart, _posts.c.answers_id.is_not(None)).values(answers_id=None))
    session.execute(update(_posts).where(moving).values(thread_id=to))
    session.expire_all()


def _copy_reads(session: Session, source: int, target: int) -> None:
    """What was read there is read here, unless more is known already."""
    known = select(ThreadRead.person_id).where(ThreadRead.thread_id == target)
    rows = select(literal(target), ThreadRead.person_id, ThreadRead.last_read_id).where(
        ThreadRead.thread_id == source, ThreadRead.person_id.not_in(known)
    )
    session.execute(insert(ThreadRead).from_select(["thread_id", "person_id", "last_read_id"], rows))


def move_thread(session: Session, thread: CommunityThread, community_id: int) -> None:
    """Let a thread stand in another community, with its posts and what was begun in it."""
    lock_thread(session, thread.id)
    _change(session, thread, community_id=community_id, pinned=False)
    session.execute(update(_posts).where(_posts.c.thread_id == thread.id).values(community_id=community_id))
    drafts = update(Draft).where(Draft.thread_id == thread.id).values(community_id=community_id)
    session.execute(drafts.execution_options(synchronize_session=False))
    session.expire_all()
    write_rows_of_thread(session, thread.id)


def join_threads(session: Session, source: CommunityThread, target: CommunityThread) -> None:
    """Let the posts of one thread stand in another of the same community, in the order in which they were written."""
    if source.id == target.id or source.community_id != target.community_id or target.moved_to_id is not None:
        raise NotFound
    for number in sorted((source.id, target.id)):
        lock_thread(session, number)
    session.execute(update(_posts).where(_posts.c.thread_id == source.id).values(thread_id=target.id))
    known = select(ThreadFollow.person_id).where(ThreadFollow.thread_id == target.id)
    follows = select(literal(target.id), ThreadFollow.person_id, ThreadFollow.following).where(
        ThreadFollow.thread_id == source.id, ThreadFollow.person_id.not_in(known)
    )
    session.execute(insert(ThreadFollow).from_select(["thread_id", "person_id", "following"], follows))
    _copy_reads(session, source.id, target.id)
    begun = select(Draft.person_id).where(Draft.thread_id == target.id)
    drafts = update(Draft).where(Draft.thread_id == source.id, Draft.person_id.not_in(begun))
    session.execute(drafts.values(thread_id=target.id).execution_options(synchronize_session=False))
    # Those that were joined to it before lead on to the same place.
    former = update(_threads).where(_threads.c.moved_to_id == source.id).values(moved_to_id=target.id)
    session.execute(former)
    _change(session, source, moved_to_id=target.id, pinned=False)
    session.expire_all()
    recount(session, source.id)
    recount(session, target.id)
    write_rows_of_thread(session, target.id)
