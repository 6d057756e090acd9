"""How a fair series is chosen: which times are worth choosing among, a fair choice, and how far it is proven.

Apart from `rotating`, which says what it is for, because only whoever asks for a series needs numpy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.matching.meetings.burdens import Participant
from app.matching.meetings.proposing import Slot
from app.matching.meetings.proving import Bound, Looking, bound_worst
from app.matching.meetings.rotating import EFFORT, Choice, Vector
from app.matching.meetings.searching import Answer, World, search


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


@dataclass(frozen=True, slots=True)
class Chosen:
    """How often each time of each choice is taken; ``settled`` and ``least`` as in `rotating.Series`."""

    counts: list[list[int]]
    settled: int | None
    least: int


def _world(people: Sequence[Participant], choices: Sequence[Choice], meetings: Sequence[int]) -> World:
    # Without people there is one whom nothing costs anything, so that the earliest times are taken.
    costs = [np.array([vector or (0,) for vector, _position in choice], dtype=np.int32) for choice in choices]
    positions = [np.array([position for _vector, position in choice], dtype=np.int64) for choice in choices]
    borne = np.array([person.borne for person in people] or [0], dtype=np.int32)
    return World(tuple(costs), tuple(positions), tuple(meetings), borne)


def solve(
    people: Sequence[Participant],
    choices: Sequence[Choice],
    meetings: Sequence[int],
    beginning: Sequence[int] | None = None,
) -> Chosen:
    """The fairest series that was found, and what is proven of it. ``beginning``: one that is known, by the number of
    the time for each meeting."""
    world = _world(people, choices, meetings)
    answer, bound = search(world, beginning), bound_worst(world)
    answer, settled = _prove(world, answer, bound)
    taken = [Counter[int]() for _choice in choices]
    for choice, time in zip(world.meetings, answer.times, strict=True):
        taken[choice][time] += 1
    counts = [[times[time] for time in range(len(choice))] for times, choice in zip(taken, choices, strict=True)]
    least = answer.key[0] if settled != 0 else min(bound.least, answer.key[0])
    return Chosen(counts, settled, least)


def _prove(world: World, answer: Answer, bound: Bound) -> tuple[Answer, int | None]:
    """Look through what is better for the worst-off person; where that could be done, through all that is fairer."""
    better = Looking(world, bound, answer, strict=True)
    if not better.run(EFFORT):
        return better.best, 0
    fairer = Looking(world, bound, better.best, strict=False)
    return (fairer.best, None) if fairer.run(EFFORT - better.effort) else (fairer.best, 1)
