"""Scores over one segment, and the exact best of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching import loops, weights
from app.matching.compiled import kernels
from app.matching.filters import Field
from app.matching.found import Found
from app.matching.hours import ALL_DAY
from app.matching.segment import Bitmap, Points
from app.matching.vocabulary import Ints

_LIFT = 8192
"""Added to the points of those who pass, so that zero is left for those who don't; no points are as low."""
_HIGHEST = 1 << 15
_FIRST_BATCH = 256
_GROWTH = 4
_SAMPLE = 1 << 14


def forward_points(field: Field) -> Points:
    """Return how good everyone is for the asker by shared features, shape (profiles,).

    The sparse product of the wanted units with the features all profiles have, by inverted lists: O(length of the lists
    of the wanted features), a bitmap of a frequent feature counting 1/8 of its length.
    """
    multipliers = field.worth.multipliers
    interest = multipliers[weights.INTERESTS]
    if field.interest_units is None or not interest:
        points = np.zeros(len(field.segment), np.int16)
    else:
        points = field.interest_units * np.int16(interest)
    for times in sorted(set(multipliers) - {0}):
        alike = [at for at, other in enumerate(multipliers) if other == times and at != weights.INTERESTS]
        field.segment.add(points, field.side.of_criterion(*alike), times)
    return points


def language_points(field: Field) -> Points:
    """Return the points for the best common working language, shape (profiles,)."""
    points = np.zeros(len(field.segment), np.uint8)
    given = 0
    for level, tier in field.language_tiers.items():
        worth = weights.LANGUAGE_POINTS[level]
        flags = field.segment.flags(tier)
        flags *= np.uint8(worth - given)
        points += flags
        given = worth
    return np.multiply(points, field.worth.language, dtype=np.int16)


def static_points(field: Field) -> Points:
    """Return the points for capacity and freshness, shape (profiles,); not to be written to."""
    scale = field.worth.static
    points = field.segment.columns.points
    return points if scale == 1 else np.multiply(points, scale, dtype=np.int16)


def hours_points(field: Field) -> Points | None:
    """Return the points for working hours in common, shape (profiles,); None if nobody has any.

    O(profiles), over one word each; :func:`app.matching.weights.hours_points` for all at once.
    """
    mine, times = np.uint64(field.side.profile.hours & ALL_DAY), field.worth.hours
    if not mine or not times:
        return None
    shared = np.bitwise_count(field.segment.columns.hours & mine)
    shared >>= np.uint8(1)
    np.minimum(shared, np.uint8(weights.HOURS_COUNTED), out=shared)
    return np.asarray(shared, np.int16) * np.int16(weights.HOURS_POINTS * times)


def shared_points(field: Field) -> Points:
    """Return what counts in both directions alike, shape (profiles,)."""
    points = steady_points(field)
    hours = hours_points(field)
    return points if hours is None else points + hours


def steady_points(field: Field) -> Points:
    """Return the same but for the working hours, shape (profiles,)."""
    points = language_points(field) + static_points(field)
    return points + np.int16(field.border) if field.border else points


def shared_at(field: Field, rows: Ints) -> Ints:
    """Return the :func:`shared_points` of `rows` alone."""
    return steady_at(field, rows) + hours_at(field, rows)


def steady_at(field: Field, rows: Ints) -> Ints:
    """Return the :func:`steady_points` of `rows` alone."""
    worth = field.worth
    points = field.segment.columns.points[rows].astype(np.int64)
    if worth.static != 1:
        points *= worth.static
    byte, bit = rows >> 3, (rows & 7).astype(np.uint8)
    for tier, gain in _language_gains(field):
        points += np.multiply(tier[byte] >> bit & np.uint8(1), gain, dtype=np.int64)
    return points + field.border


def hours_at(field: Field, rows: Ints) -> Ints:
    """Return the :func:`hours_points` of `rows` alone."""
    times = weights.HOURS_POINTS * field.worth.hours
    mine = np.uint64(field.side.profile.hours & ALL_DAY)
    if not mine or not times:
        return np.zeros(len(rows), np.int64)
    shared = np.bitwise_count(field.segment.columns.hours[rows] & mine) >> np.uint8(1)
    return np.asarray(np.minimum(shared, np.uint8(weights.HOURS_COUNTED)).astype(np.int64) * times, np.int64)


def leg_points(field: Field, more: Sequence[tuple[Bitmap, int]] = ()) -> Points:
    """Return what everyone is for the asker by features and language, and by `more` bitmaps; shape (profiles,)."""
    if (run := kernels()) is not None:
        terms = loops.Terms(bitmaps=[*_language_gains(field), *more])
        _add_forward(terms, field)
        return loops.summed(run, field.segment, terms, field.segment.everyone())[0][: len(field.segment)]
    points = forward_points(field) + language_points(field)
    for bitmap, gain in more:
        points += np.multiply(field.segment.flags(bitmap), gain, dtype=np.int16)
    return points


