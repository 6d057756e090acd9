"""What a meeting at a time costs a person: an integer, and in which way it is hard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

PIECE = 30  # minutes: hours and slots stand on this grid
DAY = 24 * 60

FINE, EARLY, LATE, BREAK = "fine", "early", "late", "break"
NIGHT, FREE_DAY, HOLIDAY = "night", "free_day", "holiday"

# From 8 to 20 o'clock every day, for whoever said nothing; the days of rest of their country still count as such.
ASSUMED_HOURS: tuple[tuple[int, int], ...] = ((8 * 60, 20 * 60),)

# Outside one's own hours by day: a point for each hour begun away from them, so far.
MOST_BY_DAY = 4
# Outside one's own hours at night, by the hour of the clock.
NIGHT_POINTS = {22: 8, 23: 10, 0: 12, 1: 12, 2: 12, 3: 12, 4: 12, 5: 8}
# Added on a day on which the person does not work, and on a public holiday (not both).
FREE_DAY_POINTS, HOLIDAY_POINTS = 4, 6

Spans = tuple[tuple[int, int], ...]
Clock = tuple[int, int]  # weekday from Monday, minute of the day


@dataclass(frozen=True, slots=True)
class Participant:
    """A person to meet.

    Parameters
    ----------
    id
        Any number that tells people apart.
    zone
        IANA name of the time zone.
    hours
        For each weekday from Monday their spans ``(from, to)`` in minutes of the local day; None: nothing said, then
        `ASSUMED_HOURS` hold except on the ``weekend``.
    weekend
        Days of rest of the country, Monday being 0.
    holidays
        Public holidays of the country, by local date.
    borne
        Points carried in earlier meetings; they count in every comparison.
    """

    id: int
    zone: str
    hours: tuple[Spans, ...] | None = None
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = field(default_factory=frozenset)
    borne: int = 0

    @property
    def assumed(self) -> bool:
        """Whether the hours were assumed, not said."""
        return self.hours is None

    def spans(self, weekday: int) -> Spans:
        """The hours of a weekday; empty on a day off."""
        if self.hours is not None:
            return self.hours[weekday]
        return () if weekday in self.weekend else ASSUMED_HOURS


@dataclass(frozen=True, slots=True)
class Load:
    """What a slot costs a person: the points of its hardest half hour, and why, the gravest reason first."""

    points: int
    kinds: tuple[str, ...] = (FINE,)


def _from_edge(person: Participant, weekday: int, minute: int) -> tuple[int, str]:
    """Minutes from a half hour outside the person's hours to the nearest of them, and on which side it lies."""
    best, side = DAY, LATE
    for days in (-1, 0, 1):
        for begin, end in person.spans((weekday + days) % 7):
            after = minute + PIECE - (end + days * DAY)
            before = begin + days * DAY - minute
            if 0 < after < best:
                best, side = after, LATE
            if 0 < before < best:
                best, side = before, EARLY
    today = person.spans(weekday)
    inside = any(end <= minute for _b, end in today) and any(begin >= minute + PIECE for begin, _e in today)
    return best, BREAK if inside else side


def _night_points(minute: int) -> int:
    hours = (minute // 60, (minute + PIECE - 1) // 60 % 24)
    return max(NIGHT_POINTS.get(hour, 0) for hour in hours)


def _piece_load(person: Participant, clock: Clock, holiday: bool) -> Load:
    weekday, minute = clock
    today, kinds, points = person.spans(weekday), [], 0
    if holiday or not today:
        points += HOLIDAY_POINTS if holiday else FREE_DAY_POINTS
        kinds.append(HOLIDAY if holiday else FREE_DAY)
    # A half hour that begins inside hours which go on into the next day lies inside, too.
    if not any(begin <= minute and (minute + PIECE <= end or end == DAY) for begin, end in today):
        night = _night_points(minute)
        edge, side = _from_edge(person, weekday, minute) if today else (0, "")
        by_day = min(MOST_BY_DAY, -(-edge // 60))
        points += max(night, by_day)
        if night:
            kinds.append(NIGHT)
        elif by_day:
            kinds.append(side)
    return Load(points, tuple(kinds)) if kinds else Load(0)


def _clock_of(local: datetime) -> Clock:
    return local.weekday(), local.hour * 60 + local.minute


def load_of(person: Participant, start: datetime, minutes: int) -> Load:
    """What a meeting costs a person: its hardest half hour counts, by the clocks of that very day.

    ``start`` must be aware of its zone.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> load_of(Participant(1, "Africa/Nairobi"), monday, 60)
    Load(points=0, kinds=('fine',))
    >>> load_of(Participant(2, "Pacific/Auckland"), monday, 60)
    Load(points=12, kinds=('night',))
    """
    zone = ZoneInfo(person.zone)
    clocks = [(start + timedelta(minutes=at)).astimezone(zone) for at in range(0, max(minutes, 1), PIECE)]
    pieces = (_piece_load(person, _clock_of(local), local.date() in person.holidays) for local in clocks)
    return max(pieces, key=lambda load: load.points)


def load_table(people: Sequence[Participant], starts: Sequence[datetime], minutes: int) -> list[tuple[Load, ...]]:
    """For each start the load of each person: clocks are read once for each zone, a half hour of the week is looked at
    once for each person."""
    steps = [timedelta(minutes=at) for at in range(0, max(minutes, 1), PIECE)]
    moments = {moment: at for at, moment in enumerate(dict.fromkeys(s + step for s in starts for step in steps))}
    rows = [[moments[start + step] for step in steps] for start in starts]
    read: dict[str, list[tuple[date, Clock]]] = {}
    for name in {person.zone for person in people}:
        zone = ZoneInfo(name)
        locals_there = (moment.astimezone(zone) for moment in moments)
        read[name] = [(local.date(), _clock_of(local)) for local in locals_there]
    known: dict[object, list[Load]] = {}
    columns = []
    for person in people:
        alike = (person.zone, person.hours, person.weekend, person.holidays)
        if alike not in known:
            known[alike] = _column(person, read[person.zone], rows)
        columns.append(known[alike])
    return list(zip(*columns, strict=True)) if columns else [() for _start in starts]


def _column(person: Participant, clocks: Sequence[tuple[date, Clock]], rows: Sequence[Sequence[int]]) -> list[Load]:
    """What each row of half hours costs a person: the hardest of them, of equal ones the first."""
    known: dict[tuple[Clock, bool], Load] = {}
    pieces = []
    for day, clock in clocks:
        at = (clock, day in person.holidays)
        if at not in known:
            known[at] = _piece_load(person, *at)
        pieces.append(known[at])
    column = []
    for first, *others in rows:
        worst = pieces[first]
        for other in others:
            if pieces[other].points > worst.points:
                worst = pieces[other]
        column.append(worst)
    return column
