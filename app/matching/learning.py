"""Learning what each criterion is worth from what people answered, and proving it before it is used.

Of what was suggested to somebody, whoever led to something should stand above whoever didn't. So the weights are those
of a logistic regression on the differences of such pairs (Herbrich, Graepel and Obermayer 2000; Joachims 2002), never
negative, and drawn towards the hand-set ones by made-up pairs that the hand-set model answers (a catalytic prior, Huang
et al. 2020): with few outcomes little changes. Whether a place high on the list made somebody look at all is fitted
beside, and left out of the model.

The last period is held out. The new weights replace those in use only when the lower end of the 95 % interval of the
difference in NDCG, by a paired bootstrap over those who asked (Efron and Tibshirani 1993; for rankings Sakai 2006),
lies above zero. It is counted over those who were answered one way or the other, and not over those left untouched
(condensed lists, Sakai 2007): most of these were never looked at, and would only say that the order in use was shown.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.matching import weights
from app.matching.model import Worth
from app.matching.query import Measured

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LED, ACCEPTED, DECLINED, IGNORED, NOT_FOR_ME, UNTOUCHED = (
    *("led on", "accepted", "declined", "ignored", "not for me", "untouched"),
)
GAINS: Mapping[str, int] = MappingProxyType({LED: 3, ACCEPTED: 1, DECLINED: 0, IGNORED: 0, NOT_FOR_ME: 0, UNTOUCHED: 0})
"""What an outcome is worth: what led into a community together is what suggestions are for."""
AGAINST: Mapping[str, float] = MappingProxyType(
    {LED: 1.0, ACCEPTED: 1.0, DECLINED: 1.0, IGNORED: 1.0, NOT_FOR_ME: 1.0, UNTOUCHED: 0.1}
)
"""How much it tells that somebody else led to more: of those untouched, most weren't even looked at."""

LEARNT = (*weights.CRITERIA, "language", "hours")
"""The weights that are fitted; those of capacity and freshness are promises, that of the border is the same for all."""
HELD_OUT = 0.3
"""The part of the outcomes, the latest, that decides whether a model is better."""
LEAST_OUTCOMES = 40
"""So many outcomes are fitted to at least."""
LEAST_QUERIES = 30
"""So many who asked, answered both ways, are held out at least: below, the bootstrap promises more than it knows."""
DRAWN_BACK = 100.0
"""The pull towards the hand-set weights, as strong as so many outcomes."""
FINE = 8
"""How much finer than the hand-set points the learnt ones are, so that rounding costs nothing."""
RESAMPLED = 2000
_ROUNDS = 5
_MOST_PAIRS = 12_000
_LOOSE = 10.0


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
        One of the keys of :data:`GAINS`.
    """

    asker: int
    at: float
    measured: Measured
    place: int = 0
    outcome: str = UNTOUCHED


@dataclass(frozen=True, slots=True)
class Trial:
    """A model that was fitted, and how it did on the period held out beside the one in use.

    Attributes
    ----------
    worth
        The new weights; None if there was too little to fit to.
    outcomes, held_out, queries
        Candidates with an outcome that were fitted to, and held out; those who asked and count in the comparison.
    old, new, difference, lower, upper
        NDCG of the model in use and of the new one, their difference and its 95 % interval.
    """

    worth: Worth | None
    outcomes: int
    held_out: int
    queries: int
    old: float = 0.0
    new: float = 0.0
    difference: float = 0.0
    lower: float = 0.0
    upper: float = 0.0

    @property
    def better(self) -> bool:
        """Whether the new model is proven to be the better one."""
        return self.worth is not None and self.lower > 0


@dataclass(frozen=True, slots=True)
class Examples:
    """Candidates as arrays, those of one asker together.

    Attributes
    ----------
    forward, reverse
        What is multiplied by the weights of :data:`LEARNT`, one way and the other; shape (rows, 10).
    static, gain, against, place
        Hand-set points that aren't learnt, what came of it, what it tells when nothing did, the place; shape (rows,).
    starts
        Where the candidates of each asker begin, and the last end; shape (askers + 1,).
    """

    forward: Floats
    reverse: Floats
    static: Floats
    gain: Floats
    against: Floats
    place: Floats
    starts: Ints

    @classmethod
    def of(cls, candidates: Iterable[Candidate]) -> "Examples":
        """Put candidates together, in an order that doesn't depend on theirs."""
        rows = sorted(candidates, key=_in_order)
        said = [one.measured for one in rows]
        askers = np.array([one.asker for one in rows], np.int64)

        def side(units: Iterable[tuple[int, ...]]) -> Floats:
            both = [(*counted, one.language, one.hours) for counted, one in zip(units, said, strict=True)]
            return np.array(both, np.float64).reshape(-1, len(LEARNT))

        return cls(
            forward=side(one.forward for one in said),
            reverse=side(one.reverse for one in said),
            static=np.array([one.static for one in said], np.float64),
            gain=np.array([GAINS[one.outcome] for one in rows], np.float64),
            against=np.array([AGAINST[one.outcome] for one in rows], np.float64),
            place=np.array([one.place for one in rows], np.float64),
            starts=np.append(np.flatnonzero(np.diff(askers, prepend=-1)), len(rows)).astype(np.int64),
        )

    def groups(self) -> Iterable[slice]:
        """Yield where the candidates of each asker are."""
        for begin, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            yield slice(begin, end)

    def limiting(self, worth: Floats) -> Floats:
        """Return the rows of the direction that limits each pair under `worth`, shape (rows, 10)."""
        ahead = self.forward @ worth <= self.reverse @ worth
        return np.where(ahead[:, None], self.forward, self.reverse)

    def scores(self, worth: Worth) -> Floats:
        """Return the score of each row under a model, but for the border, which is the same for all."""
        points = vector_of(worth)
        return np.minimum(self.forward @ points, self.reverse @ points) + self.static * worth.scale


