"""What the graph of past partners says: who is close to whom, by short paths and by long walks."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import Integers
from app.matching.partnerships.snapshot import Snapshot, diagonal

Floats = npt.NDArray[np.float32]
DAMPING = 0.85
STEPS = 12
"""After twelve steps of a damped walk what is missing is 14 %, spread like the rest: no rank among the first moves."""


class Walks:
    """Closeness in the graph of partners; M were seen, and each answer has the shape (q, M)."""

    def __init__(self, known: Snapshot) -> None:
        degree = np.maximum(known.degree, 1.0)
        self._links = known.links
        self._rare = (diagonal(1 / np.log(np.maximum(degree, 2.0))) @ known.links).tocsr()
        self._shared = (diagonal(1 / degree) @ known.links).tocsr()
        self._step = (known.links @ diagonal(1 / degree)).tocsr()
        self._calls, self._own = _calls(known)
        self._crowds = known.crowds
        self._within = [
            (share, (diagonal(1 / np.sqrt(degree)) @ links).tocsr()) for share, links in _within_programmes(known)
        ]

    def adamic_adar(self, places: Integers) -> Floats:
        """Return the partners in common, each worth less the more partners it has (Adamic and Adar 2003)."""
        return _dense(self._links[places] @ self._rare)

    def resource_allocation(self, places: Integers) -> Floats:
        """Return the partners in common, each worth its part of one: far from the giants (Zhou, Lü and Zhang 2009)."""
        return _dense(self._links[places] @ self._shared)

    def pagerank(self, places: Integers) -> Floats:
        """Return where a walk is found that starts anew at the one who asks, with 15 % at each step.

        Sources: Page et al. 1999; personalised, Haveliwala 2002. Cost: STEPS products of the graph.
        """
        start = np.zeros((self._step.shape[0], len(places)), dtype=np.float32)
        start[places, np.arange(len(places))] = 1
        walk = start.copy()
        for _ in range(STEPS):
            walk = self._step @ walk
            walk *= DAMPING
            walk[places, np.arange(len(places))] += 1 - DAMPING
        return walk.T

    def same_call(self, places: Integers) -> Floats:
        """Return how often others were in another project of a call of the asker's.

        Projects of the same programmes that start on the same day are taken to be of one call: they are about one
        thing, and who applies to a call once applies with others to the next. A project counts less the more others
        its call has: by the root. Shape (q, M).
        """
        found: Floats = (self._calls[places] @ self._own.T).toarray()
        return np.log1p(found)

    def same_crowd(self, places: Integers) -> Floats:
        """Return whether they are together in a project too large to be called working together: 1 or 0."""
        return np.sign(_dense(self._crowds[places] @ self._crowds.T))

    def within_programmes(self, places: Integers) -> Floats:
        """Return paths over one partner, both steps in one programme, weighted by the share it has for the asker."""
        found = np.zeros((len(places), self._links.shape[0]), dtype=np.float32)
        for share, links in self._within:
            found += _dense(diagonal(share[places]) @ (links[places] @ links))
        return found


def _calls(known: Snapshot) -> tuple[Any, Any]:
    """Return whose projects have which other projects in their call, and who is in which, both (M, P), sparse."""
    from scipy import sparse

    history = known.history
    live = np.unique(known.joined.indices)
    names = [(history.programmes_of(int(one)), int(history.start[one])) for one in live]
    number = {name: place for place, name in enumerate(sorted(set(names)))}
    of = np.array([number[name] for name in names], dtype=np.int64)
    others = np.maximum(np.bincount(of, minlength=len(number))[of] - 1, 1)
    shape = (known.joined.shape[1], len(number))
    member = sparse.csr_array((np.ones(len(live), dtype=np.float32), (live, of)), shape=shape)
    siblings = (diagonal(_spread(1 / np.sqrt(others), live, shape[0])) @ (member @ member.T)).tocsr()
    siblings.setdiag(0)
    siblings.eliminate_zeros()
    return (known.joined @ siblings).tocsr(), known.joined


def _spread(values: npt.NDArray[np.float64], at: Integers, count: int) -> npt.NDArray[np.float64]:
    found = np.zeros(count)
    found[at] = values
    return found


def _within_programmes(known: Snapshot) -> list[tuple[Floats, Any]]:
    """Return for each programme its share of everybody's projects, (M,), and how often any two met in it, (M, M)."""
    counts = (known.all_recent @ known.shares).toarray()
    counts /= np.maximum(counts.sum(axis=1, keepdims=True), 1e-12)
    found = []
    for place in range(counts.shape[1]):
        inside = known.shares[:, [place]].toarray().ravel() > 0
        joined = known.joined @ diagonal(inside)
        joined.eliminate_zeros()
        links = (joined @ joined.T).tocsr()
        links.setdiag(0)
        links.eliminate_zeros()
        if links.nnz:
            found.append((counts[:, place].astype(np.float32), links))
    return found


def _dense(found: Any) -> Floats:
    dense: Floats = found.toarray().astype(np.float32, copy=False)
    return dense
