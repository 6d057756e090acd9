"""What the logistic mixture looks at: for each pair, what the graph says and what the two organisations are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from app.matching.partnerships.history import Flags, Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.counting import Popularity, ProgrammePopularity
from app.matching.partnerships.rivals.graph import AdamicAdar, CommonNeighbours, PageRank
from app.matching.partnerships.rivals.past import Past, sums
from app.matching.partnerships.rivals.rival import Rival

FAINT = 1e-6
STEADY = 10.0
"""Added to both sides of an affinity, so that few pairs say little."""

SETS: Mapping[str, tuple[str, ...]] = {
    "ranks": (
        *("rank common_neighbours", "rank adamic_adar", "rank pagerank", "rank programme", "rank popularity"),
        *("cosine", "countries", "types"),
    ),
    "logarithms": (
        *("log common_neighbours", "log adamic_adar", "log pagerank", "log programme", "log popularity"),
        *("cosine", "countries", "types"),
    ),
    "both": (
        *("rank adamic_adar", "rank pagerank", "rank programme"),
        *("log adamic_adar", "log pagerank", "log programme", "cosine", "countries", "types"),
    ),
}


class Features:
    """Computes the features of everybody seen, for some who ask; n are seen."""

    def __init__(self, past: Past, names: Sequence[str]) -> None:
        self._past = past
        self._names = tuple(names)
        self._rivals: dict[str, Rival] = {
            "common_neighbours": CommonNeighbours(past, {}, 0),
            "adamic_adar": AdamicAdar(past, {}, 0),
            "pagerank": PageRank(past, {"damping": 0.85, "links": "counted"}, 0),
            "programme": ProgrammePopularity(past, {"half_life": 1.0, "own_half_life": np.inf}, 0),
            "popularity": Popularity(past, {"of": "partners"}, 0),
        }
        self._profiles = _profiles(past)
        self._countries = affinity(past.links, past.in_country)
        self._types = affinity(past.links, past.of_type)

    def of(self, queries: Integers, open_to: Flags) -> Scores:
        """Return the features, shape (q, n, F); ``open_to`` says for (q, n) who may be suggested.

        Ranks are taken among those alone, so that they mean the same while the graph grows.
        """
        raw: dict[str, Scores] = {}
        columns = []
        for name in self._names:
            kind, _, rival = name.partition(" ")
            if rival and rival not in raw:
                raw[rival] = self._rivals[rival].scores(queries)[:, self._past.candidates]
            if kind == "rank":
                columns.append(logarithmic_ranks(raw[rival], open_to))
            elif kind == "log":
                columns.append(np.log(raw[rival] + (FAINT if rival == "pagerank" else 1)))
            else:
                columns.append(self._pairs(kind, queries))
        return np.stack(columns, axis=-1).astype(np.float32)

    def _pairs(self, name: str, queries: Integers) -> Scores:
        history, seen = self._past.history, self._past.candidates
        if name == "cosine":
            cosine: Scores = self._profiles[queries] @ self._profiles[seen].T
            return cosine
        table, of = (self._countries, history.country) if name == "countries" else (self._types, history.type_of)
        return table[of[queries]][:, of[seen]]


def logarithmic_ranks(scores: Scores, open_to: Flags) -> Scores:
    """Return ``-log(1 + rank)`` of each score among those of its row that are open; equal scores share a rank."""
    found = np.empty(scores.shape, dtype=np.float32)
    for row, (values, among) in enumerate(zip(scores, open_to, strict=True)):
        ordered = np.sort(values[among])
        below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
        found[row] = -np.log1p(np.maximum(len(ordered) - below / 2, 0))
    return found


def affinity(links: object, groups: object) -> Scores:
    """Return how much more often two groups work together than chance would have it, as a logarithm, (G, G)."""
    pairs = (groups.T @ links @ groups).toarray()  # type: ignore[attr-defined]
    sides = pairs.sum(axis=1)
    expected = np.outer(sides, sides) / max(float(pairs.sum()), 1.0)
    found: npt.NDArray[np.float32] = np.log((pairs + STEADY) / (expected + STEADY)).astype(np.float32)
    return found


def _profiles(past: Past) -> Scores:
    counts = past.programmes
    whole = np.asarray(counts.sum(axis=0), dtype=np.float64).ravel()
    rarity = np.log1p(whole.sum() / np.maximum(whole, 1))
    weighted = counts.multiply(rarity[None, :]).tocsr()
    lengths = np.sqrt(sums(weighted.multiply(weighted)))
    found: Scores = (weighted.toarray() / np.maximum(lengths, 1e-12)[:, None]).astype(np.float32)
    return found
