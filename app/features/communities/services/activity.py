"""Signs of life: when something last happened in a community, and when a member last did something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.communities.models import COORDINATOR, DORMANT, LIVE, Community, Member
from app.features.communities.policies import Standing


def touch(session: Session, standing: Standing, at: datetime | None = None) -> None:
    """Note that the actor did something in the community; a dormant one is awake again.

    Two statements and no loaded row: many may write at once, and none of them changes the community itself.
    """
    moment = at or now()
    community_id = standing.community.id
    quiet = {"synchronize_session": False}
    awake = case((Community.state == DORMANT, LIVE), else_=Community.state)
    session.execute(
        update(Community)
        .where(Community.id == community_id, Community.active_at < moment)
        .values(active_at=moment, state=awake)
        .execution_options(**quiet)
    )
    note_presence(session, standing, moment)


def note_presence(session: Session, standing: Standing, at: datetime | None = None) -> None:
    """Note that the actor is there and does something; a coordinator who was missed is not missed any more."""
    moment = at or now()
    community, person_id = standing.community, standing.actor.person_id
    quiet = {"synchronize_session": False}
    session.execute(
        update(Member)
        .where(Member.community_id == community.id, Member.person_id == person_id)
        .values(active_at=moment)
        .execution_options(**quiet)
    )
    if community.orphaned_at is None or standing.role != COORDINATOR:
        return
    session.execute(
        update(Community).where(Community.id == community.id).values(orphaned_at=None).execution_options(**quiet)
    )
    # Those who were asked to take over are not needed now.
    session.execute(
        update(Member)
        .where(Member.community_id == community.id, Member.offered_role.is_not(None), Member.offered_by.is_(None))
        .values(offered_role=None)
        .execution_options(**quiet)
    )
