"""Numbers for features, and how rare each feature is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching import criteria, weights
from app.matching.text import GRAM_SPACE

Ints = NDArray[np.int64]
Numbers = NDArray[np.uint32]


class Vocabulary:
    """Numbers for feature strings, in order of first sight; the first ``GRAM_SPACE`` belong to n-grams.

    A vocabulary with a `parent` knows what the parent knows and keeps what is new to itself: so the
    features of a query are numbered without the shared vocabulary growing with whatever guests type.
    """

    def __init__(self, features: Sequence[str] = (), parent: "Vocabulary | None" = None) -> None:
        self.parent = parent
        self._start = GRAM_SPACE if parent is None else len(parent)
        self.features = list(features)
        self._numbers = {feature: self._start + at for at, feature in enumerate(self.features)}
        self._activities: set[str] | None = None
        self._spoken: dict[str, list[tuple[int, int, int]]] | None = None
        self._criteria: NDArray[np.uint8] = np.zeros(0, np.uint8)

    def __len__(self) -> int:
        return self._start + len(self.features)

    def number(self, feature: str) -> int:
        """Return the number of `feature`, a new one if it wasn't known."""
        known = self.find(feature)
        if known is None:
            known = self._numbers[feature] = len(self)
            self.features.append(feature)
        return known

    def find(self, feature: str) -> int | None:
        """Return the number of `feature`, or None."""
        if self.parent is not None and (known := self.parent.find(feature)) is not None:
            return known
        return self._numbers.get(feature)

    def find_all(self, features: Iterable[str]) -> list[int]:
        """Return the numbers of those features that are known."""
        return [number for feature in features if (number := self.find(feature)) is not None]

    def everything(self) -> list[str]:
        """Return all features, the parent's first."""
        return [*(() if self.parent is None else self.parent.everything()), *self.features]

    def activities(self) -> set[str]:
        """Return the codes of all activities that somebody offers or needs."""
        if self._activities is None:
            offered = (feature for feature in self.features if feature[:2] in ("o:", "n:"))
            self._activities = {feature[2:].split("|", 1)[0] for feature in offered}
        return self._activities | (set() if self.parent is None else self.parent.activities())

    def working_languages(self, tag: str) -> list[tuple[int, int, int]]:
        """Return how a language is spoken: (level, lowest level accepted, number of the feature) of each way."""
        if self._spoken is None:
            self._spoken = {}
            for at, feature in enumerate(self.features):
                if feature.startswith("w:"):
                    said, level, accepts = criteria.way_of_speaking(feature)
                    self._spoken.setdefault(said, []).append((level, accepts, self._start + at))
        known = [] if self.parent is None else self.parent.working_languages(tag)
        return known + self._spoken.get(tag, [])

    def feature(self, number: int) -> str:
        """Return the feature with a number; n-grams have no string and are shown as ``g:<number>``."""
        if number >= self._start:
            return self.features[number - self._start]
        return f"g:{number}" if self.parent is None else self.parent.feature(number)

    def criterion(self, number: int) -> int:
        """Return the criterion of one feature."""
        return weights.INTERESTS if number < GRAM_SPACE else criteria.criterion_of(self.feature(number))

    def criteria(self, numbers: NDArray[np.integer]) -> Ints:
        """Return the criteria of features by their numbers, same shape; n-grams belong to the interests."""
        if len(self._criteria) < len(self) - self._start:
            new = self.features[len(self._criteria) :]
            made = np.array([criteria.criterion_of(feature) for feature in new], np.uint8)
            self._criteria = np.concatenate([self._criteria, made])
        found = np.full(len(numbers), weights.INTERESTS, np.int64)
        own = numbers >= self._start
        found[own] = self._criteria[numbers[own].astype(np.int64) - self._start]
        if self.parent is not None and not own.all():
            found[~own] = self.parent.criteria(numbers[~own])
        return found


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many of `total` profiles have each feature; frozen between rebuilds so that scores stay comparable."""

    total: int
    counts: Numbers

    def of(self, numbers: NDArray[np.integer]) -> Ints:
        """Return the rarity of features as an integer from 1: the bits of (profiles per profile that has it).

        That is idf to the base 2, rounded, without floating point, so that every implementation agrees.

        >>> Rarity(1000, np.array([0, 10, 500, 1000], np.uint32)).of(np.array([0, 1, 2, 3, 99])).tolist()
        [10, 7, 1, 1, 10]
        """
        bits: Ints = np.frexp((self.total + 1) // (self.count(numbers) + 1))[1].astype(np.int64)
        return np.maximum(bits, 1)

    def of_one(self, number: int) -> int:
        """Return the rarity of one feature."""
        return ((self.total + 1) // (self.count_one(number) + 1)).bit_length() or 1

    def count_one(self, number: int) -> int:
        """Return how many profiles of the snapshot have one feature."""
        return self.counts.item(number) if number < len(self.counts) else 0

    @property
    def most_telling(self) -> int:
        """Return in how many profiles an n-gram may be to tell anything: one in 32, or 32 where they are few."""
        return max(32, self.total // 32)

    def count(self, numbers: NDArray[np.integer]) -> Ints:
        """Return how many profiles of the snapshot have each feature; none of a feature it didn't know."""
        asked = np.asarray(numbers, np.int64)
        counts = np.zeros(len(asked), np.int64)
        known = asked < len(self.counts)
        counts[known] = self.counts[asked[known]]
        return counts

    def too_common(self, numbers: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return which n-grams are too common to tell anything: in one profile of 32, from 32 profiles on."""
        return self.count(numbers) > self.most_telling
