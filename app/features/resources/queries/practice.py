"""Reads of practice notes: found by the context they come from."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.features.communities.models import Community
from app.features.communities.policies import Standing
from app.features.profiles.queries.directory.paging import read_cursor, write_cursor
from app.features.resources.models import AGAIN, CLASS_SIZES, CONNECTIVITY, PracticeNote
from app.features.resources.policies import can_see_note
from app.features.vocabularies.queries import is_valid, normalise_language

PAGE = 20
CONTEXT = ("country", "level", "subject", "language", "class_size", "connectivity", "again")
_FIXED = {"class_size": CLASS_SIZES, "connectivity": CONNECTIVITY, "again": AGAIN}


@dataclass(frozen=True, slots=True)
class Context:
    """What notes are looked for by; one choice each."""

    country: str = ""
    level: str = ""
    subject: str = ""
    language: str = ""
    class_size: str = ""
    connectivity: str = ""
    again: str = ""

    def written(self) -> list[tuple[str, str]]:
        """As it stands in an address."""
        return [(name, value) for name in CONTEXT if (value := getattr(self, name))]

    def toggled(self, name: str, code: str) -> Context:
        """The same with one choice made, or taken back."""
        changed: dict[str, Any] = {name: "" if getattr(self, name) == code else code}
        return replace(self, **changed)


def known_choice(name: str, value: str) -> str:
    """A choice of one facet as it is kept; empty if there is none like it."""
    if not value or len(value) > 35:
        return ""
    if name == "language":
        return normalise_language(value) or ""
    if name in _FIXED:
        return value if value in _FIXED[name] else ""
    value = value.upper() if name == "country" else value
    return value if is_valid(name, value) else ""


def read_context(get: Callable[[str, str], str]) -> Context:
    """The context that an address asks for; what nobody knows is left out."""
    return Context(**{name: known_choice(name, get(name, "")) for name in CONTEXT})


def stands() -> ColumnElement[bool]:
    """Neither withdrawn nor hidden."""
    return and_(PracticeNote.withdrawn_at.is_(None), PracticeNote.hidden_at.is_(None))


def _conditions(community_id: int, context: Context) -> list[ColumnElement[bool]]:
    found = [stands(), PracticeNote.community_id == community_id]
    for name, value in context.written():
        column = getattr(PracticeNote, name)
        # A broad field of study finds what lies in it; a language finds its variants.
        if name == "subject" and len(value) < 4:
            found.append(column.like(f"{value}%"))
        elif name == "language" and "-" not in value:
            found.append(or_(column == value, column.like(f"{value}-%")))
        else:
            found.append(column == value)
    return found


@dataclass(frozen=True, slots=True)
class NotePage:
    """A page of notes, the newest first, with the cursors to its neighbours."""

    notes: list[PracticeNote]
    previous: str | None = None
    next: str | None = None


def find_notes(
    session: Session, community_id: int, context: Context, cursor: str | None = None, limit: int = PAGE
) -> NotePage:
    """The page a cursor leads to."""
    at = read_cursor(cursor)
    forward = at is None or at[0] == "a"
    query = select(PracticeNote).where(*_conditions(community_id, context))
    created, key = PracticeNote.created_at, PracticeNote.id
    if at is not None:
        _rank, moment, number = at[1]
        later = or_(created < moment, and_(created == moment, key < number))
        earlier = or_(created > moment, and_(created == moment, key > number))
        query = query.where(later if forward else earlier)
    order = [column.desc() if forward else column.asc() for column in (created, key)]
    rows = list(session.scalars(query.order_by(*order).limit(limit + 1)))
    more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    if not rows:
        return NotePage([])
    first, last = ((0, row.created_at, row.id) for row in (rows[0], rows[-1]))
    has_previous = more if not forward else at is not None
    has_next = more if forward else True
    return NotePage(
        rows,
        write_cursor("b", first) if has_previous else None,
        write_cursor("a", last) if has_next else None,
    )


def count_contexts(session: Session, community_id: int, context: Context) -> dict[str, list[tuple[str, int]]]:
    """How many notes each further choice would find, the most frequent first; one query."""
    parts: list[Select[Any]] = []
    for name in CONTEXT:
        column = getattr(PracticeNote, name)
        rows = select(literal(name).label("name"), column.label("code"), func.count().label("number"))
        parts.append(rows.where(*_conditions(community_id, context), column.is_not(None)).group_by(column))
    counts: dict[str, list[tuple[str, int]]] = {name: [] for name in CONTEXT}
    for name, code, number in session.execute(union_all(*parts)):
        counts[name].append((code, number))
    return {name: sorted(pairs, key=lambda pair: (-pair[1], pair[0])) for name, pairs in counts.items()}


def get_note(session: Session, standing: Standing, note_id: int) -> PracticeNote:
    """A note of a community; raises `NotFound`."""
    note = session.get(PracticeNote, note_id)
    if note is None or note.community_id != standing.community.id or not can_see_note(standing, note):
        raise NotFound
    return note


def list_notes_about(session: Session, resource_id: int, communities: Collection[int], limit: int = 5) -> list[Any]:
    """Notes about a resource with their communities: of those open to everyone, and of ``communities``."""
    readable = and_(Community.reading == "everyone", Community.hidden_at.is_(None))
    query = (
        select(PracticeNote, Community)
        .join(Community, Community.id == PracticeNote.community_id)
        .where(PracticeNote.resource_id == resource_id, stands(), or_(readable, Community.id.in_(communities)))
        .order_by(PracticeNote.created_at.desc(), PracticeNote.id.desc())
        .limit(limit)
    )
    return list(session.execute(query))
