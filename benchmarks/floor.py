"""The machine's floor: how fast memory is read here, and how much a question has to read at least."""

import time

import numpy as np

from app.matching import Query, weights
from app.matching.filters import Field, candidate_kinds
from app.matching.index import Index
from app.matching.side import partners

_BYTES = 256_000_000  # far beyond the caches
_RUNS = 7


def bandwidth() -> float:
    """Return bytes read a second by one core, summing up an array that is in no cache; the best of some runs."""
    words = np.ones(_BYTES // 8, np.uint64)
    best = float("inf")
    for _ in range(_RUNS):
        started = time.thread_time()
        np.bitwise_or.reduce(words)
        best = min(best, time.thread_time() - started)
    return _BYTES / best


def postings_bytes(index: Index, query: Query) -> int:
    """Return the bytes of the lists and bitmaps of all features that the filters and the score ask for."""
    field = index.snapshot.fields(query)[0]
    return sum(_bytes(field, feature) for feature in {*field.side.wants.tolist(), *_filtering(field, query)})


def _filtering(field: Field, query: Query) -> set[int]:
    spoken = partners(field.side.speaks, field.side.vocabulary)
    found = {number for level in spoken.values() for number in level}
    found.update(field.find("k:suggestible", *(f"k:{kind}" for kind in candidate_kinds(query))))
    found.update(field.side.subject_relevant())
    found.update(feature for feature, _ in field.side.of_criterion(weights.LEVEL, weights.TAGS))
    return found


def _bytes(field: Field, feature: int) -> int:
    bitmap = field.segment.bitmap_of(feature)
    return len(field.segment.rows_of(feature)) * 4 if bitmap is None else len(bitmap)
