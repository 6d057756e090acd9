"""How fast, how large and how exact the matching core is: ``python -m benchmarks.matching --profiles 100000 --json``.

In one run, for the same queries: the whole call (filter, score both ways, arrange, reasons for 20, gaps), the same
without compiled loops, the bare product of `scipy` over the same vectors, the neighbours that scikit-learn finds by
brute force, and the whole call by brute force over all profiles. All must agree.

Times are processor times of the thread, each the median of several runs, so that a machine with others on it measures
the same; ``call_wall_ms`` is by the clock. ``scipy_ms`` is the bare product of the matrix of all profiles with the
asker's vector, without filter and without finding the best; ``scipy_by_feature_ms`` the same over a second copy of the
matrix, stored by feature, which is what an index is to be measured against. ``floor_ms`` is the time to read the
postings of a question once, at the speed at which one core reads memory here.
"""

import argparse
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.matching import Query, compiled, scoring, suggesting, weights
from app.matching.facets import LEVEL_NAMES
from app.matching.filters import Field, candidate_kinds
from app.matching.found import draw
from app.matching.index import Index
from app.matching.query import KINDS
from app.matching.segment import Segment
from app.matching.vocabulary import Ints
from benchmarks import floor, printing
from benchmarks.timing import peak_mb, rounded, spread, times
from benchmarks.world import LIMIT, index_at, questions

RANKED = tuple(kind for kind in KINDS if kind != "bridges")


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = printing.parser(__doc__)
    parser.add_argument("--queries", type=int, default=60, help="how many are timed")
    parser.add_argument("--runs", type=int, default=5, help="how often each is timed")
    parser.add_argument("--checks", type=int, default=12, help="how many are compared with the slow ways")
    given = parser.parse_args()
    compiled.prepare()
    with index_at(given.index, given.profiles, given.seed) as (path, built):
        return printing.show(measure(given, path, built), given.json)


