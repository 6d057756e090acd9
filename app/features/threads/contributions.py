"""What threads contribute: their part of the download, their going, messages that can be reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.registries import Reportable, add_eraser, add_exporter, add_reportable
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.threads.models import Thread
from app.features.threads.policies import can_read
from app.features.threads.queries import find_message, list_acting_ids, list_written_by
from app.features.threads.services import hide_message, leave_threads


def export_messages(session: Session, account_id: int) -> Any:
    """What a person wrote in threads; what others wrote to them belongs to the others."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return []
    return [
        {
            "thread": message.thread_id,
            "written_at": message.created_at.isoformat(),
            "language": message.lang,
            "text": message.text,
        }
        for message in list_written_by(session, person.id)
    ]


def erase_messages(session: Session, account_id: int) -> None:
    """Take the person out of their threads; their words stay for the other side, without a name."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        leave_threads(session, person.id)


def describe_message(session: Session, actor: Actor, message_id: int) -> dict[str, Any] | None:
    """A message as it is reported, for its readers and for those who moderate."""
    message = find_message(session, message_id)
    thread = session.get(Thread, message.thread_id) if message else None
    if message is None or thread is None:
        return None
    moderates = bool(actor.roles & {OPERATOR, MODERATOR})
    if not moderates and (message.hidden_at is not None or not can_read(thread, list_acting_ids(session, actor))):
        return None
    return {
        "text": message.text,
        "lang": message.lang,
        "at": message.created_at,
        "author_id": message.author_profile_id,
        "person_id": message.by_person_id,
        "hidden": message.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, message_id: int, hidden: bool) -> None:
    """Take a message out of sight, or show it again."""
    hide_message(session, message_id, hidden)


add_exporter("messages", export_messages)
add_eraser("threads", erase_messages)
add_reportable(Reportable("message", describe_message, hide))
