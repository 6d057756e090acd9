"""Groups of people and institutions who match one another well: stable clusters of the mutual nearest-neighbour graph.

Any clustering finds clusters, also where there are none, and two runs with other seeds agree only in part. So a group
counts only if it is found again and again: with other seeds, and when a fifth of the profiles is left out.

Pure: neighbour lists in, dataclasses out. networkx and igraph are imported by the functions that need them; only a job
calls those.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

Link = tuple[int, int, int]
"""Two keys, the lower first, and how well they match."""
Neighbours = Mapping[int, Sequence[tuple[int, int]]]
"""For each key the best others with their scores, the best first; more than `NEAREST`, so that equals are in it."""

# Every number that decides, with its reason.
NEAREST = 20
"""So many neighbours of each count: more than the smallest community that lives, fewer than a crowd."""
NEAR = 0.7
"""Who matches much less well than the fourth best does (the others of the smallest group) is no neighbour at all."""
COMMON, SHARED = 2, 0.5
"""Two neighbours who don't share so many others, and such a part of what the one with fewer has, met by chance."""
COARSE = 0.5
"""Resolution of the cuts (1: plain modularity): rather one community of forty than two of twenty."""
ENOUGH = 60
"""Among fewer profiles chance makes groups as firm as these, so nothing is said; `communities.find_missing` does."""
RUNS = 12
"""So often the graph is cut anew: half of the runs with all of it, half with a part."""
SAMPLED = 0.8
"""The part of the profiles in a run that resamples."""
TOGETHER = 0.8
"""Two belong together who stand together in so many of the runs that saw both."""
STABLE = 0.75
"""A group is shown from this mean likeness (Jaccard) with what the runs found; Hennig calls it stable from there on."""
INSIDE = 0.5
"""A group holds at least half of the ties of its members (Radicchi et al. 2004): else it is a part of something."""
LEAST = 5
"""Fewer are acquaintances, and in a smaller group a number would point at somebody."""
SMALL = 2000
"""Up to so many profiles networkx' Louvain does; above, igraph's Leiden, which is ten times as fast."""

Labels = NDArray[np.int64]
Cut = Callable[[Labels, int, int], Labels]
"""A way to cut a graph: links, number of nodes and seed in, the group of each node out."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group found again and again.

    Attributes
    ----------
    keys
        Its members, those with the most ties inside first.
    stability
        The mean over all runs of its likeness (Jaccard) with the group of that run that is most like it, 0 to 1.
    """

    keys: tuple[int, ...]
    stability: float


def mutual(neighbours: Neighbours, nearest: int = NEAREST) -> list[Link]:
    """Return who are among the nearest of each other.

    Parameters
    ----------
    neighbours
        The score of a pair is the same from both sides. Whoever is as good as the last of the `nearest` is among
        them, too, so that of many equals none is left out by the draw of a list.
    nearest
        How many neighbours count.

    Notes
    -----
    The mutual k-nearest-neighbour graph (Gowda and Krishna 1978; Brito et al. 1997), with ties. O(entries).

    >>> mutual({1: [(2, 90), (3, 50)], 2: [(1, 90), (3, 60)], 3: [(2, 60), (1, 50)]}, nearest=1)
    [(1, 2, 90)]
    """
    least = {key: _bar(listed, nearest) for key, listed in neighbours.items()}
    found: dict[tuple[int, int], int] = {}
    for key, listed in neighbours.items():
        for other, score in listed:
            if other != key and other in least and score >= max(least[key], least[other]):
                found[min(key, other), max(key, other)] = score
    return sorted((one, other, max(1, score)) for (one, other), score in found.items())


def _bar(listed: Sequence[tuple[int, int]], nearest: int) -> float:
    """Return the score from which somebody is a neighbour, from the list of the best others."""
    if not listed:
        return 0.0
    last, fourth = listed[min(nearest, len(listed)) - 1][1], listed[min(LEAST - 1, len(listed)) - 1][1]
    return max(last, NEAR * fourth)


def near_enough(listed: Sequence[tuple[int, int]], nearest: int = NEAREST) -> list[tuple[int, int]]:
    """Return those of a list, the best first, who could be a neighbour at all; the others need not be kept.

    >>> near_enough([(2, 100), (3, 90), (4, 90), (5, 80), (6, 80), (7, 60), (8, 50)])
    [(2, 100), (3, 90), (4, 90), (5, 80), (6, 80), (7, 60)]
    """
    bar = _bar(listed, nearest)
    return [one for one in listed if one[1] >= bar]


