"""A series of meetings: times that rotate, so that over the series the worst-off person carries as little as can be.

Each meeting has its own possible times. Chosen is one for each, so that the totals of the people, sorted from the
highest, are lexicographically least (leximin); among equals the earliest on the whole. Two observations make it small:

* a time that costs nobody less than another, and somebody more, is in no best series; of equal ones the earliest stands
  for all. What is left are some dozen vectors a meeting;
* meetings with the same choice can be counted instead of told apart, and people whom every time costs the same are one.

The rest is a sequence of integer programs, minimising the sum of the k highest totals for k = 1, 2, … (Ogryczak and
Śliwiński, 2006: the lexicographic minimum of these sums is the leximin). They are solved by HiGHS to optimality, and
every answer is rounded to integers and checked again. Where that takes more than `MOST_NODES` branches in all, it ends
with what is proven: `Series.settled` of the worst-off people cannot be better off. If not even the worst-off one is
settled, nothing is answered (`TooHard`): a series that only looks fair is worse than none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from app.matching.meetings.burdens import Participant, load_table
from app.matching.meetings.proposing import Slot

MOST_NODES = 2_000
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


def _undominated(slots: Sequence[Slot]) -> list[Slot]:
    """The slots that no other one beats for everybody; of equal ones the earliest."""
    first: dict[Vector, Slot] = {}
    for slot in slots:
        first.setdefault(slot.points, slot)
    # Whoever dominates has the smaller sum, so only what was kept already can.
    kept: list[Slot] = []
    front = np.empty((0, len(slots[0].loads)), dtype=np.int64)
    for vector in sorted(first, key=lambda v: (sum(v), first[v].start)):
        row = np.array(vector, dtype=np.int64)
        if not bool((front <= row).all(axis=1).any()):
            kept.append(first[vector])
            front = np.vstack([front, row])
    return kept


def rotate(people: Sequence[Participant], windows: Sequence[Sequence[datetime]], minutes: int) -> Series:
    """The fairest series with one time from each of ``windows`` (possible starts, earliest first).

    Raises `NoSlot` where a window is empty and `TooHard` where not even the worst-off person's best was proven.
    """
    if not all(windows):
        raise NoSlot
    if len(windows) > MOST_MEETINGS or len(people) > MOST_PEOPLE:
        raise TooHard
    fronts = []
    for starts in windows:
        table = load_table(people, starts, minutes)
        slots = [Slot(start, loads) for start, loads in zip(starts, table, strict=True)]
        fronts.append(_undominated(slots))
    meetings: dict[Choice, list[int]] = defaultdict(list)
    for at, (front, starts) in enumerate(zip(fronts, windows, strict=True)):
        meetings[tuple((slot.points, (slot.start - starts[0]) // timedelta(minutes=30)) for slot in front)].append(at)
    choices = list(meetings)
    counts, settled = _solve(people, choices, [len(meetings[choice]) for choice in choices])
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


def _columns(people: Sequence[Participant], choices: Sequence[Choice]) -> tuple[Any, Any, Any]:
    """The people as rows of costs over all times, equal ones counted, those whom every series costs the same left out.

    Leaving those out is safe: leximin compares two series by the people to whom they differ.
    """
    alike: Counter[tuple[int, Vector]] = Counter()
    for at, person in enumerate(people):
        costs = [[vector[at] for vector, _position in choice] for choice in choices]
        if any(len(set(row)) > 1 for row in costs):
            alike[person.borne, tuple(cost for row in costs for cost in row)] += 1
    rows = sorted(alike)
    borne = np.array([borne for borne, _row in rows], dtype=np.int64)
    costs_of = np.array([row for _borne, row in rows], dtype=np.int64)
    return borne, costs_of, np.array([alike[row] for row in rows], dtype=np.int64)


def _solve(
    people: Sequence[Participant], choices: Sequence[Choice], meetings: Sequence[int]
) -> tuple[list[list[int]], int | None]:
    """How often each time of each choice is taken, leximin over the totals, then the earliest; and how many of the
    worst-off are settled."""
    borne, costs, weights = _columns(people, choices)
    program, settled = _Program(choices, meetings), None
    for k in range(1, int(weights.sum()) + 1 if len(borne) else 1):
        try:
            program.minimise_highest(k, borne, costs, weights)
        except TooHard:
            if k == 1:
                raise
            settled = k - 1
            break
    x = program.best if settled else program.minimise_position()
    answer, at = [], 0
    for choice in choices:
        answer.append([int(n) for n in x[at : at + len(choice)]])
        at += len(choice)
    return answer, settled


def _sum_of_highest(k: int, totals: Any, weights: Any) -> int:
    spread = np.sort(np.repeat(totals, weights))[::-1]
    return int(spread[:k].sum())


class _Program:
    """The integer program: x counts how often each time is taken; sums of the highest totals are bounded one by one."""

    def __init__(self, choices: Sequence[Choice], meetings: Sequence[int]) -> None:
        self.sizes = [len(choice) for choice in choices]
        self.width = sum(self.sizes)
        self.meetings = list(meetings)
        self.positions = np.array([position for choice in choices for _vector, position in choice])
        self.upper = np.repeat(np.array(meetings), self.sizes)
        # Of each step that is done: k, and the least sum of the k highest totals.
        self.bounds: list[tuple[int, int]] = []
        self.facts: tuple[Any, Any, Any] | None = None
        self.best: Any = None
        self.nodes_left = MOST_NODES

    def minimise_highest(self, k: int, borne: Any, costs: Any, weights: Any) -> None:
        """Make the sum of the ``k`` highest totals as small as it can be, given those before; and keep it there."""
        self.facts = (borne, costs, weights)
        x = self._run(k)
        self.best = x
        self.bounds.append((k, _sum_of_highest(k, borne + costs @ x, weights)))

    def minimise_position(self) -> Any:
        """Of all series as fair as that, the one that is earliest on the whole; any of them where that is too hard."""
        try:
            return self._run(None)
        except TooHard:
            if self.best is None:
                raise
            return self.best

    def _run(self, k: int | None) -> Any:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        wanted = [*self.bounds, *([(k, None)] if k is not None else [])]
        groups = len(self.facts[0]) if self.facts else 0
        block = groups + 1  # t and a d for each group
        size = self.width + block * len(wanted)
        rows, low, high = self._rows(wanted, size, block)
        target = np.zeros(size)
        if k is None:
            target[: self.width] = self.positions
        else:
            last = self.width + block * (len(wanted) - 1)
            target[last], target[last + 1 :] = k, self.facts[2]  # type: ignore[index]
        whole = np.zeros(size)
        whole[: self.width] = 1
        top = np.full(size, np.inf)
        top[: self.width] = self.upper
        answer = milp(
            target, integrality=whole, bounds=Bounds(0, top),
            constraints=LinearConstraint(csr_array(rows), low, high),
            options={"node_limit": max(1, self.nodes_left), "mip_rel_gap": 0.0},
        )  # fmt: skip
        self.nodes_left -= int(getattr(answer, "mip_node_count", 0) or 0)
        if answer.status != 0 or answer.x is None:
            raise TooHard
        x = np.rint(answer.x[: self.width]).astype(np.int64)
        self._check(x)
        return x

    def _rows(self, wanted: Sequence[tuple[int, int | None]], size: int, block: int) -> tuple[Any, Any, Any]:
        rows, low, high = [], [], []
        at = 0
        for length, count in zip(self.sizes, self.meetings, strict=True):
            row = np.zeros(size)
            row[at : at + length] = 1
            rows.append(row)
            low.append(float(count))
            high.append(float(count))
            at += length
        for number, (k, value) in enumerate(wanted):
            borne, costs, weights = self.facts  # type: ignore[misc]
            begin = self.width + number * block
            for group in range(block - 1):
                # d >= total - t
                row = np.zeros(size)
                row[: self.width] = -costs[group]
                row[begin] = row[begin + 1 + group] = 1
                rows.append(row)
                low.append(float(borne[group]))
                high.append(np.inf)
            if value is not None:
                row = np.zeros(size)
                row[begin], row[begin + 1 : begin + block] = k, weights
                rows.append(row)
                low.append(-np.inf)
                high.append(value + 0.25)  # sums are integers: room for rounding, not for another one
        return np.array(rows), np.array(low), np.array(high)

    def _check(self, x: Any) -> None:
        """Raise unless the rounded answer keeps every rule exactly."""
        at = 0
        for length, count in zip(self.sizes, self.meetings, strict=True):
            if int(x[at : at + length].sum()) != count:
                raise TooHard
            at += length
        if self.facts is not None:
            borne, costs, weights = self.facts
            totals = borne + costs @ x
            if any(_sum_of_highest(k, totals, weights) > value for k, value in self.bounds):
                raise TooHard


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
