"""Marking notices as read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.notices import notice_kind
from app.features.notifications.models import Notice

MOST_LOOKED_AT = 200


def mark_read(session: Session, person_id: int, notice_id: int) -> None:
    """Note that a person opened a notice."""
    own = (Notice.id == notice_id, Notice.person_id == person_id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*own).values(read_at=now()))


def mark_all_read(session: Session, person_id: int, up_to: int) -> None:
    """Note that a person has read all up to one; what came while they read stays new."""
    own = (Notice.id <= up_to, Notice.person_id == person_id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*own).values(read_at=now()))


def mark_seen(session: Session, person_id: int, endpoint: str, place: Mapping[str, Any]) -> None:
    """Note that a person is on a page: what notices lead there has been read."""
    rows = select(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None)).order_by(Notice.id.desc())
    for notice in session.scalars(rows.limit(MOST_LOOKED_AT)):
        kind = notice_kind(notice.kind)
        if kind is None or kind.endpoint != endpoint:
            continue
        if all(str(notice.values.get(name)) == str(value) for name, value in place.items()):
            notice.read_at = now()
    session.flush()
