"""Measures our ranking of partners and its rivals by the same trial, in the same run.

The settings of each rival are chosen by NDCG@10 on a window that ends where the trial's begins; then it learns from
the whole past and is asked once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import History, Integers
from app.matching.partnerships.newcomers import NewcomerRanker
from app.matching.partnerships.protocol import (
    AT_ONCE,
    LONG,
    Outcome,
    Scores,
    Trial,
    Window,
    allowed,
    earlier_window,
    lists_from_scores,
    make_trial,
    measure,
)
from app.matching.partnerships.ranker import Ranked, Ranker
from app.matching.partnerships.rivals.entrants import NEWCOMER_RIVALS, RIVALS
from app.matching.partnerships.rivals.newcomers import NewcomerRival
from app.matching.partnerships.rivals.past import Past
from app.matching.partnerships.rivals.rival import Rival, Settings

OURS = "ours"
CHOSEN_BY = 800
"""Organisations asked on the earlier window to choose settings."""
RESAMPLES = 2000

Step = Callable[[int], object]


@dataclass(frozen=True, eq=False)
class Result:
    """What came of asking one ranker: the outcome, what it cost, and with which settings."""

    outcome: Outcome
    fit_seconds: float
    milliseconds: float
    choosing_seconds: float = 0.0
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gain:
    """How far one is above another, with the 95 % interval of a paired bootstrap over those asked."""

    gain: float
    low: float
    high: float


class Contest:
    """One trial for everybody, and the earlier one on which rivals choose their settings.

    Raises
    ------
    ValueError
        If nobody can be asked in the window.
    """

    def __init__(self, history: History, window: Window, count: int, seed: int) -> None:
        self.trial = make_trial(history, window, count, seed)
        self._seed = seed
        self._past = Past(self.trial.past, window)
        self._earlier = self._make_earlier(min(count, CHOSEN_BY))

    def _make_earlier(self, count: int) -> tuple[Trial, Past] | None:
        earlier = earlier_window(self.trial.past, self.trial.window)
        try:
            trial = make_trial(self.trial.past, earlier, count, self._seed)
        except ValueError:  # too short a past: everybody keeps their first settings
            return None
        return trial, Past(trial.past, earlier)

    @property
    def names(self) -> tuple[str, ...]:
        """Who takes part, ours first."""
        return (OURS, *(NEWCOMER_RIVALS if self.trial.window.newcomers else RIVALS))

    @property
    def chosen_on(self) -> Window | None:
        """The window on which settings are chosen; None where the past is too short for one."""
        return self._earlier[0].window if self._earlier is not None else None

    def steps(self, name: str) -> int:
        """Return how many answers will be asked of one ranker, for whoever watches."""
        asked = len(self.trial.queries)
        if name == OURS or self._earlier is None or len(self._maker(name).grid) < 2:
            return asked
        return asked + len(self._maker(name).grid) * len(self._earlier[0].queries)

    def run(self, name: str, step: Step = lambda _done: None) -> Result:
        """Let one ranker learn, ask it, and measure what it says."""
        if name == OURS:
            return self._run_ours(step)
        began = time.perf_counter()
        settings = self._choose(name, step)
        chosen = time.perf_counter()
        score = self._learn(name, self._past, self.trial, settings)
        learnt = time.perf_counter()
        lists = lists_from_scores(self.trial, score, self._seed, step)
        answered = time.perf_counter()
        each = (answered - learnt) * 1000 / len(lists)
        return Result(measure(self.trial, lists), learnt - chosen, each, chosen - began, settings)

    def _maker(self, name: str) -> type[Rival] | type[NewcomerRival]:
        return NEWCOMER_RIVALS[name] if self.trial.window.newcomers else RIVALS[name]

    def _learn(self, name: str, past: Past, trial: Trial, settings: Settings) -> Callable[[slice], Scores]:
        if trial.window.newcomers:
            newcomers = NEWCOMER_RIVALS[name](past, settings, self._seed)
            return lambda some: newcomers.scores(trial.profiles[some])
        rival = RIVALS[name](past, settings, self._seed)
        return lambda some: rival.scores(trial.queries[some])

    def _choose(self, name: str, step: Step) -> Settings:
        grid = self._maker(name).grid
        if self._earlier is None or len(grid) < 2:
            return grid[0]
        trial, past = self._earlier
        reached = []
        for settings in grid:
            lists = lists_from_scores(trial, self._learn(name, past, trial, settings), self._seed, step)
            reached.append(float(measure(trial, lists).ndcg_at_10.mean()))
        return grid[int(np.argmax(reached))]

    def _run_ours(self, step: Step) -> Result:
        trial, window = self.trial, self.trial.window
        began = time.perf_counter()
        rank: Callable[[slice], Sequence[Sequence[int]]]
        if window.newcomers:
            newcomers = NewcomerRanker.fit(trial.past, window.train_to, window.cross_border, self._seed)
            rank = lambda some: _named(newcomers.rank(trial.profiles[some], LONG))  # noqa: E731
        else:
            ranker = Ranker.fit(trial.past, window.train_to, window.cross_border, self._seed)
            rank = lambda some: _named(ranker.rank(trial.queries[some].tolist(), LONG))  # noqa: E731
        learnt = time.perf_counter()
        lists: list[Sequence[int]] = []
        for some in _slices(len(trial.queries)):
            lists.extend(rank(some))
            step(some.stop - some.start)
        answered = time.perf_counter()
        each = (answered - learnt) * 1000 / len(lists)
        return Result(measure(trial, allowed(trial, lists)), learnt - began, each)


def best_of(results: Mapping[str, Result], figure: str) -> str | None:
    """Return the best rival in a figure, the first of equals; None where there is none."""
    rivals = [name for name in results if name != OURS]
    return max(rivals, key=lambda name: float(getattr(results[name].outcome, figure).mean()), default=None)


def gain_over(ours: Outcome, rival: Outcome, figure: str, seed: int) -> Gain:
    """Return by how much ours is above a rival in a figure, as a part of the rival's.

    The interval is that of drawing those asked again and again (Efron 1979), ours and the rival's together.
    """
    mine: npt.NDArray[np.float64] = getattr(ours, figure)
    theirs: npt.NDArray[np.float64] = getattr(rival, figure)
    lots = np.random.default_rng(seed)
    drawn = np.empty(RESAMPLES)
    for i in range(RESAMPLES):
        again = lots.integers(0, len(mine), len(mine))
        drawn[i] = mine[again].sum() / max(float(theirs[again].sum()), 1e-12) - 1
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Gain(float(mine.mean()) / max(float(theirs.mean()), 1e-12) - 1, float(low), float(high))


def shares_by(history: History, shown: Integers, group_of: Mapping[str, str]) -> dict[str, float]:
    """Return which part of what was shown goes to each group of countries; ``group_of`` by code, "" for all others."""
    groups = [group_of.get(code, "") for code in history.countries]
    per_country = np.bincount(history.country, weights=shown, minlength=len(groups))
    whole = max(float(shown.sum()), 1.0)
    found = dict.fromkeys(sorted(set(groups)), 0.0)
    for name, count in zip(groups, per_country, strict=True):
        found[name] += float(count) / whole
    return {name: share for name, share in found.items() if share > 0}


def _named(ranked: Sequence[Sequence[Ranked]]) -> list[list[int]]:
    return [[one.organisation for one in each] for each in ranked]


def _slices(count: int) -> Iterator[slice]:
    for start in range(0, count, AT_ONCE):
        yield slice(start, min(start + AT_ONCE, count))
