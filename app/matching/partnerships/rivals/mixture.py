"""The rival that mixes what the others say: a plain logistic regression over features of content and graph."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import Flags, Integers
from app.matching.partnerships.protocol import Scores, Trial, earlier_window, make_trial, rules_of
from app.matching.partnerships.rivals.features import SETS, Features
from app.matching.partnerships.rivals.past import Past
from app.matching.partnerships.rivals.rival import Rival, Settings

LEARNT_FROM = 1000
"""Organisations asked on the earlier window."""
HARD, EASY = 100, 100
"""Strangers taken for each of them: from the first few hundred, and from all others."""
HARD_AMONG = 400
AT_ONCE = 100

Table = npt.NDArray[np.float64]


class LogisticMixture(Rival):
    """Learnt on the window before: those somebody came to work with, against strangers, hard ones and any.

    Strangers are weighted by how many they stand for, so the mixture is that of everybody. How many partners somebody
    found is a feature while learning; it is the same for all candidates of a list and so needs no place in it.
    """

    grid = tuple({"features": name} for name in ("both", "ranks", "logarithms"))

    def __init__(self, past: Past, settings: Settings, seed: int) -> None:
        names = SETS[str(settings["features"])]
        self._past = past
        self._features = Features(past, names)
        # Who may be suggested is known from the rules; ranks are taken among those.
        self._rules = rules_of(past.history, past.window)
        self._weights = self._learn(past, names, seed)

    def scores(self, queries: Integers) -> Scores:
        """Return the log odds, up to what is the same for a whole list."""
        found = np.full((len(queries), self._past.count), -np.inf, dtype=np.float32)
        seen = self._past.candidates
        for start in range(0, len(queries), AT_ONCE):
            some = queries[start : start + AT_ONCE]
            features = self._features.of(some, self._open_to(some))
            found[start : start + AT_ONCE, seen] = features @ self._weights
        return found

    def _open_to(self, queries: Integers) -> Flags:
        return np.stack([~self._rules.removed(int(one))[self._past.candidates] for one in queries])

    @staticmethod
    def _learn(past: Past, names: tuple[str, ...], seed: int) -> Scores:
        from sklearn.linear_model import LogisticRegression

        try:
            trial = make_trial(past.history, earlier_window(past.history, past.window), LEARNT_FROM, seed)
        except ValueError:  # too short a past to learn from: every feature counts the same
            return np.ones(len(names), dtype=np.float32)
        pairs, right, weights = examples(trial, names, seed)
        spread = np.maximum(pairs.std(axis=0), 1e-9)
        model = LogisticRegression(C=1.0, max_iter=1000)
        model.fit(pairs / spread, right, sample_weight=weights / weights.mean())
        learnt: Scores = (model.coef_[0] / spread)[: len(names)].astype(np.float32)
        return learnt


def examples(trial: Trial, names: tuple[str, ...], seed: int) -> tuple[Table, npt.NDArray[np.bool_], Table]:
    """Return pairs to learn from: features and the number of partners found (E, F + 1), what is right, weights (E,)."""
    past = Past(trial.past, trial.window)
    features = Features(past, names)
    place = np.full(past.count, -1)
    place[past.candidates] = np.arange(len(past.candidates))
    lots = np.random.default_rng(seed)
    parts: list[tuple[Scores, Flags, Table]] = []
    for start in range(0, len(trial.queries), AT_ONCE):
        some = trial.queries[start : start + AT_ONCE]
        open_to = np.stack([~trial.removed(start + i)[past.candidates] for i in range(len(some))])
        for i, rows in enumerate(features.of(some, open_to)):
            right = np.zeros(len(rows), dtype=np.bool_)
            right[place[trial.truth[start + i]]] = True
            parts.append(_some_of(rows, right, open_to[i], lots))
    pairs, rights, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return pairs.astype(np.float64), rights, weights


def _some_of(rows: Scores, right: Flags, open_to: Flags, lots: np.random.Generator) -> tuple[Scores, Flags, Table]:
    order = np.argsort(-np.where(open_to, rows[:, :3].sum(axis=1), -np.inf), kind="stable")[: int(open_to.sum())]
    first, others = (part[~right[part]] for part in (order[:HARD_AMONG], order[HARD_AMONG:]))
    hard = lots.choice(first, min(HARD, len(first)), replace=False)
    easy = lots.choice(others, min(EASY, len(others)), replace=False)
    found = np.flatnonzero(right)
    chosen = np.concatenate([found, hard, easy])
    of_hard, of_easy = len(first) / max(len(hard), 1), len(others) / max(len(easy), 1)
    weights = np.repeat([1.0, of_hard, of_easy], [len(found), len(hard), len(easy)])
    partners = np.full((len(chosen), 1), np.log(len(found)), dtype=np.float32)
    return np.hstack([rows[chosen], partners]), right[chosen], weights
