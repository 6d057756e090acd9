"""Keeping what harvesters are offered true when a community opens or closes its doors."""

from __future__ import annotations

from sqlalchemy import and_, not_, or_, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.resources.models import Resource
from app.features.resources.queries.seeing import open_to_all


def settle_listing(session: Session) -> None:
    """Date every resource anew that harvesters were offered and may not read any more, or the other way round."""
    moment = now().replace(microsecond=0)
    went = and_(Resource.listed.is_(True), not_(open_to_all()))
    came = and_(or_(Resource.listed.is_(None), Resource.listed.is_(False)), open_to_all())
    for condition, listed in ((went, False), (came, True)):
        session.execute(
            update(Resource)
            .where(condition)
            .values(listed=listed, changed_at=moment)
            .execution_options(synchronize_session=False)
        )
