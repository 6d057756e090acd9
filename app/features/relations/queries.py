"""Reads of relations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.database import BigId
from app.features.relations.models import Block, Connection

# Asked several times by every page of people, and so put together once.
_me = bindparam("me", type_=BigId)
_CONNECTED = select(Connection.low_id, Connection.high_id).where(
    or_(Connection.low_id == _me, Connection.high_id == _me)
)
_BLOCKED = select(Block.blocker_id, Block.blocked_id).where(or_(Block.blocker_id == _me, Block.blocked_id == _me))


def are_connected(session: Session, one: int, other: int) -> bool:
    """Whether two profiles are connected."""
    return session.get(Connection, (min(one, other), max(one, other))) is not None


def list_connected_ids(session: Session, profile_id: int) -> set[int]:
    """The profiles this one is connected with."""
    rows = session.execute(_CONNECTED, {"me": profile_id})
    return {high if low == profile_id else low for low, high in rows}


def list_blocked_ids(session: Session, profile_id: int) -> set[int]:
    """The profiles that this one blocked or that blocked this one."""
    rows = session.execute(_BLOCKED, {"me": profile_id})
    return {blocked if blocker == profile_id else blocker for blocker, blocked in rows}


def is_blocked(session: Session, one: int, others: Iterable[int]) -> set[int]:
    """Those of ``others`` between whom and ``one`` stands a block, in either direction."""
    return list_blocked_ids(session, one) & set(others)
