"""What is public of meetings and resources, the newest first, for feeds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.events.models import Event
from app.features.resources.models import Resource
from app.features.resources.queries.seeing import open_to_all, stands


def list_newest_events(session: Session, community_id: int, limit: int) -> Sequence[Event]:
    """The meetings of a community that were planned or changed last."""
    rows = select(Event).where(Event.community_id == community_id, Event.hidden_at.is_(None))
    return session.scalars(rows.order_by(Event.updated_at.desc(), Event.id.desc()).limit(limit)).all()


def list_newest_resources(session: Session, community_id: int | None, limit: int) -> Sequence[Resource]:
    """The resources that were shared last: of a community, or (None) of all that is open to everyone."""
    inside = (stands(), Resource.community_id == community_id) if community_id is not None else (open_to_all(),)
    rows = select(Resource).where(*inside)
    return session.scalars(rows.order_by(Resource.created_at.desc(), Resource.id.desc()).limit(limit)).all()
