"""What came of suggestions, as arrays: what there is to learn from, whoever learns."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching import weights
from app.matching.model import Worth
from app.matching.outcomes import OUTCOMES, UNTOUCHED
from app.matching.query import Measured

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEARNT = (*weights.CRITERIA, "language", "hours", "standing", "reach")
"""The weights that are fitted. Points for a border are the same for all on a list, so nothing tells their worth."""
STANDING = LEARNT.index("standing")
_FIRST = (1, 2, 4, 8)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who was suggested, and what came of it.

    Attributes
    ----------
    asker
        To whom.
    at
        When the outcome was known, or when it was shown if there was none; on any clock.
    measured
        What lies between the two.
    place
        The place on the list, from 0.
    outcome
        One of the keys of :data:`app.matching.outcomes.OUTCOMES`.
    """

    asker: int
    at: float
    measured: Measured
    place: int = 0
    outcome: str = UNTOUCHED


@dataclass(frozen=True, slots=True)
class Examples:
    """Candidates as arrays, those of one asker together.

    Attributes
    ----------
    forward, reverse
        What is multiplied by the weights of :data:`LEARNT`, one way and the other; shape (rows, 12).
    gain, against, answered, place
        What came of it, what it tells when nothing did, whether anything was answered, the place; shape (rows,).
    starts
        Where the candidates of each asker begin, and the last end; shape (askers + 1,).
    """

    forward: Floats
    reverse: Floats
    gain: Floats
    against: Floats
    answered: Bools
    place: Ints
    starts: Ints

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> "Examples":
        """Put candidates together, in an order that doesn't depend on theirs."""
        rows = sorted(candidates, key=_in_order)
        said = [one.measured for one in rows]
        askers = np.array([one.asker for one in rows], np.int64)

        def side(units: Iterable[tuple[tuple[int, ...], int]]) -> Floats:
            pairs = zip(units, said, strict=True)
            both = [(*counted, language, one.hours, one.static, one.reach) for (counted, language), one in pairs]
            return np.array(both, np.float64).reshape(-1, len(LEARNT))

        return cls(
            forward=side((one.forward, one.language) for one in said),
            reverse=side((one.reverse, _far_language(one)) for one in said),
            gain=np.array([OUTCOMES[one.outcome].gain for one in rows], np.float64),
            against=np.array([OUTCOMES[one.outcome].against for one in rows], np.float64),
            answered=np.array([one.outcome != UNTOUCHED for one in rows], np.bool_),
            place=np.array([one.place for one in rows], np.int64),
            starts=np.append(np.flatnonzero(np.diff(askers, prepend=-1)), len(rows)).astype(np.int64),
        )

    def groups(self) -> Iterable[slice]:
        """Yield where the candidates of each asker are."""
        for begin, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            yield slice(begin, end)

    def limiting(self, worth: Floats) -> Floats:
        """Return the rows of the direction that limits each pair under `worth`, shape (rows, 12)."""
        ahead = self.forward @ worth <= self.reverse @ worth
        return np.where(ahead[:, None], self.forward, self.reverse)

    def scores(self, worth: Worth) -> Floats:
        """Return the score of each row under a model, but for the border, which is the same for all."""
        points = vector_of(worth)
        return np.minimum(self.forward @ points, self.reverse @ points)

    def looks(self) -> Floats:
        """Return what may have made somebody look at each row for its place alone, shape (rows, 5).

        Steps after the first, second, fourth and eighth place, beside a slope: attention falls, and nobody knows how.
        """
        steps = [self.place < many for many in _FIRST]
        return np.column_stack([np.log2(self.place + 2), *steps]).astype(np.float64)


def vector_of(worth: Worth) -> Floats:
    """Return the learnt weights of a model, in the order of :data:`LEARNT`; standing with the promise it adds to.

    >>> from app.matching.model import HAND_SET
    >>> vector_of(HAND_SET.bridges).astype(int).tolist()
    [1, 2, 1, 0, 1, 0, 0, 0, 2, 1, 1, 1]
    """
    named = (worth.static if name == "standing" else getattr(worth, name) for name in LEARNT)
    return np.array(list(named), np.float64)


def _far_language(said: Measured) -> int:
    return said.language if said.far_language is None else said.far_language


def _in_order(one: Candidate) -> tuple[object, ...]:
    said = one.measured
    rest = (said.language, _far_language(said), said.hours, said.static, said.reach)
    return one.asker, one.at, one.place, said.forward, said.reverse, rest
