"""Fitting the weights of the criteria to what people answered, and what a place on the list does by itself.

Of what was suggested to somebody, whoever led to something should stand above whoever didn't. So the weights are those
of a logistic regression on the differences of such pairs (Herbrich, Graepel and Obermayer 2000; Joachims 2002), never
negative, and drawn towards the hand-set ones by made-up pairs that the hand-set model answers (a catalytic prior, Huang
et al. 2020): with few outcomes little changes. What the places do by themselves is fitted beside, and left out: once
for pairs of which both were answered, and once for those of which one may not even have been looked at.
"""

from dataclasses import dataclass, fields

import numpy as np

from app.matching.examples import LEARNT, STANDING, Bools, Examples, Floats, Ints, vector_of
from app.matching.model import Worth
from app.matching.threads import one_thread

DRAWN_BACK = 100.0
"""The pull towards the hand-set weights, as strong as so many outcomes."""
FINE = 8
"""How much finer than the hand-set points the learnt ones are, so that rounding costs nothing."""
_ROUNDS = 5
_MOST_PAIRS = 12_000
_LOOSE = 10.0


def fit(examples: Examples, hand_set: Worth, seed: int = 0) -> Worth | None:
    """Return the weights under which what led to something stands highest; None where nothing can be told.

    Which direction limits a pair depends on the weights themselves, so fitting and looking take turns, as in the
    concave-convex procedure (Yuille and Rangarajan 2003). A criterion in which nobody differs keeps its hand-set
    weight. Capacity and freshness never count less than promised: where they would, the rest is fitted without them.
    """
    pairs, prior = _Pairs.of(examples, seed), vector_of(hand_set)
    if len(pairs.higher) < 2:
        return None
    found = _settled(examples, pairs, prior, np.ones(len(LEARNT), np.bool_))
    if found is not None and found[STANDING] < prior[STANDING]:
        found = _settled(examples, pairs, prior, np.arange(len(LEARNT)) != STANDING)
    return _rounded(found, hand_set)


def _settled(examples: Examples, pairs: "_Pairs", prior: Floats, free: Bools) -> Floats | None:
    """Return weights under which the directions that limit are those they were fitted to; `free`: which may change."""
    worth, told = prior, free
    for _ in range(_ROUNDS):
        rows = examples.limiting(worth)
        differing = rows[pairs.higher] - rows[pairs.lower]
        told = free & (differing.std(axis=0) > 0)
        found = _constrained(differing, told, differing @ prior, pairs)
        if found is None or np.allclose(found, worth, rtol=1e-3, atol=1e-6):
            break
        worth = found
    return _in_size(worth, prior, told, examples)


def place_effect(examples: Examples, scores: Floats) -> Floats:
    """Return what its place did for each row that was answered, as a part of the log-odds of leading to more.

    A logistic regression on the pairs that were answered, of what the places are and of `scores`, shape (rows, n),
    by any models: what those can tell isn't put down to the place. Shape (rows,); zero where nothing can be told.
    """
    higher, lower = answered_pairs(examples)[:2]
    looks = examples.looks()
    if len(higher) < 2:
        return np.zeros(len(looks))
    differing = np.hstack([scores, looks])[higher] - np.hstack([scores, looks])[lower]
    learnt = _regressed(differing, np.ones(len(higher)))
    return np.asarray(looks @ learnt[scores.shape[1] :], np.float64)


