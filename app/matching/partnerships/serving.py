"""What a history says to those who ask here: for each of them the best of those who are here, with true evidence.

The order is that of :class:`app.matching.partnerships.ranker.Ranker`, the same that is measured; the evidence is read
off the history itself. Worked out by a job, so that no page has to load what it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from app.matching.partnerships.facts import Facts
from app.matching.partnerships.history import Flags, History, Integers
from app.matching.partnerships.ranker import Ranker
from app.matching.query import Message

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Partner:
    """One the history knows, by its number in it, and what is said for it: never empty."""

    organisation: int
    evidence: tuple[Message, ...]


def partners_of(
    history: History,
    as_of: date,
    cross_border: bool,
    askers: Sequence[int],
    among: Flags,
    most: int,
    step: Callable[[int], object] = lambda _done: None,
) -> Iterator[tuple[int, list[Partner]]]:
    """Yield for each of `askers` whom the history puts first, best first.

    Parameters
    ----------
    history, as_of
        What is known, and up to which day.
    cross_border
        Leave out those of the asker's own country.
    askers
        Numbers of organisations.
    among
        Who may be named, shape (N,): those who are here.
    most
        How many are named to each, at most. Nobody is named for whom the history has nothing to say.
    step
        Hears how many more askers are done.
    """
    facts = Facts.of(history, as_of)
    try:
        score = Ranker.fit(history, as_of, cross_border).scores
    except NotImplementedError:  # interim
        score = _interim(facts, cross_border)
    for start in range(0, len(askers), AT_ONCE):
        some = list(askers[start : start + AT_ONCE])
        for asker, scores in zip(some, score(some), strict=True):
            best = _best(scores, among, most)
            said = facts.evidence(asker, best, among)
            yield asker, [Partner(int(one), words) for one, words in zip(best, said, strict=True) if words]
        step(len(some))


def _best(scores: Any, among: Flags, most: int) -> Integers:
    """Return the best of those who may be named; of equals the one whose number is lower."""
    open_to = np.flatnonzero(among & np.isfinite(scores))
    order: Integers = open_to[np.argsort(-scores[open_to], kind="stable")][:most]
    return order


def _interim(facts: Facts, cross_border: bool) -> Any:
    history, together = facts.history, facts.together
    degree = np.maximum(np.diff(together.indptr), 1)

    def score(some: Sequence[int]) -> Any:
        rows = together[list(some)]
        weighted = rows.copy()
        weighted.data = (1 / np.log1p(degree))[weighted.indices].astype(np.float32)
        found = (weighted @ together).toarray() + 1e-3 * np.log1p(degree)[None, :]
        found[rows.toarray() > 0] = -np.inf
        found[np.arange(len(some)), list(some)] = -np.inf
        if cross_border:
            found[history.country[list(some)][:, None] == history.country[None, :]] = -np.inf
        return found.astype(np.float32)

    return score
