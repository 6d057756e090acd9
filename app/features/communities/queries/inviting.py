"""Where somebody could be invited to: the communities of the one who would invite, without those they belong to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.features.communities.models import ACTIVE, CLOSED, COORDINATOR, MEMBERS, Community, Member

MOST = 8


def list_open_for(session: Session, person_id: int, guest_id: int, moment: datetime) -> list[Community]:
    """The communities to which a person may invite another, the liveliest first (`policies.can_invite`)."""
    theirs = aliased(Member)
    there = select(theirs.person_id).where(
        theirs.community_id == Community.id, theirs.person_id == guest_id, theirs.state == ACTIVE
    )
    rows = (
        select(Community)
        .join(Member, Member.community_id == Community.id)
        .where(
            Member.person_id == person_id,
            Member.state == ACTIVE,
            or_(Member.muted_until.is_(None), Member.muted_until <= moment),
            or_(Member.role == COORDINATOR, Community.inviting == MEMBERS),
            Community.state != CLOSED,
            Community.hidden_at.is_(None),
            ~there.exists(),
        )
    )
    return list(session.scalars(rows.order_by(Community.active_at.desc(), Community.id).limit(MOST)))
