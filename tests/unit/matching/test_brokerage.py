"""Who could introduce two groups: whoever was planted between them comes first."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.brokerage import BOTH, LIAISON, ONE, betweenness, brokers, constraint, introducers
from app.matching.graph import around


def circles(one, other, bridge, seed):
    """Two circles of people who know nearly all of their own, and one who knows people of both."""
    random = Random(seed)
    ones, others = range(1, one + 1), range(101, 101 + other)
    edges = [pair for group in (ones, others) for pair in combinations(group, 2) if random.random() < 0.8]
    edges += [(bridge, key) for group in (ones, others) for key in random.sample(list(group), 3)]
    return edges, set(ones), set(others)


sizes = st.integers(4, 12)


@given(sizes, sizes, st.integers(0, 999))
def test_a_planted_bridge_comes_first(one, other, seed):
    edges, ones, others = circles(one, other, 999, seed)
    # Two of the circles know one person across, too: less than the bridge does.
    edges.append((1, 101))
    links = around(edges)
    found = brokers(links, ones, others, links, betweenness(links))
    assert found[0].key == 999 and found[0].role == LIAISON
    assert (found[0].one, found[0].other) == (3, 3)


@given(sizes, sizes, st.integers(0, 999), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(one, other, seed, random):
    edges, ones, others = circles(one, other, 999, seed)
    before = introducers(around(edges), {"a": ones, "b": others}, [999])
    random.shuffle(edges)
    turned = [pair[::-1] if random.random() < 0.5 else pair for pair in edges]
    assert introducers(around(turned), {"b": others, "a": ones}, [999]) == before
    assert [found.key for found in before["a", "b"]] == [999]


def test_the_roles_are_told_apart_and_who_is_in_both_comes_before_who_is_in_none():
    links = around([(50, 1), (50, 2), (50, 11), (50, 12), (60, 1), (60, 11), (1, 12), (1, 11)])
    one, other = {1, 2, 50}, {11, 12, 50}
    found = {broker.key: broker for broker in brokers(links, one, other, [50, 60, 1])}
    assert list(found) == [50, 1, 60]
    assert {key: broker.role for key, broker in found.items()} == {50: BOTH, 60: LIAISON, 1: ONE}
    # Of the four pairs that 50 knows both of, 1 with 11 and 1 with 12 have met already.
    assert found[50].opened == 2


def test_nobody_is_named_who_is_not_asked_for_or_reaches_one_side_only():
    links = around([(50, 1), (50, 11), (60, 1)])
    assert brokers(links, {1}, {11}, []) == []
    assert brokers(links, {1}, {11}, [60]) == []
    assert introducers(links, {"a": {1}, "b": {11}}, [60]) == {}


def test_between_two_languages_only_who_speaks_both():
    links = around([(50, 1), (50, 11), (60, 1), (60, 11)])
    groups = {"fr": {1, 50}, "sw": {11, 50}}
    found = introducers(links, groups, [50, 60], within={50: ("fr", "sw"), 60: ("fr",)})
    assert [broker.key for broker in found["fr", "sw"]] == [50]


def test_somebody_between_is_less_constrained_than_somebody_in_a_circle():
    circle = around(combinations(range(5), 2))
    star = around([(0, 1), (0, 2), (0, 3), (0, 4)])
    assert constraint(star, 0) == 0.25 < constraint(circle, 0)
    assert constraint(circle, 99) == 1.0


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_to_count_shortest_ways_agree(seed):
    random = Random(seed)
    links = around([(random.randrange(40), random.randrange(40)) for _ in range(120)])
    exact, other = betweenness(links), betweenness(links, small=0)
    assert max(abs(exact[key] - other[key]) for key in exact) < 1e-9
