"""Writes of the threads of pairs."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.messages import N_
from app.features.profiles.models import Profile
from app.features.threads.models import CONNECTION, LONGEST_MESSAGE, Message, Thread
from app.features.threads.queries import find_thread, get_thread
from app.features.threads.services.reading import mark_read
from app.features.threads.services.telling import tell_of_message
from app.features.threads.services.texts import check_text


class CannotWrite(Forbidden):
    """The thread can be read but not written in."""


def open_thread(session: Session, one: int, other: int) -> Thread:
    """The thread of a pair, made if there is none yet."""
    low, high = min(one, other), max(one, other)
    insert_if_new(session, Thread, kind=CONNECTION, low_id=low, high_id=high, created_at=now())
    thread = find_thread(session, low, high)
    assert thread is not None
    return thread


def add_message(
    session: Session,
    thread: Thread,
    author: int,
    by_person: int | None,
    text: str,
    lang: str | None,
    token: str,
    at: datetime | None = None,
) -> int | None:
    """Write a message without asking who may; its number, or None if the token was used already."""
    return insert_if_new(
        session, Message, thread_id=thread.id, author_profile_id=author, by_person_id=by_person, text=text, lang=lang,
        token=token, created_at=at or now(),
    )  # fmt: skip


def post_message(session: Session, actor: Actor, thread_id: int, text: str, lang: str | None, token: str) -> int | None:
    """Write in a thread as the side the actor speaks for; None if the same form was sent before."""
    view = get_thread(session, actor, thread_id)
    if view.obstacle is not None:
        raise CannotWrite(view.obstacle.key, **dict(view.obstacle.values))
    side = session.get(Profile, view.side)
    if side is None or side.hidden_at is not None:
        raise CannotWrite
    text, tag = check_text("text", text, lang, LONGEST_MESSAGE)
    # Only as forms make them: those of other shapes are our own.
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        raise Invalid(message=N_("This page was open for a long time. Please send it again."))
    number = add_message(session, view.thread, view.side, actor.person_id, text, tag, token)
    if number is not None and actor.person_id is not None:
        mark_read(session, thread_id, actor.person_id, number)
    if number is not None:
        tell_of_message(session, actor, view)
    return number


def hide_message(session: Session, message_id: int, hidden: bool) -> None:
    """Take a message out of sight, or show it again."""
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound
    message.hidden_at = now() if hidden else None
    session.flush()


def leave_threads(session: Session, profile_id: int) -> None:
    """Take a profile out of its threads: what it wrote stays for the other side, without its name.

    A thread that nobody is left in goes.
    """
    for thread in session.scalars(select(Thread).where(or_(Thread.low_id == profile_id, Thread.high_id == profile_id))):
        if thread.low_id == profile_id:
            thread.low_id = None
        else:
            thread.high_id = None
    for message in session.scalars(
        select(Message).where(or_(Message.author_profile_id == profile_id, Message.by_person_id == profile_id))
    ):
        message.by_person_id = None
        if message.author_profile_id == profile_id:
            message.author_profile_id = None
    session.flush()
    nobody = (Thread.kind == CONNECTION, Thread.low_id.is_(None), Thread.high_id.is_(None))
    session.execute(delete(Thread).where(*nobody))