def measure(given: argparse.Namespace, path: Path, built: dict[str, float]) -> dict[str, Any]:
    """Ask an index, and compare."""
    started = time.perf_counter()
    index = Index.open(path)
    open_ms = (time.perf_counter() - started) * 1000
    queries = questions(max(1, given.queries // len(RANKED)), given.seed)
    every = [query for kind in RANKED for query in queries[kind]]
    called = _called(index, queries, given.runs)
    plain = Plain(index)
    product = [times(partial(plain.multiply, plain.wanted(query)), given.runs) for query in every]
    gather = [times(partial(plain.gather, plain.wanted(query)), given.runs) for query in every]
    checked = [query for kind in RANKED for query in queries[kind][: max(1, given.checks // len(RANKED))]]
    agreed, brute_ms, neighbours_ms = plain.check(checked)
    whole, scipy_ms, by_feature_ms = called["call_ms"]["median"], float(np.median(product)), float(np.median(gather))
    speed = floor.bandwidth()
    postings = float(np.median([floor.postings_bytes(index, query) for query in every]))
    return {
        "profiles": given.profiles,
        **called,
        "scipy_ms": rounded(scipy_ms),
        "ratio": rounded(whole / scipy_ms),
        "scipy_by_feature_ms": rounded(by_feature_ms),
        "ratio_by_feature": rounded(whole / by_feature_ms),
        "identical": all(agreed.values()),
        "agreed": agreed,
        "postings_mb": rounded(postings / 1e6),
        "memory_gb_s": rounded(speed / 1e9),
        "floor_ms": rounded(postings / speed * 1000),
        "neighbours_ms": rounded(neighbours_ms),
        "brute_force_ms": rounded(brute_ms),
        "open_ms": rounded(open_ms),
        "index_mb": rounded(path.stat().st_size / 1e6),
        **built,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _called(index: Index, queries: dict[str, list[Query]], runs: int) -> dict[str, Any]:
    """Time the whole call by kind and in all, by the clock, without compiled loops, and its index stage alone."""
    every = [query for kind in RANKED for query in queries[kind]]
    calls = {kind: [times(partial(index.suggest, one), runs) for one in queries[kind]] for kind in KINDS}
    serving_peak = peak_mb()
    wall = [times(partial(index.suggest, one), runs, time.perf_counter) for one in every]
    stage = [times(partial(_stage, index, one), runs) for one in every]
    with _without_compiled_loops():
        in_numpy = [times(partial(index.suggest, one), runs) for one in every]
    return {
        "compiled": compiled.kernels() is not None,
        "call_ms": spread([one for kind in RANKED for one in calls[kind]]),
        "call_ms_by_kind": {kind: rounded(np.median(calls[kind])) for kind in KINDS},
        "call_p95_ms_by_kind": {kind: rounded(np.percentile(calls[kind], 95)) for kind in KINDS},
        "call_wall_ms": spread(wall),
        "numpy_call_ms": spread(in_numpy),
        "index_stage_ms": rounded(np.median(stage)),
        "serving_peak_mb": rounded(serving_peak),
    }


@contextmanager
def _without_compiled_loops() -> Iterator[None]:
    compiled.unload()
    try:
        yield
    finally:
        compiled.load()


def _stage(index: Index, query: Query) -> Ints:
    """The index stage alone: the product by inverted lists, filter and exact best."""
    field = index.snapshot.fields(query)[0]
    return scoring.best_one_way(field, field.passing, LIMIT).score


class Plain:
    """The same vectors as `scipy` matrices, and the same answers from them without any index."""

    def __init__(self, index: Index) -> None:
        from scipy import sparse

        self.index = index
        self.segment: Segment = index.snapshot.segments[0][0]
        self.features = len(index.snapshot.vocabulary)
        rows, columns = _pairs(self.segment, self.features)
        shape = (len(self.segment), self.features)
        ones = np.ones(len(rows), np.int16)
        self.has = sparse.csr_matrix((ones, (rows, columns)), shape=shape)
        self.by_feature = self.has.T.tocsr()
        want = self.segment.want
        self.wants = sparse.csr_matrix(
            ((want & 255).astype(np.int16), (want >> 8).astype(np.int32), self.segment.want_start), shape=shape
        )
        self.sparse = sparse

    def wanted(self, query: Query) -> np.ndarray:
        """Return the asker's weights as a dense vector, shape (features,)."""
        side = self.index.snapshot.fields(query)[0].side
        vector = np.zeros(self.features, np.int16)
        known = side.wants < self.features
        times = np.array(query.model.of(query.kind).multipliers)[side.criteria[known]]
        vector[side.wants[known]] = side.units[known] * times
        return vector

    def multiply(self, vector: np.ndarray) -> np.ndarray:
        """The plain product: the matrix of all profiles times the asker's vector."""
        return np.asarray(self.has @ vector)

    def gather(self, vector: np.ndarray) -> Any:
        """The product over a copy of the matrix stored by feature: what `scipy` can do of an inverted index."""
        return self.sparse.csr_matrix(vector) @ self.by_feature

    def check(self, queries: list[Query]) -> tuple[dict[str, bool], float, float]:
        """Compare the index with each of the slow ways."""
        agreed = {"scipy": True, "neighbours": True, "brute_force": True}
        brute, neighbours = [], []
        for query in queries:
            field = self.index.snapshot.fields(query)[0]
            vector = self.wanted(query)
            product = self.multiply(vector)
            agreed["scipy"] &= np.array_equal(product, scoring.forward_points(field))
            agreed["scipy"] &= np.array_equal(product, self.gather(vector).toarray()[0])
            started = time.perf_counter()
            best, total, hidden = self.brute_force(query, field)
            brute.append((time.perf_counter() - started) * 1000)
            answer = self.index.suggest(query)
            found = suggesting.shortlist([field], query).found
            agreed["brute_force"] &= best == list(zip(found.key.tolist(), found.score.tolist(), strict=True))
            agreed["brute_force"] &= (total, hidden) == (answer.total, answer.hidden_by_language)
            agreed["brute_force"] &= {one.key for one in answer.suggestions} <= {key for key, _ in best}
            agreed["brute_force"] &= all(
                sum(part.points for part in one.contributions) == one.score for one in answer.suggestions
            )
        for query in queries[:: max(1, len(queries) // 3)]:
            same, took = self.neighbours(query)
            agreed["neighbours"] &= same
            neighbours.append(took)
        return {name: bool(one) for name, one in agreed.items()}, float(np.median(brute)), float(np.median(neighbours))

    def neighbours(self, query: Query) -> tuple[bool, float]:
        """Compare the index stage with scikit-learn's nearest neighbours by brute force.

        Nearest by distance is best by product once all vectors have one length (Bachrach et al. 2014): a last column
        fills them up.
        """
        from sklearn.neighbors import NearestNeighbors

        field = self.index.snapshot.fields(query)[0]
        rows = np.flatnonzero(field.segment.flags(field.passing))
        kept = self.has[rows].astype(np.float64)
        lengths = np.asarray(kept.multiply(kept).sum(axis=1)).ravel()
        filled = self.sparse.hstack([kept, np.sqrt(lengths.max() - lengths)[:, None]]).tocsr()
        nearest = NearestNeighbors(n_neighbors=min(LIMIT, len(rows)), algorithm="brute").fit(filled)
        vector = self.wanted(query)
        asked = self.sparse.csr_matrix(np.append(vector, 0).astype(np.float64))
        started = time.perf_counter()
        found = nearest.kneighbors(asked, return_distance=False)[0]
        took = (time.perf_counter() - started) * 1000
        points = scoring.forward_points(field)[rows]
        return bool(np.array_equal(points[found], np.sort(points)[::-1][: len(found)])), took

    def brute_force(self, query: Query, field: Field) -> tuple[list[tuple[int, int]], int, int]:
        """Score every profile both ways, sort them all, and return the shortlist and the counts."""
        side, kind, columns = field.side, query.kind, self.segment.columns
        worth = query.model.of(kind)
        forward = self.multiply(self.wanted(query)).astype(np.int64)
        reverse = self.wants @ side.multiplied(worth)[: self.features]
        language = self._language(field)
        points = np.array(weights.LANGUAGE_POINTS)[language] * worth.language
        score = np.minimum(forward, reverse) + points + columns.points * worth.static + worth.border
        shared = np.bitwise_count(columns.hours & np.uint64(query.profile.hours)).astype(np.int64) // 2
        score += np.minimum(shared, weights.HOURS_COUNTED) * (weights.HOURS_POINTS * worth.hours)
        relevant = self._has_any(side.subject_relevant()) | self._any_wanted(field, weights.LEVEL, weights.TAGS)
        if kind != "peers":
            relevant |= self._any_wanted(field, weights.OFFERS, weights.NEEDS)
        interests = np.zeros(self.features, np.int16)
        for feature, units in side.of_criterion(weights.INTERESTS):
            interests[feature] = units
        relevant |= self.multiply(interests) >= weights.INTERESTS_RELEVANT
        passing = relevant & self._has_any(field.find("k:suggestible"))
        passing &= self._has_any(field.find(*(f"k:{one}" for one in candidate_kinds(query))))
        passing &= (columns.key != query.profile.key) & ~self._has_any(field.find(f"k:not:{kind}"))
        if kind == "collaborators":
            passing &= self._has_any(field.find("k:placed")) & ~self._has_any(field.find(f"p:{query.profile.country}"))
        rows = np.flatnonzero(passing & (language > 0))
        order = np.lexsort((draw(columns.key[rows], query.seed), -score[rows]))
        best = rows[order[: LIMIT * weights.SHORTLIST]]
        pairs = list(zip(columns.key[best].tolist(), score[best].tolist(), strict=True))
        return pairs, len(rows), int((passing & (language == 0)).sum())

    def _language(self, field: Field) -> np.ndarray:
        """Return the lower level of the best common working language of each profile, from what it speaks."""
        spoken = self.segment.language
        rows = np.repeat(np.arange(len(self.segment)), np.diff(self.segment.language_start))
        best = np.zeros(len(self.segment), np.int64)
        for tag, (level, accepts) in field.side.speaks.items():
            number = field.side.vocabulary.find(f"t:{tag}")
            theirs, they_accept = spoken & 7, spoken >> 3 & 7
            fits = (spoken >> 8 == (number or 0)) & (theirs >= accepts) & (they_accept <= level)
            np.maximum.at(best, rows[fits], np.minimum(theirs[fits], level))
        return np.minimum(best, len(LEVEL_NAMES) - 1)

    def _has_any(self, features: list[int]) -> np.ndarray:
        vector = np.zeros(self.features, np.int16)
        vector[features] = 1
        return self.multiply(vector) > 0

    def _any_wanted(self, field: Field, *criteria: int) -> np.ndarray:
        return self._has_any([one for one, _ in field.side.of_criterion(*criteria) if one < self.features])


def _pairs(segment: Segment, features: int) -> tuple[Ints, Ints]:
    """Return the row and feature of everything that profiles have."""
    rows, columns = [segment.list_rows.astype(np.int32)], []
    columns.append(np.repeat(np.arange(features, dtype=np.int32), np.diff(segment.list_start)))
    for feature in np.flatnonzero(segment.bitmap_at >= 0):
        found = np.flatnonzero(segment.flags(segment.bitmaps[segment.bitmap_at[feature]])).astype(np.int32)
        rows.append(found)
        columns.append(np.full(len(found), feature, np.int32))
    return np.concatenate(rows), np.concatenate(columns)


if __name__ == "__main__":
    sys.exit(main())
