"""Reads around the threads of communities that need to know of communities: reasons, places one may look in."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, false, or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.communities.models import (
    ACTIVE,
    CLOSED,
    COORDINATOR,
    EVERYONE,
    FACILITATOR,
    Community,
    HouseLog,
    Member,
)


def list_hiding_reasons(session: Session, kind: str, things: Collection[int]) -> dict[int, str]:
    """Why the coordinators hid posts or threads; those that a moderator of the platform hid are left out."""
    if not things:
        return {}
    rows = session.execute(
        select(HouseLog.thing_id, HouseLog.action, HouseLog.reason)
        .where(HouseLog.kind == kind, HouseLog.thing_id.in_(things), HouseLog.action.in_(("hide", "return")))
        .order_by(HouseLog.id)
    )
    last = {thing: (action, reason) for thing, action, reason in rows if thing is not None}
    return {thing: reason for thing, (action, reason) in last.items() if action == "hide"}


def _own(actor: Actor) -> Select[int]:
    own = select(Member.community_id).where(Member.state == ACTIVE)
    return own.where(Member.person_id == actor.person_id) if actor.person_id is not None else own.where(false())


def readable_ids(actor: Actor) -> Select[int]:
    """The communities in which the actor may read what is written."""
    return select(Community.id).where(
        Community.hidden_at.is_(None), or_(Community.reading == EVERYONE, Community.id.in_(_own(actor)))
    )


def list_communities_named(session: Session, ids: Collection[int]) -> dict[int, Community]:
    """Communities by number."""
    if not ids:
        return {}
    return {found.id: found for found in session.scalars(select(Community).where(Community.id.in_(ids)))}


def list_facilitated(session: Session, actor: Actor, but: int) -> Sequence[Community]:
    """The other communities in which the actor keeps order, by name: a thread may move there."""
    if actor.person_id is None:
        return []
    mine = and_(Member.community_id == Community.id, Member.person_id == actor.person_id, Member.state == ACTIVE)
    query = (
        select(Community)
        .join(Member, mine)
        .where(
            Member.role.in_((FACILITATOR, COORDINATOR)),
            Community.hidden_at.is_(None),
            Community.state != CLOSED,
            Community.id != but,
        )
        .order_by(Community.name, Community.id)
    )
    return session.scalars(query).all()
