"""Whom a post is told to: those it names, whose words it answers, who follow the thread; each hears of it once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.notices import tell
from app.features.communities.models import ACTIVE, Member
from app.features.communities.policies import Standing
from app.features.profiles.queries.names import name_among_members
from app.features.relations.queries import list_blocked_ids
from app.features.threads.models import CommunityThread, Post, ThreadFollow
from app.features.threads.queries.talk import list_follower_ids


def _listening(session: Session, standing: Standing, people: Collection[int], author: int) -> set[int]:
    """Those of some persons who belong here now, are not the author, and have no block between."""
    if not people:
        return set()
    query = select(Member.person_id).where(
        Member.community_id == standing.community.id, Member.state == ACTIVE, Member.person_id.in_(people)
    )
    return set(session.scalars(query)) - list_blocked_ids(session, author) - {author}


def _deaf(session: Session, thread_id: int, people: Collection[int]) -> set[int]:
    """Those who said that they don't want to hear of a thread."""
    query = select(ThreadFollow.person_id).where(
        ThreadFollow.thread_id == thread_id, ThreadFollow.person_id.in_(people), ThreadFollow.following.is_(False)
    )
    return set(session.scalars(query))


def _values(session: Session, standing: Standing, thread: CommunityThread, post: Post) -> dict[str, object]:
    values: dict[str, object] = {
        "title": thread.title, "title_lang": thread.lang, "slug": standing.community.slug,
        "community_id": standing.community.id, "thread_id": thread.id, "post_id": post.id, "post": post.id,
    }  # fmt: skip
    name = name_among_members(session, post.author_id) if post.author_id is not None else None
    return {**values, "name": name} if name else values


def _tell(session: Session, people: Collection[int], kind: str, values: dict[str, object]) -> None:
    """Tell with the author's name, where members may read it."""
    tell(session, people, kind if "name" in values else f"{kind}_unnamed", **values)


def tell_of_mentions(
    session: Session, standing: Standing, thread: CommunityThread, post: Post, mentioned: Collection[int]
) -> set[int]:
    """Tell those whom a post names; returns who was told."""
    if post.author_id is None:
        return set()
    people = _listening(session, standing, mentioned, post.author_id)
    if people:
        _tell(session, people, "mentioned", _values(session, standing, thread, post))
    return people


def tell_of_answer(
    session: Session, standing: Standing, thread: CommunityThread, post: Post, mentioned: Collection[int]
) -> None:
    """Tell those whom an answer names, whose words it answers, and who follow the thread."""
    if post.author_id is None:
        return
    told = tell_of_mentions(session, standing, thread, post, mentioned)
    values = _values(session, standing, thread, post)
    followers = _listening(session, standing, list_follower_ids(session, thread.id), post.author_id)
    if post.answers_id is not None:
        quoted = session.scalar(select(Post.author_id).where(Post.id == post.answers_id))
        people = _listening(session, standing, [quoted] if quoted else [], post.author_id)
        people -= _deaf(session, thread.id, people)
    else:
        people = followers & _only_other(session, post)
    if people - told:
        _tell(session, people - told, "quoted", values)
    if followers - people - told:
        _tell(session, followers - people - told, "thread_answered", values)


def _only_other(session: Session, post: Post) -> set[int]:
    """The one other person who wrote in the thread before: nobody else can be meant, quoted or not."""
    before = select(Post.author_id).where(
        Post.thread_id == post.thread_id, Post.id < post.id, Post.author_id != post.author_id
    )
    others = {author for author in session.scalars(before.distinct().limit(2)) if author is not None}
    return others if len(others) == 1 else set()