def answered_pairs(examples: Examples) -> tuple[Ints, Ints, Ints]:
    """Return of all pairs of one asker who were both answered the one that led to more, the other, and which asker."""
    found: list[tuple[Ints, Ints, Ints]] = []
    for number, group in enumerate(examples.groups()):
        gain = np.where(examples.answered[group], examples.gain[group], np.nan)
        ahead, behind = np.nonzero(gain[:, None] > gain[None, :])
        found.append((ahead + group.start, behind + group.start, np.full(len(ahead), number)))
    if not found:
        nothing = np.zeros(0, np.int64)
        return nothing, nothing, nothing
    one, other, asker = (np.concatenate(part).astype(np.int64) for part in zip(*found, strict=True))
    return one, other, asker


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Rows that should stand above others, those others, how much each pair tells, and what the places may have done.

    All pairs of an asker together tell as much as what led to something: being shown more candidates says no more.
    """

    higher: Ints
    lower: Ints
    weight: Floats
    places: Floats

    @classmethod
    def of(cls, examples: Examples, seed: int) -> "_Pairs":
        """Return all pairs, or as many as are fitted to, drawn by chance."""
        found = [(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))]
        for group in examples.groups():
            gain, against = examples.gain[group], examples.against[group]
            ahead, behind = np.nonzero(gain[:, None] > gain[None, :])
            tells = (gain[ahead] - gain[behind]) * against[behind]
            if len(ahead):
                whole = tells * ((gain > 0).sum() / tells.sum())
                found.append((ahead + group.start, behind + group.start, whole))
        higher, lower, weight = (np.concatenate(part) for part in zip(*found, strict=True))
        if len(higher) > _MOST_PAIRS:
            chosen = np.sort(np.random.default_rng(seed).choice(len(higher), _MOST_PAIRS, replace=False))
            higher, lower, weight = higher[chosen], lower[chosen], weight[chosen] * (len(higher) / _MOST_PAIRS)
        looks = examples.looks()
        apart = looks[higher] - looks[lower]
        both = (examples.answered[higher] & examples.answered[lower])[:, None]
        return cls(higher, lower, weight, np.hstack([apart * both, apart * ~both]))


def _constrained(rows: Floats, told: Bools, by_hand: Floats, pairs: _Pairs) -> Floats | None:
    """Return the weights of a logistic regression on `rows`, none below zero; None where nothing is told.

    A weight that would be negative is taken out and the others are fitted again: the lowest first.
    """
    free = told.copy()
    while free.any():
        worth = np.zeros(len(LEARNT))
        worth[free] = _drawn_back(rows[:, free], by_hand, pairs)
        if worth.min() >= 0:
            return worth
        free &= worth > worth.min()
    return None


def _drawn_back(rows: Floats, by_hand: Floats, pairs: _Pairs) -> Floats:
    """Return the weights that tell the higher of each pair, and of those made up, which the hand-set model answers.

    The made-up ones are the same pairs as if nobody knew their outcome nor their places: each counts both ways, as much
    as the hand-set model thinks of either.
    """
    made_up = np.hstack([rows, np.zeros_like(pairs.places)])
    sure = 1 / (1 + np.exp(-by_hand / max(float(by_hand.std()), 1.0)))
    each = DRAWN_BACK / len(rows)
    columns = np.concatenate([np.hstack([rows, pairs.places]), made_up, made_up])
    won = np.repeat([True, True, False], len(rows))
    learnt = _regressed(columns, np.concatenate([pairs.weight, each * sure, each * (1 - sure)]), won)
    return learnt[: rows.shape[1]]


def _regressed(rows: Floats, weight: Floats, won: Bools | None = None) -> Floats:
    """Return the weights of a logistic regression without a constant; unless `won` says otherwise, each row won."""
    from sklearn.linear_model import LogisticRegression

    unit = rows.std(axis=0)
    unit[unit == 0] = 1.0
    scaled = rows / unit
    if won is None:
        # Each row won as it stands, and lost turned round: the regression wants to see both.
        scaled, weight = np.concatenate([scaled, -scaled]), np.concatenate([weight, weight])
        won = np.repeat([True, False], len(rows))
    # Many rows and few columns: Newton's steps, of which some ten are enough.
    fitted = LogisticRegression(C=_LOOSE, fit_intercept=False, max_iter=100, solver="newton-cholesky")
    with one_thread():
        fitted.fit(scaled, won, sample_weight=weight)
    return np.asarray(fitted.coef_[0] / unit, np.float64)


def _in_size(worth: Floats, prior: Floats, told: Bools, examples: Examples) -> Floats | None:
    """Return the weights so large that a usual pair has as many points as by hand; None where they are all nothing.

    Capacity and freshness don't count for that, their points being none for most.
    """
    counted = told.copy()
    counted[STANDING] = False
    usual = examples.limiting(prior).mean(axis=0)
    size = float(worth[counted] @ usual[counted])
    if size <= 0:
        return None
    return np.where(told, worth * (float(prior[counted] @ usual[counted]) / size), prior)


def _rounded(worth: Floats | None, hand_set: Worth) -> Worth | None:
    """Return the weights as integers in points as fine as they may be; None if not even coarse ones fit."""
    if worth is None:
        return None
    rest = {one.name: getattr(hand_set, one.name) for one in fields(Worth) if one.name not in LEARNT}
    for scale in range(FINE, 0, -1):
        learnt = {name: round(float(each) * scale) for name, each in zip(LEARNT, worth, strict=True)}
        learnt["standing"] -= hand_set.scale * scale
        if not any(learnt.values()):
            return None
        try:
            return Worth(**learnt, **{name: number * scale for name, number in rest.items()})
        except ValueError:
            continue
    return None
