"""The rival that looks at what organisations are: TF-IDF over programmes, type and country."""

from __future__ import annotations

from typing import Any

import numpy as np

from app.matching.partnerships.history import Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.past import Past, sums
from app.matching.partnerships.rivals.rival import Rival, Settings


class Content(Rival):
    """The cosine of TF-IDF vectors (Salton and Buckley 1988): each programme as often as taken part in, type, country."""

    grid = tuple(
        {"terms": terms, "counts": counts} for terms in ("all", "programmes") for counts in ("plain", "logarithmic")
    )

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        from scipy import sparse

        counts = past.programmes.astype(np.float32)
        if settings["counts"] == "logarithmic":
            counts.data = 1 + np.log(counts.data)
        parts = [counts] if settings["terms"] == "programmes" else [counts, past.of_type, past.in_country]
        terms = sparse.diags(past.seen.astype(np.float32)) @ sparse.hstack(parts).tocsr()
        terms.eliminate_zeros()
        there = np.asarray((terms > 0).sum(axis=0)).ravel()
        rarity = np.log((1 + len(past.candidates)) / (1 + there)) + 1
        weighted = (terms @ sparse.diags(rarity)).tocsr()
        lengths = np.sqrt(sums(weighted.multiply(weighted)))
        self._terms: Any = (sparse.diags(1 / np.maximum(lengths, 1e-12)) @ weighted).tocsr().astype(np.float32)
        self._back: Any = self._terms.T.tocsr()

    def scores(self, queries: Integers) -> Scores:
        """Return the cosines."""
        found: Scores = (self._terms[queries] @ self._back).toarray()
        return found
