"""Ranks whom a newcomer may work with: of it only the country, the type and some programmes are known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from app.matching.partnerships.beginners import Beginnings
from app.matching.partnerships.history import Flags, Floats, History, Integers
from app.matching.partnerships.mixing import NEWCOMER_WEIGHTS, NEWCOMER_WEIGHTS_ABROAD, lots
from app.matching.partnerships.ranker import AT_ONCE, Listing, Ranked, listing_of, told
from app.matching.partnerships.snapshot import Reals, Snapshot, groups

HOME = 0.8
"""How far it is to be believed that one's own country meets itself more often: those there before knew each other."""
FEW_COUNTRIES, FEW_TYPES, FEW_PAIRS = 100.0, 20.0, 50.0
"""So many meetings as chance would have them are added to those there were: few say little."""
_FAINT = 1e-3


class Newcomer(NamedTuple):
    """What is known of one without a history: codes as in the history; unknown ones are no error."""

    country: str
    organisation_type: str
    programmes: tuple[str, ...] = ()


class NewcomerRanker:
    """Learnt from who met whom, by programmes, countries and types; nothing after a day is looked at.

    A newcomer meets whoever joins many projects of its programmes, most of all those open to first-timers; the more so
    where the two countries work together more often than chance would have it, where the candidate works with that
    country and that type of organisation more than others do, and where it met first-timers of that type there.
    """

    def __init__(self, known: Snapshot, cross_border: bool, seed: int) -> None:
        self.known = known
        self.cross_border = cross_border
        self._seed = seed
        self._lots = lots([known.history.organisations[one] for one in known.seen], seed)
        self._beginnings = Beginnings(known)
        countries = _met(known, known.country, len(known.history.countries))
        types = _met(known, known.type_of, len(known.history.types))
        self._affinity = _affinity(countries, known.country)
        home = np.diag_indices_from(self._affinity)
        self._home_within = self._beginnings.home_within(np.exp(self._affinity[home]))
        self._affinity[home] *= HOME
        self._for_country = _lift(countries, FEW_COUNTRIES)
        self._for_type = _lift(types, FEW_TYPES)

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
        """Return the scores for some newcomers: logarithms of rates, so that the criteria add up."""
        history = self.known.history
        country = _places(history.countries, [one.country for one in queries])
        type_of = _places(history.types, [one.organisation_type for one in queries])
        programmes = [one.programmes for one in queries]
        alike = self._beginnings.alike(programmes)
        at_home = country[:, None] == self.known.country[None, :]
        within = self._beginnings.past(programmes) @ self._home_within
        said = {
            "projects": np.log(self._beginnings.rates(alike) + _FAINT) + self._equals(queries),
            "countries": _told(self._affinity, country)[:, self.known.country],
            "country": _told(self._for_country.T, country),
            "kind": _told(self._for_type.T, type_of),
            "first_timers": self._beginnings.met(alike, type_of),
            "home": np.where(at_home, within[:, None], 0.0),
            "home_first_timers": np.where(at_home, self._beginnings.home_first_timers[None, :], 0.0),
        }
        weights = NEWCOMER_WEIGHTS_ABROAD if self.cross_border else NEWCOMER_WEIGHTS
        return listing_of(weights, said, self._open_to(country))

    def _equals(self, queries: Sequence[Newcomer]) -> Reals:
        """Return lots that decide among equals, too small for anything else, shape (q, M)."""
        told = ["\n".join((one.country, one.organisation_type, *one.programmes)) for one in queries]
        drawn: Reals = (lots(told, self._seed)[:, None] + self._lots[None, :]) % 1.0
        return _FAINT**2 * drawn

    def _open_to(self, country: Integers) -> Flags:
        shape = (len(country), len(self.known.seen))
        if not self.cross_border:
            return np.ones(shape, dtype=np.bool_)
        abroad: Flags = country[:, None] != self.known.country[None, :]
        return abroad


def _met(known: Snapshot, of: Integers, count: int) -> Reals:
    """Return how often everybody met organisations of each group, themselves left out, shape (M, count)."""
    member = groups(of, count)
    found: Reals = (known.joined @ (known.joined.T @ member)).toarray().astype(np.float64)
    found[np.arange(len(of)), of] -= np.asarray(known.joined.sum(axis=1), dtype=np.float64).ravel()
    return found


def _affinity(met: Reals, of: Integers) -> Reals:
    """Return the logarithm of how much more often two groups met than chance would have it, shape (C, C)."""
    pairs = np.zeros((met.shape[1], met.shape[1]))
    np.add.at(pairs, of, met)
    sides = pairs.sum(axis=1)
    expected = np.outer(sides, sides) / max(float(pairs.sum()), 1.0)
    found: Reals = np.log((pairs + FEW_PAIRS) / (expected + FEW_PAIRS))
    return found


def _lift(met: Reals, few: float) -> Reals:
    """Return the logarithm of how much more everybody meets each group than all do together, shape (M, C)."""
    share = (met.sum(axis=0) + _FAINT) / (met.sum() + _FAINT * met.shape[1])
    found: Reals = np.log((met + few * share) / (met.sum(axis=1, keepdims=True) + few) / share)
    return found


def _told(table: Reals, which: Integers) -> Reals:
    """Return rows of a table; a group not known has nothing to say."""
    found: Reals = np.where((which >= 0)[:, None], table[which], 0.0)
    return found


def _places(codes: Sequence[str], asked: Sequence[str]) -> Integers:
    where = {code: place for place, code in enumerate(codes)}
    return np.array([where.get(code, -1) for code in asked], dtype=np.int64)
