"""What begins soon, and who said they come to it and may be reminded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.accounts.models import Account
from app.features.communities.models import ACTIVE, Community, Member
from app.features.events.models import PLANNED, YES, Event, EventAnswer
from app.features.notifications.models import DAY_BEFORE, UNREMINDED, Notice, NoticeSettings
from app.features.profiles.models import Person

BATCH = 200


def list_beginning_ids(session: Session, moment: datetime, until: datetime) -> list[int]:
    """The events that begin after a moment and up to another one, and to which somebody comes; the next first."""
    rows = (
        select(Event.id)
        .join(Community, Community.id == Event.community_id)
        .where(
            Event.starts_at > moment, Event.starts_at <= until, Event.state == PLANNED, Event.hidden_at.is_(None),
            Event.yes_count > 0, Community.hidden_at.is_(None),
        )
        .order_by(Event.starts_at, Event.id)
    )  # fmt: skip
    return list(session.scalars(rows))


def find_beginning(session: Session, event_id: int) -> tuple[Event, Community] | None:
    """One of them with its community, as it is now; None if it is cancelled or out of sight meanwhile."""
    rows = (
        select(Event, Community)
        .join(Community, Community.id == Event.community_id)
        .where(
            Event.id == event_id, Event.state == PLANNED, Event.hidden_at.is_(None), Community.hidden_at.is_(None)
        )
    )  # fmt: skip
    row = session.execute(rows).first()
    return (row[0], row[1]) if row is not None else None


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes: since when they say so, by which clocks they live, and how they want to be reminded."""

    person_id: int
    answered_at: datetime
    timezone: str | None
    wish: str


def list_comers(session: Session, event: Event, after: int, limit: int = BATCH) -> list[Comer]:
    """Those who said yes, still belong to the community and want to be reminded, by number from one on."""
    wish = func.coalesce(NoticeSettings.reminders, DAY_BEFORE)
    rows = (
        select(EventAnswer.person_id, EventAnswer.at, Person.timezone, wish)
        .join(Person, Person.id == EventAnswer.person_id)
        .join(Account, Account.id == Person.account_id)
        .join(Member, (Member.community_id == event.community_id) & (Member.person_id == EventAnswer.person_id))
        .outerjoin(NoticeSettings, NoticeSettings.person_id == EventAnswer.person_id)
        .where(
            EventAnswer.event_id == event.id, EventAnswer.answer == YES, EventAnswer.person_id > after,
            Member.state == ACTIVE, Person.hidden_at.is_(None), Account.suspended_at.is_(None), wish != UNREMINDED,
        )
        .order_by(EventAnswer.person_id)
        .limit(limit)
    )  # fmt: skip
    return [Comer(*row) for row in session.execute(rows)]


def list_told_ids(session: Session, keys: Collection[str], person_ids: Collection[int]) -> set[tuple[str, int]]:
    """Who was told already, with the key of the telling."""
    rows = select(Notice.key, Notice.person_id).where(Notice.key.in_(keys), Notice.person_id.in_(person_ids))
    return {(row[0], row[1]) for row in session.execute(rows)}