def supported(links: Iterable[Link], nearest: int = NEAREST) -> list[Link]:
    """Return the links whose ends have enough neighbours in common.

    Those who are alike have like neighbours; of links by chance nearly none survives. Between equals of many, who have
    more than `nearest` neighbours because a list cannot hold them all, the number alone counts.

    Source: shared nearest neighbours, Jarvis and Patrick 1973. O(links · neighbours).

    >>> supported([(1, 2, 9), (1, 3, 9), (1, 4, 9), (2, 3, 9), (2, 4, 9), (3, 4, 9), (4, 5, 9)])[-1]
    (3, 4, 9)
    """
    kept = sorted(links)
    around: dict[int, set[int]] = {}
    for one, other, _ in kept:
        around.setdefault(one, set()).add(other)
        around.setdefault(other, set()).add(one)

    def holds(one: int, other: int) -> bool:
        fewer = min(len(around[one]), len(around[other]))
        enough = COMMON if fewer > nearest else max(COMMON, SHARED * (fewer - 1))
        return len(around[one] & around[other]) >= enough

    return [link for link in kept if holds(link[0], link[1])]


def find_clusters(neighbours: Neighbours, seed: int = 0, nearest: int = NEAREST) -> list[Cluster]:
    """Return the stable groups among those whose neighbours are given, the largest first.

    The same neighbours in any order and the same seed give the same answer.

    Notes
    -----
    Cut by modularity (Louvain, Blondel et al. 2008, or Leiden, Traag et al. 2019), consensus of several seeds and
    resamplings by co-association (Monti et al. 2003; Lancichinetti and Fortunato 2012), kept by the stability of each
    group (Hennig 2007).
    """
    if len(neighbours) < ENOUGH:
        return []
    links = supported(mutual(neighbours, nearest), nearest)
    found = consensus(links, seed)
    placed = {key for cluster in found for key in cluster.keys}
    found += [one for one in _crowds(links, nearest) if len(placed & set(one.keys)) <= len(one.keys) // 2]
    return sorted(found, key=_largest)


def _largest(one: Cluster) -> tuple[int, int]:
    return -len(one.keys), min(one.keys)


def _crowds(links: Sequence[Link], nearest: int) -> list[Cluster]:
    """Return the parts of the graph in which everybody has more than the `nearest` neighbours.

    Only those have more who are equals of many: between them every cut is as good as any other, so that no two cuts
    agree, though nothing is surer than that they belong together.
    """
    degree = Counter(key for one, other, _ in links for key in (one, other))
    crowded = [link for link in links if degree[link[0]] > nearest < degree[link[1]]]
    keys = sorted({key for one, other, _ in crowded for key in (one, other)})
    at = {key: number for number, key in enumerate(keys)}
    edges = np.array([(at[one], at[other], weight) for one, other, weight in crowded], np.int64).reshape(-1, 3)
    parts = _parts(edges, len(keys))
    return [Cluster(tuple(keys[number] for number in _central(part, edges)), 1.0) for part in parts]


def consensus(links: Sequence[Link], seed: int = 0, runs: int = RUNS, small: int = SMALL) -> list[Cluster]:
    """Return the groups of a graph on which several cuts of it agree.

    Parameters
    ----------
    links
        The graph; each pair once.
    small
        Up to how many nodes networkx is used.

    Notes
    -----
    O(runs · cut + runs · links). Co-association is counted along links only: groups without a link don't meet.
    """
    keys = sorted({key for one, other, _ in links for key in (one, other)})
    if len(keys) < LEAST:
        return []
    at = {key: number for number, key in enumerate(keys)}
    pairs = sorted((at[one], at[other], weight) for one, other, weight in links)
    edges = np.array(pairs, np.int64).reshape(-1, 3)
    cut = _cut_small if len(keys) <= small else _cut_large
    labels = np.stack([_run(edges, len(keys), run, Random(f"{seed}:{run}"), cut) for run in range(runs)])
    found = []
    for members in _agreed(edges, labels):
        kept = _belonging(members, labels)
        stability = _stability(kept, labels)
        if len(kept) >= LEAST and stability >= STABLE and _inside(kept, edges) >= INSIDE:
            found.append(Cluster(tuple(keys[number] for number in _central(kept, edges)), round(stability, 4)))
    return sorted(found, key=_largest)


def _run(edges: Labels, size: int, run: int, random: Random, cut: Cut) -> Labels:
    """Return the group of each node in one run, -1 for those who are left out; every other run resamples."""
    seen = np.ones(size, bool)
    if run % 2:
        left_out = random.sample(range(size), size - max(1, round(size * SAMPLED)))
        seen[left_out] = False
    inside = edges[seen[edges[:, 0]] & seen[edges[:, 1]]]
    labels = cut(inside, size, random.randrange(1 << 31))
    labels[~seen] = -1
    return labels


def _cut_small(edges: Labels, size: int, seed: int) -> Labels:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_weighted_edges_from(edges.tolist())
    labels = np.zeros(size, np.int64)
    groups = networkx.community.louvain_communities(graph, weight="weight", resolution=COARSE, seed=seed)
    for number, group in enumerate(groups):
        labels[sorted(group)] = number
    return labels


def _cut_large(edges: Labels, size: int, seed: int) -> Labels:
    import random

    import igraph

    graph = igraph.Graph(n=size, edges=edges[:, :2].tolist())
    # igraph draws from one generator for the whole process.
    igraph.set_random_number_generator(random.Random(seed))
    try:
        groups = graph.community_leiden("modularity", edges[:, 2].tolist(), resolution=COARSE, n_iterations=3)
    finally:
        igraph.set_random_number_generator(random)
    return np.array(groups.membership, np.int64)


def _agreed(edges: Labels, labels: Labels) -> list[Labels]:
    """Return the connected parts of those links whose ends stand together in nearly all runs that saw both."""
    one, other = labels[:, edges[:, 0]], labels[:, edges[:, 1]]
    both = (one >= 0) & (other >= 0)
    together = ((one == other) & both).sum(axis=0)
    return _parts(edges[together >= TOGETHER * np.maximum(both.sum(axis=0), 1)], labels.shape[1])


def _parts(edges: Labels, size: int) -> list[Labels]:
    """Return the connected parts of a graph that are large enough (union by the lower number, with halved paths)."""
    leader = np.arange(size)

    def head(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = int(leader[number])
        return number

    for first, second, _ in edges.tolist():
        low, high = sorted((head(first), head(second)))
        leader[high] = low
    heads = np.array([head(number) for number in range(len(leader))], np.int64)
    sizes = np.bincount(heads, minlength=1)
    return [np.flatnonzero(heads == number) for number in np.flatnonzero(sizes >= LEAST)]


def _likest(members: Labels, run: Labels) -> tuple[int, float]:
    """Return the group of a run that is most like `members`, of whom only those the run saw count, and how like."""
    seen = run[members]
    seen = seen[seen >= 0]
    if not len(seen):
        return -1, 0.0
    groups, inside = np.unique(seen, return_counts=True)
    whole = np.bincount(run[run >= 0], minlength=int(groups[-1]) + 1)[groups]
    likeness = inside / (len(seen) + whole - inside)
    best = int(np.argmax(likeness))
    return int(groups[best]), float(likeness[best])


def _stability(members: Labels, labels: Labels) -> float:
    if not len(members):
        return 0.0
    return float(np.mean([_likest(members, run)[1] for run in labels]))


def _belonging(members: Labels, labels: Labels) -> Labels:
    """Return the members who stand in the group in nearly all runs that saw them: links may chain others to it."""
    inside, seen = np.zeros(len(members), np.int64), np.zeros(len(members), np.int64)
    for run in labels:
        group, _ = _likest(members, run)
        mine = run[members]
        seen += mine >= 0
        inside += (mine == group) & (mine >= 0)
    return members[inside >= TOGETHER * np.maximum(seen, 1)]


def _inside(members: Labels, edges: Labels) -> float:
    """Return the part of the ties of `members` that stays among them."""
    ends = np.isin(edges[:, :2], members).sum(axis=1)
    return float((ends == 2).sum() * 2 / max(int(ends.sum()), 1))


def _central(members: Labels, edges: Labels) -> list[int]:
    """Return the members by how strong their ties inside are, the strongest first."""
    inside = np.isin(edges[:, 0], members) & np.isin(edges[:, 1], members)
    strength = np.zeros(int(members.max()) + 1, np.int64)
    for side in (0, 1):
        np.add.at(strength, edges[inside, side], edges[inside, 2])
    return sorted(members.tolist(), key=lambda number: (-int(strength[number]), number))
