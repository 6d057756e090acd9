"""What becomes of events when an account is closed, and what a person may take along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.features.events.models import CalendarFeed, Event, EventAnswer, EventLoad
from app.features.events.services.answering import count_answers
from app.features.profiles.queries.profiles import find_person_of_account

CHUNK = 200


def erase_events(session: Session, account_id: int) -> None:
    """Answers, burdens and the calendar address go; meetings a person planned stay for the others, without them."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return
    answered = list(session.scalars(select(EventAnswer.event_id).where(EventAnswer.person_id == person.id)))
    for table in (EventAnswer, EventLoad, CalendarFeed):
        session.execute(delete(table).where(table.person_id == person.id))
    for event_id in answered:
        count_answers(session, event_id)
    quiet = {"synchronize_session": False}
    mine = update(Event).where(Event.created_by == person.id)
    session.execute(mine.values(created_by=None).execution_options(**quiet))


def export_meetings(session: Session, community_id: int) -> Iterator[dict[str, Any]]:
    """The meetings of a community as its members read them, without who comes: that is theirs."""
    rows = select(Event).where(Event.community_id == community_id, Event.hidden_at.is_(None))
    for event in session.scalars(rows.order_by(Event.starts_at, Event.id).execution_options(yield_per=CHUNK)):
        yield {
            "uid": event.uid, "title": event.title, "language": event.lang, "description": event.description,
            "agenda": event.agenda, "starts_at": event.starts_at.isoformat(), "minutes": event.minutes,
            "zone": event.zone, "languages": event.languages, "interpretation": event.interpretation,
            "place": event.place, "link": event.link, "state": event.state, "cancel_reason": event.cancel_reason,
            "series": event.series, "coming": event.yes_count, "recording": event.recording, "notes": event.notes,
            "notes_language": event.notes_lang, "written_at": event.created_at.isoformat(),
        }  # fmt: skip


def export_events(session: Session, account_id: int) -> Any:
    """The meetings a person planned, what they answered, and what their time cost them."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {"planned": [], "answers": [], "burdens": []}
    planned = session.scalars(select(Event).where(Event.created_by == person.id).order_by(Event.id))
    answers = session.execute(
        select(EventAnswer.answer, EventAnswer.at, Event.title, Event.starts_at)
        .join(Event, Event.id == EventAnswer.event_id)
        .where(EventAnswer.person_id == person.id)
        .order_by(EventAnswer.at)
    )
    loads = session.execute(
        select(EventLoad.points, Event.title, Event.starts_at)
        .join(Event, Event.id == EventLoad.event_id)
        .where(EventLoad.person_id == person.id)
        .order_by(Event.starts_at)
    )
    return {
        "planned": [
            {
                "title": event.title, "language": event.lang, "starts_at": event.starts_at.isoformat(),
                "zone": event.zone, "description": event.description, "agenda": event.agenda, "notes": event.notes,
                "state": event.state,
            }
            for event in planned
        ],
        "answers": [
            {"meeting": row.title, "starts_at": row.starts_at.isoformat(), "answer": row.answer}
            for row in answers
        ],
        "burdens": [
            {"meeting": row.title, "starts_at": row.starts_at.isoformat(), "points": row.points} for row in loads
        ],
    }  # fmt: skip
