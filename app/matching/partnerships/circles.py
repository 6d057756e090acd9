"""Who moves in the same circles: a graph of partners, programmes, countries and types, seen through its broad outlines.

The organisations are joined to those they worked with and to what they are; the leading eigenvectors of that graph are
its circles. Partners in common are few and partly chance; which circles somebody belongs to is many of them at once,
and says something also of pairs that have no partner in common, who are half of those who come to work together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from app.matching.partnerships.history import Floats, Integers
from app.matching.partnerships.snapshot import Reals, Snapshot, diagonal, groups

CIRCLES = 64
"""Eigenvectors that are looked at. Half as many or half as many more: within 1 % of each other on each window."""
FADING = 0.99
"""What is taken from each eigenvalue, as a part of the last one: the faintest circles, mostly chance, fade out."""
EVEN = 0.25
"""Links are divided by this power of the degrees of both sides: none would see giants alone, a half (Ng, Jordan and
Weiss 2001) everybody's own corner alone."""
GIANTS = 0.35
"""The power of a candidate's degree that is given back at last: those who work with many come to work with many."""
TRAITS = 0.4
"""How much it is to share all programmes, the country or the type, where a project of two is one."""
MEMBERS = 20
"""At least so many organisations for each circle: with as many circles as members the graph would say itself again."""
CROWD = 0.3
"""The same for a project too large to give pairs."""
_ALIKE = 50
_SMALL = 400


class Circles:
    """The outlines of the graph on a day; M were seen.

    Notes
    -----
    A low-rank view with soft-thresholded eigenvalues: Kunegis, Fay and Bauckhage 2010 on spectra of links to come,
    Mazumder, Hastie and Tibshirani 2010 on the threshold; traits as nodes of the graph: Yin et al. 2010. Cost of a
    fit: about a hundred products of the graph; of an answer M times the circles for each who asks.
    """

    def __init__(self, known: Snapshot) -> None:
        graph, degree = _graph(known)
        kept = len(known.seen)
        values, vectors = _leading(graph, min(CIRCLES, max(2, kept // MEMBERS)))
        faint = FADING * max(float(values[-1]), 0.0) if len(values) else 0.0
        self._own = (vectors[:kept] * np.maximum(values - faint, 0)).astype(np.float32)
        self._others = vectors[:kept].astype(np.float32)
        self._giants = (degree[:kept] ** GIANTS).astype(np.float32)
        weighted = vectors[:kept] * np.sqrt(np.maximum(values - faint, 0))
        norms = np.sqrt((weighted**2).sum(axis=1, keepdims=True))
        self._directions = (weighted / np.maximum(norms, 1e-12)).astype(np.float32)

    def closeness(self, places: Integers) -> Floats:
        """Return how much everybody is in the circles of some, at least zero, shape (q, M).

        Row by row, so that the last digits don't depend on who else asks.
        """
        found = np.empty((len(places), len(self._giants)), dtype=np.float32)
        for row, place in enumerate(places):
            found[row] = np.maximum(self._others @ self._own[place], 0) * self._giants
        return found

    def likeness(self, places: Integers) -> Floats:
        """Return the cosine of everybody's circles to those of some, at least zero, shape (q, M): row by row too."""
        found = np.empty((len(places), len(self._giants)), dtype=np.float32)
        for row, place in enumerate(places):
            found[row] = np.maximum(self._directions @ self._directions[place], 0)
        return found

    def alike(self, place: int) -> Integers:
        """Return the fifty whose circles are most like somebody's, the most alike first; of equals the lower place."""
        likeness = self._directions @ self._directions[place]
        likeness[place] = -np.inf
        order: Integers = np.argsort(-likeness, kind="stable")[: min(_ALIKE, len(likeness) - 1)]
        return order


def _graph(known: Snapshot) -> tuple[Any, Reals]:
    """Return the graph of organisations, then traits, each link divided by both degrees, and the degrees, (n,)."""
    from scipy import sparse

    others = np.maximum(np.asarray(known.joined.sum(axis=0)).ravel() - 1, 1)
    # A project counts less the larger it is, by the root, for each of its pairs.
    pairs = (known.joined @ diagonal(1 / np.sqrt(others)) @ known.joined.T).tocsr()
    pairs.setdiag(0)
    pairs.eliminate_zeros()
    countries, types = len(known.history.countries), len(known.history.types)
    traits = (TRAITS * _directions(known), TRAITS * groups(known.country, countries))
    more = (TRAITS * groups(known.type_of, types), CROWD * known.crowds)
    there = [sparse.csc_array(one) for one in (*traits, *more)]
    # Nobody has what only later rows tell of: left out, so that they change nothing.
    joined = sparse.hstack([one[:, np.diff(one.indptr) > 0] for one in there], format="csr")
    whole = sparse.block_array([[pairs, joined], [joined.T, None]], format="csr").astype(np.float64)
    degree = np.maximum(np.asarray(whole.sum(axis=1), dtype=np.float64).ravel(), 1e-9)
    even = sparse.diags_array(degree**-EVEN, format="csr")
    return (even @ whole @ even).tocsr(), degree


def _directions(known: Snapshot) -> Any:
    """Return in which programmes everybody joins projects, of late more than before: rows add up to at most 1."""
    counts = known.all_recent @ known.shares
    return (diagonal(1 / np.sqrt(np.maximum(np.asarray(counts.sum(axis=1)).ravel(), 1e-9))) @ counts).tocsr()


def _leading(graph: Any, count: int) -> tuple[Reals, Reals]:
    """Return the largest eigenvalues, at most `count`, the largest first, and their vectors in columns."""
    from scipy.sparse.linalg import eigsh

    size = graph.shape[0]
    if size <= _SMALL:
        values, vectors = np.linalg.eigh(graph.toarray())
    else:
        # From one beginning, so that the same history has the same answers.
        values, vectors = eigsh(graph, k=count, which="LA", tol=1e-3, v0=np.ones(size))
    order = np.argsort(-values, kind="stable")[:count]
    return values[order], vectors[:, order]
