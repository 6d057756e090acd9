"""Taking turns: who comes, goes or changes a role in a community waits for whoever does so at the same moment."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.features.communities.models import Community, Member


def lock_community(session: Session, community_id: int) -> None:
    """Have whoever else locks the same community wait until this transaction has ended; on both databases.

    What was read before may be out of date now: read members again with `lock_member`.
    """
    session.execute(
        update(Community)
        .where(Community.id == community_id)
        .values(member_count=Community.member_count)
        .execution_options(synchronize_session=False)
    )


def lock_member(session: Session, community_id: int, person_id: int) -> Member | None:
    """A membership as it is now, and nobody else's to change until this transaction has ended."""
    row = select(Member).where(Member.community_id == community_id, Member.person_id == person_id).with_for_update()
    return session.scalar(row.execution_options(populate_existing=True))
