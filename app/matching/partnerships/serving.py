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
from app.matching.partnerships.signals import Signals
from app.matching.partnerships.snapshot import Snapshot
from app.matching.query import Message

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Partner:
    """One the history knows, by its number in it, and what is said for it: never empty."""

    organisation: int
    evidence: tuple[Message, ...]


class Partners:
    """Whom a history puts first, up to a day; both lists, across borders and not, rest on what is read off it once."""

    def __init__(self, history: History, as_of: date) -> None:
        self._signals, self._facts = Signals(Snapshot.of(history, as_of)), Facts.of(history, as_of)

    def of(
        self,
        askers: Sequence[int],
        cross_border: bool,
        among: Flags,
        most: int,
        step: Callable[[int], object] = lambda _done: None,
    ) -> Iterator[tuple[int, list[Partner]]]:
        """Yield for each of `askers` whom the history puts first, best first.

        Parameters
        ----------
        askers
            Numbers of organisations.
        cross_border
            Leave out those of the asker's own country.
        among
            Who may be named, shape (N,): those who are here.
        most
            How many are named to each, at most. The list ends with the last one for whom there is more to say than that
            they, too, have a history.
        step
            Hears how many more askers are done.
        """
        ranker = Ranker(self._signals, cross_border)
        for start in range(0, len(askers), AT_ONCE):
            some = list(askers[start : start + AT_ONCE])
            for asker, scores in zip(some, ranker.scores(some), strict=True):
                best = _best(scores, among, most)
                yield asker, _told(self._facts, best, self._facts.evidence(asker, best, among))
            step(len(some))


def _best(scores: Any, among: Flags, most: int) -> Integers:
    """Return the best of those who may be named; of equals the one whose number is lower."""
    open_to = np.flatnonzero(among & np.isfinite(scores))
    order: Integers = open_to[np.argsort(-scores[open_to], kind="stable")][:most]
    return order


def _told(facts: Facts, best: Integers, said: Sequence[tuple[Message, ...]]) -> list[Partner]:
    """Return the best with what is said for them; whoever is before one with a link to the asker keeps their place."""
    last = max((place for place, words in enumerate(said) if words), default=-1)
    whole = zip(best.tolist()[: last + 1], said, strict=False)
    return [Partner(one, words or (facts.projects(one),)) for one, words in whole]
