"""Ranks whom an organisation may work with next, from the history of who worked with whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.matching.partnerships.history import Flags, Floats, History, Integers
from app.matching.partnerships.mixing import PLAIN, WEIGHTS, Criterion, Part, mixed
from app.matching.partnerships.signals import Signals
from app.matching.partnerships.snapshot import Reals, Snapshot
from app.matching.partnerships.widening import SAMPLE, Page, Widening, page_of
from app.matching.query import Message

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Reason:
    """What one criterion adds to the score, and on what evidence."""

    criterion: Criterion
    contribution: float
    evidence: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """One who is suggested: its number in the history, the score, and the reasons that add up to it."""

    organisation: int
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, eq=False)
class Listing:
    """The scores of some who ask: in all and by criterion, each of shape (q, M), and who may be suggested."""

    score: Reals
    by_criterion: Mapping[Criterion, Reals]
    open_to: Flags


class Ranker:
    """Learnt from what started up to a day; nothing later is looked at.

    An answer depends on who asks alone: the same for one and for thousands, in whatever order they ask.
    """

    def __init__(self, signals: Signals, cross_border: bool) -> None:
        self.known = signals.known
        self.circles = signals.circles
        self.cross_border = cross_border
        self._signals = signals
        self._widening = Widening.of(self._sample(), self.known.degree)

    @classmethod
    def fit(cls, history: History, as_of: date, cross_border: bool = False, seed: int = 0) -> Ranker:
        """Learn from ``history`` up to and including ``as_of``.

        Parameters
        ----------
        cross_border
            Suggest nobody of one's own country.
        seed
            Decides among equals.
        """
        return cls(Signals(Snapshot.of(history, as_of), seed), cross_border)

    def rank(self, queries: Sequence[int], limit: int) -> list[list[Ranked]]:
        """Return for each of ``queries`` (numbers of organisations) at most ``limit`` suggestions, best first.

        One who wasn't seen by the day gets none: see :class:`app.matching.partnerships.newcomers.NewcomerRanker`.
        """
        found: list[list[Ranked]] = [[] for _ in queries]
        for rows, places in self._batches(queries):
            listing = self.listing(places)
            for row, at in enumerate(rows):
                found[at] = told(listing, row, self.known.seen, limit)
        return found

    def scores(self, queries: Sequence[int]) -> Floats:
        """Return a score for everybody, shape (Q, N); ``-inf`` for those never to be suggested.

        The order is that of :meth:`rank`: what is evaluated is what people get.
        """
        found = np.full((len(queries), len(self.known.history.organisations)), -np.inf, dtype=np.float32)
        for rows, places in self._batches(queries):
            listing = self.listing(places)
            found[np.ix_(rows, self.known.seen)] = np.where(listing.open_to, listing.score, -np.inf)
        return found

    def listing(self, places: Integers) -> Listing:
        """Return the scores for some of those seen, by their places among them. Memory: 100 M bytes for each."""
        listing, closeness = self._plain(places)
        added = self._widening.lift(listing.score, closeness, listing.open_to)
        return Listing(listing.score + added, {**listing.by_criterion, "exposure": added}, listing.open_to)

    def _plain(self, places: Integers) -> tuple[Listing, Reals]:
        """Return the scores before widening, and how close everybody is."""
        open_to = self._open_to(places)
        said, closeness = self._signals.said(places, open_to)
        close = np.where(open_to, closeness, 0.0)
        return listing_of({**WEIGHTS, **PLAIN}, said, open_to), close

    def _sample(self) -> Iterator[Page]:
        """Yield the heads of some lists; who is in the sample is drawn by the names alone.

        Those without a partner yet are left out: they seldom come to have one, and nobody is close to them.
        """
        linked = np.flatnonzero(self.known.degree > 0)
        drawn = np.sort(linked[np.lexsort((linked, self._signals.lots[linked]))][:SAMPLE])
        for start in range(0, len(drawn), AT_ONCE):
            listing, closeness = self._plain(drawn[start : start + AT_ONCE])
            for score, close in zip(listing.score, closeness, strict=True):
                yield page_of(score, close)

    def shown(self, organisation: int) -> float:
        """Return in how many of a thousand lists somebody seen stands on the first page."""
        return float(self._widening.shown[self.known.place[organisation]])

    def _batches(self, queries: Sequence[int]) -> Iterator[tuple[Integers, Integers]]:
        places = self.known.place[np.asarray(queries, dtype=np.int64)]
        there = np.flatnonzero(places >= 0)
        for start in range(0, len(there), AT_ONCE):
            rows = there[start : start + AT_ONCE]
            yield rows, places[rows]

    def _open_to(self, places: Integers) -> Flags:
        known = self.known
        gone: Flags = known.links[places].toarray() > 0
        gone[np.arange(len(places)), places] = True
        if self.cross_border:
            gone |= known.country[places][:, None] == known.country[None, :]
        return ~gone


def listing_of(parts: Mapping[str, Part], said: Mapping[str, Reals], open_to: Flags) -> Listing:
    """Return the listing of what the signals said."""
    by_criterion: dict[Criterion, Reals] = {}
    for name, part in parts.items():
        one = part.weight * said[name]
        by_criterion[part.criterion] = by_criterion[part.criterion] + one if part.criterion in by_criterion else one
    return Listing(np.where(open_to, mixed(parts, said), -np.inf), by_criterion, open_to)


def told(listing: Listing, row: int, seen: Integers, limit: int) -> list[Ranked]:
    """Return the best of one row, with reasons that add up to the score, the weightiest first."""
    score = listing.score[row]
    open_to = np.flatnonzero(listing.open_to[row])
    best = open_to[np.lexsort((open_to, -score[open_to]))][: max(limit, 0)]
    found = []
    for one in best:
        parts = [(name, float(of[row, one])) for name, of in listing.by_criterion.items()]
        reasons = sorted(
            (Reason(name, value) for name, value in parts if value), key=lambda reason: -reason.contribution
        )
        found.append(Ranked(int(seen[one]), sum(reason.contribution for reason in reasons), tuple(reasons)))
    # Sums in another order may differ in their last digit.
    return sorted(found, key=lambda ranked: -ranked.score)
