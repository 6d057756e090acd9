"""Communities that should exist: planted groups are found, chance gives none, the answer never changes by itself."""

from __future__ import annotations

import sys
from math import dist
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.clusters import ENOUGH, LEAST, STABLE, consensus, find_clusters, mutual, near_enough, supported


def scored(keys, score, listed=60):
    """The neighbour lists of a world in which `score` says how well two match."""
    return {
        key: sorted(((other, score(min(key, other), max(key, other))) for other in keys if other != key),
                    key=lambda found: (-found[1], found[0]))[:listed]
        for key in keys
    }  # fmt: skip


def planted(sizes, seed):
    """Groups whose members match one another better than others, on a ground of chance; and who is in which."""
    random, group, key = Random(seed), {}, 100
    for number, size in enumerate(sizes):
        for _ in range(size):
            key += random.randint(1, 9)
            group[key] = number
    # Within a group they differ as people do: who is near to two of them finds these near to each other, too.
    quirks = {member: (random.random(), random.random()) for member in group}
    drawn = {
        (one, other): (
            round(400 - 100 * dist(quirks[one], quirks[other])) if group[one] == group[other] else random.randrange(240)
        )
        for one in group
        for other in group
        if one < other
    }
    return scored(sorted(group), lambda one, other: drawn[one, other]), group


worlds = st.tuples(
    st.lists(st.integers(6, 30), min_size=4, max_size=6).filter(lambda sizes: sum(sizes) >= ENOUGH),
    st.integers(0, 10_000),
)


@settings(max_examples=10)
@given(worlds)
def test_planted_groups_are_found_whole_and_unmixed(world):
    neighbours, group = planted(*world)
    found = find_clusters(neighbours)
    assert found
    for cluster in found:
        assert len({group[key] for key in cluster.keys}) == 1
        assert len(cluster.keys) >= LEAST and cluster.stability >= STABLE
    inside = sum(len(cluster.keys) for cluster in found)
    assert inside >= 0.6 * len(group)


def test_large_planted_groups_are_found_to_the_last_member():
    neighbours, group = planted([40, 30, 25], 5)
    found = find_clusters(neighbours)
    assert [len(cluster.keys) for cluster in found] == [40, 30, 25]
    assert all(len({group[key] for key in cluster.keys}) == 1 for cluster in found)


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.sampled_from([20, 80, 130]))
def test_chance_gives_no_group(seed, size):
    random = Random(seed)
    drawn = {(a, b): random.randrange(10_000) for a in range(size) for b in range(a + 1, size)}
    assert find_clusters(scored(range(size), lambda one, other: drawn[one, other])) == []


@settings(max_examples=6)
@given(worlds, st.randoms(use_true_random=False), st.integers(0, 5))
def test_the_order_of_what_comes_in_does_not_matter_and_the_same_seed_gives_the_same_answer(world, random, seed):
    neighbours, _ = planted(*world)
    before = find_clusters(neighbours, seed)
    keys = list(neighbours)
    random.shuffle(keys)
    mixed = {key: random.sample(neighbours[key], len(neighbours[key])) for key in keys}
    # Within a list only equals may change places: it is the best first.
    mixed = {key: sorted(listed, key=lambda found: -found[1]) for key, listed in mixed.items()}
    assert find_clusters(mixed, seed) == before
    assert find_clusters(neighbours, seed) == before


@settings(max_examples=5)
@given(worlds)
def test_what_is_not_near_enough_need_not_be_kept(world):
    neighbours, _ = planted(*world)
    kept = {key: near_enough(listed) for key, listed in neighbours.items()}
    assert mutual(kept) == mutual(neighbours)


def test_of_many_equals_nobody_is_left_out_by_the_draw_of_a_list():
    random = Random(1)
    keys = range(300)
    lists = {key: [(other, 500) for other in random.sample([k for k in keys if k != key], 60)] for key in keys}
    (only,) = find_clusters(lists)
    assert len(only.keys) == 300


def test_two_who_know_of_each_other_by_chance_are_no_link():
    assert mutual({1: [(2, 1)], 2: [(3, 9), (1, 1)], 3: [(2, 9)]}, nearest=1) == [(2, 3, 9)]
    ring = [(key, key + 1, 9) for key in range(20)]
    assert supported(ring) == []


def test_leiden_finds_what_louvain_finds_and_leaves_the_draw_of_others_alone():
    neighbours, _ = planted([30, 25, 20], 9)
    links = supported(mutual(neighbours))
    louvain = consensus(links)
    assert {frozenset(one.keys) for one in louvain} == {frozenset(one.keys) for one in consensus(links, small=0)}
    assert consensus(links, small=0) == consensus(links, small=0)
    assert "igraph" in sys.modules


def test_too_few_to_tell_anything_give_nothing():
    assert find_clusters({}) == []
    assert find_clusters({1: []}) == []
    assert consensus([(1, 2, 9)]) == []
