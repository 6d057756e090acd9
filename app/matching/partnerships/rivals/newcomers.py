"""Rivals for newcomers, of whom only country, type and the programmes of the first project are known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import inf
from typing import Any, ClassVar

import numpy as np

from app.matching.partnerships.newcomers import Newcomer
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.content import vectors
from app.matching.partnerships.rivals.counting import Popularity
from app.matching.partnerships.rivals.features import affinity
from app.matching.partnerships.rivals.past import Past, shares
from app.matching.partnerships.rivals.rival import Settings, number

FAINT = 1e-3


class NewcomerRival(ABC):
    """One way of ranking for newcomers; ``grid`` as for the others."""

    grid: ClassVar[tuple[Settings, ...]] = ({},)

    @abstractmethod
    def __init__(self, past: Past, settings: Settings, seed: int) -> None:
        """Learn from the past alone."""

    @abstractmethod
    def scores(self, newcomers: Sequence[Newcomer]) -> Scores:
        """Return a score of everybody for each of ``newcomers``, shape (q, N)."""


class EqualForNewcomers(NewcomerRival):
    """Chance."""

    def __init__(self, past: Past, _settings: Settings, _seed: int) -> None:
        self._count = past.count

    def scores(self, newcomers: Sequence[Newcomer]) -> Scores:
        """Return zeros."""
        return np.zeros((len(newcomers), self._count), dtype=np.float32)


class PopularityForNewcomers(NewcomerRival):
    """The busiest of all."""

    grid = Popularity.grid

    def __init__(self, past: Past, settings: Settings, seed: int) -> None:
        self._popularity = Popularity(past, settings, seed)

    def scores(self, newcomers: Sequence[Newcomer]) -> Scores:
        """Return everybody's count."""
        return self._popularity.scores(np.zeros(len(newcomers), dtype=np.int64))


class ProgrammesForNewcomers(NewcomerRival):
    """The busiest in the newcomer's programmes; who names none gets the busiest of projects that name none."""

    grid = tuple({"half_life": years} for years in (inf, 2.0, 1.0, 0.5))

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        self._programmes = past.history.programmes
        self._counted = past.programmes_lately(number(settings, "half_life")).T.tocsr()

    def scores(self, newcomers: Sequence[Newcomer]) -> Scores:
        """Return counts within the programmes, as shares of each."""
        own = shares(programme_rows(self._programmes, newcomers))
        found: Scores = (own @ self._counted).toarray().astype(np.float32)
        return found


class ContentForNewcomers(NewcomerRival):
    """The cosine of TF-IDF vectors over programmes, type and country."""

    grid = tuple(
        {"terms": terms, "counts": counts} for terms in ("all", "programmes") for counts in ("plain", "logarithmic")
    )

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        self._history = past.history
        self._vectors = vectors(past, settings)
        self._everything = settings["terms"] == "all"

    def scores(self, newcomers: Sequence[Newcomer]) -> Scores:
        """Return the cosines, up to the length of the newcomer's own vector, which is the same for a whole list."""
        from scipy import sparse

        parts = [programme_rows(self._history.programmes, newcomers)]
        if self._everything:
            parts.append(_rows_of(self._history.types, [(one.organisation_type,) for one in newcomers]))
            parts.append(_rows_of(self._history.countries, [(one.country,) for one in newcomers]))
        asked = sparse.hstack(parts).tocsr() @ sparse.diags(self._vectors.rarity)
        found: Scores = (asked @ self._vectors.terms.T).toarray().astype(np.float32)
        return found


class ProgrammesAndAffinity(NewcomerRival):
    """The busiest in the newcomer's programmes, the more so if their countries and types go together.

    The logarithm of the count, plus weights times how much more often the two countries and the two types work
    together than chance would have it.
    """

    grid = tuple(
        {"half_life": years, "countries": countries, "types": types}
        for years in (inf, 1.0)
        for countries in (0.0, 0.5, 1.0)
        for types in (0.0, 0.5, 1.0)
    )

    def __init__(self, past: Past, settings: Settings, seed: int) -> None:
        self._history = past.history
        self._within = ProgrammesForNewcomers(past, settings, seed)
        self._countries = number(settings, "countries") * affinity(past.links, past.in_country)
        self._types = number(settings, "types") * affinity(past.links, past.of_type)

    def scores(self, newcomers: Sequence[Newcomer]) -> Scores:
        """Return the sums."""
        history = self._history
        counted = np.log(self._within.scores(newcomers) + np.float32(FAINT))
        countries = _rows_of(history.countries, [(one.country,) for one in newcomers]) @ self._countries
        types = _rows_of(history.types, [(one.organisation_type,) for one in newcomers]) @ self._types
        found: Scores = (counted + countries[:, history.country] + types[:, history.type_of]).astype(np.float32)
        return found


def programme_rows(programmes: Sequence[str], newcomers: Sequence[Newcomer]) -> Any:
    """Return which programmes each newcomer names, (q, G + 1); the last column is for those who name none we know."""
    from scipy import sparse

    named = _rows_of(programmes, [one.programmes for one in newcomers])
    none = np.diff(named.indptr) == 0
    return sparse.hstack([named, sparse.csr_matrix(none[:, None].astype(np.float64))]).tocsr()


def _rows_of(names: Sequence[str], said: Sequence[Sequence[str]]) -> Any:
    from scipy import sparse

    place = {name: i for i, name in enumerate(names)}
    known = [(row, place[name]) for row, some in enumerate(said) for name in some if name in place]
    rows, columns = ([pair[side] for pair in known] for side in (0, 1))
    return sparse.csr_matrix((np.ones(len(known)), (rows, columns)), shape=(len(said), len(names)))
