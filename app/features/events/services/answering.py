"""Saying whether one comes."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_
from app.features.communities.policies import Standing
from app.features.communities.services.activity import touch
from app.features.events.models import ANSWERS, MAYBE, YES, Event, EventAnswer
from app.features.events.policies import can_answer


class Full(Conflict):
    """Every place is taken."""

    message = N_("Every place is taken. You can say “perhaps”; if someone cannot come, there is room again.")


def count_answers(session: Session, event_id: int) -> None:
    """Count the answers of a meeting anew."""

    def counted(answer: str) -> object:
        rows = select(func.count()).where(EventAnswer.event_id == event_id, EventAnswer.answer == answer)
        return rows.scalar_subquery()

    session.execute(
        update(Event)
        .where(Event.id == event_id)
        .values(yes_count=counted(YES), maybe_count=counted(MAYBE))
        .execution_options(synchronize_session=False)
    )


def answer_event(session: Session, standing: Standing, event: Event, answer: str) -> None:
    """Say yes, perhaps or no; the last word counts. Raises `Full` where there is no place left.

    The meeting's row is held first, so that two who want the last place come one after the other.
    """
    person_id = standing.actor.person_id
    if person_id is None or not can_answer(standing, event):
        raise Forbidden
    if answer not in ANSWERS:
        raise Invalid(message=N_("Please choose one of the answers."))
    hold = update(Event).where(Event.id == event.id).values(yes_count=Event.yes_count)
    session.execute(hold.execution_options(synchronize_session=False))
    if answer == YES and event.capacity is not None:
        others = select(func.count()).where(
            EventAnswer.event_id == event.id, EventAnswer.answer == YES, EventAnswer.person_id != person_id
        )
        if (session.scalar(others) or 0) >= event.capacity:
            raise Full
    session.execute(
        insert_unless_there(session, EventAnswer, event_id=event.id, person_id=person_id, answer=answer, at=now())
    )
    session.execute(
        update(EventAnswer)
        .where(EventAnswer.event_id == event.id, EventAnswer.person_id == person_id)
        .values(answer=answer, at=now())
        .execution_options(synchronize_session=False)
    )
    count_answers(session, event.id)
    touch(session, standing)
