"""How good, how wide and how fair lists of suggestions are."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from math import log2


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
