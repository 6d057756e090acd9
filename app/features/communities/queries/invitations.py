"""Reads of invitations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.communities.models import LINK, Community, Invitation, Member
from app.features.communities.policies import Standing, can_coordinate

PAGE = 30


def is_open(row: Invitation, moment: datetime) -> bool:
    """Whether an invitation can still be used."""
    lapsed = row.expires_at is not None and row.expires_at <= moment
    return row.withdrawn_at is None and row.answered_at is None and not lapsed


def list_links(session: Session, standing: Standing) -> list[Invitation]:
    """The links of a community that work, newest first; every member sees them."""
    rows = select(Invitation).where(
        Invitation.community_id == standing.community.id,
        Invitation.kind == LINK,
        Invitation.withdrawn_at.is_(None),
        or_(Invitation.expires_at.is_(None), Invitation.expires_at > standing.moment),
    )
    return list(session.scalars(rows.order_by(Invitation.id.desc()).limit(PAGE + 20)))


def list_sent(session: Session, standing: Standing) -> list[Invitation]:
    """The newest invitations by mail and to persons: one's own, for coordinators everybody's."""
    rows = select(Invitation).where(Invitation.community_id == standing.community.id, Invitation.kind != LINK)
    if not can_coordinate(standing):
        rows = rows.where(Invitation.by_person_id == standing.actor.person_id)
    return list(session.scalars(rows.order_by(Invitation.id.desc()).limit(PAGE)))


def find_invitation(session: Session, standing: Standing, invitation_id: int) -> Invitation | None:
    """An invitation of this community by its number."""
    row = session.get(Invitation, invitation_id)
    return row if row is not None and row.community_id == standing.community.id else None


def list_by(session: Session, person_id: int) -> list[Invitation]:
    """Every invitation a person made or got, oldest first."""
    rows = select(Invitation).where(or_(Invitation.by_person_id == person_id, Invitation.person_id == person_id))
    return list(session.scalars(rows.order_by(Invitation.id)))


def list_memberships(session: Session, person_id: int) -> list[tuple[Member, Community]]:
    """Every membership of a person, whatever became of it."""
    rows = select(Member, Community).join(Community, Community.id == Member.community_id)
    rows = rows.where(Member.person_id == person_id).order_by(Community.id)
    return [(row[0], row[1]) for row in session.execute(rows)]
