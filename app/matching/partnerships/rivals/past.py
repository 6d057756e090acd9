"""What all rivals are made of: the history up to a day as sparse matrices, each computed once."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from app.matching.partnerships import LARGEST
from app.matching.partnerships.history import History
from app.matching.partnerships.protocol import Window

Numbers = npt.NDArray[np.float64]
YEAR = 365.25


class Past:
    """The history up to the first date of a window, cut here once more, so that nobody sees further.

    Of the rest of the window only the rules are known: how long it is, and whether borders count.

    N organisations, P projects, G programmes; one more programme stands for projects that name none.
    """

    def __init__(self, history: History, window: Window) -> None:
        self.history = history.until(window.train_to)
        self.window = window
        self.as_of = window.train_to
        self.count = len(history.organisations)
        self.seen = self.history.seen()
        self.candidates = np.flatnonzero(self.seen)

    @cached_property
    def joined(self) -> Any:
        """Who takes part in what, (N, P), of ones."""
        return self._incidence(np.ones(len(self.history.participation_org)))

    def joined_lately(self, half_life: float) -> Any:
        """The same, a participation counting half as much for every ``half_life`` years of age; inf for no ageing."""
        return self._incidence(self.fading(half_life))

    def fading(self, half_life: float) -> Numbers:
        """What each participation still counts for, shape (R,)."""
        age = (self.as_of.toordinal() - self.history.participation_day) / YEAR
        return np.exp2(-age / half_life)

    @cached_property
    def partners(self) -> Any:
        """In how many projects of at most 50 two organisations worked together, (N, N), with an empty diagonal."""
        small = self.history.size[self.history.participation_project] <= LARGEST
        joined = self._incidence(small.astype(np.float64))
        joined.eliminate_zeros()
        pairs = (joined @ joined.T).tocsr()
        pairs.setdiag(0)
        pairs.eliminate_zeros()
        pairs.sort_indices()
        return pairs

    @cached_property
    def links(self) -> Any:
        """Who worked with whom, (N, N), of ones."""
        links = self.partners.copy()
        links.data[:] = 1.0
        return links

    @cached_property
    def degree(self) -> Numbers:
        """How many partners each has, (N,)."""
        return sums(self.links)

    @cached_property
    def stands_in(self) -> Any:
        """Which programmes a project stands in, (P, G + 1), of ones."""
        from scipy import sparse

        history = self.history
        named = np.diff(history.programme_ptr)
        none = np.flatnonzero(named == 0)
        rows = np.concatenate([np.repeat(np.arange(len(named)), named), none])
        columns = np.concatenate([history.programme_of, np.full(len(none), len(history.programmes))])
        shape = (len(history.projects), len(history.programmes) + 1)
        return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)

    @cached_property
    def programmes(self) -> Any:
        """How often each took part in each programme, (N, G + 1)."""
        return (self.joined @ self.stands_in).tocsr()

    def programmes_lately(self, half_life: float) -> Any:
        """The same with participations fading."""
        return (self.joined_lately(half_life) @ self.stands_in).tocsr()

    @cached_property
    def in_country(self) -> Any:
        """Which country each is of, (N, C), of ones."""
        return _one_of(self.history.country, len(self.history.countries))

    @cached_property
    def of_type(self) -> Any:
        """Which type each is of, (N, T), of ones."""
        return _one_of(self.history.type_of, len(self.history.types))

    def _incidence(self, weights: Numbers) -> Any:
        from scipy import sparse

        history = self.history
        places = (history.participation_org, history.participation_project)
        return sparse.csr_matrix((weights, places), shape=(self.count, len(history.projects)))


def shares(matrix: Any) -> Any:
    """Return a sparse matrix with each row divided by its sum; empty rows stay empty."""
    from scipy import sparse

    return (sparse.diags(1 / np.maximum(sums(matrix), 1e-12)) @ matrix).tocsr()


def sums(matrix: Any) -> Numbers:
    """Return the sum of each row of a sparse matrix."""
    return np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()


def _one_of(places: npt.NDArray[np.int64], count: int) -> Any:
    from scipy import sparse

    return sparse.csr_matrix((np.ones(len(places)), (np.arange(len(places)), places)), shape=(len(places), count))
