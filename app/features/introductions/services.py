"""Asking for contact and answering."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.core.signals import announce, introduction_answered, introduction_asked
from app.features.introductions.mails import mail_answered, mail_asked
from app.features.introductions.models import (
    ACCEPTED,
    DECLINE_REASONS,
    DECLINED,
    EXPIRED,
    PENDING,
    WITHDRAWN,
    Introduction,
)
from app.features.introductions.policies import (
    LONGEST_NOTE,
    LONGEST_REPLY,
    SHORTEST_NOTE,
    TOO_LATE,
    WAITS,
    Obstacle,
    can_answer,
    can_withdraw,
    obstacle_to_ask,
    obstacle_to_speak,
    state_at,
)
from app.features.introductions.queries import find_pending, find_thread_of, get_introduction, load_ask_facts, open_key
from app.features.profiles.models import Institution, Profile
from app.features.profiles.policies import can_see_at_all
from app.features.profiles.services.changes import note_for_index
from app.features.profiles.services.locking import lock_profile
from app.features.relations.queries import are_connected, is_blocked
from app.features.relations.services import block, connect, disconnect, unblock
from app.features.threads.models import Thread
from app.features.threads.queries import find_message_by_token, list_acting_ids, list_institution_ids
from app.features.threads.services import add_message, check_text, hide_message, open_thread


class CannotAsk(Forbidden):
    """This introduction can't be asked for now; ``obstacle`` says why."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(obstacle.text.key, **dict(obstacle.text.values))


class AlreadyAnswered(Conflict):
    """The introduction does not wait any more."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(TOO_LATE.get(state, TOO_LATE[PENDING]))


def get_receiver(session: Session, actor: Actor, from_id: int | None, to: Profile | None) -> Profile:
    """The profile to be asked, if it is there for the actor and for the side they speak for; raises `NotFound`."""
    if to is None:
        raise NotFound
    speakers = {i for i in (actor.person_id, from_id) if i is not None}
    blocked = bool(is_blocked(session, to.id, speakers)) if speakers else False
    if blocked or to.hidden_at is not None or not can_see_at_all(actor, to):
        raise NotFound
    return to


def check_speaker(session: Session, actor: Actor, from_id: int | None) -> int:
    """The profile the actor speaks for: their own unless another is named; raises `Forbidden` if it is not theirs."""
    if actor.person_id is None:
        raise CannotAsk(cast(Obstacle, obstacle_to_speak(actor)))
    if from_id is None or from_id == actor.person_id:
        return actor.person_id
    if from_id not in list_institution_ids(session, actor):
        raise Forbidden
    return from_id


def find_obstacle(session: Session, actor: Actor, from_id: int | None, to: Profile) -> Obstacle | None:
    """Why the actor can't ask ``to`` now, for themselves or for ``from_id``; None if they can."""
    obstacle = obstacle_to_speak(actor)
    if obstacle is not None:
        return obstacle
    speaker = check_speaker(session, actor, from_id)
    return obstacle_to_ask(load_ask_facts(session, actor, speaker, to, now()))


def ask(
    session: Session, actor: Actor, to: Profile | None, note: str, lang: str | None, from_id: int | None = None
) -> Introduction:
    """Ask ``to`` for contact, for oneself or for an institution one speaks for."""
    speaker = check_speaker(session, actor, from_id)
    to = get_receiver(session, actor, speaker, to)
    assert actor.person_id is not None
    # Whoever else asks the same profile, or by the same person, waits; in the order of their numbers, so that two who
    # ask each other don't wait for one another.
    for locked in sorted({actor.person_id, to.id}):
        lock_profile(session, locked)
    expire(session)
    obstacle = find_obstacle(session, actor, speaker, to)
    if obstacle is not None:
        raise CannotAsk(obstacle)
    note, tag = check_text("note", note, lang, LONGEST_NOTE, SHORTEST_NOTE)
    moment = now()
    number = insert_if_new(
        session, Introduction, from_profile_id=speaker, to_profile_id=to.id, by_person_id=actor.person_id, note=note,
        note_lang=tag, state=PENDING, open_key=open_key(speaker, to.id), created_at=moment, expires_at=moment + WAITS,
    )  # fmt: skip
    introduction = session.get(Introduction, number) if number is not None else None
    if introduction is None:
        raise CannotAsk(_overtaken(session, speaker, to.id))
    # What they have room for is less now, and those who are suggested them are to be told so.
    note_for_index(session, to.id)
    mail_asked(session, introduction)
    announce(session, introduction_asked, introduction_id=introduction.id, from_id=speaker, to_id=to.id)
    return introduction