def learn(candidates: Iterable[Candidate], in_use: Worth, hand_set: Worth, seed: int = 0) -> Trial:
    """Fit weights to all but the last period, and hold them against those in use on that one.

    The same candidates and seed give the same trial, in whatever order they come. O(pairs) for each of some dozen fits,
    and O(:data:`RESAMPLED` * askers) for the comparison.
    """
    every = list(candidates)
    known = sorted(one.at for one in every if one.outcome != UNTOUCHED)
    cut = known[int(len(known) * (1 - HELD_OUT))] if known else 0.0
    fitted = [one for one in every if one.at < cut]
    later = Examples.of(one for one in every if one.at >= cut and one.outcome != UNTOUCHED)
    counted = (
        sum(one.outcome != UNTOUCHED for one in fitted),
        len(later.gain),
        sum(bool(later.gain[group].min() < later.gain[group].max()) for group in later.groups()),
    )
    if counted[0] < LEAST_OUTCOMES or counted[2] < LEAST_QUERIES:
        return Trial(None, *counted)
    worth = fit(Examples.of(fitted), hand_set, seed)
    if worth is None:
        return Trial(None, *counted)
    return Trial(worth, *counted, *compare(later, in_use, worth, seed))


def fit(examples: Examples, hand_set: Worth, seed: int = 0) -> Worth | None:
    """Return the weights under which what led to something stands highest; None where nothing can be told.

    Which direction limits a pair depends on the weights themselves, so fitting and looking take turns, as in the
    concave-convex procedure (Yuille and Rangarajan 2003).
    """
    higher, lower, weight = _pairs(examples, seed)
    if len(higher) < 2:
        return None
    prior = vector_of(hand_set)
    looked = np.log2(examples.place + 2)
    worth = prior
    for _ in range(_ROUNDS):
        rows = examples.limiting(worth)
        by_hand = (rows @ prior + examples.static)[higher] - (rows @ prior + examples.static)[lower]
        found = _constrained(rows[higher] - rows[lower], by_hand, looked[higher] - looked[lower], weight)
        if found is None or np.allclose(found, worth, rtol=1e-3, atol=1e-6):
            break
        worth = found
    usual = examples.limiting(prior).mean(axis=0)
    size = float(worth @ usual)
    return _rounded(worth * (float(prior @ usual) / size), hand_set) if size > 0 else None


def compare(examples: Examples, old: Worth, new: Worth, seed: int = 0) -> tuple[float, float, float, float, float]:
    """Return NDCG of two models, the difference, and its 95 % interval by a paired bootstrap over who asked.

    Who was only answered one way is left out: any order is as good for them.
    """
    one, other = ndcg(examples, old), ndcg(examples, new)
    difference = other - one
    draws = np.random.default_rng(seed).integers(0, len(difference), (RESAMPLED, len(difference)))
    low, high = np.percentile(difference[draws].mean(axis=1), (2.5, 97.5))
    return float(one.mean()), float(other.mean()), float(difference.mean()), float(low), float(high)


