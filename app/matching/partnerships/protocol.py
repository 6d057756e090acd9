"""The question a ranker of partners is measured by, and the rules of measuring.

*With whom will this organisation work next, with whom it never worked before?* A trial holds who is asked, the truth
of each, and who is removed from every ranking and from the truth alike: the organisation itself, those it has worked
with before and, across borders, those of its own country. Every candidate is ranked: nothing is sampled but the
organisations that are asked. Whoever is measured gets the history up to the first date and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from app.matching.metrics import hit_of, ndcg_of, recall_of, reciprocal_rank_of
from app.matching.partnerships.history import Flags, History, Integers, partners, row_of
from app.matching.partnerships.newcomers import Newcomer

Scores = npt.NDArray[np.float32]
Figures = npt.NDArray[np.float64]
SHORT, LONG = 10, 50
"""How many places a page shows, and how many are asked for."""
COVERAGE_QUERIES = 3000
"""Coverage grows with the number of lists, so it is always that of at most as many."""
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Window:
    """What is known (up to and with ``train_to``) and what is to be told (after it, up to and with ``test_to``)."""

    train_to: date
    test_to: date
    cross_border: bool = False
    newcomers: bool = False


@dataclass(frozen=True, eq=False)
class Rules:
    """Whom one may suggest to whom; N organisations.

    Attributes
    ----------
    country
        Of each organisation, shape (N,).
    candidates
        Whom one may suggest at all: those seen by the first date, shape (N,).
    known
        Who had worked with whom by then: a sparse matrix of shape (N, N).
    cross_border
        Whether those of one's own country are removed too.
    """

    country: Integers
    candidates: Flags
    known: Any
    cross_border: bool

    def removed(self, query: int) -> Flags:
        """Return who is never suggested to ``query``: itself, partners, compatriots, those not seen; shape (N,)."""
        gone: Flags = ~self.candidates
        gone[query] = True
        gone[row_of(self.known, query)] = True
        if self.cross_border:
            gone |= self.country == self.country[query]
        return gone


@dataclass(frozen=True, eq=False)
class Trial:
    """Who is asked, and what is right; Q are asked.

    Attributes
    ----------
    window
        The dates, and how the question is put.
    past
        The history up to ``window.train_to``: all that anybody measured may look at.
    rules
        Who is removed, from rankings and from the truth alike.
    queries
        Who is asked, ascending, shape (Q,).
    truth
        For each of them those it first works with in the window, ascending; never empty.
    with_truth
        How many could be asked before some were drawn.
    profiles
        For newcomers what is known of each of ``queries``; empty otherwise.
    """

    window: Window
    past: History
    rules: Rules
    queries: Integers
    truth: tuple[Integers, ...]
    with_truth: int
    profiles: tuple[Newcomer, ...] = ()

    def removed(self, place: int) -> Flags:
        """Return who is never suggested to the one asked at ``place``, shape (N,)."""
        return self.rules.removed(int(self.queries[place]))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of asking: each figure per query (shape (Q,)), and how often each organisation was shown, (N,)."""

    recall_at_10: Figures
    recall_at_50: Figures
    ndcg_at_10: Figures
    mrr: Figures
    hit_at_10: Figures
    shown: Integers
    coverage_at_10: float


def rules_of(history: History, window: Window) -> Rules:
    """Return who is removed in a window, from what is known at its beginning."""
    past = history.until(window.train_to)
    return Rules(past.country, past.seen(), partners(past, None, window.train_to), window.cross_border)


def make_trial(history: History, window: Window, count: int, seed: int) -> Trial:
    """Return the trial of a window, of at most ``count`` organisations drawn by ``seed``.

    Raises
    ------
    ValueError
        If the window is empty or nobody could be asked in it.
    """
    if window.test_to <= window.train_to:
        raise ValueError("the window to be told must end after what is known")
    past = history.until(window.train_to)
    rules = rules_of(past, window)
    until = history.until(window.test_to)
    new = partners(until, window.train_to, window.test_to)
    first = until.first_projects()
    askable = (first >= 0) & ~rules.candidates if window.newcomers else rules.candidates
    truth: dict[int, Integers] = {}
    for one in np.flatnonzero(askable & (np.diff(new.indptr) > 0)):
        found = row_of(new, int(one))
        found = found[~rules.removed(int(one))[found]]
        if len(found):
            truth[int(one)] = found.astype(np.int64)
    if not truth:
        raise ValueError("nobody in this window first works with somebody who was known before it")
    queries = draw(np.array(sorted(truth), dtype=np.int64), count, seed)
    profiles = tuple(_newcomer(until, int(one), int(first[one])) for one in queries) if window.newcomers else ()
    rows = tuple(truth[int(one)] for one in queries)
    return Trial(window, past, rules, queries, rows, len(truth), profiles)


