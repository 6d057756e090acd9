"""What the directory may go by: for each part of a profile, whether this viewer may see it, said in SQL.

A filter never finds anyone by a part the viewer may not see, and no count takes them in.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.text import Term
from app.features.profiles.models import INSTITUTION, PARTS, Institution, Person, Profile
from app.features.profiles.policies import audience_of
from app.features.profiles.search_table import ids_with
from app.features.relations.queries import list_blocked_ids, list_connected_ids


@dataclass(frozen=True, slots=True)
class Looker:
    """Who looks: the audiences they belong to, with strangers and with those they are connected with."""

    actor: Actor
    dialect: str
    to_strangers: frozenset[str]
    to_connected: frozenset[str]
    connected: tuple[int, ...]
    blocked: tuple[int, ...]

    @property
    def near(self) -> tuple[int, ...]:
        """The profiles that open more to this viewer than to others."""
        return self.connected if self.to_connected != self.to_strangers else ()


def looker_of(session: Session, actor: Actor) -> Looker:
    """Who looks, with their relations."""
    me = actor.person_id
    return Looker(
        actor,
        session.get_bind().dialect.name,
        audience_of(actor, connected=False),
        audience_of(actor, connected=True),
        tuple(sorted(list_connected_ids(session, me))) if me else (),
        tuple(sorted(list_blocked_ids(session, me))) if me else (),
    )


def base_query(looker: Looker) -> Select[int]:
    """Everyone who is there at all for the viewer, by id; joined with what persons and institutions have apart."""
    query = (
        select(Profile.id)
        .outerjoin(Person.__table__, Person.__table__.c.id == Profile.id)
        .outerjoin(Institution.__table__, Institution.__table__.c.id == Profile.id)
        .where(Profile.hidden_at.is_(None), Institution.__table__.c.merged_into_id.is_(None))
    )
    return query.where(Profile.id.not_in(looker.blocked)) if looker.blocked else query


def part_open(looker: Looker, part: str) -> ColumnElement[bool]:
    """Whether the viewer may see a part, for a row of `base_query`."""
    audience = func.coalesce(Person.__table__.c.audiences[part].as_string(), PARTS[part])
    open_to_all = audience.in_(sorted(looker.to_strangers)) if looker.to_strangers else false()
    conditions = [Profile.kind == INSTITUTION, open_to_all]
    if looker.near:
        conditions.append(and_(Profile.id.in_(looker.near), audience.in_(sorted(looker.to_connected))))
    if looker.actor.person_id:
        conditions.append(Profile.id == looker.actor.person_id)
    return or_(*conditions)


def having_words(
    looker: Looker, terms: list[Term], names_only: bool = False, whole: bool = False
) -> ColumnElement[bool]:
    """Whether the viewer finds all terms in what they may see of a profile."""
    if not terms:
        return true()
    found = Profile.id.in_(ids_with(looker.dialect, terms, looker.to_strangers, names_only, whole))
    if not looker.near:
        return found
    nearer = Profile.id.in_(ids_with(looker.dialect, terms, looker.to_connected, names_only, whole))
    return or_(found, and_(Profile.id.in_(looker.near), nearer))