def ndcg(examples: Examples, worth: Worth) -> Floats:
    """Return the NDCG of each asker whose candidates differ in gain; equal scores share the worth of their places."""
    scores, found = examples.scores(worth), []
    for group in examples.groups():
        gain = examples.gain[group]
        if gain.min() < gain.max():
            discounts = 1 / np.log2(np.arange(len(gain)) + 2)
            ideal = float(np.sort(gain)[::-1] @ discounts)
            found.append(float(_shared_discounts(scores[group], discounts) @ gain) / ideal)
    return np.array(found, np.float64)


def vector_of(worth: Worth) -> Floats:
    """Return the learnt weights of a model, in the order of :data:`LEARNT`."""
    return np.array([getattr(worth, name) for name in LEARNT], np.float64)


def _in_order(one: Candidate) -> tuple[object, ...]:
    said = one.measured
    return one.asker, one.at, one.place, said.forward, said.reverse, said.language, said.hours, said.static


def _shared_discounts(scores: Floats, discounts: Floats) -> Floats:
    """Return for each row the mean discount of the places that it and its equals take."""
    _, group, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    begins = np.cumsum(counts) - counts
    means = np.add.reduceat(discounts, begins) / counts
    return np.asarray(means[group], np.float64)


def _pairs(examples: Examples, seed: int) -> tuple[Ints, Ints, Floats]:
    """Return rows that should stand above others, those others, and how much each pair tells.

    All pairs of an asker together tell as much as what led to something: being shown more candidates says no more.
    """
    higher, lower, weight = [], [], []
    for group in examples.groups():
        gain, against = examples.gain[group], examples.against[group]
        ahead, behind = np.nonzero(gain[:, None] > gain[None, :])
        tells = (gain[ahead] - gain[behind]) * against[behind]
        if len(ahead):
            higher.append(ahead + group.start)
            lower.append(behind + group.start)
            weight.append(tells * ((gain > 0).sum() / tells.sum()))
    if not higher:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, np.zeros(0)
    whole = np.concatenate(higher), np.concatenate(lower), np.concatenate(weight)
    if len(whole[0]) <= _MOST_PAIRS:
        return whole
    chosen = np.sort(np.random.default_rng(seed).choice(len(whole[0]), _MOST_PAIRS, replace=False))
    return whole[0][chosen], whole[1][chosen], whole[2][chosen] * (len(whole[0]) / _MOST_PAIRS)


def _constrained(rows: Floats, by_hand: Floats, place: Floats, weight: Floats) -> Floats | None:
    """Return the weights of a logistic regression on `rows`, none below zero; None where nothing is told.

    A weight that would be negative is taken out and the others are fitted again: the lowest first.
    """
    free = rows.std(axis=0) > 0
    while free.any():
        worth = np.zeros(len(LEARNT))
        worth[free] = _regressed(rows[:, free], by_hand, place, weight)
        if worth.min() >= 0:
            return worth
        free &= worth > worth.min()
    return None


def _regressed(rows: Floats, by_hand: Floats, place: Floats, weight: Floats) -> Floats:
    """Return the weights that tell the higher of each pair, and of those made up, which the hand-set model answers.

    The made-up ones are the same pairs as if nobody knew their outcome nor their place: each counts both ways, as much
    as the hand-set model thinks of either.
    """
    from sklearn.linear_model import LogisticRegression

    columns = np.column_stack([rows, place])
    unit = columns.std(axis=0)
    unit[unit == 0] = 1.0
    scaled = columns / unit
    made_up = scaled.copy()
    made_up[:, -1] = 0.0
    sure = 1 / (1 + np.exp(-by_hand / max(float(by_hand.std()), 1.0)))
    each = DRAWN_BACK / len(rows)
    fitted = LogisticRegression(C=_LOOSE, fit_intercept=False, max_iter=500)
    fitted.fit(
        np.concatenate([scaled, made_up, made_up]),
        np.repeat([True, True, False], len(rows)),
        sample_weight=np.concatenate([weight, each * sure, each * (1 - sure)]),
    )
    return np.asarray((fitted.coef_[0] / unit)[:-1], np.float64)


def _rounded(worth: Floats, hand_set: Worth) -> Worth | None:
    """Return the weights as integers in points as fine as they may be; None if not even coarse ones fit."""
    rest = {one.name: getattr(hand_set, one.name) for one in fields(Worth) if one.name not in LEARNT}
    for scale in range(FINE, 0, -1):
        learnt = {name: round(float(each) * scale) for name, each in zip(LEARNT, worth, strict=True)}
        if not any(learnt.values()):
            return None
        try:
            return Worth(**learnt, **{name: number * scale for name, number in rest.items()})
        except ValueError:
            continue
    return None
