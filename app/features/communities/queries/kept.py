"""What waits for a person in the communities they look after, all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.features.communities.models import ACTIVE, ASKED, CLOSED, COORDINATOR, FACILITATOR, MEMBER, Community, Member
from app.features.communities.queries.members import unanswered_at
from app.features.communities.queries.newcomers import LATELY
from app.features.communities.queries.order import count_open_in

MOST = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A community somebody looks after: how many asked to join, wrote unanswered, and were reported."""

    community: Community
    asked: int
    unanswered: int
    reported: int


def list_kept(session: Session, person_id: int, moment: datetime) -> list[Kept]:
    """The communities a person coordinates or facilitates in which something waits, the liveliest first."""
    rows = (
        select(Community, Member.role)
        .join(Member, Member.community_id == Community.id)
        .where(
            Member.person_id == person_id,
            Member.state == ACTIVE,
            Member.role.in_((COORDINATOR, FACILITATOR)),
            Community.hidden_at.is_(None),
            Community.state != CLOSED,
        )
        .order_by(Community.active_at.desc(), Community.id)
        .limit(MOST)
    )
    own = session.execute(rows).all()
    if not own:
        return []
    ids = [community.id for community, _role in own]
    coordinated = {community.id for community, role in own if role == COORDINATOR}
    asked = _count(session, ids, Member.state == ASKED)
    newcomers = (Member.state == ACTIVE, Member.role == MEMBER, Member.joined_at > moment - LATELY)
    unanswered = _count(session, ids, *newcomers, unanswered_at(moment), Member.person_id != person_id)
    reported = count_open_in(session, person_id, coordinated, set(ids) - coordinated)
    found = (Kept(c, asked.get(c.id, 0), unanswered.get(c.id, 0), reported.get(c.id, 0)) for c, _role in own)
    return [one for one in found if one.asked or one.unanswered or one.reported]


def _count(session: Session, ids: list[int], *conditions: ColumnElement[bool] | Any) -> dict[int, int]:
    rows = select(Member.community_id, func.count()).where(Member.community_id.in_(ids), *conditions)
    return dict(session.execute(rows.group_by(Member.community_id)).all())
