"""Learning what each criterion is worth from what came of suggestions, and proving it before it is used.

The last period is held out. The new weights (:mod:`app.matching.fitting`) replace those in use only when two lower ends
of 95 % intervals, by a paired bootstrap over those who asked (Efron and Tibshirani 1993; for rankings Sakai 2006), lie
above zero: that of the difference in NDCG, and that of the difference in the order of pairs with what their places did
taken out. Both are counted over those who were answered one way or the other, and not over those left untouched
(condensed lists, Sakai 2007): most of these were never looked at, and would only say that the order in use was shown.

Who stands high is seen first and is taken more kindly. So each pair counts by the inverse of how much more likely its
outcome was than the opposite one, for the places alone (inverse propensities: Joachims, Swaminathan and Schnabel 2017;
of pairs Hu et al. 2019), which are fitted to the answers beside what the criteria tell (as Wang et al. 2018 do). Where
people answer by place only, any order is as good as any other: without this, a model that only repeats the order of
lists it was shown with looked better in up to half of all tries on made-up outcomes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from app.matching.examples import Candidate, Examples, Floats
from app.matching.fitting import answered_pairs, fit, place_effect
from app.matching.model import Worth
from app.matching.outcomes import UNTOUCHED

HELD_OUT = 0.3
"""The part of the outcomes, the latest, that decides whether a model is better."""
LEAST_OUTCOMES = 40
"""So many outcomes are fitted to at least."""
LEAST_QUERIES = 30
"""So many who asked, answered both ways, are held out at least: below, the bootstrap promises more than it knows."""
RESAMPLED = 2000
MOST_UNLIKELY = 10.0
"""No pair counts more than so many times as one whose places did nothing, nor less than the inverse."""


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
    apart
        The lower end for the order of pairs, with what their places did taken out.
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
    apart: float = 0.0

    @property
    def better(self) -> bool:
        """Whether the new model is proven to be the better one."""
        return self.worth is not None and self.lower > 0 and self.apart > 0


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
    return Trial(worth, *counted, *compare(later, in_use, worth, seed), apart_from_places(later, in_use, worth, seed))


def compare(examples: Examples, old: Worth, new: Worth, seed: int = 0) -> tuple[float, float, float, float, float]:
    """Return NDCG of two models, the difference, and its 95 % interval by a paired bootstrap over who asked.

    Who was only answered one way is left out: any order is as good for them.
    """
    one, other = ndcg(examples, old), ndcg(examples, new)
    low, high = _interval(other - one, seed)
    return float(one.mean()), float(other.mean()), float((other - one).mean()), low, high


def apart_from_places(examples: Examples, old: Worth, new: Worth, seed: int = 0) -> float:
    """Return the lower 95 % bound of how much more of the pairs the new model has in order, their places apart.

    For each asker the mean over pairs of what the higher led to more, times whether the model has it higher (half where
    it can't tell), times the inverse of what the places did. If nothing else decides the answers, turning a pair round
    is as likely as leaving it, once both are so weighted: the mean is then zero, whatever the two models are.
    """
    scores = np.column_stack([examples.scores(old), examples.scores(new)])
    higher, lower, asker = answered_pairs(examples)
    effect = place_effect(examples, scores)
    inverse = np.exp((effect[lower] - effect[higher]) / 2).clip(1 / MOST_UNLIKELY, MOST_UNLIKELY)
    # Of two that both led to something, how far they led isn't put down to their places.
    inverse[examples.gain[lower] > 0] = 1.0
    right = np.sign(scores[higher] - scores[lower]) / 2
    gained = (examples.gain[higher] - examples.gain[lower]) * inverse * (right[:, 1] - right[:, 0])
    _, number, pairs = np.unique(asker, return_inverse=True, return_counts=True)
    return _interval(np.bincount(number, gained) / pairs, seed)[0]


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


def _interval(difference: Floats, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean of a difference, one for each who asked."""
    draws = np.random.default_rng(seed).integers(0, len(difference), (RESAMPLED, len(difference)))
    low, high = np.percentile(difference[draws].mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def _shared_discounts(scores: Floats, discounts: Floats) -> Floats:
    """Return for each row the mean discount of the places that it and its equals take."""
    _, group, counts = np.unique(-scores, return_inverse=True, return_counts=True)
    begins = np.cumsum(counts) - counts
    means = np.add.reduceat(discounts, begins) / counts
    return np.asarray(means[group], np.float64)