def _overtaken(session: Session, speaker: int, to_id: int) -> Obstacle:
    other = find_pending(session, speaker, to_id)
    if other is not None and other.from_profile_id == to_id:
        return Obstacle("asked_me", Text(N_("They asked you first: you only need to say yes.")), other.id)
    text = Text(N_("You have asked already; your note is waiting."))
    return Obstacle("asked_them", text, other.id if other else None)


def _settle(session: Session, introduction: Introduction, actor: Actor, state: str, **values: Any) -> bool:
    """Give a waiting introduction its end; False if somebody was faster or it is too late."""
    moment = now()
    done = session.execute(
        update(Introduction)
        .where(Introduction.id == introduction.id, Introduction.state == PENDING, Introduction.expires_at > moment)
        .values(state=state, decided_at=moment, decided_by_id=actor.person_id, open_key=None, **values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(introduction)
    return cast("CursorResult[Any]", done).rowcount == 1


def _for_answer(session: Session, actor: Actor, introduction_id: int) -> Introduction:
    introduction = get_introduction(session, actor, introduction_id)
    if not can_answer(introduction, list_acting_ids(session, actor)):
        raise NotFound
    return introduction


def accept(
    session: Session, actor: Actor, introduction_id: int, reply: str = "", lang: str | None = None
) -> Introduction:
    """Say yes: the two are connected and have a thread, which begins with the note and the reply."""
    introduction = _for_answer(session, actor, introduction_id)
    reply, tag = check_text("reply", reply, lang, LONGEST_REPLY, shortest=0)
    asker, receiver = (_standing(session, i) for i in (introduction.from_profile_id, introduction.to_profile_id))
    profile = session.get(Profile, asker)
    gone = profile is None or profile.hidden_at is not None or asker == receiver
    if gone or is_blocked(session, asker, {receiver, actor.person_id or receiver}):
        raise Conflict(N_("They can't be reached here any more, so nothing was changed."))
    if not _settle(session, introduction, actor, ACCEPTED, reply=reply or None, reply_lang=tag if reply else None):
        raise AlreadyAnswered(state_at(introduction, now()))
    connect(session, asker, receiver)
    _begin_thread(session, introduction, asker, receiver)
    mail_answered(session, introduction)
    announce(session, introduction_answered, introduction_id=introduction.id, state=ACCEPTED)
    return introduction


def _standing(session: Session, profile_id: int) -> int:
    """The profile itself, or the institution that it was merged into meanwhile."""
    profile = session.get(Profile, profile_id)
    merged = profile.merged_into_id if isinstance(profile, Institution) else None
    return merged or profile_id


def _note_token(introduction: Introduction) -> str:
    """By which the message is known that is a copy of the note."""
    return f"introduction-{introduction.id}-note"


def _begin_thread(session: Session, introduction: Introduction, asker: int, receiver: int) -> None:
    thread = open_thread(session, asker, receiver)
    if introduction.hidden_at is None:
        add_message(
            session, thread, asker, introduction.by_person_id, introduction.note,
            introduction.note_lang, _note_token(introduction), introduction.created_at,
        )  # fmt: skip
    if introduction.reply:
        add_message(
            session, thread, receiver, introduction.decided_by_id, introduction.reply,
            introduction.reply_lang, f"introduction-{introduction.id}-reply",
        )  # fmt: skip


def decline(
    session: Session, actor: Actor, introduction_id: int, reason: str, reply: str = "", lang: str | None = None
) -> Introduction:
    """Say no, with a polite reason and a few words if one likes."""
    introduction = _for_answer(session, actor, introduction_id)
    if reason not in DECLINE_REASONS:
        raise Invalid({"reason": Text(N_("Please choose one of these."))})
    reply, tag = check_text("reply", reply, lang, LONGEST_REPLY, shortest=0)
    words = {"decline_reason": reason, "reply": reply or None, "reply_lang": tag if reply else None}
    if not _settle(session, introduction, actor, DECLINED, **words):
        raise AlreadyAnswered(state_at(introduction, now()))
    mail_answered(session, introduction)
    announce(session, introduction_answered, introduction_id=introduction.id, state=DECLINED)
    return introduction


def withdraw(session: Session, actor: Actor, introduction_id: int) -> Introduction:
    """Take back what one asked."""
    introduction = get_introduction(session, actor, introduction_id)
    if not can_withdraw(introduction, list_acting_ids(session, actor)):
        raise NotFound
    if not _settle(session, introduction, actor, WITHDRAWN):
        raise AlreadyAnswered(state_at(introduction, now()))
    return introduction


def expire(session: Session, moment: datetime | None = None) -> int:
    """End every introduction whose time is over; how many there were."""
    done = session.execute(
        update(Introduction)
        .where(Introduction.state == PENDING, Introduction.expires_at <= (moment or now()))
        .values(state=EXPIRED, open_key=None, decided_at=Introduction.expires_at)
        .execution_options(synchronize_session="fetch")
    )
    return cast("CursorResult[Any]", done).rowcount


def block_profile(session: Session, actor: Actor, blocker: int, blocked: Profile | None) -> Profile:
    """Block a profile for oneself or an institution one speaks for: the connection ends, and what waits between the
    two ends without a word to the other."""
    speaker = check_speaker(session, actor, blocker)
    if blocked is None or (blocked.hidden_at is not None and not actor.is_operator):
        raise NotFound
    if blocked.id in list_acting_ids(session, actor):
        raise Forbidden(N_("You act for this profile yourself."))
    lock_profile(session, speaker)
    waiting = find_pending(session, speaker, blocked.id)
    if waiting is not None:
        _settle(session, waiting, actor, WITHDRAWN if waiting.from_profile_id == speaker else EXPIRED)
    block(session, speaker, blocked.id)
    return blocked


def hide_note(session: Session, introduction_id: int, hidden: bool) -> None:
    """Take the note of an introduction out of sight, or show it again, also where a thread begins with it; one that
    waits is not to be answered then."""
    introduction = session.get(Introduction, introduction_id)
    if introduction is None:
        raise NotFound
    introduction.hidden_at = now() if hidden else None
    if hidden and introduction.state == PENDING:
        introduction.state, introduction.open_key, introduction.decided_at = WITHDRAWN, None, now()
    session.flush()
    thread = find_thread_of(session, introduction)
    copied = find_message_by_token(session, thread.id, _note_token(introduction)) if thread else None
    if copied is not None:
        hide_message(session, copied.id, hidden)


def unblock_profile(session: Session, actor: Actor, blocker: int, blocked_id: int) -> None:
    """Lift a block that one made for oneself or for an institution one speaks for."""
    unblock(session, check_speaker(session, actor, blocker), blocked_id)


def begin_talk(session: Session, actor: Actor, side: int, other_id: int) -> Thread:
    """The thread of a connection that has none yet, as after institutions were merged; raises `NotFound` if the two
    are not connected."""
    speaker = check_speaker(session, actor, side)
    if not are_connected(session, speaker, other_id):
        raise NotFound
    return open_thread(session, speaker, other_id)


def end_connection(session: Session, actor: Actor, side: int, other_id: int) -> None:
    """End a connection of oneself or of an institution one speaks for; raises `NotFound` if there is none."""
    speaker = check_speaker(session, actor, side)
    if not are_connected(session, speaker, other_id):
        raise NotFound
    disconnect(session, speaker, other_id)
