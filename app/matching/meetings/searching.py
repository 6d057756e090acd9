"""A fair series found fast: from many beginnings, one or two meetings moved at a time as long as that is fairer.

Nothing here is proven; `proving` looks for what was overlooked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Of so many beginnings each meeting is moved alone, of the fairest of them also each two together.
BEGINNINGS, DEEPENED = 24, 5
SEED = 20_190_311

Key = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class World:
    """The question in numbers.

    Parameters
    ----------
    costs
        For each distinct choice of times an array (times, people) of points.
    positions
        For each its times as half hours after the first.
    counts
        How many meetings have each choice.
    borne
        What each person carried before.
    """

    costs: tuple[Any, ...]
    positions: tuple[Any, ...]
    counts: tuple[int, ...]
    borne: Any

    @property
    def meetings(self) -> list[int]:
        """For each meeting its choice."""
        return [number for number, count in enumerate(self.counts) for _again in range(count)]


@dataclass(frozen=True, slots=True)
class Answer:
    """A series: the totals from the highest, then how late it is on the whole (the lesser the fairer), and the time of
    each meeting in the order of `World.meetings`."""

    key: Key
    times: tuple[int, ...]


def fairest_row(totals: Any, late: Any) -> tuple[Key, int]:
    """The leximin among rows of totals, of equal ones the earliest; its key and number."""
    spread = -np.sort(-totals, axis=1)
    number = int(np.lexsort((late, *spread.T[::-1]))[0])
    return (*map(int, spread[number]), int(late[number])), number


def key_of(world: World, times: Sequence[int]) -> Key:
    """How fair a series is."""
    totals = world.borne + sum(world.costs[at][time] for at, time in zip(world.meetings, times, strict=True))
    late = sum(int(world.positions[at][time]) for at, time in zip(world.meetings, times, strict=True))
    return (*map(int, -np.sort(-totals)), late)


class _Attempt:
    """A series that is being made fairer."""

    def __init__(self, world: World, times: Sequence[int]) -> None:
        self.world, self.meetings, self.times = world, world.meetings, list(times)
        self.key = key_of(world, times)
        self.totals = world.borne + sum(world.costs[g][t] for g, t in zip(self.meetings, times, strict=True))
        self.late = self.key[-1]

    def answer(self) -> Answer:
        return Answer(self.key, tuple(self.times))

    def _take(self, costs: Any, positions: Any, totals: Any, late: int) -> int | None:
        """The fairest of some costs on top of totals, if it is fairer than what there is; then it is taken over."""
        sums = totals + costs
        near = np.flatnonzero(sums.max(axis=1) <= self.key[0]) if sums.size else np.arange(len(sums))
        if not len(near):
            return None
        key, number = fairest_row(sums[near], late + positions[near])
        if key >= self.key:
            return None
        found = int(near[number])
        self.key, self.totals, self.late = key, sums[found], late + int(positions[found])
        return found

    def _without(self, *moved: int) -> tuple[Any, int]:
        totals, late = self.totals, self.late
        for at in moved:
            choice, time = self.meetings[at], self.times[at]
            totals, late = totals - self.world.costs[choice][time], late - int(self.world.positions[choice][time])
        return totals, late

    def move_one(self, at: int) -> bool:
        """Give a meeting its best time, the others staying."""
        choice = self.meetings[at]
        found = self._take(self.world.costs[choice], self.world.positions[choice], *self._without(at))
        if found is not None:
            self.times[at] = found
        return found is not None

    def move_two(self, one: int, other: int) -> bool:
        """Give two meetings their best times together, the others staying."""
        first, second = self.meetings[one], self.meetings[other]
        costs = self.world.costs[first][:, None, :] + self.world.costs[second][None, :, :]
        positions = self.world.positions[first][:, None] + self.world.positions[second][None, :]
        found = self._take(costs.reshape(-1, costs.shape[2]), positions.ravel(), *self._without(one, other))
        if found is not None:
            self.times[one], self.times[other] = divmod(found, positions.shape[1])
        return found is not None

    def descend(self, order: Sequence[int]) -> None:
        """Move single meetings until no such move makes it fairer."""
        while sum(self.move_one(at) for at in order):
            pass

    def deepen(self) -> None:
        """Move two meetings at a time until that makes nothing fairer, either."""
        count, moved = len(self.meetings), True
        while moved:
            moved, seen = False, set()
            for one in range(count):
                for other in range(one):
                    # Meetings alike at the same time are moved alike.
                    pair = tuple(sorted((self.meetings[at], self.times[at]) for at in (one, other)))
                    if pair not in seen:
                        seen.add(pair)
                        moved |= self.move_two(one, other)


def search(world: World, beginning: Sequence[int] | None = None) -> Answer:
    """A series that moving any two meetings makes no fairer; the same for the same question. ``beginning``: one to
    begin with, too."""
    random = np.random.default_rng(SEED)
    attempts = [_Attempt(world, beginning)] if beginning is not None else []
    for _number in range(BEGINNINGS):
        attempts.append(_Attempt(world, [int(random.integers(len(world.costs[at]))) for at in world.meetings]))
    for attempt in attempts:
        attempt.descend(random.permutation(len(world.meetings)).tolist())
    best = sorted(attempts, key=lambda attempt: attempt.key)[:DEEPENED]
    for attempt in best:
        attempt.deepen()
    return min((attempt.answer() for attempt in best), key=lambda answer: answer.key)
