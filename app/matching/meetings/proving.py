"""Proof that no series is fairer: a bound, and everything looked through that the bound leaves.

Weights of the people that add up to one give a bound: nobody's total is above the highest one, so their weighted mean
is not, either, and that mean is least where each meeting takes its cheapest time by these weights. The best weights are
the dual of a linear program, solved by HiGHS. What a time costs above the cheapest is its surplus; in a series in which
nobody carries more than in the best one known, the surpluses add up to no more than the gap between that and the bound.
So few series are left that all of them can be looked through, a batch of beginnings at a time: what goes over the gap,
or gives somebody more than the worst-off person of the best one known has, is left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.matching.meetings.searching import Answer, Key, World, fairest_row

BATCH = 512
# Weights are numbers with a comma; points are whole ones. Far more than the one, far less than the other.
ROUNDING = 1e-5


@dataclass(frozen=True, slots=True)
class Bound:
    """No series has a worst-off person below ``value``; ``surplus``: for each choice what its times add to that."""

    value: float
    surplus: tuple[Any, ...]

    @property
    def least(self) -> int:
        """The same as points, which are whole."""
        return math.ceil(self.value - ROUNDING)


def bound_worst(world: World) -> Bound:
    """The bound with the best weights there are."""
    weights = _weights(world)
    means = [costs @ weights for costs in world.costs]
    value = float(weights @ world.borne) + sum(
        count * float(mean.min()) for count, mean in zip(world.counts, means, strict=True)
    )
    return Bound(value, tuple(mean - mean.min() for mean in means))


def _weights(world: World) -> Any:
    """The dual of: take each time in parts, so that the highest total is least."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    people, width = len(world.borne), sum(len(costs) for costs in world.costs)
    above = np.hstack([np.vstack(world.costs).T, np.full((people, 1), -1)])
    parts = np.zeros((len(world.costs), width + 1))
    at = 0
    for row, costs in zip(parts, world.costs, strict=True):
        row[at : at + len(costs)] = 1
        at += len(costs)
    target = np.zeros(width + 1)
    target[-1] = 1
    answer = linprog(
        target, csr_array(above), -world.borne, csr_array(parts), np.array(world.counts), (0, None), "highs-ds"
    )
    # Any weights give a bound that holds; those of a program that went wrong only give a poor one.
    found = np.clip(-answer.ineqlin.marginals, 0, None) if answer.status == 0 else np.ones(people)
    return found / found.sum() if found.sum() > 0 else np.full(people, 1 / people)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Beginnings of series: what each person has by then, what is spent of the gap, and the times taken."""

    totals: Any
    spent: Any
    path: Any

    def part(self, rows: Any) -> _Batch:
        return _Batch(self.totals[rows], self.spent[rows], self.path[rows])


class Looking:
    """Looks through every series whose worst-off person carries at most what the best one known says, or less."""

    def __init__(self, world: World, bound: Bound, best: Answer, strict: bool) -> None:
        self.world, self.bound, self.best, self.strict = world, bound, best, strict
        self.effort = 0
        small = max(best.key[0], int(world.borne.max(initial=0))) < 30_000
        self.kind = np.int16 if small else np.int64
        kept = [np.flatnonzero(surplus <= self._gap()) for surplus in bound.surplus]
        self.kept = [rows[np.argsort(s[rows], kind="stable")] for rows, s in zip(kept, bound.surplus, strict=True)]
        # Meetings with few times first, those that choose among the same ones together.
        order = sorted(range(len(kept)), key=lambda choice: (len(kept[choice]), choice))
        self.levels = [choice for choice in order for _again in range(world.counts[choice])]
        self.costs = [c[rows].astype(self.kind) for c, rows in zip(world.costs, self.kept, strict=True)]
        self.surplus = [s[rows] for s, rows in zip(bound.surplus, self.kept, strict=True)]

    def _gap(self) -> float:
        return self._allowed() - self.bound.value + ROUNDING

    def _allowed(self) -> int:
        return self.best.key[0] - self.strict

    def run(self, effort: int) -> bool:
        """Look; whether it was everything. What is fairer than the best one known takes its place."""
        if any(not len(rows) for rows in self.kept):
            return True
        self.to_come = [np.zeros(len(self.world.borne), dtype=self.kind)]
        for choice in reversed(self.levels):
            self.to_come.append(self.to_come[-1] + self.costs[choice].min(axis=0))
        self.to_come.reverse()
        start = _Batch(self.world.borne[None].astype(self.kind), np.zeros(1), np.zeros((1, 0), dtype=np.int16))
        waiting = [start]
        while waiting:
            batch = waiting.pop()
            if batch.path.shape[1] == len(self.levels):
                self._compare(batch)
                continue
            after = self._go_on(batch)
            if self.effort > effort:
                return False
            waiting.extend(after.part(slice(begin, begin + BATCH)) for begin in range(0, len(after.spent), BATCH))
        return True

    def _go_on(self, batch: _Batch) -> _Batch:
        """Every beginning with every time of the next meeting that may still be as fair."""
        level = batch.path.shape[1]
        choice = self.levels[level]
        spent = batch.spent[:, None] + self.surplus[choice][None]
        fits = spent <= self._gap()
        if level and self.levels[level - 1] == choice:
            # Which of two meetings that are alike has which time is all the same.
            fits &= batch.path[:, -1:] <= np.arange(fits.shape[1])
        rows, times = np.nonzero(fits)
        self.effort += len(rows) * len(self.world.borne)
        totals = batch.totals[rows] + self.costs[choice][times]
        alive = (totals <= self._allowed() - self.to_come[level + 1]).all(axis=1)
        rows, times = rows[alive], times[alive]
        path = np.hstack([batch.path[rows], times[:, None].astype(np.int16)])
        return _Batch(totals[alive], spent[rows, times], path)

    def _compare(self, batch: _Batch) -> None:
        near = np.flatnonzero(batch.totals.max(axis=1, initial=0) <= self._allowed())
        if not len(near):
            return
        late = sum(
            self.world.positions[choice][self.kept[choice][batch.path[near, level]]]
            for level, choice in enumerate(self.levels)
        )
        key, number = fairest_row(batch.totals[near], late)
        if key < self.best.key:
            self.best = self._answer(key, batch.path[near[number]])

    def _answer(self, key: Key, path: Any) -> Answer:
        times: list[list[int]] = [[] for _choice in self.world.counts]
        for level, choice in enumerate(self.levels):
            times[choice].append(int(self.kept[choice][path[level]]))
        return Answer(key, tuple(time for chosen in times for time in chosen))
