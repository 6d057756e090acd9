"""Reads of charters: the one in force, its versions, what a member has still to accept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from app.core.errors import NotFound
from app.core.messages import N_, Text
from app.features.communities.models import Charter
from app.features.communities.policies import Standing

# So long a member may go on writing before they are asked to accept a new version with what they write.
PATIENCE = timedelta(days=30)
PAGE = 30


@dataclass(frozen=True, slots=True)
class Unaccepted:
    """A version of the charter that a member is asked to accept, and the one they accepted before."""

    version: int
    before: int | None
    since: datetime
    overdue: bool


def find_charter(session: Session, community_id: int) -> Charter | None:
    """The charter in force, if the community has one."""
    query = select(Charter).where(Charter.community_id == community_id).order_by(Charter.version.desc()).limit(1)
    return session.scalar(query)


def get_charter(session: Session, community_id: int) -> Charter:
    """The charter in force; raises `NotFound`."""
    charter = find_charter(session, community_id)
    if charter is None:
        raise NotFound
    return charter


def get_version(session: Session, community_id: int, version: int) -> Charter:
    """One version of a charter; raises `NotFound`."""
    charter = session.scalar(select(Charter).where(Charter.community_id == community_id, Charter.version == version))
    if charter is None:
        raise NotFound
    return charter


def list_versions(session: Session, community_id: int, before: int | None = None, most: int = PAGE) -> list[Charter]:
    """The versions of a charter without their texts, newest first; ``before``: those older than that version."""
    query = select(Charter).where(Charter.community_id == community_id)
    if before is not None:
        query = query.where(Charter.version < before)
    told = (Charter.version, Charter.note, Charter.small, Charter.created_by, Charter.created_at, Charter.offer_id)
    query = query.options(load_only(*told)).order_by(Charter.version.desc()).limit(most)
    return list(session.scalars(query))


def find_unaccepted(session: Session, standing: Standing) -> Unaccepted | None:
    """The version that the actor, a member, has still to accept; small corrections are not asked about."""
    member = standing.member
    if member is None or not standing.is_member:
        return None
    row = session.execute(
        select(Charter.version, Charter.created_at, Charter.created_by)
        .where(Charter.community_id == standing.community.id, Charter.small.is_(False))
        .order_by(Charter.version.desc())
        .limit(1)
    ).first()
    if row is None or (member.charter_version or 0) >= row.version or row.created_by == member.person_id:
        return None
    # Who joined later has had it before them since then only.
    since = max(row.created_at, member.joined_at or row.created_at)
    return Unaccepted(row.version, member.charter_version, since, since + PATIENCE <= standing.moment)


def find_charter_obstacle(session: Session, standing: Standing) -> Text | None:
    """Why a member is asked to accept the charter before they write on; None while there is time."""
    unaccepted = find_unaccepted(session, standing)
    if unaccepted is None or not unaccepted.overdue:
        return None
    return Text(N_("Please read the charter and accept it, on top of this page, before you write."))
