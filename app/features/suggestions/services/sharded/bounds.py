"""Which features a candidate must have to be among the best: conditions that an index on facets can answer.

A score is at most the sum of what each wanted feature gives and of what else there is. Whoever has none of a set of
features loses what all of them give, so where that is more than lies between the highest possible score and the k-th
best found, at least one feature of the set is necessary (essential lists, as in MaxScore: Turtle and Flood 1995). The
sets are chosen so that few have any of their features, and each gives one condition ``facets && set``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.matching import weights
from app.matching.filters import Field, candidate_kinds
from app.matching.model import Worth
from app.matching.side import Side, partners
from app.matching.vocabulary import Rarity

_SELECTIVE = 0.6
"""A condition that more than so many meet isn't worth reading an index for; the filters are applied afterwards."""
_MOST_CONDITIONS = 5


@dataclass(frozen=True, slots=True)
class Gain:
    """What any of some features adds to a score, at most once; and at most how many have any of them."""

    features: tuple[int, ...]
    points: int
    having: int

    @property
    def dear(self) -> float:
        """How many are to be read for a point that is decided."""
        return self.having / self.points


@dataclass(frozen=True, slots=True)
class Bound:
    """What a score can be made of.

    Attributes
    ----------
    legs
        For each direction that limits the score, what adds to it; each leg and `rest` bound the score from above.
    rest
        The most that everything else can come to.
    must
        Sets of features, of each of which a candidate has at least one.
    never
        Features no candidate has.
    """

    legs: tuple[tuple[Gain, ...], ...]
    rest: int
    must: tuple[tuple[int, ...], ...] = ()
    never: tuple[int, ...] = ()

    @property
    def most(self) -> int:
        """The highest score anybody could come to."""
        return self.rest + min((sum(gain.points for gain in leg) for leg in self.legs), default=0)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on facets: at least one of each set, none of those never; and about how many meet them."""

    sets: tuple[tuple[int, ...], ...]
    never: tuple[int, ...]
    about: float

    def sql(self) -> tuple[str, list[list[int]]]:
        """As a condition with its values."""
        parts = ["facets && %s::int[]"] * len(self.sets) + ["NOT facets && %s::int[]"] * bool(self.never)
        values = [list(one) for one in self.sets] + ([list(self.never)] if self.never else [])
        return " AND ".join(parts) or "true", values


def conditions(bound: Bound, least: int, rarity: Rarity) -> Conditions:
    """What whoever comes to at least `least` points must have."""
    sets = list(bound.must)
    for leg in bound.legs:
        slack = sum(gain.points for gain in leg) + bound.rest - least
        sets += _essential(leg, slack)
    total = max(rarity.total, 1)
    shares = sorted((min(having(one, rarity) / total, 1.0), one) for one in {tuple(sorted(set(one))) for one in sets})
    kept = [(share, one) for share, one in shares if share < _SELECTIVE][:_MOST_CONDITIONS]
    about = float(total)
    for share, _ in kept:
        about *= share
    return Conditions(tuple(one for _, one in kept), bound.never, about)


def _essential(gains: Sequence[Gain], slack: int) -> list[tuple[int, ...]]:
    """Disjoint sets of gains of which each gives more than `slack` together: the fewest have the first."""
    sets: list[tuple[int, ...]] = []
    rest = sorted((gain for gain in gains if gain.points), key=lambda one: one.dear)
    while slack >= 0:
        taken, points = list[Gain](), 0
        while rest and points <= slack:
            taken.append(rest.pop(0))
            points += taken[-1].points
        if points <= slack:
            break
        spare = list[Gain]()
        for gain in sorted(taken, key=lambda one: -one.having):
            if points - gain.points > slack:
                points -= gain.points
                spare.append(gain)
        sets.append(tuple(feature for gain in taken if gain not in spare for feature in gain.features))
        rest = sorted([*rest, *spare], key=lambda one: one.dear)
    return sets


def having(features: Sequence[int], rarity: Rarity) -> int:
    """At most how many have any of some features."""
    return int(rarity.count(np.array(features, np.int64)).sum())


def wanted(side: Side, worth: Worth, rarity: Rarity, known: int) -> tuple[Gain, ...]:
    """What each feature that a side wants gives, of those that were counted."""
    times, counts = (*worth.multipliers, 0), rarity.count(side.wants).tolist()
    every = zip(side.wants.tolist(), side.units.tolist(), side.criteria.tolist(), counts, strict=True)
    return tuple(
        Gain((feature,), units * times[criterion], count)
        for feature, units, criterion, count in every
        if feature < known and units * times[criterion]
    )


def spoken(side: Side, worth: Worth, rarity: Rarity, known: int) -> tuple[Gain, ...]:
    """What the level of the best common language gives, a step at a time."""
    by_level = partners(side.speaks, side.vocabulary)
    gains, given = [], 0
    for level in sorted(by_level):
        features = tuple(one for at, every in by_level.items() if at >= level for one in every if one < known)
        points = weights.LANGUAGE_POINTS[level] * worth.language
        gains.append(Gain(features, points - given, having(features, rarity)))
        given = points
    return tuple(gains)


def static(side: Side, worth: Worth) -> int:
    """The most that capacity, freshness and working hours give."""
    room = max(0, max(points for _, points in weights.CAPACITY_POINTS))
    fresh = max(0, max(points for _, points in weights.FRESHNESS_POINTS))
    return (room + fresh) * worth.static + (weights.hours_points(48) * worth.hours if side.profile.hours else 0)


def eligible(of: Field, known: int) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    """What the hard filters but for the language ask for, as features that must and must not be there."""
    query = of.query
    must = [of.find(*(f"k:{kind}" for kind in candidate_kinds(query)))]
    must.append(of.find("k:public" if query.guest else "k:suggestible"))
    never = of.find(f"k:not:{query.kind}")
    if query.kind == "collaborators":
        must.append(of.find("k:placed"))
        never += of.find(f"p:{query.profile.country}") if query.profile.country else []
    return [tuple(one for one in each if one < known) for each in must], tuple(one for one in never if one < known)


def talking(side: Side, known: int) -> tuple[int, ...]:
    """The features of those who have a working language in common with a side."""
    by_level = partners(side.speaks, side.vocabulary)
    return tuple(one for every in by_level.values() for one in every if one < known)


def relevant(of: Field, known: int) -> tuple[int, ...]:
    """Features of which at least one makes anybody relevant."""
    side = of.side
    chosen = [weights.LEVEL, weights.TAGS, weights.INTERESTS]
    if of.query.kind in ("collaborators", "institutions"):
        chosen += [weights.OFFERS, weights.NEEDS]
    return tuple(one for one in (*side.subject_relevant(), *(f for f, _ in side.of_criterion(*chosen))) if one < known)
