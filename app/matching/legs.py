"""The two directions of a match in words: units and contributions, made once for all candidates who share the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

import numpy as np

from app.matching import evidence, weights
from app.matching.criteria import BANDS
from app.matching.query import Contribution, Message
from app.matching.segment import Segment
from app.matching.side import Side
from app.matching.vocabulary import Ints, Numbers, Vocabulary

FORWARD_NAMES = tuple({"offers": "they_offer", "needs": "you_offer"}.get(name, name) for name in weights.CRITERIA)
REVERSE_NAMES = tuple({"offers": "you_offer", "needs": "they_offer"}.get(name, name) for name in weights.CRITERIA)
_by_points: Callable[[Contribution], int] = attrgetter("points")
_Made = tuple[int, Contribution | None]


Leg = tuple[tuple[int, ...], tuple[Contribution, ...]]
"""One direction between the asker and a candidate: units of each criterion, and what they contribute."""


class Names(dict[int, str]):
    """The names of features by their numbers, each looked up once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def __missing__(self, number: int) -> str:
        name = self[number] = self._vocabulary.feature(number)
        return name


class Teller:
    """Makes contributions of shared features, with their evidence."""

    def __init__(
        self, features: Names, multipliers: Sequence[int], names: Sequence[str], makers: evidence.Makers
    ) -> None:
        self._features, self._multipliers, self._names, self._makers = features, multipliers, names, makers
        self._said: dict[tuple[int, tuple[int, ...], tuple[int, ...]], tuple[Message, ...]] = {}

    def tell(
        self, criterion: int, units: int, numbers: tuple[int, ...], levels: tuple[int, ...]
    ) -> Contribution | None:
        """Return what features of a criterion contribute, a subject with the level at which it is shared."""
        points = self._multipliers[criterion] * units
        if not points:
            return None
        name, key = self._names[criterion], (criterion, numbers, levels)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._evidence(name, numbers, levels)
        return Contribution(name, points, said)

    def _evidence(self, name: str, numbers: tuple[int, ...], levels: tuple[int, ...]) -> tuple[Message, ...]:
        said = self._makers[name]([self._features[number] for number in numbers])
        shared = [code for number in levels if (code := self._features[number][2:]) not in BANDS]
        return tuple(evidence.at_level(one, min(shared)) for one in said) if shared else said


@dataclass(frozen=True, slots=True)
class _Group:
    """What the asker wants of one criterion: features, units, and where it stands in a row.

    Attributes
    ----------
    first, last
        The part of a row that decides what is said: of subjects their levels, too.
    known
        What was made of each such part.
    """

    criterion: int
    begin: int
    end: int
    first: int
    last: int
    known: dict[bytes, _Made]


class Forward:
    """What the candidates are for the asker: who has what of the wanted features, a row of bytes for each candidate."""

    def __init__(self, side: Side, segment: Segment, rows: Ints, teller: Teller) -> None:
        order = np.argsort(side.criteria, kind="stable")  # already so, but for activities
        self._numbers: list[int] = side.wants[order].tolist()
        self._units: list[int] = side.units[order].tolist()
        self._teller = teller
        held = segment.having_each(self._numbers, rows)
        self._had, self._width = np.ascontiguousarray(held.T).tobytes(), len(self._numbers)
        self._spans = _spans(side.criteria[order].tolist())
        levels = self._spans.get(weights.LEVEL, (0, 0))
        self._groups = [
            _Group(criterion, *span, *(_covering(span, levels) if criterion == weights.SUBJECT else span), {})
            for criterion, span in self._spans.items()
            if criterion < len(weights.CRITERIA)
        ]

    def leg(self, at: int) -> Leg:
        """Return the direction for one candidate."""
        row, had = at * self._width, self._had
        units = [0] * len(weights.CRITERIA)
        found = []
        for group in self._groups:
            key = had[row + group.first : row + group.last]
            made = group.known.get(key)
            if made is None:
                made = group.known[key] = self._made(group, row)
            units[group.criterion] = made[0]
            if made[1] is not None:
                found.append(made[1])
        found.sort(key=_by_points, reverse=True)
        return tuple(units), tuple(found)

    def _made(self, group: _Group, row: int) -> _Made:
        shared = [place for place in range(group.begin, group.end) if self._had[row + place]]
        units = sum(self._units[place] for place in shared)
        span = self._spans.get(weights.LEVEL, (0, 0)) if group.criterion == weights.SUBJECT else (0, 0)
        levels = tuple(self._numbers[place] for place in range(*span) if self._had[row + place])
        numbers = tuple(self._numbers[place] for place in shared)
        return units, self._teller.tell(group.criterion, units, numbers, levels)

    def shown(self, at: int, criterion: int) -> bytes:
        """Return which of the features wanted of a criterion a candidate has, as bytes of 0 and 1."""
        begin, end = self._spans.get(criterion, (0, 0))
        row = at * self._width
        return self._had[row + begin : row + end]

    def wanted(self, criterion: int) -> list[int]:
        """Return the features that are wanted of a criterion, in the order of :meth:`shown`."""
        begin, end = self._spans.get(criterion, (0, 0))
        return self._numbers[begin:end]


