"""What past projects say of two organisations: walks over partners, calls in common, crowds in common."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import Floats, Integers
from app.matching.partnerships.snapshot import Snapshot, diagonal

DAMPING = 0.85
STEPS = 12
"""After twelve steps of a damped walk what is missing is 14 %, spread like the rest: no rank among the first moves."""


class Paths:
    """Closeness in the graph of partners; M were seen, and each answer has the shape (q, M)."""

    def __init__(self, known: Snapshot) -> None:
        degree = np.maximum(known.degree, 1.0)
        self._links = known.links
        self._step = (known.links @ diagonal(1 / degree)).tocsr().astype(np.float32)
        self._shared = (diagonal(1 / degree) @ known.links).tocsr()
        self._calls, self._own = _calls(known)
        self._crowds = known.crowds

    def walks(self, places: Integers) -> Floats:
        """Return where a walk is found that starts anew at the one who asks, with 15 % at each step.

        Sources: Page et al. 1999; personalised, Haveliwala 2002. Cost: STEPS products of the graph.
        """
        asking = np.arange(len(places))
        walk = np.zeros((self._step.shape[0], len(places)), dtype=np.float32)
        walk[places, asking] = 1
        for _ in range(STEPS):
            walk = self._step @ walk
            walk *= DAMPING
            walk[places, asking] += 1 - DAMPING
        found: Floats = np.ascontiguousarray(walk.T)
        return found

    def resource_allocation(self, places: Integers) -> Floats:
        """Return the partners in common, each worth its part of one: far from the giants (Zhou, Lü and Zhang 2009)."""
        return _dense(self._links[places] @ self._shared)

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


def _dense(found: Any) -> Floats:
    dense: Floats = found.toarray().astype(np.float32, copy=False)
    return dense
