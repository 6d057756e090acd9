"""Who is left out of a profile's suggestions, and what was put aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.features.introductions.queries import list_pending_ids
from app.features.profiles.models import Delegation, Person
from app.features.profiles.policies import OWNER
from app.features.profiles.queries.delegates import list_one_hand_ids
from app.features.relations.queries import list_blocked_ids, list_connected_ids
from app.features.suggestions.models import Dismissal, SuggestionShown


@dataclass(frozen=True, slots=True)
class PutAside:
    """A profile that was put aside, why, and when."""

    profile_id: int
    reason: str
    at: datetime


def list_dismissed(
    session: Session, profile_id: int, after: tuple[datetime, int] | None, limit: int
) -> tuple[list[PutAside], tuple[datetime, int] | None]:
    """A page of what a profile put aside, the latest first, and where the next begins (None: nowhere)."""
    at, key = Dismissal.created_at, Dismissal.dismissed_id
    query = select(Dismissal).where(Dismissal.profile_id == profile_id).order_by(at.desc(), key).limit(limit + 1)
    if after is not None:
        query = query.where(or_(at < after[0], and_(at == after[0], key > after[1])))
    rows = list(session.scalars(query))
    found = [PutAside(row.dismissed_id, row.reason, row.created_at) for row in rows[:limit]]
    return found, (found[-1].at, found[-1].profile_id) if len(rows) > limit else None


def write_place(place: tuple[datetime, int]) -> str:
    """Where a page of what was put aside begins, as it stands in addresses and answers."""
    return f"{place[0].isoformat()}_{place[1]}"


def read_place(text: str) -> tuple[datetime, int] | None:
    """The same read; None for anything that `write_place` never wrote."""
    moment, _underscore, number = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        # Compared in UTC, where a moment at the very edge of the calendar may not exist.
        return (at.astimezone(UTC), int(number)) if at.tzinfo and re.fullmatch("[0-9]{1,18}", number) else None
    except (ValueError, OverflowError):
        return None


def list_excluded_ids(session: Session, profile_id: int) -> set[int]:
    """Whom a profile is not to be suggested: connected, blocked, put aside, an introduction is on its way,
    or the same people answer for both."""
    dismissed = session.scalars(select(Dismissal.dismissed_id).where(Dismissal.profile_id == profile_id))
    return {
        *dismissed,
        *list_connected_ids(session, profile_id),
        *list_blocked_ids(session, profile_id),
        *list_pending_ids(session, profile_id),
        *list_one_hand_ids(session, profile_id),
    }


def find_last_shown(session: Session, profile_id: int, kind: str) -> SuggestionShown | None:
    """The list of a kind that was shown to a profile last."""
    return session.scalar(
        select(SuggestionShown)
        .where(SuggestionShown.profile_id == profile_id, SuggestionShown.kind == kind)
        .order_by(SuggestionShown.id.desc())
        .limit(1)
    )


def find_first_delegate(session: Session, institution_id: int) -> Person | None:
    """Who has acted for an institution the longest, owners first; None if nobody does."""
    return session.scalar(
        select(Person)
        .join(Delegation, Delegation.person_id == Person.id)
        .where(Delegation.institution_id == institution_id, Delegation.accepted_at.is_not(None))
        .order_by(Delegation.role != OWNER, Delegation.id)
        .limit(1)
    )
