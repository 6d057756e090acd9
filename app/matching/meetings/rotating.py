"""A series of meetings: times that rotate, so that over the series the worst-off person carries as little as can be.

Each meeting has its own possible times. Chosen is one for each, so that the totals of the people, sorted from the
highest, are lexicographically least (leximin); among equals the earliest on the whole. Two observations make it small:

* a time that costs nobody less than another, and somebody more, is in no best series; of equal ones the earliest stands
  for all. What is left are some dozen vectors a meeting;
* meetings with the same choice can be counted instead of told apart, and people whom every time costs the same are one.

What is left is too much to try, so a fair series is sought first (`searching`), and then a bound leaves so little that
could be fairer that all of it can be looked through (`proving`). That is given up after `EFFORT` totals of people,
not after a time, so that the same question has the same answer; then it is said how far the proof came: only for the
worst-off person (`Series.settled` 1), or for nobody (0), and then what the worst-off one carries at `Series.least`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.matching.meetings.burdens import Participant, load_table
from app.matching.meetings.proposing import Slot

EFFORT = 80_000_000
MOST_MEETINGS, MOST_PEOPLE = 12, 40

Vector = tuple[int, ...]
Choice = tuple[tuple[Vector, int], ...]  # what each time left costs, and how many half hours after the first it is


class NoSlot(ValueError):
    """A meeting of the series has no possible time."""


class TooHard(RuntimeError):
    """More people or meetings than series are sought for."""


@dataclass(frozen=True, slots=True)
class Series:
    """The times of a series in order, and what each person carries in all, with what they carried before.

    ``settled``: how many of the worst-off people provably cannot be better off; everybody if None. ``least``: in no
    series does the worst-off person carry less than this; the same as ``worst`` where that is settled.
    """

    slots: tuple[Slot, ...]
    totals: tuple[int, ...]
    settled: int | None = None
    least: int = 0

    @property
    def worst(self) -> int:
        """What the worst-off person carries in all."""
        return max(self.totals, default=0)


def _series(people: Sequence[Participant], slots: Sequence[Slot], settled: int | None = None, least: int = 0) -> Series:
    carried = zip(*(slot.points for slot in slots), strict=True) if slots else ((),) * len(people)
    totals = tuple(person.borne + sum(points) for person, points in zip(people, carried, strict=True))
    return Series(tuple(slots), totals, settled, least)


def slots_in(people: Sequence[Participant], windows: Sequence[Sequence[datetime]], minutes: int) -> list[list[Slot]]:
    """What each start of each window costs whom; reckoned once for all of them."""
    table = iter(load_table(people, [start for starts in windows for start in starts], minutes))
    return [[Slot(start, next(table)) for start in starts] for starts in windows]


def rotate(people: Sequence[Participant], windows: Sequence[Sequence[datetime]], minutes: int) -> Series:
    """The fairest series with one time from each of ``windows`` (possible starts, earliest first), as far as it could
    be proven.

    Raises `NoSlot` where a window is empty and `TooHard` for more than `MOST_MEETINGS` or `MOST_PEOPLE`.
    """
    return _rotate(people, slots_in(people, windows, minutes))


def take_turns(
    people: Sequence[Participant], windows: Sequence[Sequence[datetime]], minutes: int, zone: str
) -> tuple[Series, Series | None]:
    """The same, and beside it `same_time`, than which it is never less fair."""
    slots = slots_in(people, windows, minutes)
    fixed = _same_time(people, slots, zone)
    return _rotate(people, slots, fixed), fixed


def _rotate(people: Sequence[Participant], slots: Sequence[Sequence[Slot]], known: Series | None = None) -> Series:
    # Here, because most who look at a meeting never ask for a series, and numpy is slow to load.
    from app.matching.meetings.program import solve, undominated

    if not all(slots):
        raise NoSlot
    if len(slots) > MOST_MEETINGS or len(people) > MOST_PEOPLE:
        raise TooHard
    fronts = [undominated(week) for week in slots]
    meetings: dict[Choice, list[int]] = defaultdict(list)
    for at, (front, week) in enumerate(zip(fronts, slots, strict=True)):
        begin = week[0].start
        meetings[tuple((slot.points, (slot.start - begin) // timedelta(minutes=30)) for slot in front)].append(at)
    choices = list(meetings)
    order = [at for choice in choices for at in meetings[choice]]
    beginning = [_no_worse(fronts[at], known.slots[at]) for at in order] if known else None
    chosen = solve(people, choices, [len(meetings[choice]) for choice in choices], beginning)
    slots_at: dict[int, Slot] = {}
    for choice, times in zip(choices, chosen.counts, strict=True):
        for meeting, number in zip(meetings[choice], _spread(times), strict=True):
            slots_at[meeting] = fronts[meeting][number]
    return _series(people, [slots_at[at] for at in range(len(slots))], chosen.settled, chosen.least)


def _no_worse(front: Sequence[Slot], slot: Slot) -> int:
    """The number of a slot in the front that costs nobody more than this one."""
    return next(at for at, one in enumerate(front) if all(a <= b for a, b in zip(one.points, slot.points, strict=True)))


def _spread(counts: Sequence[int]) -> list[int]:
    """Each number as often as counted, the same ones as far from each other as a turn allows."""
    left, order = Counter({number: count for number, count in enumerate(counts) if count}), list[int]()
    while left:
        ready = [number for number in left if not order or number != order[-1]] or list(left)
        chosen = max(ready, key=lambda number: (left[number], -number))
        order.append(chosen)
        left[chosen] -= 1
        left += Counter()
    return order


def same_time(
    people: Sequence[Participant], windows: Sequence[Sequence[datetime]], minutes: int, zone: str
) -> Series | None:
    """The fairest series that keeps one time of one weekday by the clocks of ``zone``, for comparison; None if no time
    is possible in every window. Exact: every time of the first window is tried."""
    return _same_time(people, slots_in(people, windows, minutes), zone)


def _same_time(people: Sequence[Participant], slots: Sequence[Sequence[Slot]], zone: str) -> Series | None:
    local = ZoneInfo(zone)
    by_clock: list[dict[tuple[int, int, int], Slot]] = []
    for week in slots:
        clocks = [(slot.start.astimezone(local), slot) for slot in week]
        by_clock.append({(at.weekday(), at.hour, at.minute): slot for at, slot in reversed(clocks)})
    best: Series | None = None
    for clock in sorted(by_clock[0], key=lambda c: by_clock[0][c].start) if by_clock else ():
        if not all(clock in clocks for clocks in by_clock):
            continue
        series = _series(people, [clocks[clock] for clocks in by_clock])
        if best is None or sorted(series.totals, reverse=True) < sorted(best.totals, reverse=True):
            best = series
    return best


def is_as_said(people: Sequence[Participant], series: Series, minutes: int) -> bool:
    """Whether a series costs each person what it says: everything is reckoned again from the hours and zones."""
    starts = [slot.start.astimezone(UTC) for slot in series.slots]
    again = [Slot(start, loads) for start, loads in zip(starts, load_table(people, starts, minutes), strict=True)]
    return _series(people, again).totals == series.totals
