"""How far somebody has read a thread, of a pair or of a community."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.database import insert_unless_there
from app.features.threads.models import ThreadRead


def mark_read(session: Session, thread_id: int, person_id: int, message_id: int) -> None:
    """Note that a person has read a thread up to a message."""
    session.execute(
        insert_unless_there(session, ThreadRead, thread_id=thread_id, person_id=person_id, last_read_id=message_id)
    )
    session.execute(
        update(ThreadRead)
        .where(
            ThreadRead.thread_id == thread_id, ThreadRead.person_id == person_id, ThreadRead.last_read_id < message_id
        )
        .values(last_read_id=message_id)
    )