def earlier_window(history: History, window: Window) -> Window:
    """Return the window to learn on: it ends where ``window`` begins, and is as long if the history is long enough.

    At least two thirds of what is known stay before it: what is learnt from a short past doesn't fit a longer one,
    since the graph grows.
    """
    days = history.participation_day
    first = date.fromordinal(int(days.min())) if len(days) else window.train_to
    length = min(window.test_to - window.train_to, (window.train_to - first) // 3)
    length = max(length, timedelta(days=1))
    return Window(window.train_to - length, window.train_to, window.cross_border, window.newcomers)


def draw(everyone: Integers, count: int, seed: int) -> Integers:
    """Return at most ``count`` of ``everyone``, ascending; the same for the same seed."""
    if len(everyone) <= count:
        return everyone
    chosen: Integers = np.random.default_rng(seed).choice(everyone, count, replace=False)
    return np.sort(chosen)


def best_places(scores: Scores, removed: Flags, count: int, seed: int, query: int) -> Integers:
    """Return the best ``count`` of everybody who isn't removed, best first.

    Equal scores come in an order drawn for this query alone, so that nobody gains by where their name stands.
    Whoever has no finite score is left out. Cost: N, and ``count`` times its logarithm.
    """
    open_to = np.flatnonzero(~removed & np.isfinite(scores))
    values = scores[open_to]
    lots = np.random.default_rng((seed, query)).random(len(scores))[open_to]
    if len(open_to) > count:
        limit = np.partition(values, len(values) - count)[len(values) - count]
        above, equal = np.flatnonzero(values > limit), np.flatnonzero(values == limit)
        lucky = equal[np.argsort(lots[equal])[: count - len(above)]]
        chosen = np.concatenate([above, lucky])
    else:
        chosen = np.arange(len(open_to))
    order = np.lexsort((lots[chosen], -values[chosen]))
    best: Integers = open_to[chosen[order]]
    return best


def lists_from_scores(
    trial: Trial,
    score: Callable[[slice], Scores],
    seed: int,
    step: Callable[[int], object] = lambda _done: None,
) -> list[Integers]:
    """Return everybody's best 50; ``score`` is asked for a few hundred rows of shape (q, N) at a time."""
    lists: list[Integers] = []
    for start in range(0, len(trial.queries), AT_ONCE):
        some = slice(start, min(start + AT_ONCE, len(trial.queries)))
        rows = score(some)
        for place, row in zip(range(some.start, some.stop), rows, strict=True):
            lists.append(best_places(row, trial.removed(place), LONG, seed, int(trial.queries[place])))
        step(some.stop - some.start)
    return lists


def allowed(trial: Trial, lists: Sequence[Iterable[int]]) -> list[Integers]:
    """Return ready lists without those who are removed, and each name once: the same rules for everybody."""
    kept = []
    for place, one in enumerate(lists):
        removed = trial.removed(place)
        kept.append(np.array([name for name in dict.fromkeys(one) if not removed[name]], dtype=np.int64)[:LONG])
    return kept


def measure(trial: Trial, lists: Sequence[Integers]) -> Outcome:
    """Return how good the lists are; the i-th is for the i-th of ``trial.queries``."""
    hits = np.zeros((len(lists), LONG), dtype=np.bool_)
    for row, one in enumerate(lists):
        hits[row, : len(one)] = np.isin(one, trial.truth[row])
    relevant = np.array([len(one) for one in trial.truth], dtype=np.int64)
    shown = np.bincount(_joined(one[:SHORT] for one in lists), minlength=len(trial.rules.candidates))
    counted = draw(np.arange(len(lists)), COVERAGE_QUERIES, 0)
    different = np.unique(_joined(lists[int(place)][:SHORT] for place in counted))
    return Outcome(
        recall_at_10=recall_of(hits[:, :SHORT], relevant),
        recall_at_50=recall_of(hits, relevant),
        ndcg_at_10=ndcg_of(hits, relevant, SHORT),
        mrr=reciprocal_rank_of(hits),
        hit_at_10=hit_of(hits[:, :SHORT]),
        shown=shown,
        coverage_at_10=len(different) / max(int(trial.rules.candidates.sum()), 1),
    )


def _joined(lists: Iterable[Integers]) -> Integers:
    found = list(lists)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _newcomer(history: History, one: int, first: int) -> Newcomer:
    names = tuple(history.programmes[place] for place in history.programmes_of(first))
    return Newcomer(history.countries[history.country[one]], history.types[history.type_of[one]], names)
