"""Who may ask whom for contact, and answer. Facts come loaded."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.actor import Actor
from app.core.messages import N_, Text
from app.features.introductions.models import ACCEPTED, DECLINED, EXPIRED, PENDING, WITHDRAWN, Introduction

WAITS = timedelta(days=30)
MONTH = timedelta(days=30)
DAY = timedelta(days=1)
REST_AFTER_DECLINE = timedelta(days=90)
MOST_A_DAY, MOST_A_MONTH = 10, 30
# The same one: enough to take a note back and write a better one, and no way to send a mail again and again.
MOST_TO_ONE = 2
SHORTEST_NOTE, LONGEST_NOTE, LONGEST_REPLY = 20, 1500, 1500


@dataclass(frozen=True, slots=True)
class AskFacts:
    """What must be known before one profile asks another. ``received``: when the other was asked in the last month,
    oldest first; ``asked``: when the acting person asked anybody in the last month, oldest first; ``asked_before``:
    when they, or the side they speak for, asked the other."""

    moment: datetime
    same_people: bool = False
    someone_reads: bool = True
    connected: bool = False
    asked_them: int | None = None
    asked_me: int | None = None
    declined_at: datetime | None = None
    monthly: int | None = None
    received: Sequence[datetime] = ()
    asked: Sequence[datetime] = ()
    asked_before: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why asking is not possible now. ``code``: profile, unverified, yourself, nobody, connected, asked_me,
    asked_them, declined, closed, full, often; ``introduction_id``: the one that already waits."""

    code: str
    text: Text
    introduction_id: int | None = None


def obstacle_to_speak(actor: Actor) -> Obstacle | None:
    """Why this actor can't ask anybody, or None."""
    if actor.person_id is None:
        return Obstacle("profile", Text(N_("Please make your profile first, so that others see who says hello.")))
    if not actor.verified:
        return Obstacle("unverified", Text(N_("Please confirm your e-mail address first; we sent you a link.")))
    return None


def obstacle_to_ask(facts: AskFacts) -> Obstacle | None:
    """Why this introduction can't be asked for, or None."""
    return _between_the_two(facts) or _out_of_room(facts)


def _between_the_two(facts: AskFacts) -> Obstacle | None:
    if facts.same_people:
        return Obstacle("yourself", Text(N_("You act for this profile yourself.")))
    if not facts.someone_reads:
        return Obstacle("nobody", Text(N_("Nobody acts for this institution here yet; nobody would read your note.")))
    if facts.connected:
        return Obstacle("connected", Text(N_("You are connected already.")))
    if facts.asked_me is not None:
        return Obstacle("asked_me", Text(N_("They asked you first: you only need to say yes.")), facts.asked_me)
    if facts.asked_them is not None:
        return Obstacle("asked_them", Text(N_("You have asked already; your note is waiting.")), facts.asked_them)
    if facts.declined_at is not None and facts.moment < facts.declined_at + REST_AFTER_DECLINE:
        again = (facts.declined_at + REST_AFTER_DECLINE).date()
        text = N_("It did not suit them last time. You can ask again from %(date)s.")
        return Obstacle("declined", Text(text, {"date": again}))
    before = [at for at in facts.asked_before if at > facts.moment - MONTH]
    if len(before) >= MOST_TO_ONE:
        again = (before[-MOST_TO_ONE] + MONTH).date()
        text = N_("You have said hello to them %(count)s times this month. You can ask again from %(date)s.")
        return Obstacle("often", Text(text, {"count": len(before), "date": again}))
    return None


def _out_of_room(facts: AskFacts) -> Obstacle | None:
    received = [at for at in facts.received if at > facts.moment - MONTH]
    if facts.monthly == 0:
        return Obstacle("closed", Text(N_("They take no new contacts at the moment.")))
    if facts.monthly is not None and len(received) >= facts.monthly:
        again = (received[-facts.monthly] + MONTH).date()
        return Obstacle("full", Text(N_("They are full this month; they are free again on %(date)s."), {"date": again}))
    today = sum(at > facts.moment - DAY for at in facts.asked)
    month = [at for at in facts.asked if at > facts.moment - MONTH]
    if today >= MOST_A_DAY:
        text = N_("You have said hello %(count)s times today. Please go on tomorrow.")
        return Obstacle("often", Text(text, {"count": today}))
    if len(month) >= MOST_A_MONTH:
        again = (month[-MOST_A_MONTH] + MONTH).date()
        text = N_("You have said hello %(count)s times this month. You can go on from %(date)s.")
        return Obstacle("often", Text(text, {"count": len(month), "date": again}))
    return None


def is_waiting(introduction: Introduction, moment: datetime) -> bool:
    """Whether it can still be answered; past its time it counts as expired, even before a job has noted so."""
    return introduction.state == PENDING and introduction.expires_at > moment


def state_at(introduction: Introduction, moment: datetime) -> str:
    """The state as people are told it."""
    return EXPIRED if introduction.state == PENDING and introduction.expires_at <= moment else introduction.state


def can_read(introduction: Introduction, acting: Collection[int]) -> bool:
    """The people of both sides read an introduction."""
    return introduction.from_profile_id in acting or introduction.to_profile_id in acting


def can_answer(introduction: Introduction, acting: Collection[int]) -> bool:
    """The people of the side that was asked answer."""
    return introduction.to_profile_id in acting


def can_withdraw(introduction: Introduction, acting: Collection[int]) -> bool:
    """The people of the side that asked take it back."""
    return introduction.from_profile_id in acting


TOO_LATE = {
    ACCEPTED: N_("This was answered with yes already: you are connected."),
    DECLINED: N_("This was declined already. Nothing was changed."),
    EXPIRED: N_("This has expired: nobody answered within 30 days. You can say hello yourself."),
    WITHDRAWN: N_("This was taken back before you answered."),
    PENDING: N_("This could not be done just now. Please try again."),
}
