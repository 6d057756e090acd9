"""One meeting: its possible times in order of fairness, and a few that differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.matching.meetings.burdens import Load, Participant, load_table

STEP = timedelta(minutes=30)
APART = timedelta(hours=3)
SAME_CLOCK = 2  # how many proposals may stand at the same time of day

Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time with what it costs each person, in the order of the people."""

    start: datetime
    loads: tuple[Load, ...]

    @property
    def points(self) -> tuple[int, ...]:
        """The points alone."""
        return tuple(load.points for load in self.loads)

    @property
    def worst(self) -> int:
        """What the worst-off person carries at this time."""
        return max(self.points, default=0)


def candidate_starts(
    first: datetime, last: datetime, minutes: int, taken: Iterable[Interval] = ()
) -> tuple[datetime, ...]:
    """The starts on the half hours of UTC of meetings that lie within ``first`` and ``last`` and clash with none of
    ``taken``.

    >>> len(candidate_starts(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC), 60))
    47
    """
    at = first.astimezone(UTC)
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    at += STEP - over if over else timedelta(0)
    length, busy, starts = timedelta(minutes=minutes), list(taken), []
    while at + length <= last:
        if not any(begin < at + length and at < end for begin, end in busy):
            starts.append(at)
        at += STEP
    return tuple(starts)


def _fairness(people: Sequence[Participant], slot: Slot) -> tuple[object, ...]:
    totals = (person.borne + points for person, points in zip(people, slot.points, strict=True))
    return (sorted(totals, reverse=True), slot.start)


def rank_slots(people: Sequence[Participant], starts: Sequence[datetime], minutes: int) -> list[Slot]:
    """Every start, the fairest first: the worst-off person carries least, then the next, and so on; then the earliest.

    What each carried before counts. Exact, in O(starts * people) and a sort.
    """
    table = load_table(people, starts, minutes)
    slots = [Slot(start, loads) for start, loads in zip(starts, table, strict=True)]
    return sorted(slots, key=lambda slot: _fairness(people, slot))


def propose(people: Sequence[Participant], starts: Sequence[datetime], minutes: int, most: int = 5) -> list[Slot]:
    """The fairest time and up to ``most - 1`` next ones that differ from it and from each other: at least three hours
    apart, and no more than two at the same time of day."""
    chosen: list[Slot] = []
    for slot in rank_slots(people, starts, minutes):
        clock = [other for other in chosen if other.start.time() == slot.start.time()]
        near = any(abs(slot.start - other.start) < APART for other in chosen)
        if not near and len(clock) < SAME_CLOCK:
            chosen.append(slot)
        if len(chosen) == most:
            break
    return chosen
