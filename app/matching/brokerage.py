"""Who could introduce two groups to each other: brokerage on the network of who knows whom.

Pure: links and groups in, dataclasses out. igraph or networkx is imported by `betweenness` alone, which only a job
calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from app.matching import graph

Around = Mapping[int, Set[int]]
"""For each key those it is linked with."""

MEMBER, KNOWN = 2, 1
"""What an acquaintance in a group counts, and what belonging to it counts besides: a member may speak to all of it."""
MOST_GROUPS = 24
"""Whoever reaches more groups than so many is asked for the ones they reach best."""
SMALL = 400
"""Up to so many nodes networkx counts the shortest ways; above, igraph does."""
FAR = 6
"""In large networks only shortest ways up to this length count: farther ones introduce nobody."""

# After Gould and Fernandez (1989), for links without direction: in both groups; in one of them, and knowing people of
# the other (their representative and gatekeeper); in neither, and knowing people of both.
BOTH, ONE, LIAISON = "both", "one", "liaison"


@dataclass(frozen=True, slots=True)
class Broker:
    """Somebody through whom two groups could meet.

    Attributes
    ----------
    role
        `BOTH`, `ONE` or `LIAISON`.
    one, other
        How many they know on either side, of those who are in one group only.
    opened
        How many pairs, one from each side, who aren't linked yet, they know both of.
    between
        The share of shortest ways of the whole network that leads through them, 0 to 1.
    constraint
        How much their acquaintances know each other (Burt 1992): the lower, the more they stand between.
    """

    key: int
    role: str
    one: int
    other: int
    opened: int
    between: float
    constraint: float


def constraint(links: Around, key: int) -> float:
    """Return how much the acquaintances of somebody know each other: 1 or more for one closed circle, low in between.

    Notes
    -----
    Burt's constraint (1992) without weights: the sum over all acquaintances of (p_j + sum of p_q p_qj) squared, p the
    share of one's ties. O(degree · degree).

    >>> from app.matching.graph import around
    >>> clique, bridge = around([(1, 2), (1, 3), (2, 3)]), around([(1, 2), (1, 3)])
    >>> round(constraint(clique, 1), 3), constraint(bridge, 1)
    (1.125, 0.5)
    """
    own = links.get(key, set())
    if not own:
        return 1.0
    share = 1 / len(own)
    total = 0.0
    for other in sorted(own):
        through = sum(share / len(links[near]) for near in own & links.get(other, set()))
        total += (share + through) ** 2
    return total


def betweenness(links: Around, small: int = SMALL) -> dict[int, float]:
    """Return the share of shortest ways that leads through each, 0 to 1.

    Notes
    -----
    Brandes (2001), O(nodes · links); above `small` nodes igraph counts, and only ways up to `FAR` steps.

    >>> from app.matching.graph import around
    >>> betweenness(around([(1, 2), (2, 3)]))
    {1: 0.0, 2: 1.0, 3: 0.0}
    """
    keys = sorted(links)
    edges = [(key, other) for key in keys for other in sorted(links[key]) if key < other]
    if len(keys) <= small:
        return graph.betweenness(keys, edges)
    import igraph

    at = {key: number for number, key in enumerate(keys)}
    numbered = [(at[key], at[other]) for key, other in edges]
    counted = igraph.Graph(n=len(keys), edges=numbered).betweenness(directed=False, cutoff=FAR)
    pairs = (len(keys) - 1) * (len(keys) - 2) / 2
    return {key: float(ways) / pairs for key, ways in zip(keys, counted, strict=True)}


def role_in(key: int, one: Set[int], other: Set[int]) -> str:
    """Return which of the roles of a broker somebody has between two groups.

    >>> role_in(1, {1}, {1, 2}), role_in(1, {1}, {2}), role_in(1, {3}, {2})
    ('both', 'one', 'liaison')
    """
    if key in one and key in other:
        return BOTH
    return ONE if key in one or key in other else LIAISON


def _pairs(links: Around, ones: Set[int], others: Set[int]) -> int:
    """Return how many pairs, one from each side, aren't linked yet."""
    return len(ones) * len(others) - sum(len(links.get(key, set()) & others) for key in ones)


