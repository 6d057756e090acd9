"""How evenly a community talks, told so coarsely that nobody is singled out.

Counts of small groups point at people. `coarse` joins groups until each that is shown has enough people, and until
what is joined can't be worked out by taking the others from the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Some people with what is counted of them.

    ``people``: how many they are; ``counts``: whatever is added up when groups are joined.
    """

    key: str
    people: int
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Coarse:
    """Groups as they may be shown: the large ones, and the small ones as one.

    ``joined`` are the keys of those that became ``others``; both are empty where no group is small. Where even all
    of them together are too few, or only one of them would be left, there is nothing in ``shown``.
    """

    shown: tuple[Group, ...]
    others: Group | None
    joined: tuple[str, ...] = ()

    @property
    def tells_nothing(self) -> bool:
        """Whether everything had to be joined, so that only the whole is left."""
        return not self.shown


def gini(counts: Iterable[int]) -> float:
    """Return the Gini coefficient: 0 where everybody has the same, towards 1 where one has everything.

    Source: the mean difference over twice the mean, by ranks (Sen 1973). Cost: n log n.

    >>> gini([3, 3, 3]), gini([0, 0, 0, 12]), gini([])
    (0.0, 0.75, 0.0)
    """
    ordered = sorted(counts)
    if not ordered:
        return 0.0
    if ordered[0] < 0:
        raise ValueError("nobody has less than nothing")
    whole, size = sum(ordered), len(ordered)
    if not whole:
        return 0.0
    weighed = sum(place * count for place, count in enumerate(ordered, 1))
    return max(0.0, (2 * weighed - (size + 1) * whole) / (size * whole))


def fewest_for_half(counts: Iterable[int]) -> int:
    """Return how many of those with the most have half of everything together; 0 where there is nothing.

    >>> fewest_for_half([10, 5, 3, 2]), fewest_for_half([1, 1, 1]), fewest_for_half([])
    (1, 2, 0)
    """
    ordered = sorted(counts, reverse=True)
    whole, reached = sum(ordered), 0
    for place, count in enumerate(ordered, 1):
        reached += count
        if whole and 2 * reached >= whole:
            return place
    return 0


def median(values: Iterable[float]) -> float | None:
    """Return the middle value, of an even number the mean of the two in the middle; None of nothing.

    >>> median([5.0, 1.0, 3.0]), median([1.0, 2.0]), median([])
    (3.0, 1.5, None)
    """
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def coarse(groups: Iterable[Group], least: int = LEAST, overlapping: bool = False) -> Coarse:
    """Join small groups, so that no figure stands for fewer than ``least`` people, not even by subtraction.

    Groups of fewer people are joined; the next smallest ones with them, until the joined ones are at least two
    groups and ``least`` people. With ``overlapping`` the same people may be in several groups, so that joined ones
    count as many as the largest of them, not as many as all. Nobody is a small group, too, if something is counted
    of it: give those no people whose number must not help to reach ``least``. Empty groups are left out.

    >>> told = coarse([Group("KE", 9), Group("TZ", 6), Group("FR", 2)])
    >>> [group.key for group in told.shown], told.joined, told.others
    (['KE'], ('TZ', 'FR'), Group(key='', people=8, counts=()))
    """
    there = [group for group in groups if group.people > 0 or any(group.counts)]
    ordered = sorted(there, key=lambda group: (-group.people, group.key))
    small = [group for group in ordered if group.people < least]
    shown = ordered[: len(ordered) - len(small)]
    if not small:
        return Coarse(tuple(shown), None)
    while shown and (len(small) < 2 or _people(small, overlapping) < least):
        small.insert(0, shown.pop())
    return Coarse(tuple(shown), _join(small, overlapping), tuple(group.key for group in small))


def _people(groups: Sequence[Group], overlapping: bool) -> int:
    numbers = [group.people for group in groups]
    return max(numbers) if overlapping else sum(numbers)


def _join(groups: Sequence[Group], overlapping: bool) -> Group:
    counts = tuple(sum(column) for column in zip(*(group.counts for group in groups), strict=True))
    return Group("", _people(groups, overlapping), counts)


def is_told(people: int, least: int = LEAST) -> bool:
    """Whether a number of people may be shown: nobody, or enough of them.

    >>> is_told(0), is_told(3), is_told(5)
    (True, False, True)
    """
    return people == 0 or people >= least


def share_told(part: int, part_people: int, rest: int, rest_people: int, least: int = LEAST) -> float | None:
    """Return which share ``part`` has of ``part + rest``, or None where that would point at somebody.

    Each side that is not empty must come from enough people: else the share of one side tells what the few did.

    >>> share_told(30, 6, 10, 7), share_told(0, 0, 10, 7), share_told(30, 6, 1, 1), share_told(0, 0, 0, 0)
    (0.75, 0.0, None, None)
    """
    if not part + rest:
        return None
    told = all(not count or people >= least for count, people in ((part, part_people), (rest, rest_people)))
    return part / (part + rest) if told else None
