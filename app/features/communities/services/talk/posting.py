"""Opening threads, answering, editing, taking back: asked of the community's policies, told to those concerned."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Forbidden, NotFound
from app.core.messages import N_, Text
from app.features.communities.models import ACTIVE, Member
from app.features.communities.policies import Standing, can_facilitate, can_read, obstacle_to_write
from app.features.communities.queries.charters import find_charter_obstacle
from app.features.communities.services.activity import touch
from app.features.communities.services.talk.telling import tell_of_answer, tell_of_mentions
from app.features.profiles.models import Person
from app.features.threads.models import CommunityThread, Post
from app.features.threads.queries.posts import get_post
from app.features.threads.queries.talk import get_community_thread
from app.features.threads.services import CannotWrite
from app.features.threads.services.following import drop_draft, follow_thread, toggle_reaction
from app.features.threads.services.posts import (
    add_post,
    add_thread,
    edit_post,
    find_post_by_token,
    find_thread_by_token,
    handles_in,
    withdraw_post,
)

Sent = TypeVar("Sent", CommunityThread, Post)


def obstacle_to_answer(standing: Standing, thread: CommunityThread) -> Text | None:
    """Why nothing can be written in a thread, in words for the actor; None if something can."""
    why = obstacle_to_write(standing)
    if why is not None:
        return why
    if thread.hidden_at is not None:
        return Text(N_("This thread was taken out of sight. Nothing can be written in it."))
    if thread.locked_at is not None:
        return Text(N_("This thread is closed. What was written stays readable; you can open a new thread."))
    return None


def refuse(why: Text | None) -> None:
    """Raise what stands against writing, if something does."""
    if why is not None:
        raise CannotWrite(why.key, **dict(why.values))


def _person(standing: Standing) -> int:
    if standing.actor.person_id is None:
        raise Forbidden
    return standing.actor.person_id


def _mentioned(session: Session, standing: Standing, text: str) -> list[int]:
    """The members that a text names by their handles."""
    handles = handles_in(text)
    if not handles:
        return []
    query = (
        select(Person.id)
        .join(Member, Member.person_id == Person.id)
        .where(Member.community_id == standing.community.id, Member.state == ACTIVE, Person.handle.in_(handles))
    )
    return list(session.scalars(query.order_by(Person.id)))


def open_thread(session: Session, standing: Standing, title: str, text: str, lang: str, token: str) -> CommunityThread:
    """Open a thread with its first post; the same form sent again gives the thread that it opened."""
    refuse(obstacle_to_write(standing) or find_charter_obstacle(session, standing))
    author = _person(standing)
    mentioned = _mentioned(session, standing, text)
    made = add_thread(session, standing.community.id, author, title, text, lang, token, mentioned)
    if made is None:
        return _there_already(find_thread_by_token(session, standing.community.id, token))
    thread, post = made
    drop_draft(session, author, standing.community.id)
    touch(session, standing)
    _note_first_post(session, standing, post)
    tell_of_mentions(session, standing, thread, post, mentioned)
    return thread


def _there_already(found: Sent | None) -> Sent:
    # The token of somebody else's row of the same community cannot be guessed; whoever sends it again wrote it.
    if found is None:
        raise NotFound
    return found


def answer(
    session: Session,
    standing: Standing,
    thread_id: int,
    text: str,
    lang: str,
    token: str,
    answers_id: int | None = None,
    via: str = "page",
) -> Post:
    """Answer in a thread; the same form sent again gives the post that it wrote.

    Raises `CannotWrite` (a `Forbidden`) with the reason in words for who wanted to write.
    """
    if not can_read(standing):
        raise NotFound
    thread = get_community_thread(session, standing.community.id, thread_id)
    refuse(obstacle_to_answer(standing, thread) or find_charter_obstacle(session, standing))
    author = _person(standing)
    mentioned = _mentioned(session, standing, text)
    before = thread.last_author_id
    post = add_post(session, thread.id, author, text, lang, token, answers_id, via, mentioned)
    if post is None:
        return _there_already(find_post_by_token(session, thread.id, token))
    # Somebody may have closed it while this was on its way; the row is ours now and says how it is.
    refuse(obstacle_to_answer(standing, thread))
    drop_draft(session, author, standing.community.id, thread.id)
    touch(session, standing)
    _note_first_post(session, standing, post)
    _note_first_answer(session, standing, thread, post, before)
    tell_of_answer(session, standing, thread, post, mentioned)
    return post


def _note_first_post(session: Session, standing: Standing, post: Post) -> None:
    """A newcomer's beginning: when they first wrote."""
    session.execute(
        update(Member)
        .where(
            Member.community_id == standing.community.id,
            Member.person_id == post.author_id,
            Member.first_post_at.is_(None),
        )
        .values(first_post_at=post.created_at)
    )


