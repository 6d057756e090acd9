"""Who is to meet: their hours, holidays, and what they carried in earlier meetings of the community."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from babel.core import get_global
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.communities.models import ACTIVE, COORDINATOR, FACILITATOR, Member
from app.features.events.models import MAYBE, NO, PLANNED, YES, Event, EventAnswer, EventLoad
from app.features.profiles.queries.hours import PersonHours, list_hours
from app.features.profiles.queries.reading import primary
from app.matching.meetings import Participant

# How long a burden is remembered: long enough to take turns, not for ever.
REMEMBERED = timedelta(days=180)
MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class Days:
    """A country's public holidays by date, with the language their names are in, and its days of rest."""

    names: Mapping[date, str]
    lang: str
    weekend: frozenset[int]


@lru_cache(maxsize=512)
def days_of(country: str | None, years: tuple[int, ...], reading: str) -> Days:
    """The holidays of a country, named in the reader's language only where they really have names in it."""
    # Half a megabyte of calendars: only where times are sought.
    import holidays

    if not country or country not in holidays.list_supported_countries():
        return Days({}, "en", frozenset({5, 6}))
    # An unknown language would silently give English, so it is chosen from those the country has.
    plain = holidays.country_holidays(country)
    spoken = [tag for tag in plain.supported_languages if primary(tag) == primary(reading)]
    lang = next(iter(spoken), plain.default_language)
    found = holidays.country_holidays(country, years=list(years), language=lang)
    return Days(dict(found.items()), (lang or "en").replace("_", "-"), frozenset(found.weekend))


@lru_cache(maxsize=512)
def only_zone_of(country: str | None) -> str | None:
    """The time zone of a country that has just one."""
    zones = get_global("zone_territories")
    found = [zone for zone, territory in zones.items() if territory == country and "/" in zone]
    return found[0] if country and len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Attendee:
    """A person to meet: what is reckoned with, and what of it was assumed.

    ``zone_assumed``: their country has one time zone, they said none. ``days``: the holidays of their country.
    """

    participant: Participant
    country: str | None
    zone_assumed: bool
    days: Days


def list_borne(session: Session, community_id: int, person_ids: Collection[int]) -> dict[int, int]:
    """What some persons carried in the community's meetings of the last half year and in those planned: where they
    were among those a time was found for, it was not cancelled, and they did not decline."""
    answer = and_(EventAnswer.event_id == EventLoad.event_id, EventAnswer.person_id == EventLoad.person_id)
    rows = (
        select(EventLoad.person_id, func.sum(EventLoad.points))
        .join(Event, Event.id == EventLoad.event_id)
        .outerjoin(EventAnswer, answer)
        .where(
            Event.community_id == community_id, EventLoad.person_id.in_(person_ids), Event.state == PLANNED,
            Event.starts_at > now() - REMEMBERED, or_(EventAnswer.answer.is_(None), EventAnswer.answer != NO),
        )
        .group_by(EventLoad.person_id)
    )  # fmt: skip
    return {person: int(points) for person, points in session.execute(rows)}


def list_attendees_to_be(
    session: Session,
    community_id: int,
    person_ids: Sequence[int],
    span: tuple[date, date],
    reading: str,
    remember: bool = True,
) -> tuple[list[Attendee], list[int]]:
    """Those to meet, and the ids of those who cannot be counted because nothing tells their time zone."""
    hours = list_hours(session, person_ids)
    borne = list_borne(session, community_id, person_ids) if remember else {}
    years = tuple(range(span[0].year, span[1].year + 1))
    counted: list[Attendee] = []
    unknown: list[int] = []
    for number in person_ids:
        row = hours.get(number)
        zone = _zone(row)
        if row is None or zone is None:
            unknown.append(number)
            continue
        days = days_of(row.country, years, reading)
        person = Participant(
            number, zone, row.week, days.weekend, frozenset(days.names), borne.get(number, 0)
        )  # fmt: skip
        counted.append(Attendee(person, row.country, row.timezone is None, days))
    return counted, unknown


def _zone(row: PersonHours | None) -> str | None:
    return (row.timezone or only_zone_of(row.country)) if row is not None else None


def list_recent_members(session: Session, community_id: int, limit: int = MOST_LISTED) -> list[Member]:
    """Members to choose from: who keeps the community first, then who was active last."""
    keeps = Member.role.in_((COORDINATOR, FACILITATOR))
    rows = select(Member).where(Member.community_id == community_id, Member.state == ACTIVE)
    order = (keeps.desc(), func.coalesce(Member.active_at, Member.joined_at).desc().nulls_last(), Member.person_id)
    return list(session.scalars(rows.order_by(*order).limit(limit)))


def list_who_come(session: Session, event_id: int) -> list[int]:
    """Who said yes or perhaps to a meeting."""
    rows = select(EventAnswer.person_id).where(
        EventAnswer.event_id == event_id, EventAnswer.answer.in_((YES, MAYBE))
    )  # fmt: skip
    return list(session.scalars(rows.order_by(EventAnswer.at, EventAnswer.person_id)))


def list_loads(session: Session, event_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """What meetings cost whom: event to person to points."""
    found: dict[int, dict[int, int]] = {}
    rows = select(EventLoad).where(EventLoad.event_id.in_(list(event_ids)))
    for row in session.scalars(rows):
        found.setdefault(row.event_id, {})[row.person_id] = row.points
    return found
