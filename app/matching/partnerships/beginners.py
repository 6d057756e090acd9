"""What newcomers may expect of projects: who joins such, and how many of those in them had never been in any before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.matching.partnerships.history import Integers
from app.matching.partnerships.snapshot import Reals, Snapshot, groups

ANY = 0.05
"""What a project of other programmes counts beside one of the newcomer's."""
EXACT = 0.3
"""What a project of just the newcomer's programmes counts more."""
OPENNESS = 0.4
"""How much more those projects count that took in more first-timers than others then; at one, few would decide."""
HALF_LIFE = 5.0
"""Years. Over the two years there were to choose by, ageing cost 0.1 %; kept for longer histories, on faith."""
NEARBY = 90
"""Days. At the beginning of a history everybody is new, so a project is compared with those begun this near to it."""
FEW_PAIRS, FEW_FIRSTS = 100.0, 20.0
"""So many as expected are added to pairs of compatriots and to first-timers met: few say little."""
_FEW, _SOME = 2.0, 0.5
_FAINT = 1e-3
_YEAR = 365.25


class Beginnings:
    """The projects that give pairs, told apart by what is known of a newcomer; P projects, T types, M organisations.

    Attributes
    ----------
    home_first_timers
        How much more of the first-timers that everybody met were compatriots than of all, a logarithm, shape (M,).
    """

    def __init__(self, known: Snapshot) -> None:
        history = known.history
        self._programmes = history.programmes
        self._there = np.flatnonzero(np.asarray(known.joined.sum(axis=0)).ravel() > 0)
        self._joined: Any = known.joined[:, self._there].tocsr()
        self._within: Any = (known.shares[self._there] > 0).astype(np.float64).tocsr()
        self._sets, self._set_of = _sets(known, self._there)
        start, size = history.start[self._there], history.size[self._there].astype(np.float64)
        newly = _first_timers(known, self._joined, start)
        self._firsts: Reals = (newly.T @ groups(known.type_of, len(history.types))).toarray().astype(np.float64)
        countries = groups(known.country, len(history.countries))
        self._by_country: Reals = (self._joined.T @ countries).toarray().astype(np.float64)
        self.home_first_timers = _compatriots(self._joined, newly, countries, known.country)
        age = (start.max(initial=0) - start) / _YEAR
        self._worth = _openness(start, size, self._firsts.sum(axis=1)) ** OPENNESS * 0.5 ** (age / HALF_LIFE)

    def past(self, programmes: Sequence[tuple[str, ...]]) -> Reals:
        """Return the programmes of each newcomer, shares of one, shape (q, G + 1); unknown ones are left out."""
        where = {name: place for place, name in enumerate(self._programmes)}
        past = np.zeros((len(programmes), len(where) + 1), dtype=np.float64)
        for row, names in enumerate(programmes):
            for name in names:
                if name in where:
                    past[row, where[name]] += 1 / len(names)
            if not names:
                past[row, -1] = 1
        return past

    def alike(self, programmes: Sequence[tuple[str, ...]]) -> Reals:
        """Return how much the projects are like what newcomers with such programmes begin with, shape (q, P)."""
        sets = np.array([self._sets.get(tuple(sorted(set(one))), -1) for one in programmes], dtype=np.int64)
        shared = (self._within @ self.past(programmes).T).T
        found: Reals = shared + EXACT * (sets[:, None] == self._set_of[None, :]) + ANY
        return found

    def rates(self, alike: Reals) -> Reals:
        """Return how often everybody joins such projects, shape (q, M)."""
        found: Reals = (self._joined @ (alike * self._worth).T).T
        return found

    def met(self, alike: Reals, type_of: Integers) -> Reals:
        """Return the logarithm of how many first-timers of a type everybody met in each of such projects, (q, M).

        A type not known (-1) has nothing to say.
        """
        newly = self._firsts[:, np.maximum(type_of, 0)].T
        found: Reals = np.log(((self._joined @ (alike * newly).T) + _SOME) / ((self._joined @ alike.T) + 2 * _SOME)).T
        return np.where((type_of >= 0)[:, None], found, 0.0)

    def home_within(self, lift: Reals) -> Reals:
        """Return by how much more compatriots meet within each programme than ``lift`` lets expect, (G + 1,).

        Parameters
        ----------
        lift
            How much more often those of each country meet one another than chance would have it, shape (C,).
        """
        others = self._by_country.sum(axis=1) - 1
        sides = self._within.T @ (self._by_country * others[:, None])
        pairs = self._within.T @ (self._by_country * (self._by_country - 1)).sum(axis=1)
        expected = (sides**2 * lift).sum(axis=1) / np.maximum(sides.sum(axis=1), 1.0)
        found: Reals = np.log((pairs + FEW_PAIRS) / (expected + FEW_PAIRS))
        return found


def _sets(known: Snapshot, projects: Integers) -> tuple[dict[tuple[str, ...], int], Integers]:
    """Return the sets of programmes that projects stand in, numbered, and that of each, shape (P,)."""
    history = known.history
    names = [tuple(history.programmes[one] for one in history.programmes_of(int(each))) for each in projects]
    sets = {name: place for place, name in enumerate(sorted(set(names)))}
    return sets, np.array([sets[name] for name in names], dtype=np.int64)


def _first_timers(known: Snapshot, joined: Any, start: Integers) -> Any:
    """Return who had been in no project before each of those they joined: ones, sparse, shape (M, P)."""
    begun = known.history.start[known.history.first_projects()[known.seen]]
    newly = joined.tocoo(copy=True)
    newly.data = (begun[newly.row] == start[newly.col]).astype(np.float64)
    return newly.tocsr()


def _compatriots(joined: Any, newly: Any, countries: Any, country: Integers) -> Reals:
    """Return how much more of the first-timers that everybody met were compatriots than of all, a logarithm, (M,)."""
    by_country = (newly.T @ countries).toarray()
    themselves = np.asarray(newly.sum(axis=1)).ravel()
    met = joined @ by_country.sum(axis=1) - themselves
    mine = (joined @ by_country)[np.arange(len(country)), country] - themselves
    share = np.maximum(by_country.sum(axis=0) / max(float(by_country.sum()), 1.0), _FAINT)[country]
    found: Reals = np.log((mine + FEW_FIRSTS * share) / (met + FEW_FIRSTS) / share + _FAINT)
    return found


def _openness(start: Integers, size: Reals, newly: Reals) -> Reals:
    """Return how much larger the part of first-timers was than in projects begun about then, shape (P,)."""
    order = np.argsort(start, kind="stable")
    days = start[order]
    first = np.searchsorted(days, start - NEARBY, "left")
    last = np.searchsorted(days, start + NEARBY, "right")
    people, firsts = (np.concatenate([[0.0], np.cumsum(of[order])]) for of in (size, newly))
    expected = np.maximum((firsts[last] - firsts[first]) / np.maximum(people[last] - people[first], 1.0), 1e-3)
    found: Reals = (newly + _FEW * expected) / (size + _FEW) / expected
    return found