def _note_first_answer(
    session: Session, standing: Standing, thread: CommunityThread, post: Post, before: int | None
) -> None:
    """Those who wrote and were not answered yet: who opened the thread, who wrote last, whose post is quoted."""
    answered = {thread.opened_by, before}
    if post.answers_id is not None:
        answered.add(session.scalar(select(Post.author_id).where(Post.id == post.answers_id)))
    waiting = sorted(person for person in answered if person is not None and person != post.author_id)
    session.execute(
        update(Member)
        .where(
            Member.community_id == standing.community.id,
            Member.person_id.in_(waiting),
            Member.first_post_at.is_not(None),
            Member.first_answer_at.is_(None),
        )
        .values(first_answer_at=post.created_at)
    )


def _own_post(session: Session, standing: Standing, post_id: int) -> Post:
    post = get_post(session, standing.community.id, post_id)
    if post.author_id is None or post.author_id != standing.actor.person_id:
        raise Forbidden
    return post


def edit(session: Session, standing: Standing, post_id: int, text: str, lang: str, version: int) -> Post:
    """Put other words in one's own post; the former ones stay readable in its history."""
    post = _own_post(session, standing, post_id)
    thread = get_community_thread(session, standing.community.id, post.thread_id)
    refuse(obstacle_to_answer(standing, thread))
    if post.hidden_at is not None or post.withdrawn_at is not None:
        refuse(Text(N_("This post is out of sight and cannot be changed.")))
    former = set(handles_in(post.text))
    mentioned = _mentioned(session, standing, text)
    added = _mentioned(session, standing, " ".join(f"@{name}" for name in handles_in(text) if name not in former))
    if edit_post(session, post, text, lang, version, mentioned):
        touch(session, standing)
        tell_of_mentions(session, standing, thread, post, added)
    return post


def withdraw(session: Session, standing: Standing, post_id: int, withdrawn: bool) -> Post:
    """Take one's own post back, or put it there again; also who was muted or left may take back."""
    post = _own_post(session, standing, post_id)
    if not withdrawn:
        refuse(obstacle_to_write(standing))
    withdraw_post(session, post, withdrawn)
    return post


def react(session: Session, standing: Standing, post_id: int, kind: str) -> bool:
    """Give a post one of the four signs, or take it back; returns whether it is there now."""
    refuse(obstacle_to_write(standing))
    post = get_post(session, standing.community.id, post_id)
    thread = get_community_thread(session, standing.community.id, post.thread_id)
    if post.hidden_at is not None or post.withdrawn_at is not None or thread.hidden_at is not None:
        raise NotFound
    return toggle_reaction(session, post, _person(standing), kind)


def follow(session: Session, standing: Standing, thread_id: int, following: bool) -> None:
    """Hear of a thread, or not any more; for members, and not any more also for whoever reads there."""
    if not standing.is_member and (following or not can_read(standing)):
        raise Forbidden
    thread = get_community_thread(session, standing.community.id, thread_id)
    if thread.hidden_at is not None and not can_facilitate(standing):
        raise NotFound
    follow_thread(session, thread.id, _person(standing), following)
