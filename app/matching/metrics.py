"""How good, how wide and how fair lists of suggestions are."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from math import log2

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Figures = npt.NDArray[np.float64]


def recall(found: Sequence[Hashable], relevant: Collection[Hashable]) -> float:
    """Return the part of `relevant` that was found; 1.0 if there is nothing to find.

    >>> recall([1, 2, 3], {2, 9})
    0.5
    """
    return len(set(found) & set(relevant)) / len(set(relevant)) if relevant else 1.0


def ndcg(found: Sequence[Hashable], gains: Mapping[Hashable, float], count: int | None = None) -> float:
    """Return the normalised discounted cumulative gain of the first `count` (Järvelin and Kekäläinen 2002).

    >>> ndcg(["a", "b"], {"a": 2.0, "b": 1.0})
    1.0
    >>> round(ndcg(["b", "a"], {"a": 2.0, "b": 1.0}), 3)
    0.86
    """
    size = len(found) if count is None else count
    reached = _dcg(gains.get(one, 0.0) for one in found[:size])
    ideal = _dcg(sorted(gains.values(), reverse=True)[:size])
    return reached / ideal if ideal else 1.0


def coverage(lists: Iterable[Iterable[Hashable]], everyone: Collection[Hashable]) -> float:
    """Return the part of `everyone` that is suggested to somebody.

    >>> coverage([[1, 2], [2, 3]], range(1, 5))
    0.75
    """
    shown = {one for shown in lists for one in shown}
    return len(shown & set(everyone)) / len(set(everyone)) if everyone else 1.0


def exposure(lists: Iterable[Sequence[Hashable]], group: Mapping[Hashable, str]) -> dict[str, float]:
    """Return the part of all attention that each group gets, a place counting ``1 / log2(place + 1)``.

    >>> exposure([["a"], ["b"]], {"a": "Africa", "b": "Asia"})
    {'Africa': 0.5, 'Asia': 0.5}
    """
    given: defaultdict[str, float] = defaultdict(float)
    for shown in lists:
        for place, one in enumerate(shown, 1):
            given[group.get(one, "")] += 1 / log2(place + 1)
    whole = sum(given.values())
    return {name: given[name] / whole for name in sorted(given)}


def exposure_gap(given: Mapping[str, float], fair: Mapping[str, float]) -> float:
    """Return how far exposure is from its fair shares: half the sum of the differences, from 0 to 1.

    >>> exposure_gap({"Africa": 1.0}, {"Africa": 0.5, "Asia": 0.5})
    0.5
    """
    return sum(abs(given.get(name, 0.0) - fair.get(name, 0.0)) for name in {*given, *fair}) / 2


def _dcg(gains: Iterable[float]) -> float:
    return sum(gain / log2(place + 1) for place, gain in enumerate(gains, 1))


def recall_of(hits: Flags, relevant: Counts) -> Figures:
    """Return the recall of many lists at once; ``hits`` has shape (Q, K), ``relevant`` how many there are, (Q,).

    >>> recall_of(np.array([[True, False, True]]), np.array([4])).tolist()
    [0.5]
    """
    found: Figures = np.where(relevant > 0, hits.sum(axis=1) / np.maximum(relevant, 1), 1.0)
    return found


def ndcg_of(hits: Flags, relevant: Counts, count: int) -> Figures:
    """Return the NDCG of many lists at once, with gains of 0 and 1; the ideal list is ``min(relevant, count)`` hits.

    >>> ndcg_of(np.array([[False, True]]), np.array([1]), 2).round(3).tolist()
    [0.631]
    """
    discount = 1 / np.log2(np.arange(2, count + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(relevant, count)]
    reached = hits[:, :count] @ discount[: hits.shape[1]]
    found: Figures = np.where(ideal > 0, reached / np.maximum(ideal, 1e-9), 1.0)
    return found


def reciprocal_rank_of(hits: Flags) -> Figures:
    """Return one over the place of the first hit of each list; 0 for a list without one.

    >>> reciprocal_rank_of(np.array([[False, True, True], [False, False, False]])).tolist()
    [0.5, 0.0]
    """
    if not hits.shape[1]:
        return np.zeros(len(hits))
    found: Figures = hits.any(axis=1) / (hits.argmax(axis=1) + 1.0)
    return found


def hit_of(hits: Flags) -> Figures:
    """Return for each list 1 if anything in it is right.

    >>> hit_of(np.array([[False, True], [False, False]])).tolist()
    [1.0, 0.0]
    """
    return np.asarray(hits.any(axis=1), dtype=np.float64)
