"""Finding and listing meetings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.features.communities.models import ACTIVE, Community, Member
from app.features.communities.policies import Standing
from app.features.events.models import NO, PLANNED, Event, EventAnswer
from app.features.events.policies import can_see_event

PAGE = 20
JUST_BEGUN = timedelta(hours=1)  # so long a meeting that goes on stands among those to come: one can still go there
KEPT_IN_CALENDARS = timedelta(days=180)
MOST_IN_CALENDARS = 1000


def find_event(session: Session, standing: Standing, event_id: int) -> Event | None:
    """A meeting of the community, if there is one for the actor."""
    event = session.get(Event, event_id)
    if event is None or event.community_id != standing.community.id or not can_see_event(standing, event):
        return None
    return event


def get_event(session: Session, standing: Standing, event_id: int) -> Event:
    """The same; raises `NotFound`."""
    event = find_event(session, standing, event_id)
    if event is None:
        raise NotFound
    return event


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of meetings; ``next``: where to go on, or None."""

    events: list[Event]
    next: tuple[datetime, int] | None


def list_events(
    session: Session,
    community_id: int,
    moment: datetime,
    past: bool = False,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
    cancelled: bool = True,
) -> EventPage:
    """Coming meetings, the next first, and one that has just begun; or past ones, the last first. ``cancelled``: with
    those that were cancelled."""
    rows = select(Event).where(Event.community_id == community_id, Event.hidden_at.is_(None))
    rows = rows if cancelled else rows.where(Event.state == PLANNED)
    moment -= JUST_BEGUN
    place, order = tuple_(Event.starts_at, Event.id), (Event.starts_at, Event.id)
    if past:
        rows = rows.where(Event.starts_at <= moment).order_by(Event.starts_at.desc(), Event.id.desc())
        rows = rows.where(place < after) if after else rows
    else:
        rows = rows.where(Event.starts_at > moment).order_by(*order)
        rows = rows.where(place > after) if after else rows
    found = list(session.scalars(rows.limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return EventPage(found, (found[-1].starts_at, found[-1].id) if more else None)


def list_series(session: Session, event: Event) -> list[Event]:
    """The meetings of a series in order; of a single one just itself."""
    if event.series is None:
        return [event]
    rows = select(Event).where(Event.series == event.series, Event.community_id == event.community_id)
    return list(session.scalars(rows.where(Event.hidden_at.is_(None)).order_by(Event.starts_at, Event.id)))


def list_answers(session: Session, event_id: int) -> list[EventAnswer]:
    """Who said what, the first first."""
    rows = select(EventAnswer).where(EventAnswer.event_id == event_id)
    return list(session.scalars(rows.order_by(EventAnswer.at, EventAnswer.person_id)))


def list_answers_of(session: Session, person_id: int | None, event_ids: Collection[int]) -> dict[int, str]:
    """What a person said to some meetings."""
    if person_id is None or not event_ids:
        return {}
    rows = select(EventAnswer.event_id, EventAnswer.answer).where(
        EventAnswer.person_id == person_id, EventAnswer.event_id.in_(event_ids)
    )
    return dict(session.execute(rows).all())


def list_coming(session: Session, actor: Actor, limit: int = 3) -> list[tuple[Event, Community]]:
    """The next meetings of the communities a person belongs to, those they declined left out."""
    if actor.person_id is None:
        return []
    mine = and_(Member.community_id == Event.community_id, Member.person_id == actor.person_id, Member.state == ACTIVE)
    declined = and_(
        EventAnswer.event_id == Event.id, EventAnswer.person_id == actor.person_id, EventAnswer.answer == NO
    )
    rows = (
        select(Event, Community)
        .join(Community, Community.id == Event.community_id)
        .join(Member, mine)
        .outerjoin(EventAnswer, declined)
        .where(
            Event.starts_at > now() - JUST_BEGUN, Event.state == PLANNED, Event.hidden_at.is_(None),
            Community.hidden_at.is_(None), EventAnswer.event_id.is_(None),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(limit)
    )  # fmt: skip
    return [(row[0], row[1]) for row in session.execute(rows)]


def list_for_calendar(session: Session, community_ids: Sequence[int], person_id: int | None = None) -> list[Event]:
    """The meetings of some communities for a calendar, cancelled ones too; without those ``person_id`` declined."""
    rows = (
        select(Event)
        .where(
            Event.community_id.in_(community_ids), Event.hidden_at.is_(None),
            Event.starts_at > now() - KEPT_IN_CALENDARS,
        )
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(MOST_IN_CALENDARS)
    )  # fmt: skip
    if person_id is not None:
        own = and_(EventAnswer.event_id == Event.id, EventAnswer.person_id == person_id)
        rows = rows.outerjoin(EventAnswer, own)
        rows = rows.where(or_(EventAnswer.answer.is_(None), EventAnswer.answer != NO))
    return sorted(session.scalars(rows), key=lambda event: (event.starts_at, event.id))