def _spans(criteria: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return where each criterion begins and ends.

    >>> _spans([0, 0, 2])
    {0: (0, 2), 2: (2, 3)}
    """
    found, begin = {}, 0
    for criterion, same in groupby(criteria):
        end = begin + len(list(same))
        found[criterion] = begin, end
        begin = end
    return found


def _covering(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Return the shortest span over both, which an empty one doesn't widen.

    >>> _covering((3, 5), (7, 9)), _covering((3, 5), (0, 0))
    ((3, 9), (3, 5))
    """
    return (min(one[0], other[0]), max(one[1], other[1])) if other[0] < other[1] else one


class Theirs:
    """What the candidates want, one behind the other."""

    def __init__(self, side: Side, segment: Segment, rows: Ints) -> None:
        self.want, starts = segment.wants(rows)
        self.numbers: Ints = (self.want >> np.uint32(8)).astype(np.int64)
        self.criteria = side.vocabulary.criteria(self.numbers)
        self.rows = np.repeat(np.arange(len(rows)), np.diff(starts))
        self.count = len(rows)

    def of_criterion(self, criterion: int) -> list[list[int]]:
        """Return the features each candidate wants of a criterion."""
        which = np.flatnonzero(self.criteria == criterion)
        found: list[list[int]] = [[] for _ in range(self.count)]
        for row, number in zip(self.rows[which].tolist(), self.numbers[which].tolist(), strict=True):
            found[row].append(number)
        return found

    def have_said(self, criterion: int) -> list[bool]:
        """Return which of the candidates want anything of a criterion."""
        said: list[bool] = (np.bincount(self.rows[self.criteria == criterion], minlength=self.count) > 0).tolist()
        return said


class Reverse:
    """What the asker is for the candidates: which of the features they want the asker has."""

    def __init__(self, side: Side, wanted: Theirs, teller: Teller) -> None:
        has = np.zeros(len(side.vocabulary), np.bool_)
        has[list(side.has)] = True
        which = np.flatnonzero(has[wanted.numbers])
        group = wanted.rows[which] << 4 | wanted.criteria[which]
        order = np.argsort(group, kind="stable")
        group = group[order]
        self._want = want = wanted.want[which[order]]
        self._bytes = want.tobytes()
        edges = np.flatnonzero(np.diff(group, prepend=-1, append=-1)).tolist()
        groups: list[list[tuple[int, int, int]]] = [[] for _ in range(wanted.count)]
        for begin, end in pairwise(edges):
            row, criterion = divmod(group.item(begin), 16)
            groups[row].append((criterion, begin, end))
        self._groups, self._teller = groups, teller
        self._known: dict[tuple[int, bytes, bytes], _Made] = {}

    def leg(self, at: int) -> Leg:
        """Return the direction for one candidate."""
        units, found = [0] * len(weights.CRITERIA), []
        for criterion, begin, end in self._groups[at]:
            levels = self._levels(at) if criterion == weights.SUBJECT else (0, 0)
            key = criterion, self._bytes[4 * begin : 4 * end], self._bytes[4 * levels[0] : 4 * levels[1]]
            made = self._known.get(key)
            if made is None:
                made = self._known[key] = self._made(criterion, self._want[begin:end], self._want[slice(*levels)])
            units[criterion] = made[0]
            if made[1] is not None:
                found.append(made[1])
        found.sort(key=_by_points, reverse=True)
        return tuple(units), tuple(found)

    def _levels(self, at: int) -> tuple[int, int]:
        return next(((begin, end) for one, begin, end in self._groups[at] if one == weights.LEVEL), (0, 0))

    def _made(self, criterion: int, want: Numbers, levels: Numbers) -> _Made:
        wanted = want.tolist()
        units = sum([one & 255 for one in wanted])
        beside = tuple([one >> 8 for one in levels.tolist()])
        return units, self._teller.tell(criterion, units, tuple([one >> 8 for one in wanted]), beside)


def tellers(side: Side, features: Names, multipliers: Sequence[int]) -> tuple[Teller, Teller]:
    """Return who tells of each direction, forward and reverse."""
    makers = evidence.makers(side.profile)
    forward, reverse = (Teller(features, multipliers, names, makers) for names in (FORWARD_NAMES, REVERSE_NAMES))
    return forward, reverse
