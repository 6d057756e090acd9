"""The network as a graph: who is shown, through whom, and where."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import combinations
from math import hypot

import pytest

from app.matching.graph import brokers, layout, neighbourhood, spread


def random_edges(seed: int, people: int, links: int) -> list[tuple[int, int]]:
    choice = random.Random(seed)
    return [(choice.randrange(people), choice.randrange(people)) for _link in range(links)]


def test_two_steps_and_no_more():
    area = neighbourhood([(1, 2), (2, 3), (3, 4), (9, 10)], centre=1)
    assert [(n.key, n.distance, n.through) for n in area.nodes] == [(1, 0, ()), (2, 1, ()), (3, 2, (2,))]
    assert area.edges == ((1, 2), (2, 3))


def test_somebody_without_links_stands_alone():
    area = neighbourhood([(2, 3)], centre=1)
    assert [n.key for n in area.nodes] == [1]
    assert (area.edges, area.left_out) == ((), 0)
    assert layout(area) == {1: (0.0, 0.0)}
    assert brokers(area) == []


def test_loops_and_repeated_pairs_count_nothing():
    once = neighbourhood([(1, 2), (2, 3)], centre=1)
    assert neighbourhood([(1, 1), (1, 2), (2, 1), (2, 3), (3, 2), (3, 3)], centre=1) == once


def test_the_best_linked_stay_when_not_all_fit():
    star = [(0, n) for n in range(1, 60)] + [(58, 59), (57, 59)]
    area = neighbourhood(star, centre=0, limit=4)
    assert [n.key for n in area.nodes] == [0, 59, 57, 58]
    assert area.left_out == 56


def test_through_whom_is_ordered_by_how_much_they_link():
    area = neighbourhood([(1, 2), (1, 3), (2, 9), (3, 9), (3, 8), (3, 7)], centre=1)
    nine = next(n for n in area.nodes if n.key == 9)
    assert nine.through == (3, 2)
    assert [n.key for n in brokers(area, most=1)] == [3]


@pytest.mark.parametrize("seed", range(20))
def test_what_holds_for_any_network(seed):
    edges = random_edges(seed, people=80, links=200)
    area = neighbourhood(edges, centre=0, limit=40)
    shuffled = list(edges)
    random.Random(seed + 1).shuffle(shuffled)
    assert neighbourhood(shuffled, centre=0, limit=40) == area
    keys = [n.key for n in area.nodes]
    assert len(keys) == len(set(keys)) <= 40
    known = {frozenset(edge) for edge in edges if edge[0] != edge[1]}
    assert all(frozenset(edge) in known and set(edge) <= set(keys) for edge in area.edges)
    for node in area.nodes:
        if node.distance == 1:
            assert frozenset((0, node.key)) in known
        if node.distance == 2:
            assert node.through
            assert frozenset((0, node.key)) not in known
            assert all(frozenset((near, node.key)) in known for near in node.through)


@pytest.mark.parametrize("seed", range(5))
def test_places_are_the_same_each_time_and_inside_the_square(seed):
    area = neighbourhood(random_edges(seed, 60, 120), centre=0, limit=40)
    places = layout(area)
    assert places == layout(area)
    assert set(places) == {n.key for n in area.nodes}
    assert places[0] == (0.0, 0.0)
    assert all(-1 <= x <= 1 and -1 <= y <= 1 for x, y in places.values())


def test_points_are_moved_apart_within_the_picture():
    area = neighbourhood([(0, n) for n in range(1, 25)], centre=0)
    points = spread(layout(area), 940, 800, (120, 56))
    assert all(abs(x) <= 470 and abs(y) <= 400 for x, y in points.values())
    pairs = combinations(points.values(), 2)
    assert min(hypot((a[0] - b[0]) / 120, (a[1] - b[1]) / 56) for a, b in pairs) > 0.95


def test_points_on_top_of_each_other_part_too():
    points = spread({1: (0.5, 0.5), 2: (0.5, 0.5), 3: (0.5, 0.5)}, 400, 400, (30, 30))
    assert len(set(points.values())) == 3


def test_importing_it_loads_no_networkx():
    code = "import sys, app.matching.graph; print('networkx' in sys.modules, 'numpy' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]
