"""Finding a time that is fair to everyone, for one meeting or for a series. Nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.communities.policies import Standing
from app.features.events.models import MOST_MEETINGS, MOST_PEOPLE, PLANNED, Event
from app.features.events.queries.loads import Attendee, list_attendees_to_be
from app.features.events.services.clocks import start_of_day
from app.matching.meetings import (
    Participant,
    Series,
    Slot,
    candidate_starts,
    propose,
    take_turns,
)

# Below so many people the proposals would tell where the one is whose zone is private.
ENOUGH_TO_HIDE = 4
NOTICE = timedelta(hours=1)
DURATIONS = (30, 45, 60, 90, 120, 180)
WINDOWS = (1, 2, 3, 5, 7, 14)


@dataclass(frozen=True, slots=True)
class Search:
    """What is sought: for whom, how long, within which days by the clocks of ``zone``; ``every``: weeks, 0 for one."""

    person_ids: Sequence[int]
    minutes: int
    first: date
    days: int
    zone: str
    every: int = 0
    times: int = 1
    remember: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What was found. ``unknown``: no zone is known of them; ``unsaid``: left out, as so few could not hide their zone.

    Of one meeting ``proposals``, the fairest first; of a series ``series``, which says how far it is proven, and
    ``fixed``, the best that keeps one local time (None: there is none).
    """

    attendees: tuple[Attendee, ...]
    unknown: tuple[int, ...]
    unsaid: tuple[int, ...]
    proposals: tuple[Slot, ...] = ()
    series: Series | None = None
    fixed: Series | None = None

    @property
    def people(self) -> list[Participant]:
        """Those reckoned with."""
        return [attendee.participant for attendee in self.attendees]


def check_search(search: Search, today: date) -> None:
    """Raise `Invalid` for what cannot be sought."""
    errors: dict[str, Text] = {}
    if len(search.person_ids) < 2:
        errors["people"] = Text(N_("Please choose at least two people."))
    elif len(search.person_ids) > MOST_PEOPLE:
        errors["people"] = Text(N_("Please choose at most %(limit)s people."), {"limit": MOST_PEOPLE})
    if search.minutes not in DURATIONS:
        errors["minutes"] = Text(N_("Please choose how long it takes."))
    if search.days not in WINDOWS or (search.every and search.days > 7 * search.every):
        errors["days"] = Text(N_("For a series, please choose at most as many days as lie between two events."))
    if not today - timedelta(days=1) <= search.first <= today + timedelta(days=366):
        errors["first"] = Text(N_("Please choose a day from today, within a year."))
    if search.every not in (0, 1, 2, 4) or not 1 <= search.times <= MOST_MEETINGS:
        errors["times"] = Text(N_("A series has at most %(limit)s events."), {"limit": MOST_MEETINGS})
    if errors:
        raise Invalid(errors)


def _taken(session: Session, community_id: int, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    rows = select(Event).where(
        Event.community_id == community_id, Event.state == PLANNED, Event.hidden_at.is_(None),
        Event.starts_at > begin - timedelta(days=1), Event.starts_at < end,
    )  # fmt: skip
    return [(event.starts_at, event.ends_at) for event in session.scalars(rows)]


def _windows(session: Session, standing: Standing, search: Search) -> list[tuple[datetime, ...]]:
    firsts = [search.first + timedelta(weeks=search.every * n) for n in range(search.times if search.every else 1)]
    spans = [
        (start_of_day(day, search.zone), start_of_day(day + timedelta(days=search.days), search.zone)) for day in firsts
    ]
    taken = _taken(session, standing.community.id, spans[0][0], spans[-1][1])
    soonest = standing.moment + NOTICE
    return [candidate_starts(max(begin, soonest), end, search.minutes, taken) for begin, end in spans]


def find_times(session: Session, standing: Standing, search: Search, open_ids: Collection[int], reading: str) -> Found:
    """The fairest times for a search that was checked. ``open_ids``: those whose place is open to the actor."""
    windows = _windows(session, standing, search)
    if not all(windows):
        raise Invalid(
            {"first": Text(N_("There is no free time within these days. Please choose more days, or later ones."))}
        )
    span = (windows[0][0].date() - timedelta(days=1), windows[-1][-1].date() + timedelta(days=1))
    attendees, unknown = list_attendees_to_be(
        session, standing.community.id, search.person_ids, span, reading, search.remember
    )
    unsaid: list[int] = []
    if len(attendees) < ENOUGH_TO_HIDE:
        unsaid = [a.participant.id for a in attendees if a.participant.id not in open_ids]
        attendees = [a for a in attendees if a.participant.id in open_ids]
    if not attendees:
        raise Invalid({"people": Text(N_("Nothing is known of when these people work. Please choose others."))})
    who = (tuple(attendees), tuple(unknown), tuple(unsaid))
    people = [attendee.participant for attendee in attendees]
    if not search.every or search.times == 1:
        return Found(*who, proposals=tuple(propose(people, windows[0], search.minutes)))
    series, fixed = take_turns(people, windows, search.minutes, search.zone)
    return Found(*who, series=series, fixed=fixed)