def brokers(
    links: Around,
    one: Set[int],
    other: Set[int],
    candidates: Iterable[int],
    between: Mapping[int, float] | None = None,
    most: int = 5,
) -> list[Broker]:
    """Return those of `candidates` who could introduce two groups to each other, the best first.

    Parameters
    ----------
    one, other
        The members of either group. Who is in both stands on neither side: they need nobody to introduce them.
    candidates
        Who may be named.
    between
        `betweenness` of the whole network; decides among equals.

    Notes
    -----
    A member reaches a group also by belonging to it, which counts as `MEMBER` acquaintances; so who is in both can
    introduce them, and who besides knows people on either side comes before. A bridge is as good as its worse end:
    the order is by what is reached on that side, then on the other. O(candidates · degree).
    """
    found = [_broker(links, key, one, other, between or {}) for key in sorted(set(candidates))]
    ranked = sorted(
        (made for made in found if made is not None),
        key=lambda made: (-made[0][0], -made[0][1], -made[1].opened, -made[1].between, made[1].constraint, made[1].key),
    )
    return [broker for _, broker in ranked[:most]]


def _broker(
    links: Around, key: int, one: Set[int], other: Set[int], between: Mapping[int, float]
) -> tuple[tuple[int, int], Broker] | None:
    """Return somebody as a broker and what they reach on their worse and their better side; None if one is empty."""
    known = links.get(key, set()) - {key}
    ones, others = (known & one) - other, (known & other) - one
    near = KNOWN * len(ones) + MEMBER * (key in one)
    far = KNOWN * len(others) + MEMBER * (key in other)
    if not near or not far:
        return None
    made = Broker(
        key=key,
        role=role_in(key, one, other),
        one=len(ones),
        other=len(others),
        opened=_pairs(links, ones, others),
        between=round(between.get(key, 0.0), 6),
        constraint=round(constraint(links, key), 4),
    )
    return (min(near, far), max(near, far)), made


def reached_groups(links: Around, groups_of: Mapping[int, Collection[str]], key: int) -> list[str]:
    """Return the groups somebody belongs to or knows people of, the best reached first, at most `MOST_GROUPS`.

    >>> from app.matching.graph import around
    >>> reached_groups(around([(1, 2), (1, 3)]), {1: ["a"], 2: ["b"], 3: ["b"]}, 1)
    ['a', 'b']
    """
    reach: dict[str, int] = dict.fromkeys(groups_of.get(key, ()), MEMBER)
    for near in links.get(key, set()):
        for group in groups_of.get(near, ()):
            reach[group] = reach.get(group, 0) + KNOWN
    return sorted(reach, key=lambda group: (-reach[group], group))[:MOST_GROUPS]


def introducers(
    links: Around,
    groups: Mapping[str, Set[int]],
    candidates: Collection[int],
    between: Mapping[int, float] | None = None,
    most: int = 5,
    within: Mapping[int, Collection[str]] | None = None,
) -> dict[tuple[str, str], list[Broker]]:
    """Return for each two groups that somebody could introduce to each other who that is.

    Parameters
    ----------
    groups
        The members of each group.
    candidates
        Who may be named.
    within
        Between which groups each candidate may stand at all, such as those whose language they speak; all if None.

    Notes
    -----
    Only pairs that some candidate reaches both of are looked at, so the cost follows the links, not the square of the
    groups: O(candidates · MOST_GROUPS² · degree).
    """
    groups_of: dict[int, list[str]] = {}
    for name in sorted(groups):
        for key in groups[name]:
            groups_of.setdefault(key, []).append(name)
    standing: dict[tuple[str, str], list[int]] = {}
    for key in sorted(set(candidates)):
        reached: Sequence[str] = reached_groups(links, groups_of, key)
        if within is not None:
            reached = [name for name in reached if name in within.get(key, ())]
        for pair in combinations(sorted(reached), 2):
            standing.setdefault(pair, []).append(key)
    found = {
        (one, other): brokers(links, groups[one], groups[other], keys, between, most)
        for (one, other), keys in sorted(standing.items())
    }
    return {pair: named for pair, named in found.items() if named}
