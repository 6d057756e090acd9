"""The network as a graph: the neighbourhood of one profile, who stands between, and where each is drawn.

Pure: pairs of numbers in, dataclasses out. networkx is imported by the functions that need it, so that a page
without a picture never loads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from typing import Any

Edge = tuple[int, int]
Point = tuple[float, float]

SEED = 1
INNER, OUTER = 0.5, 1.0
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A profile in a neighbourhood.

    Attributes
    ----------
    key
        Its number.
    distance
        0 for the centre, 1 for who is connected with it, 2 for who is connected with one of those.
    through
        For distance 2: those of distance 1 that lead there, the best linked first.
    between
        The share of shortest ways among all shown that lead through it, 0 to 1.
    """

    key: int
    distance: int
    through: tuple[int, ...]
    between: float


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Who stands around a centre. ``nodes``: the centre first, then by distance; ``left_out``: how many did not fit."""

    centre: int
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    left_out: int


def around(edges: Iterable[Edge]) -> dict[int, set[int]]:
    """Return the neighbours of each, from pairs without direction; loops and repetitions count nothing.

    >>> around([(1, 2), (2, 1), (3, 3)])
    {1: {2}, 2: {1}}
    """
    links: dict[int, set[int]] = {}
    for one, other in edges:
        if one != other:
            links.setdefault(one, set()).add(other)
            links.setdefault(other, set()).add(one)
    return links


def betweenness(nodes: Iterable[int], edges: Iterable[Edge]) -> dict[int, float]:
    """Return the share of shortest ways that leads through each, 0 to 1 (Brandes 2001). O(nodes · edges).

    >>> betweenness([1, 2, 3], [(1, 2), (2, 3)])
    {1: 0.0, 2: 1.0, 3: 0.0}
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_edges_from(edges)
    found: dict[int, float] = networkx.betweenness_centrality(graph)
    return found


def neighbourhood(edges: Iterable[Edge], centre: int, limit: int = 40) -> Neighbourhood:
    """The profiles at most two steps from ``centre``, and the edges among them.

    Parameters
    ----------
    edges
        Pairs of profile numbers, without direction; repeated pairs and loops count nothing.
    centre
        Around whom.
    limit
        How many profiles at most, the centre included; at least 1.

    Returns
    -------
    Neighbourhood
        Where not everybody fits, the direct neighbours come first; of equals those with more links to who is shown,
        then the lower number. The same edges in any order give the same answer.

    Notes
    -----
    Betweenness is that of Brandes (2001), over the shown graph only: O(V E), at ``limit`` 40 a few milliseconds.

    Examples
    --------
    >>> n = neighbourhood([(1, 2), (2, 3), (3, 4)], centre=1)
    >>> [(node.key, node.distance, node.through) for node in n.nodes]
    [(1, 0, ()), (2, 1, ()), (3, 2, (2,))]
    >>> n.edges, n.left_out
    (((1, 2), (2, 3)), 0)
    """
    links = around(edges)
    first, left = _best(links.get(centre, set()), links, limit - 1)
    kept = {centre, *first}
    beyond = {far for near in first for far in links[near]} - kept - links.get(centre, set())
    second, more = _best(beyond, links, limit - len(kept), among=set(first))
    kept |= set(second)
    shown = tuple(sorted((a, b) for a in kept for b in links.get(a, ()) if a < b and b in kept))
    between = betweenness(kept, shown)
    nodes = [Node(centre, 0, (), between[centre])]
    nodes += [Node(key, 1, (), between[key]) for key in first]
    for key in second:
        through = sorted(links[key] & set(first), key=lambda near: (-between[near], near))
        nodes.append(Node(key, 2, tuple(through), between[key]))
    return Neighbourhood(centre, tuple(nodes), shown, left + more)


def _best(
    keys: Iterable[int], links: Mapping[int, set[int]], room: int, among: set[int] | None = None
) -> tuple[list[int], int]:
    """The ``room`` best linked of ``keys`` (links to ``among`` count), and how many are left out."""
    candidates = set(keys)
    pool = candidates if among is None else among
    ranked = sorted(candidates, key=lambda key: (-len(links[key] & pool), key))
    kept = ranked[: max(0, room)]
    return kept, len(ranked) - len(kept)


def brokers(area: Neighbourhood, most: int = 3) -> list[Node]:
    """Those other than the centre through whom others reach each other, the most important first.

    Examples
    --------
    >>> [node.key for node in brokers(neighbourhood([(1, 2), (2, 3), (2, 4), (1, 5)], centre=1))]
    [2]
    """
    found = [node for node in area.nodes[1:] if node.between > 0]
    return sorted(found, key=lambda node: (-node.between, node.key))[:most]


