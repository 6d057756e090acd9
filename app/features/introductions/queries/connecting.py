"""Reads of connections and blocks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session, with_polymorphic

from app.core.actor import Actor
from app.features.profiles.models import Institution, Person, Profile
from app.features.profiles.queries.visible import visible_parts
from app.features.relations.models import Block, Connection

PAGE = 20


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection as one of its sides sees it."""

    other_id: int
    since: datetime


def list_connections(
    session: Session, profile_id: int, after: str | None = None, limit: int = PAGE
) -> tuple[list[ConnectionRow], str | None]:
    """The connections of a profile, newest first, and where the next page begins."""
    other = case((Connection.low_id == profile_id, Connection.high_id), else_=Connection.low_id)
    rows = select(other, Connection.created_at).where(
        or_(Connection.low_id == profile_id, Connection.high_id == profile_id)
    )
    mark = _read_moment(after)
    if mark is not None:
        at, number = mark
        rows = rows.where(or_(Connection.created_at < at, and_(Connection.created_at == at, other > number)))
    found = session.execute(rows.order_by(Connection.created_at.desc(), other).limit(limit + 1)).all()
    items = [ConnectionRow(number, at) for number, at in found[:limit]]
    more = f"{items[-1].since.isoformat()}~{items[-1].other_id}" if len(found) > limit else None
    return items, more


def _read_moment(mark: str | None) -> tuple[datetime, int] | None:
    at, _tilde, number = (mark or "").partition("~")
    try:
        moment, other = datetime.fromisoformat(at), int(number)
    except ValueError:
        return None
    return (moment, other) if moment.tzinfo is not None and 0 <= other < 2**62 else None


def list_edges(session: Session, ids: Collection[int], limit: int) -> list[tuple[int, int]]:
    """The connections that one of these profiles is a side of, oldest first, at most ``limit``."""
    if not ids:
        return []
    rows = (
        select(Connection.low_id, Connection.high_id)
        .where(or_(Connection.low_id.in_(ids), Connection.high_id.in_(ids)))
        .order_by(Connection.created_at, Connection.low_id, Connection.high_id)
        .limit(limit)
    )
    return [(low, high) for low, high in session.execute(rows)]


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A block somebody made. ``name`` is None where the blocked person's name is not open to the reader."""

    blocker_id: int
    blocked_id: int
    handle: str
    kind: str
    name: str | None
    country: str | None
    at: datetime


def list_blocks(session: Session, actor: Actor, blockers: Collection[int], limit: int = 500) -> list[BlockRow]:
    """The blocks these profiles made, newest first. Nobody sees those made against them."""
    if not blockers:
        return []
    entity = with_polymorphic(Profile, [Person, Institution])
    rows = session.execute(
        select(Block, entity)
        .join(entity, entity.id == Block.blocked_id)
        .where(Block.blocker_id.in_(blockers))
        .order_by(Block.created_at.desc(), Block.blocked_id)
        .limit(limit)
    )
    found = []
    for made, profile in rows:
        open_name = "name" in visible_parts(profile, actor, connected=False)
        name = profile.name if open_name and isinstance(profile, (Person, Institution)) else None
        found.append(
            BlockRow(made.blocker_id, profile.id, profile.handle, profile.kind, name, profile.country, made.created_at)
        )
    return found


def handles_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The handles of profiles by number."""
    if not ids:
        return {}
    return dict(session.execute(select(Profile.id, Profile.handle).where(Profile.id.in_(ids))).all())


def list_blocked_handles(session: Session, blocker_id: int) -> list[str]:
    """The handles of those one profile blocked."""
    rows = select(Profile.handle).join(Block, Block.blocked_id == Profile.id).where(Block.blocker_id == blocker_id)
    return list(session.scalars(rows.order_by(Profile.handle)))
