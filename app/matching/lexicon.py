"""A vocabulary that stands in the index file, so that workers share it: tens of thousands of strings.

The strings stand one behind the other in the order of their numbers, beside a hash table of the numbers (open
addressing with linear probing, Knuth 1998, 6.4), at most half full. What a process has asked for lately it remembers,
within bounds.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.matching import criteria
from app.matching.text import GRAM_SPACE
from app.matching.vocabulary import Numbers, Vocabulary

_REMEMBERED = 4096
_EMPTY = 0xFFFFFFFF
_NAMES = ("text", "start", "table", "criteria", "spoken")
_PREFIX = "lexicon_"
Arrays = Mapping[str, NDArray[np.generic]]


class Lexicon(Vocabulary):
    """A vocabulary read from the arrays of :func:`arrays`; it has no parent, and never grows.

    Parameters
    ----------
    arrays
        All arrays of an index file.
    activities
        The codes of all activities that somebody offers or needs.
    """

    def __init__(self, arrays: Arrays, activities: Sequence[str]) -> None:
        self._text, self._begins, self._table, self._kinds, self._speaking = (
            np.asarray(arrays[_PREFIX + name]) for name in _NAMES
        )
        self._mask = len(self._table) - 1
        self._found: dict[str, int | None] = {}
        self._named: dict[int, str] = {}
        super().__init__()
        self._activities = set(activities)
        self._criteria = np.asarray(self._kinds, np.uint8)

    def __len__(self) -> int:
        return GRAM_SPACE + len(self._begins) - 1

    @property
    def features(self) -> list[str]:
        """Return all features in the order of their numbers; made anew each time."""
        return [self._read(at) for at in range(len(self._begins) - 1)]

    @features.setter
    def features(self, features: list[str]) -> None:
        if features:
            raise ValueError("what stands in a file doesn't grow")

    def number(self, feature: str) -> int:
        """Return the number of `feature`, which has to be known."""
        known = self.find(feature)
        if known is None:
            raise KeyError(feature)
        return known

    def find(self, feature: str) -> int | None:
        """Return the number of `feature`, or None."""
        try:
            return self._found[feature]
        except KeyError:
            known = self._look_up(feature.encode("utf-8", "surrogatepass"))
        if len(self._found) >= _REMEMBERED:
            self._found.clear()
        self._found[feature] = known
        return known

    def _look_up(self, said: bytes) -> int | None:
        table, begins, text = self._table, self._begins, self._text
        slot = crc32(said) & self._mask
        while (at := table.item(slot)) != _EMPTY:
            if text[begins.item(at) : begins.item(at + 1)].tobytes() == said:
                return int(GRAM_SPACE + at)
            slot = (slot + 1) & self._mask
        return None

    def feature(self, number: int) -> str:
        """Return the feature with a number; n-grams have no string and are shown as ``g:<number>``."""
        if number < GRAM_SPACE:
            return f"g:{number}"
        name = self._named.get(number)
        if name is None:
            if len(self._named) >= _REMEMBERED:
                self._named.clear()
            name = self._named[number] = self._read(number - GRAM_SPACE)
        return name

    def _read(self, at: int) -> str:
        said = self._text[self._begins.item(at) : self._begins.item(at + 1)].tobytes()
        return said.decode("utf-8", "surrogatepass")

    def working_languages(self, tag: str) -> list[tuple[int, int, int]]:
        """Return how a language is spoken: (level, lowest level accepted, number of the feature) of each way."""
        return self._ways.get(tag, [])

    @cached_property
    def _ways(self) -> dict[str, list[tuple[int, int, int]]]:
        found: dict[str, list[tuple[int, int, int]]] = {}
        for at in self._speaking.tolist():
            tag, level, accepts = criteria.way_of_speaking(self._read(at))
            found.setdefault(tag, []).append((level, accepts, GRAM_SPACE + at))
        return found


def arrays(vocabulary: Vocabulary) -> dict[str, NDArray[np.generic]]:
    """Return a vocabulary without a parent as arrays for the index file; O(features)."""
    said = [feature.encode("utf-8", "surrogatepass") for feature in vocabulary.features]
    start = np.zeros(len(said) + 1, np.int64)
    np.cumsum([len(one) for one in said], out=start[1:])
    numbers = np.arange(GRAM_SPACE, GRAM_SPACE + len(said))
    speaking = [at for at, one in enumerate(said) if one.startswith(b"w:")]
    made: tuple[NDArray[np.generic], ...] = (
        np.frombuffer(b"".join(said), np.uint8),
        start,
        _table(said),
        vocabulary.criteria(numbers).astype(np.uint8),
        np.array(speaking, np.uint32),
    )
    return {_PREFIX + name: array for name, array in zip(_NAMES, made, strict=True)}


def _table(said: Sequence[bytes]) -> Numbers:
    size = 1 << (2 * len(said) + 1).bit_length()
    table = [_EMPTY] * size
    for at, one in enumerate(said):
        slot = crc32(one) & (size - 1)
        while table[slot] != _EMPTY:
            slot = (slot + 1) & (size - 1)
        table[slot] = at
    return np.array(table, np.uint32)
