"""What introductions contribute: panels, the download, what can be reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.clock import now
from app.core.registries import Panel, Reportable, add_eraser, add_exporter, add_panel, add_reportable
from app.features.introductions.models import Introduction
from app.features.introductions.policies import can_read, state_at
from app.features.introductions.queries import (
    count_waiting,
    handles_of,
    list_blocked_handles,
    list_of_person,
    list_unseen_threads,
)
from app.features.introductions.services import find_obstacle, hide_note
from app.features.introductions.views.wording import say
from app.features.profiles.models import Profile
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.relations.queries import list_connected_ids
from app.features.threads.queries import count_unread, find_thread, list_acting_ids, list_thread_ids

# The states in which the page says why nobody can say hello now.
EXPLAINED = ("nobody", "full", "closed", "declined", "yourself", "connected")


def load_contact(session: Session, actor: Actor, profile: Profile) -> dict[str, Any] | None:
    """The state of contact between the reader and the profile they look at; guests are led to sign in."""
    place = {"id": profile.id, "handle": profile.handle, "kind": profile.kind}
    if not actor.signed_in:
        return {**place, "state": "guest"}
    if profile.id == actor.person_id:
        return {**place, "state": "own"}
    obstacle = find_obstacle(session, actor, None, profile)
    thread = None
    if obstacle is not None and obstacle.code == "connected" and actor.person_id is not None:
        thread = find_thread(session, actor.person_id, profile.id)
    return {
        **place,
        "state": obstacle.code if obstacle else "open",
        "obstacle": obstacle,
        "why": say(obstacle.text) if obstacle and obstacle.code in EXPLAINED else None,
        "thread_id": thread.id if thread else None,
    }


def load_waiting(session: Session, actor: Actor, _subject: Any) -> dict[str, Any] | None:
    """What waits for the reader: introductions to answer, yeses not seen yet, and messages not read yet."""
    if actor.person_id is None:
        return None
    sides = list_acting_ids(session, actor)
    waiting = count_waiting(session, sides)
    unread = count_unread(session, actor.person_id, list_thread_ids(session, sides))
    # Where they wrote as well as saying yes, the message says so.
    yeses = [thread for thread in list_unseen_threads(session, actor.person_id) if thread not in unread]
    if not waiting and not unread and not yeses:
        return None
    return {
        "waiting": waiting,
        "unread": sum(unread.values()),
        "thread_id": next(iter(unread)) if len(unread) == 1 else None,
        "yeses": len(yeses),
        "yes_thread_id": yeses[0] if len(yeses) == 1 else None,
    }


def export_introductions(session: Session, account_id: int) -> Any:
    """The introductions a person asked for or got, and with whom they are connected."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {"introductions": [], "connections": []}
    rows = list(list_of_person(session, person.id))
    connected = sorted(list_connected_ids(session, person.id))
    ids = {i for row in rows for i in (row.from_profile_id, row.to_profile_id)} | set(connected)
    handles = handles_of(session, ids)
    return {
        "introductions": [
            {
                "from": handles.get(row.from_profile_id),
                "to": handles.get(row.to_profile_id),
                "note": row.note,
                "language": row.note_lang,
                "state": state_at(row, now()),
                "reply": row.reply,
                "asked_at": row.created_at.isoformat(),
                "answered_at": row.decided_at.isoformat() if row.decided_at else None,
            }
            for row in rows
        ],
        "connections": [handles[i] for i in connected if i in handles],
        "blocked": list_blocked_handles(session, person.id),
    }


def erase_introductions(session: Session, account_id: int) -> None:
    """Remove what the person asked and was asked; what they wrote for an institution stays without them."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        side = or_(Introduction.from_profile_id == person.id, Introduction.to_profile_id == person.id)
        session.execute(delete(Introduction).where(side))


def describe_introduction(session: Session, actor: Actor, introduction_id: int) -> dict[str, Any] | None:
    """An introduction as it is reported, for its two sides and for those who moderate."""
    introduction = session.get(Introduction, introduction_id)
    if introduction is None:
        return None
    moderates = bool(actor.roles & {OPERATOR, MODERATOR})
    if not moderates:
        readers = can_read(introduction, list_acting_ids(session, actor))
        if not readers or introduction.hidden_at is not None:
            return None
    return {
        "text": introduction.note,
        "lang": introduction.note_lang,
        "at": introduction.created_at,
        "author_id": introduction.from_profile_id,
        "person_id": introduction.by_person_id,
        "hidden": introduction.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, introduction_id: int, hidden: bool) -> None:
    """Take the note of an introduction out of sight, or show it again."""
    hide_note(session, introduction_id, hidden)


add_panel(Panel("person", "introductions.contact", "introductions/panel.html", load_contact, order=10))
add_panel(Panel("institution", "introductions.contact_institution", "introductions/panel.html", load_contact, order=10))
add_panel(Panel("home", "introductions.waiting", "introductions/home.html", load_waiting, order=10))
add_exporter("introductions", export_introductions)
add_eraser("introductions", erase_introductions)
add_reportable(Reportable("introduction", describe_introduction, hide))