def _add_forward(terms: loops.Terms, field: Field) -> None:
    """Add the terms of :func:`forward_points`."""
    multipliers, side = field.worth.multipliers, field.side
    units = field.interest_units
    apart = units is not None and units.dtype == np.uint8  # summed up already, to know who is relevant
    if apart:
        terms.units, terms.times = np.asarray(units, np.uint8), multipliers[weights.INTERESTS]
    for feature, gain, criterion in zip(side.wants.tolist(), side.units.tolist(), side.criteria.tolist(), strict=True):
        times = multipliers[criterion] if criterion < len(multipliers) else 0
        if times and not (apart and criterion == weights.INTERESTS):
            terms.features.append((feature, gain * times))


def _both_ways(field: Field) -> loops.Terms:
    """Return what a bound adds up, but for the working hours."""
    terms = loops.Terms(bitmaps=_language_gains(field), scale=field.worth.static, constant=_LIFT + field.border)
    _add_forward(terms, field)
    return terms


def most_hours_points(field: Field) -> int:
    """Return what shared working hours can give the asker at most."""
    most = weights.hours_points(2 * weights.HOURS_COUNTED) * field.worth.hours
    return most if field.side.profile.hours & ALL_DAY else 0


def _language_gains(field: Field) -> list[tuple[Bitmap, int]]:
    """Return :func:`language_points` as bitmaps with gains: what each level adds to the one below it."""
    times, given, found = field.worth.language, 0, []
    for level, tier in field.language_tiers.items():
        found.append((tier, (weights.LANGUAGE_POINTS[level] - given) * times))
        given = weights.LANGUAGE_POINTS[level]
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the score of everyone can be at most, lifted above zero; zero of those who don't pass.

    Attributes
    ----------
    sums
        Shape (profiles,) or more.
    highest
        The highest of every 64, where compiled loops found it.
    """

    sums: Points
    highest: Points | None = None

    @classmethod
    def one_way(cls, field: Field, passing: Bitmap) -> "Bounds":
        """Return how good those who pass are for the asker, and what counts in both directions."""
        if (run := kernels()) is None:
            return cls.of_points(field, passing, forward_points(field) + shared_points(field))
        terms = _both_ways(field)
        terms.hours, terms.most_hours = field.side.profile.hours & ALL_DAY, weights.HOURS_COUNTED
        terms.hour_worth = weights.HOURS_POINTS * field.worth.hours
        return cls(*loops.summed(run, field.segment, terms, passing))

    @classmethod
    def without_hours(cls, field: Field, passing: Bitmap) -> "Bounds":
        """Return the same as if everyone shared enough of the working hours: these are two thirds of what is read."""
        most = most_hours_points(field)
        if (run := kernels()) is None:
            points = forward_points(field) + steady_points(field)
            return cls.of_points(field, passing, points + np.int16(most))
        terms = _both_ways(field)
        terms.constant += most
        return cls(*loops.summed(run, field.segment, terms, passing))

    @classmethod
    def of_points(cls, field: Field, passing: Bitmap, points: Points) -> "Bounds":
        """Return given points as bounds."""
        if (run := kernels()) is not None:
            return cls(*loops.summed(run, field.segment, loops.Terms(more=points, constant=_LIFT), passing))
        lifted = points + np.int16(_LIFT)
        lifted *= field.segment.flags(passing)
        return cls(lifted)

    def reaching(self, points: int) -> Ints:
        """Return who could come to `points`."""
        return self.rows(max(points + _LIFT, 1), _HIGHEST)

    def cut(self, size: int) -> int:
        """Return a bound that about `size` candidates reach; 1 if all are as many."""
        if self.highest is not None:
            return loops.cut(self.highest, size)
        if size >= len(self.sums):
            return 1
        sample = self.sums[:: max(1, len(self.sums) // _SAMPLE)]
        place = max(len(sample) - 1 - size * len(sample) // len(self.sums), 0)
        return max(int(np.partition(sample, place)[place]), 1)

    def rows(self, least: int, below: int) -> Ints:
        """Return whose bound is from `least` to under `below`."""
        run = kernels()
        if self.highest is not None and run is not None:
            return loops.collected(run, self.sums, self.highest, least, below)
        rows = np.flatnonzero(self.sums >= least)
        return rows[self.sums[rows] < below]


def reverse_points(field: Field, rows: Ints, table: NDArray[np.int32]) -> Ints:
    """Return how good the asker is for the profiles in `rows`: what they want and the asker has.

    `table` is :meth:`Side.multiplied`. O(features the rows want).
    """
    if (run := kernels()) is not None:
        return loops.answered(run, field.segment, rows, table)
    want, starts = field.segment.wants(rows)
    gains = table[want >> np.uint32(8)] * (want & np.uint32(255)).astype(np.int32)
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(gains, dtype=np.int64)])
    return np.asarray(running[starts[1:]] - running[starts[:-1]], np.int64)


def score_rows(field: Field, rows: Ints) -> Found:
    """Score a few rows exactly, without looking at anybody else: O(features the asker and the rows want)."""
    side, worth = field.side, field.worth
    times = (*worth.multipliers, 0)
    forward = np.zeros(len(rows), np.int64)
    for feature, units, criterion in zip(side.wants.tolist(), side.units.tolist(), side.criteria.tolist(), strict=True):
        if times[criterion]:
            forward += field.segment.having(feature, rows) * (units * times[criterion])
    reverse = forward if field.query.guest else reverse_points(field, rows, side.multiplied(worth))
    return _found(field, rows, forward, reverse, shared_at(field, rows))


def best_two_ways(field: Field, passing: Bitmap, count: int) -> Found:
    """Return the exact best `count` among `passing`, a pair being as good as its worse direction.

    How good a candidate is for the asker is known for all by the inverted lists, and bounds the score from above: the
    worse direction can't be better. So candidates are taken in the order of that bound, batch by batch, and their own
    direction worked out, until the bound falls below the `count`-th best score found (the threshold algorithm of Fagin,
    Lotem and Naor 2003). Whoever hasn't been looked at then has a bound below it, so nobody is missed, equals included.

    Sources: reciprocal recommendation, Pizzato et al. 2010 (RECON); of the ways to combine both directions, the minimum
    keeps the side that would say no in sight (Neve and Palomares 2019 compare them).
    """
    bounds, most_hours = Bounds.without_hours(field, passing), most_hours_points(field)
    table = field.side.multiplied(field.worth)
    found, score = list[Found](), np.zeros(0, np.int64)
    above, size = _HIGHEST, max(_FIRST_BATCH, 2 * count)
    while above > 1:
        least = int(np.partition(score, len(score) - count)[len(score) - count]) + _LIFT if len(score) >= count else 1
        if above <= least:
            break
        cut = max(least, min(bounds.cut(size), above - 1))
        rows = bounds.rows(cut, above)
        steady = steady_at(field, rows)
        forward = bounds.sums[rows] - np.int64(_LIFT + most_hours) - steady
        shared = steady + hours_at(field, rows)
        found.append(_found(field, rows, forward, reverse_points(field, rows, table), shared))
        score = np.concatenate([score, found[-1].score])
        above, size = cut, size * _GROWTH
    return Found.stacked(found).best(count, field.query.seed)


def best_one_way(field: Field, passing: Bitmap, count: int) -> Found:
    """Return the exact best `count` among `passing` by how good they are for the asker alone."""
    bounds = Bounds.one_way(field, passing)
    rows = _enough(bounds, count)
    shared = shared_at(field, rows)
    forward = bounds.sums[rows] - np.int64(_LIFT) - shared
    return _found(field, rows, forward, forward, shared).best(count, field.query.seed)


def best_of(field: Field, passing: Bitmap, legs: tuple[Points, Points], count: int) -> Found:
    """Return the exact best `count` among `passing` where both legs are known for everyone."""
    one, other = legs
    static = static_points(field)
    worse = one if one is other else np.minimum(one, other)
    rows = _enough(Bounds.of_points(field, passing, worse + static), count)
    found = _found(field, rows, *(part[rows].astype(np.int64) for part in (one, other, static)))
    return found.best(count, field.query.seed)


def best_leg(field: Field, passing: Bitmap, more: Sequence[tuple[Bitmap, int]], count: int) -> Found:
    """Return the exact best `count` among `passing` by :func:`leg_points` and what counts whoever asks."""
    if (run := kernels()) is None:
        points = leg_points(field, more)
        return best_of(field, passing, (points, points), count)
    scale = field.worth.static
    terms = loops.Terms(bitmaps=[*_language_gains(field), *more], scale=scale, constant=_LIFT)
    _add_forward(terms, field)
    bounds = Bounds(*loops.summed(run, field.segment, terms, passing))
    rows = _enough(bounds, count)
    static = field.segment.columns.points[rows].astype(np.int64) * scale
    leg = bounds.sums[rows] - np.int64(_LIFT) - static
    return _found(field, rows, leg, leg, static).best(count, field.query.seed)


def _enough(bounds: Bounds, count: int) -> Ints:
    """Return at least the best `count`, equals included."""
    size = max(_FIRST_BATCH, 2 * count)
    while True:
        cut = bounds.cut(size)
        rows = bounds.rows(cut, _HIGHEST)
        if len(rows) >= count or cut <= 1:
            return rows
        size *= _GROWTH


def _found(field: Field, rows: Ints, forward: Ints, reverse: Ints, shared: Ints) -> Found:
    return Found(rows, field.segment.columns.key[rows], forward, reverse, shared)
