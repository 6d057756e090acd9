"""Walks over partners are what networkx calls PageRank that starts anew at one, cut off where the order stands."""

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.partnerships.paths import DAMPING, STEPS, Paths
from app.matching.partnerships.snapshot import Snapshot
from tests.unit.matching.partnerships.made_up import BEGIN, made_up_history

LATE = BEGIN.replace(year=BEGIN.year + 5)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_walks_are_those_of_networkx_but_for_what_the_last_steps_add(seed):
    known = Snapshot.of(made_up_history(seed), LATE)
    graph = nx.from_scipy_sparse_array(known.links)
    asking = np.argsort(-known.degree, kind="stable")[:3]
    walks = Paths(known).walks(asking)
    for row, one in enumerate(asking):
        whole = nx.pagerank(graph, DAMPING, {int(one): 1}, tol=1e-10, max_iter=1000)
        off = np.abs(walks[row] - np.array([whole[place] for place in range(len(known.seen))])).sum()
        assert off <= 2 * DAMPING**STEPS + 1e-4


def test_a_walk_is_the_same_whoever_else_asks():
    known = Snapshot.of(made_up_history(), LATE)
    paths, everybody = Paths(known), np.arange(len(known.seen))
    together = paths.walks(everybody)
    assert all(np.array_equal(paths.walks(everybody[[one]])[0], together[one]) for one in everybody[::7])
