"""Candidates that were scored, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching.vocabulary import Ints


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of one segment with their scores; arrays of one shape.

    Attributes
    ----------
    forward, reverse
        How good the candidate is for the asker, and the asker for the candidate, without what counts for both.
    shared
        What counts in both directions alike: the common language, working hours, capacity, freshness, the border.
    """

    row: Ints
    key: Ints
    forward: Ints
    reverse: Ints
    shared: Ints

    @property
    def score(self) -> Ints:
        """Return the scores: a pair is as good as its worse direction."""
        return np.minimum(self.forward, self.reverse) + self.shared

    def __len__(self) -> int:
        return len(self.row)

    def take(self, which: NDArray[np.integer] | NDArray[np.bool_] | slice) -> "Found":
        """Return the chosen candidates in the chosen order."""
        return Found(self.row[which], self.key[which], self.forward[which], self.reverse[which], self.shared[which])

    def order(self, seed: int) -> Ints:
        """Return the places by descending score; equals in the order that `seed` draws."""
        return np.lexsort((self.key, draw(self.key, seed), -self.score))

    def best(self, count: int, seed: int) -> "Found":
        """Return the best `count`, in order."""
        least = len(self) - count
        if 0 < count < least:  # put those in order only who may be among them, equals included
            score = self.score
            few = self.take(score >= np.partition(score, least)[least])
            return few.take(few.order(seed)[:count])
        return self.take(self.order(seed)[:count])

    @classmethod
    def stacked(cls, parts: Sequence["Found"]) -> "Found":
        """Return the candidates of several."""
        if len(parts) < 2:
            return parts[0] if parts else cls.nobody()
        names = ("row", "key", "forward", "reverse", "shared")
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))

    @classmethod
    def nobody(cls) -> "Found":
        """Return no candidates."""
        return cls(*(np.zeros(0, np.int64) for _ in range(5)))


def draw(keys: Ints, seed: int) -> NDArray[np.uint64]:
    """Return a fixed pseudo-random number for each key: the order among equals (splitmix64, Steele et al. 2014).

    >>> draw(np.array([1, 2]), 0).tolist() == draw(np.array([1, 2]), 0).tolist()
    True
    """
    mixed = keys.astype(np.uint64) + np.uint64((seed * 0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15) % (1 << 64))
    mixed = (mixed ^ mixed >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ mixed >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return mixed ^ mixed >> np.uint64(31)
