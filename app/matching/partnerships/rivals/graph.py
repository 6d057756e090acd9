"""Rivals that walk the graph of who worked with whom: shared partners, weighted ones, and random walks that return."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.partnerships.history import Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.past import Past, shares
from app.matching.partnerships.rivals.rival import Rival, Settings, number

TOLERANCE = 1e-5
MOST_STEPS = 200


class CommonNeighbours(Rival):
    """How many partners two have in common (Newman 2001)."""

    def __init__(self, past: Past, _settings: Settings, _seed: int) -> None:
        self._links = past.links.astype(np.float32)

    def scores(self, queries: Integers) -> Scores:
        """Return the number of partners in common. Cost: the partners of the partners."""
        found: Scores = (self._links[queries] @ self._links).toarray()
        return found


class AdamicAdar(Rival):
    """Partners in common, each counting less the more partners it has: ``1 / log`` of them (Adamic and Adar 2003)."""

    def __init__(self, past: Past, _settings: Settings, _seed: int) -> None:
        from scipy import sparse

        self._links = past.links.astype(np.float32)
        rarity = 1 / np.log(np.maximum(past.degree, 2))
        self._weighted = (sparse.diags(rarity.astype(np.float32)) @ self._links).tocsr()

    def scores(self, queries: Integers) -> Scores:
        """Return the sums. Cost: the partners of the partners, as one sparse product."""
        found: Scores = (self._links[queries] @ self._weighted).toarray()
        return found


class PageRank(Rival):
    """Where a walk from whoever asks is found that goes on with ``damping``, and returns otherwise.

    Personalised PageRank (Page et al. 1999; Haveliwala 2002), iterated until a whole row changes by less than a
    hundred-thousandth. Links count as often as two worked together, or once.
    """

    grid = tuple({"damping": damping, "links": links} for links in ("once", "counted") for damping in (0.7, 0.85, 0.9))

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        links = past.links if settings["links"] == "once" else past.partners
        self._damping = np.float32(number(settings, "damping"))
        self._seen = past.candidates
        self._place = np.full(past.count, -1)
        self._place[self._seen] = np.arange(len(self._seen))
        among = links[self._seen][:, self._seen]
        self._back: Any = shares(among).T.tocsr().astype(np.float32)

    def scores(self, queries: Integers) -> Scores:
        """Return how likely the walk is to be at each. Cost: links times steps, for all of ``queries`` at once."""
        here = np.zeros((len(self._seen), len(queries)), dtype=np.float32)
        here[self._place[queries], np.arange(len(queries))] = 1 - self._damping
        now = here / (1 - self._damping)
        for _ in range(MOST_STEPS):
            then: NDArray[np.float32] = here + self._damping * (self._back @ now)
            change = float(np.abs(then - now).sum(axis=0).max())
            now = then
            if change < TOLERANCE:
                break
        found = np.zeros((len(queries), len(self._place)), dtype=np.float32)
        found[:, self._seen] = now.T
        return found
