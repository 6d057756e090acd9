"""Signs of life: when something last happened in a community, and when a member last did something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.communities.models import DORMANT, LIVE, Community, Member
from app.features.communities.policies import Standing


def touch(session: Session, standing: Standing, at: datetime | None = None) -> None:
    """Note that the actor did something in the community; a dormant one is awake again.

    Two statements and no loaded row: many may write at once, and none of them changes the community itself.
    """
    moment = at or now()
    community_id, person_id = standing.community.id, standing.actor.person_id
    quiet = {"synchronize_session": False}
    awake = case((Community.state == DORMANT, LIVE), else_=Community.state)
    session.execute(
        update(Community)
        .where(Community.id == community_id, Community.active_at < moment)
        .values(active_at=moment, state=awake)
        .execution_options(**quiet)
    )
    session.execute(
        update(Member)
        .where(Member.community_id == community_id, Member.person_id == person_id)
        .values(active_at=moment)
        .execution_options(**quiet)
    )
