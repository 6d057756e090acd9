"""Writes of relations."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.core.signals import announce, connection_made
from app.features.relations.models import Block, Connection, PartnerOrganisation
from app.features.relations.queries import list_connected_ids


def connect(session: Session, one: int, other: int) -> None:
    """Connect two profiles; already connected ones stay so."""
    low, high = min(one, other), max(one, other)
    if session.get(Connection, (low, high)) is None:
        session.add(Connection(low_id=low, high_id=high))
        session.flush()
        announce(session, connection_made, low_id=low, high_id=high)


def disconnect(session: Session, one: int, other: int) -> None:
    """End a connection."""
    session.execute(
        delete(Connection).where(Connection.low_id == min(one, other), Connection.high_id == max(one, other))
    )


def move_connections(session: Session, old: int, new: int) -> None:
    """Give one profile the connections of another that was merged into it."""
    for other in list_connected_ids(session, old):
        disconnect(session, old, other)
        if other != new and session.get(Connection, (min(new, other), max(new, other))) is None:
            session.add(Connection(low_id=min(new, other), high_id=max(new, other)))
    session.flush()


def move_history(session: Session, old: int, new: int) -> None:
    """Give one institution the history of partnerships of another that was merged into it."""
    organisation = PartnerOrganisation
    session.execute(update(organisation).where(organisation.institution_id == old).values(institution_id=new))


def block(session: Session, blocker: int, blocked: int) -> None:
    """Block a profile: an existing connection ends, and neither is shown to the other again."""
    if session.get(Block, (blocker, blocked)) is None:
        session.add(Block(blocker_id=blocker, blocked_id=blocked))
    disconnect(session, blocker, blocked)
    session.flush()


def unblock(session: Session, blocker: int, blocked: int) -> None:
    """Lift a block that ``blocker`` made."""
    session.execute(delete(Block).where(Block.blocker_id == blocker, Block.blocked_id == blocked))
