"""What a person belongs to, asked to join and is invited to, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.features.communities.models import ACTIVE, CLOSED, PERSON, Community, Invitation, Member
from app.features.profiles.queries.directory.paging import read_cursor, write_cursor

PAGE = 30


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of communities with the person's place in each, and the cursors to its neighbours."""

    rows: Sequence[tuple[Community, Member]]
    previous: str | None
    next: str | None


def find_own_page(
    session: Session, person_id: int, cursor: str | None = None, limit: int = PAGE, state: str = ACTIVE
) -> OwnPage:
    """The communities in which a person's membership has a state; where something happened last comes first."""
    at = read_cursor(cursor)
    forward = at is None or at[0] == "a"
    keys = (Community.active_at, Community.id)
    query = (
        select(Community, Member)
        .join(Member, Member.community_id == Community.id)
        .where(Member.person_id == person_id, Member.state == state, Community.hidden_at.is_(None))
        .options(selectinload(Community.facets))
    )
    if at is not None:
        _rank, moment, number = at[1]
        if forward:
            beyond = or_(keys[0] < moment, and_(keys[0] == moment, keys[1] < number))
        else:
            beyond = or_(keys[0] > moment, and_(keys[0] == moment, keys[1] > number))
        query = query.where(beyond)
    query = query.order_by(*(key.desc() if forward else key.asc() for key in keys)).limit(limit + 1)
    rows = [(row[0], row[1]) for row in session.execute(query)]
    more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    if not rows:
        return OwnPage((), None, None)
    first, last = ((0, row[0].active_at, row[0].id) for row in (rows[0], rows[-1]))
    has_previous, has_next = (at is not None, more) if forward else (more, True)
    return OwnPage(
        rows, write_cursor("b", first) if has_previous else None, write_cursor("a", last) if has_next else None
    )


def _waiting_for(person_id: int, moment: datetime) -> Select[Invitation, Community]:
    """The invitations that wait for a person's yes or no."""
    return (
        select(Invitation, Community)
        .join(Community, Community.id == Invitation.community_id)
        .where(
            Invitation.person_id == person_id,
            Invitation.kind == PERSON,
            Invitation.answered_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > moment,
            Community.hidden_at.is_(None),
            Community.state != CLOSED,
        )
    )


def list_waiting_for(
    session: Session, person_id: int, moment: datetime, before: int | None = None, limit: int = PAGE
) -> tuple[list[tuple[Invitation, Community]], int | None]:
    """A page of them, newest first, and from which to go on, or None."""
    rows = _waiting_for(person_id, moment)
    rows = rows if before is None else rows.where(Invitation.id < before)
    found = [(row[0], row[1]) for row in session.execute(rows.order_by(Invitation.id.desc()).limit(limit + 1))]
    return found[:limit], found[limit - 1][0].id if len(found) > limit else None


def find_waiting(session: Session, person_id: int, community_id: int, moment: datetime) -> Invitation | None:
    """The newest invitation of one community that waits for a person."""
    rows = _waiting_for(person_id, moment).where(Invitation.community_id == community_id)
    row = session.execute(rows.order_by(Invitation.id.desc()).limit(1)).first()
    return row[0] if row is not None else None
