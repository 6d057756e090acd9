"""A series of meetings: times that rotate, so that over the series the worst-off person carries as little as can be.

Each meeting has its own possible times. Chosen is one for each, so that the totals of the people, sorted from the
highest, are lexicographically least (leximin); among equals the earliest on the whole. Two observations make it small:

* a time that costs nobody less than another, and somebody more, is in no best series; of equal ones the earliest stands
  for all. What is left are some dozen vectors a meeting;
* meetings with the same choice can be counted instead of told apart, and people whom every time costs the same are one.

The rest is a sequence of integer programs, minimising the sum of the k highest totals for k = 1, 2, … (Ogryczak and
Śliwiński, 2006: the lexicographic minimum of these sums is the leximin). They are solved by HiGHS to optimality, and
every answer is rounded to integers and checked again. Where that takes more than `MOST_NODES` branches, or
`MOST_NODES_AFTER` once the worst-off person's best is proven, it ends with what is proven: `Series.settled` of the
worst-off people cannot be better off. If not even the worst-off one is settled, nothing is answered (`TooHard`): a
series that only looks fair is worse than none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.matching.meetings.burdens import Participant, load_table
from app.matching.meetings.proposing import Slot

MOST_NODES, MOST_NODES_AFTER = 2_000, 600
MOST_MEETINGS, MOST_PEOPLE = 12, 40

Vector = tuple[int, ...]
Choice = tuple[tuple[Vector, int], ...]  # what each time left costs, and how many half hours after the first it is


class NoSlot(ValueError):
    """A meeting of the series has no possible time."""


class TooHard(RuntimeError):
    """The fairest series could not be proven within the limit; fewer people, meetings or days make it smaller."""


@dataclass(frozen=True, slots=True)
class Series:
    """The times of a series in order, and what each person carries in all, with what they carried before.

    ``settled``: how many of the worst-off people provably cannot be better off; everybody if None.
    """

    slots: tuple[Slot, ...]
    totals: tuple[int, ...]
    settled: int | None = None

    @property
    def worst(self) -> int:
        """What the worst-off person carries in all."""
        return max(self.totals, default=0)


def _series(people: Sequence[Participant], slots: Sequence[Slot], settled: int | None = None) -> Series:
    carried = (sum(slot.points[at] for slot in slots) for at in range(len(people)))
    return Series(tuple(slots), tuple(p.borne + points for p, points in zip(people, carried, strict=True)), settled)


def rotate(people: Sequence[Participant], windows: Sequence[Sequence[datetime]], minutes: int) -> Series:
    """The fairest series with one time from each of ``windows`` (possible starts, earliest first).

    Raises `NoSlot` where a window is empty and `TooHard` where not even the worst-off person's best was proven.
    """
    # Here, because most who look at a meeting never ask for a series, and numpy is slow to load.
    from app.matching.meetings.program import solve, undominated

    if not all(windows):
        raise NoSlot
    if len(windows) > MOST_MEETINGS or len(people) > MOST_PEOPLE:
        raise TooHard
    fronts = []
    for starts in windows:
        table = load_table(people, starts, minutes)
        slots = [Slot(start, loads) for start, loads in zip(starts, table, strict=True)]
        fronts.append(undominated(slots))
    meetings: dict[Choice, list[int]] = defaultdict(list)
    for at, (front, starts) in enumerate(zip(fronts, windows, strict=True)):
        meetings[tuple((slot.points, (slot.start - starts[0]) // timedelta(minutes=30)) for slot in front)].append(at)
    choices = list(meetings)
    counts, settled = solve(people, choices, [len(meetings[choice]) for choice in choices])
    slots_at: dict[int, Slot] = {}
    for choice, times in zip(choices, counts, strict=True):
        for meeting, number in zip(meetings[choice], _spread(times), strict=True):
            slots_at[meeting] = fronts[meeting][number]
    return _series(people, [slots_at[at] for at in range(len(windows))], settled)


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
    local = ZoneInfo(zone)
    by_clock: list[dict[tuple[int, int, int], datetime]] = []
    for starts in windows:
        clocks = ((start.astimezone(local), start) for start in starts)
        by_clock.append({(at.weekday(), at.hour, at.minute): start for at, start in reversed(list(clocks))})
    best: Series | None = None
    tables = [_known(people, list(clocks.values()), minutes) for clocks in by_clock]
    for clock in sorted(by_clock[0], key=lambda c: by_clock[0][c]) if by_clock else ():
        if not all(clock in clocks for clocks in by_clock):
            continue
        slots = [table[clocks[clock]] for clocks, table in zip(by_clock, tables, strict=True)]
        series = _series(people, slots)
        if best is None or sorted(series.totals, reverse=True) < sorted(best.totals, reverse=True):
            best = series
    return best


def _known(people: Sequence[Participant], starts: Sequence[datetime], minutes: int) -> dict[datetime, Slot]:
    table = load_table(people, starts, minutes)
    return {start: Slot(start, loads) for start, loads in zip(starts, table, strict=True)}


def is_as_said(people: Sequence[Participant], series: Series, minutes: int) -> bool:
    """Whether a series costs each person what it says: everything is reckoned again from the hours and zones."""
    starts = [slot.start.astimezone(UTC) for slot in series.slots]
    again = [Slot(start, loads) for start, loads in zip(starts, load_table(people, starts, minutes), strict=True)]
    return _series(people, again).totals == series.totals
