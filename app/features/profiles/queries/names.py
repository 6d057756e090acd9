"""The names of persons as one viewer may see them, for lists that show nothing else: three queries, few columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.profiles.models import PARTS, Person
from app.features.profiles.policies import audience_of
from app.features.relations.queries import list_blocked_ids, list_connected_ids


@dataclass(frozen=True, slots=True)
class PersonName:
    """What one viewer may call a person; ``name`` is None where it is not open to them."""

    id: int
    handle: str
    name: str | None
    name_lang: str | None
    country: str | None


def list_names(session: Session, actor: Actor, ids: Collection[int]) -> dict[int, PersonName]:
    """The names of the persons ``ids`` by id; those who are not there for the viewer (hidden, blocked) are left out."""
    if not ids:
        return {}
    mine = actor.person_id
    connected = list_connected_ids(session, mine) if mine is not None else set()
    blocked = list_blocked_ids(session, mine) if mine is not None else set()
    rows = session.execute(
        select(
            Person.id, Person.handle, Person.name, Person.name_lang, Person.country, Person.audiences, Person.hidden_at
        ).where(Person.id.in_(sorted(ids)))
    )
    found = {}
    for row in rows:
        own = row.id == mine
        if not (own or actor.is_operator) and (row.hidden_at is not None or row.id in blocked):
            continue
        audience = (row.audiences or {}).get("name", PARTS["name"])
        is_open = own or audience in audience_of(actor, row.id in connected)
        name, lang = (row.name, row.name_lang) if is_open else (None, None)
        found[row.id] = PersonName(row.id, row.handle, name, lang, row.country)
    return found


def name_among_members(session: Session, person_id: int) -> str | None:
    """A person's name if everyone signed in may read it: for what is told to several people at once."""
    row = session.execute(select(Person.name, Person.audiences).where(Person.id == person_id)).one_or_none()
    if row is None or (row.audiences or {}).get("name", PARTS["name"]) not in ("everyone", "members"):
        return None
    return str(row.name)
