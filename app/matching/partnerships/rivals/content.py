"""The rival that looks at what organisations are: TF-IDF over programmes, type and country."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from app.matching.partnerships.history import Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.past import Numbers, Past, sums
from app.matching.partnerships.rivals.rival import Rival, Settings


class Vectors(NamedTuple):
    """What organisations are, in weighted terms: rows of length 1, (N, T), and how rare each term is, (T,)."""

    terms: Any
    rarity: Numbers


def vectors(past: Past, settings: Settings) -> Vectors:
    """Return TF-IDF vectors (Salton and Buckley 1988): programmes as often as taken part in, type, country.

    ``terms`` of the settings is "all" or "programmes", ``counts`` "plain" or "logarithmic".
    """
    from scipy import sparse

    counts = past.programmes.copy()
    if settings["counts"] == "logarithmic":
        counts.data = 1 + np.log(counts.data)
    parts = [counts] if settings["terms"] == "programmes" else [counts, past.of_type, past.in_country]
    terms = sparse.diags(past.seen.astype(np.float64)) @ sparse.hstack(parts).tocsr()
    terms.eliminate_zeros()
    there = np.asarray((terms > 0).sum(axis=0), dtype=np.float64).ravel()
    rarity: Numbers = np.log((1 + len(past.candidates)) / (1 + there)) + 1
    weighted = (terms @ sparse.diags(rarity)).tocsr()
    lengths = np.sqrt(sums(weighted.multiply(weighted)))
    return Vectors((sparse.diags(1 / np.maximum(lengths, 1e-12)) @ weighted).tocsr().astype(np.float32), rarity)


class Content(Rival):
    """The cosine of the vectors of two organisations."""

    grid = tuple(
        {"terms": terms, "counts": counts} for terms in ("all", "programmes") for counts in ("plain", "logarithmic")
    )

    def __init__(self, past: Past, settings: Settings, _seed: int) -> None:
        self._terms = vectors(past, settings).terms
        self._back = self._terms.T.tocsr()

    def scores(self, queries: Integers) -> Scores:
        """Return the cosines."""
        found: Scores = (self._terms[queries] @ self._back).toarray()
        return found
