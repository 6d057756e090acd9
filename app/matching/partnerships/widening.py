"""Keeps the last places of a page for those who are close and seldom shown, so that not all see the same giants.

A sample of lists is made while fitting; it tells who is shown how often. Those shown often pay a small price. Of the
rungs of a ladder, each giving more room to those seldom shown, the first is taken that shows enough of everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from app.matching.partnerships.history import Flags, Integers
from app.matching.partnerships.snapshot import Reals

PAGE = 10
"""Places of the first page."""
SAMPLE = 3000
"""Lists that are looked at while fitting: as many as coverage is measured on."""
ENOUGH = 0.136
"""The part of everybody that the pages of the sample are to show together: above what is promised, 0.12, since those
who find new partners are larger than those drawn, and their pages show 3 to 12 % fewer."""
_DEPTH = 60
_NEAR = 250
"""The closest among whom the last places are given."""


class Rung(NamedTuple):
    """What is paid for each e-fold of being shown, in points, and how many last places are kept, and for whom.

    They are kept for those shown in at most so many of a thousand lists, of whom the closest come first; closeness
    counts times this power of the number of partners.
    """

    price: float
    places: int
    per_thousand: float
    giants: float


LADDER = (
    *(Rung(0.5, 0, 1000.0, 0.0), Rung(1.0, 0, 1000.0, 0.0)),
    *(Rung(0.5, 1, 1.0, 0.2), Rung(0.5, 1, 1.0, 0.1), Rung(0.5, 1, 1.0, 0.0), Rung(0.5, 1, 0.0, 0.0)),
    *(Rung(1.0, 1, 0.0, 0.0), Rung(0.5, 2, 1.0, 0.1), Rung(0.5, 2, 0.0, 0.0), Rung(1.0, 2, 0.0, 0.0)),
    *(Rung(1.0, 3, 0.0, 0.0), Rung(1.0, 4, 0.0, 0.0)),
)
"""By what they cost in relevance on outcomes before 2017, the cheapest first."""


@dataclass(frozen=True, eq=False)
class Page:
    """The head of one list of the sample: the best by score, with their scores, and the closest with how close.

    Places of at most 60 of the best, at most 250 of the closest, all more than zero; the first ones first.
    """

    best: Integers
    score: Reals
    near: Integers
    closeness: Reals


@dataclass(frozen=True, eq=False)
class Widening:
    """How lists are widened.

    Attributes
    ----------
    shown
        How many of a thousand lists show each, (M,).
    price
        What that costs each, in points, (M,).
    weight
        What multiplies the closeness of each where the last places are given, (M,).
    rung
        The rung that was taken.
    """

    shown: Reals
    price: Reals
    weight: Reals
    rung: Rung

    @classmethod
    def of(cls, pages: Iterable[Page], degree: Reals) -> Widening:
        """Learn from a sample of lists over candidates of so many partners, (M,). Cost: the sample, for each rung."""
        sample = list(pages)
        count = len(degree)
        times = np.zeros(count, dtype=np.float64)
        for page in sample:
            times[page.best[:PAGE]] += 1
        shown = 1000 * times / max(len(sample), 1)
        found = cls(shown, np.zeros(count), np.ones(count), LADDER[-1])
        for rung in LADDER:
            found = cls(shown, rung.price * np.log1p(shown), np.maximum(degree, 1.0) ** rung.giants, rung)
            if found._coverage(sample) >= ENOUGH * min(count, len(sample) * PAGE) / max(count, 1) or not sample:
                break
        return found

    def lift(self, score: Reals, closeness: Reals, open_to: Flags) -> Reals:
        """Return what is added to the scores, shape (q, M): prices, and what brings some up to the last places.

        Parameters
        ----------
        score
            Before; ``-inf`` where not open.
        closeness
            By the graph, at least zero.
        """
        added = np.where(open_to, -self.price[None, :], 0.0)
        for row in range(len(score)):
            now = score[row] + added[row]
            kept = PAGE - self.rung.places
            order = np.argsort(-now, kind="stable")[: _DEPTH + PAGE]
            order = order[np.isfinite(now[order])]
            if not self.rung.places or len(order) <= PAGE:
                continue
            chosen = self._chosen(order, *_closest(np.where(open_to[row], closeness[row], 0.0)))
            others = np.setdiff1d(order[kept:], chosen)
            floor, ceiling = now[others].max(), now[order[kept - 1]]
            steps = np.arange(len(chosen), 0, -1) / (len(chosen) + 1)
            added[row, chosen] += floor + (ceiling - floor) * steps - now[chosen]
        return added

    def _chosen(self, order: Integers, near: Integers, closeness: Reals) -> Integers:
        """Return who gets the last places: the closest of those seldom shown, then the best of the others."""
        above, rest = np.split(order, [PAGE - self.rung.places])
        free = (self.shown[near] <= self.rung.per_thousand) & ~np.isin(near, above)
        seldom, weighed = near[free], (closeness * self.weight[near])[free]
        first = seldom[np.argsort(-weighed, kind="stable")[: self.rung.places]]
        rest = rest[~np.isin(rest, first)]
        rest = rest[np.argsort(self.shown[rest] > self.rung.per_thousand, kind="stable")]
        return np.concatenate([first, rest])[: self.rung.places]

    def _coverage(self, sample: list[Page]) -> float:
        there = np.zeros(len(self.shown), dtype=np.bool_)
        for page in sample:
            order = page.best[np.argsort(self.price[page.best] - page.score, kind="stable")]
            there[order[: PAGE - self.rung.places]] = True
            there[self._chosen(order, page.near, page.closeness)] = True
        return float(there.mean()) if len(there) else 1.0


def page_of(score: Reals, closeness: Reals) -> Page:
    """Return the head of one list; nobody is close who isn't open."""
    best = _head(score, _DEPTH)
    best = best[np.isfinite(score[best])]
    return Page(best, score[best], *_closest(np.where(np.isfinite(score), closeness, 0.0)))


def _closest(closeness: Reals) -> tuple[Integers, Reals]:
    near = _head(closeness, _NEAR)
    near = near[closeness[near] > 0]
    return near, closeness[near]


def _head(values: Reals, few: int) -> Integers:
    few = min(few, len(values))
    first = np.argpartition(-values, few - 1)[:few] if few else np.zeros(0, dtype=np.int64)
    found: Integers = first[np.argsort(-values[first], kind="stable")]
    return found