def layout(area: Neighbourhood, seed: int = SEED) -> dict[int, Point]:
    """Where each profile is drawn: the centre at (0, 0), everybody else within the square from -1 to 1.

    Those at distance 1 begin on an inner ring and those at distance 2 outside of who leads to them; networkx' spring
    layout (Fruchterman and Reingold 1991) then draws linked ones together, with the centre held.

    Parameters
    ----------
    area
        What to draw.
    seed
        The same area and seed give the same places.

    Examples
    --------
    >>> places = layout(neighbourhood([(1, 2), (1, 3)], centre=1))
    >>> places[1], sorted(places)
    ((0.0, 0.0), [1, 2, 3])
    """
    if len(area.nodes) == 1:
        return {area.centre: (0.0, 0.0)}
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(node.key for node in area.nodes)
    graph.add_edges_from(area.edges)
    begun = _rings(area)
    count = len(area.nodes)
    placed: Mapping[int, Any] = networkx.spring_layout(
        graph, pos=begun, fixed=[area.centre], k=1.6 / count**0.5, iterations=ROUNDS, seed=seed
    )
    return _scaled({key: (float(x), float(y)) for key, (x, y) in placed.items()}, area.centre)


def _rings(area: Neighbourhood) -> dict[int, Point]:
    places: dict[int, Point] = {area.centre: (0.0, 0.0)}
    first = [node for node in area.nodes if node.distance == 1]
    angles = {node.key: 2 * pi * at / max(1, len(first)) for at, node in enumerate(first)}
    for key, angle in angles.items():
        places[key] = (INNER * cos(angle), INNER * sin(angle))
    followers: dict[int, int] = {}
    for node in area.nodes:
        if node.distance == 2:
            lead = node.through[0]
            turn = followers[lead] = followers.get(lead, 0) + 1
            # To the left and to the right of the one who leads there, ever farther out.
            angle = angles[lead] + (turn // 2) * (0.25 if turn % 2 else -0.25)
            places[node.key] = (OUTER * cos(angle), OUTER * sin(angle))
    return places


def _scaled(places: dict[int, Point], centre: int) -> dict[int, Point]:
    """The same directions from the centre, with the distances evened out, so that the disc is filled and the middle
    is not crowded: the n-th nearest of N stands at the square root of n / N."""
    x0, y0 = places[centre]
    moved = {key: (x - x0, y - y0) for key, (x, y) in places.items() if key != centre}
    nearest = sorted(moved, key=lambda key: (round(hypot(*moved[key]), 9), key))
    even: dict[int, Point] = {centre: (0.0, 0.0)}
    for rank, key in enumerate(nearest, start=1):
        x, y = moved[key]
        far = hypot(x, y)
        reach = (rank / len(nearest)) ** 0.5
        along = (x / far, y / far) if far else (cos(key), sin(key))
        even[key] = (round(along[0] * reach, 4) + 0.0, round(along[1] * reach, 4) + 0.0)
    return even


def spread(places: Mapping[int, Point], width: float, height: float, gap: Point) -> dict[int, Point]:
    """Places in the square from -1 to 1 as points of a picture, moved apart until the ellipses around them are free.

    The picture is ``width`` by ``height``, its middle at (0, 0). ``gap`` is how far apart two points shall be beside
    and above each other: names are wider than high. A few rounds of pushing pairs apart; the one at (0, 0) stays. Where
    there is no room for all, some stay closer.

    Examples
    --------
    >>> apart = spread({1: (0.0, 0.0), 2: (0.01, 0.0)}, 100, 100, (20, 10))
    >>> apart[1], round(apart[2][0])
    ((0.0, 0.0), 20)
    """
    # In units of the gap, in which the ellipses are circles with a diameter of one.
    half = (width / 2 / gap[0], height / 2 / gap[1])
    points = {key: [x * half[0], y * half[1]] for key, (x, y) in places.items()}
    fixed = {key for key, (x, y) in places.items() if x == 0 == y}
    keys = sorted(points)
    for _round in range(120):
        moved = False
        for at, one in enumerate(keys):
            for other in keys[at + 1 :]:
                moved |= _push(points, one, other, fixed)
        for key in keys:
            points[key] = [min(max(at, -most), most) for at, most in zip(points[key], half, strict=True)]
        if not moved:
            break
    return {key: (round(x * gap[0], 1) + 0.0, round(y * gap[1], 1) + 0.0) for key, (x, y) in points.items()}


def _push(points: dict[int, list[float]], one: int, other: int, fixed: set[int]) -> bool:
    """Move two points that are closer than one apart, each by half, or one alone if the other is held."""
    dx, dy = points[other][0] - points[one][0], points[other][1] - points[one][1]
    distance = hypot(dx, dy)
    movable = (one not in fixed) + (other not in fixed)
    if distance >= 0.999 or not movable:
        return False
    if distance < 1e-6:
        # On top of each other: any direction will do, as long as it is always the same.
        dx, dy, missing = cos(one + other), sin(one + other), 1.0
    else:
        dx, dy, missing = dx / distance, dy / distance, 1.0 - distance
    share = missing / movable
    if one not in fixed:
        points[one] = [points[one][0] - dx * share, points[one][1] - dy * share]
    if other not in fixed:
        points[other] = [points[other][0] + dx * share, points[other][1] + dy * share]
    return True
