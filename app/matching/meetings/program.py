"""The integer programs behind a fair series: which times are worth choosing among, and which are chosen.

Apart from `rotating`, which says what they are for, because only whoever asks for a series needs numpy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from app.matching.meetings.burdens import Participant
from app.matching.meetings.proposing import Slot
from app.matching.meetings.rotating import MOST_NODES, MOST_NODES_AFTER, Choice, TooHard, Vector


def undominated(slots: Sequence[Slot]) -> list[Slot]:
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


def solve(
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
        # The worst-off person's best is what must be proven; for the rest somebody is waiting.
        self.nodes_left = min(self.nodes_left, MOST_NODES_AFTER)

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
