"""Writing practice notes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cleaning import clean_line, clean_text
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.features.communities.policies import Standing, can_write
from app.features.communities.services.activity import touch
from app.features.communities.services.logging import log_deed
from app.features.resources.models import AGAIN, PracticeNote, Resource
from app.features.resources.policies import can_edit_note, can_withdraw_note
from app.features.resources.queries.practice import known_choice
from app.features.resources.queries.seeing import visible_in
from app.features.resources.services.checking import UNKNOWN, Wrong, check_length
from app.features.resources.services.resources import TOKEN
from app.features.resources.values import NoteValues
from app.features.vocabularies.queries import normalise_language

LONGEST_TITLE, LONGEST_PART = 200, 4000
_CHOICES = ("country", "subject", "level", "language", "class_size", "connectivity")


def _checked(session: Session, standing: Standing, values: NoteValues) -> dict[str, Any]:
    wrong: Wrong = {}
    row: dict[str, Any] = {"title": clean_line(values.title)}
    if not row["title"]:
        wrong["title"] = Text(N_("Please say in a few words what you tried."))
    check_length(wrong, "title", row["title"], LONGEST_TITLE)
    for name in ("tried", "adapted", "happened"):
        row[name] = clean_text(getattr(values, name))
        check_length(wrong, name, row[name], LONGEST_PART)
    for name in ("tried", "happened"):
        if not row[name]:
            wrong[name] = Text(N_("Please write a few words here; others learn most from this."))
    row["lang"] = normalise_language(values.lang) if values.lang else None
    if row["lang"] is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    row["again"] = values.again
    if values.again not in AGAIN:
        wrong["again"] = Text(N_("Please say whether you would do it again."))
    for name in _CHOICES:
        given = getattr(values, name)
        row[name] = known_choice(name, given) or None
        if given and row[name] is None:
            wrong[name] = Text(UNKNOWN, {"value": given[:40]})
    row["resource_id"] = _resource(session, standing, values.resource, wrong)
    if wrong:
        raise Invalid(wrong)
    return row


def _resource(session: Session, standing: Standing, number: str, wrong: Wrong) -> int | None:
    if not number:
        return None
    plain = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    found = session.scalar(select(Resource.id).where(Resource.id == plain, visible_in(standing)))
    if found is None:
        wrong["resource"] = Text(N_("This resource is not here any more."))
    return found


def write_note(session: Session, standing: Standing, values: NoteValues, token: str) -> PracticeNote:
    """Write a note; the same form sent twice writes one."""
    if not can_write(standing):
        raise Forbidden
    if not TOKEN.fullmatch(token):
        raise Invalid(message=N_("This page was open for a long time. Please send it again."))
    row = _checked(session, standing, values)
    author_id, community_id = standing.actor.person_id, standing.community.id
    number = insert_if_new(session, PracticeNote, community_id=community_id, author_id=author_id, token=token, **row)
    if number is None:
        query = select(PracticeNote).where(PracticeNote.community_id == community_id, PracticeNote.token == token)
        note = session.scalar(query)
        if note is None or note.author_id != author_id:
            raise Conflict
        return note
    touch(session, standing)
    return session.get_one(PracticeNote, number)


def change_note(
    session: Session, standing: Standing, note: PracticeNote, values: NoteValues, version: int
) -> PracticeNote:
    """Change a note; ``version`` is what the form was opened with."""
    if not can_edit_note(standing, note):
        raise Forbidden
    if note.version != version:
        raise Conflict
    for name, value in _checked(session, standing, values).items():
        setattr(note, name, value)
    note.edited_at = now()
    session.flush()
    touch(session, standing)
    return note


def withdraw_note(session: Session, standing: Standing, note: PracticeNote, reason: str = "") -> None:
    """Take a note back."""
    if not can_withdraw_note(standing, note):
        raise Forbidden
    note.withdrawn_at = now()
    session.flush()
    if note.author_id != standing.actor.person_id:
        log_deed(session, standing, "withdraw", "practice", note.id, note.author_id, reason, title=note.title)


def hide_note(session: Session, note_id: int, hidden: bool) -> None:
    """Take a note out of sight, or show it again; what moderators decide."""
    note = session.get(PracticeNote, note_id)
    if note is None:
        raise NotFound
    note.hidden_at = now() if hidden else None
    session.flush()
