"""Ranks whom a newcomer may work with: of it only the country, the type and some programmes are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from app.matching.partnerships.history import Flags, History, Integers
from app.matching.partnerships.meetings import Asked, Meetings
from app.matching.partnerships.mixing import NEWCOMER_WEIGHTS, lots, points
from app.matching.partnerships.ranker import AT_ONCE, Listing, Ranked, listing_of, told
from app.matching.partnerships.snapshot import Snapshot
from app.matching.partnerships.walks import Floats


class Newcomer(NamedTuple):
    """What is known of one without a history: codes as in the history; unknown ones are no error."""

    country: str
    organisation_type: str
    programmes: tuple[str, ...] = ()


class NewcomerRanker:
    """Learnt from who met whom, by programmes, countries and types; nothing after a day is looked at."""

    def __init__(self, known: Snapshot, cross_border: bool, seed: int) -> None:
        self.known = known
        self.cross_border = cross_border
        self._meetings = Meetings(known)
        self._seed = seed
        self._lots = lots([known.history.organisations[one] for one in known.seen], seed)

    @classmethod
    def fit(cls, history: History, as_of: date, cross_border: bool = False, seed: int = 0) -> NewcomerRanker:
        """Learn from ``history`` up to and including ``as_of``; see :meth:`Ranker.fit` for the rest."""
        return cls(Snapshot.of(history, as_of), cross_border, seed)

    def rank(self, queries: Sequence[Newcomer], limit: int) -> list[list[Ranked]]:
        """Return for each of ``queries`` at most ``limit`` suggestions, best first."""
        return [
            told(listing, row, self.known.seen, limit)
            for start in range(0, len(queries), AT_ONCE)
            for listing in [self.listing(queries[start : start + AT_ONCE])]
            for row in range(len(listing.score))
        ]

    def scores(self, queries: Sequence[Newcomer]) -> Floats:
        """Return a score for everybody, shape (Q, N); ``-inf`` for those never to be suggested."""
        found = np.full((len(queries), len(self.known.history.organisations)), -np.inf, dtype=np.float32)
        for start in range(0, len(queries), AT_ONCE):
            listing = self.listing(queries[start : start + AT_ONCE])
            rows = np.arange(start, start + len(listing.score))
            found[np.ix_(rows, self.known.seen)] = np.where(listing.open_to, listing.score, -np.inf)
        return found

    def listing(self, queries: Sequence[Newcomer]) -> Listing:
        """Return the scores for some newcomers."""
        asked = self._asked(queries)
        meetings = self._meetings
        signals = {
            "by_programme": meetings.by_programme(asked),
            "by_type": meetings.by_type(asked),
            "by_country": meetings.by_country(asked),
            "by_country_pair": meetings.by_country_pair(asked),
        }
        open_to = self._open_to(asked.country)
        asking = lots(["\n".join((one.country, one.organisation_type, *one.programmes)) for one in queries], self._seed)
        said = {name: points(signals[name], open_to, self._lots, asking) for name in NEWCOMER_WEIGHTS}
        return listing_of(NEWCOMER_WEIGHTS, said, open_to)

    def _asked(self, queries: Sequence[Newcomer]) -> Asked:
        history = self.known.history
        country = _places(history.countries, [one.country for one in queries])
        type_of = _places(history.types, [one.organisation_type for one in queries])
        past = np.zeros((len(queries), len(history.programmes) + 1), dtype=np.float64)
        for row, one in enumerate(queries):
            for place in _places(history.programmes, one.programmes):
                past[row, place] += 1 / len(one.programmes)
            if not one.programmes:
                past[row, -1] = 1
        return self._meetings.newcomers(past, country, type_of)

    def _open_to(self, country: Integers) -> Flags:
        shape = (len(country), len(self.known.seen))
        if not self.cross_border:
            return np.ones(shape, dtype=np.bool_)
        abroad: Flags = country[:, None] != self.known.country[None, :]
        return abroad


def _places(codes: Sequence[str], asked: Sequence[str]) -> Integers:
    where = {code: place for place, code in enumerate(codes)}
    return np.array([where.get(code, -1) for code in asked], dtype=np.int64)
