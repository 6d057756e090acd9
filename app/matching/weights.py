"""What is measured, and in how many units, each number with its reason; what a unit is worth is said by a model.

All weights are integers, so that every implementation (inverted lists, a sparse product, a plain loop) gives the same
score to the last unit. A criterion's *units* are shared out over what a profile says about it: who teaches one subject
puts all units on it, who teaches four puts about a quarter on each. What a unit is worth for a kind of suggestion, in
points, is said by a model (:mod:`app.matching.model`).
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

# Criteria that are measured by shared features, in the order of their numbers.
INTERESTS, SUBJECT, LEVEL, TEACHING, TAGS, PLACE, OFFERS, NEEDS, UNMEASURED = range(9)
CRITERIA = ("interests", "subject", "level", "teaching_language", "tags", "place", "offers", "needs")

UNITS: tuple[int, ...] = (
    100,  # interests: shared out over up to GRAMS_KEPT character n-grams, so fine units are needed
    100,  # subject
    100,  # level
    50,  # teaching language: helps to use the same material, but many who don't share it work well together
    50,  # tags: few say them, and only exact ones meet
    20,  # place: a little, so that neighbours meet without hiding the world
    100,  # offers of the other that meet one's needs
    100,  # needs of the other that meet one's offers
)

LANGUAGE_POINTS: tuple[int, ...] = (0, 10, 20, 40, 60, 80, 90, 100)
"""Points for the best common working language, by the lower level of the two; above C1 work flows and less is added."""

CAPACITY_POINTS: tuple[tuple[int, int], ...] = ((0, -200), (1, 0), (4, 10), (100, 20))
"""(up to so many new contacts, points). Being full weighs like half a subject: nobody should drown in requests."""
CAPACITY_UNSAID = 0

FRESHNESS_POINTS: tuple[tuple[int, int], ...] = ((30, 20), (90, 10), (180, 0), (365, -40), (730, -100))
"""(up to so many days since confirmed, points): nobody should write to a ghost."""
FRESHNESS_OLDER = -200

HOURS_POINTS = 5
"""For each whole working hour of a usual day that both share: time to talk is worth something, and helps the order."""
HOURS_COUNTED = 4
"""So many shared hours count: half a working day is room for every meeting, and the other side of the globe isn't
hidden by it, since what is lost is as much as a confirmed profile gains."""

SUBJECT_DEPTH: Mapping[int, int] = MappingProxyType({2: 1, 3: 2, 4: 3})
"""Weight of a broad, narrow and detailed code before rarity: the detailed field is half of what is shared."""

LEVEL_SAME, LEVEL_BAND = 2, 1
"""The same level against each band of two adjacent levels: a neighbour counts a quarter, the same level all."""

PLACE_COUNTRY, PLACE_REGION = 2, 1
"""The same country against each region of it."""

ACTIVITY_DEPTH: Mapping[int, tuple[int, ...]] = MappingProxyType({2: (100,), 3: (50, 50), 4: (40, 30, 30)})
"""How much of a need is met (in percent, adding up) by an offer that shares its broad, narrow, detailed field."""
ACTIVITY_ANY_SUBJECT = 60
"""How much of a need with a subject is met by an offer that names none: probably, but it has to be asked."""

GRAMS_KEPT = 20
"""Character n-grams kept of the interests: the rarest tell most, and longer texts shouldn't win by length."""
INTERESTS_RELEVANT = 25
"""From so many interest units on, interests alone make two profiles relevant to each other."""

SHORTLIST = 2
"""Diversity and exposure choose from a shortlist of so many times the limit."""
GIVEN_UP_PERCENT = 10
"""What diversity and exposure may give up at each place of the list: so much of the best score still open."""
BRIDGE_FAR_SIDE = 20
"""To how many of the best matches without a common language a bridge is sought, when no target is named."""
BRIDGE_REACH_POINTS = 400
"""Points of someone who could bridge to all of them."""

BUILT_IN = (
    *("CRITERIA", "UNITS", "CAPACITY_POINTS", "CAPACITY_UNSAID", "FRESHNESS_POINTS", "FRESHNESS_OLDER"),
    *("SUBJECT_DEPTH", "LEVEL_SAME", "LEVEL_BAND", "PLACE_COUNTRY", "PLACE_REGION"),
    *("ACTIVITY_DEPTH", "ACTIVITY_ANY_SUBJECT", "GRAMS_KEPT"),
)
"""What an index is built with: one that was built with other numbers can't be used."""


@lru_cache(maxsize=1 << 16)
def capacity_points(capacity: int | None) -> int:
    """Return the points for `capacity`.

    >>> capacity_points(None), capacity_points(0), capacity_points(3), capacity_points(500)
    (0, -200, 10, 20)
    """
    if capacity is None:
        return CAPACITY_UNSAID
    return next((points for most, points in CAPACITY_POINTS if capacity <= most), CAPACITY_POINTS[-1][1])


@lru_cache(maxsize=1 << 16)
def freshness_points(days: int) -> int:
    """Return the points for a profile confirmed `days` ago.

    >>> freshness_points(0), freshness_points(100), freshness_points(4000)
    (20, 0, -200)
    """
    return next((points for most, points in FRESHNESS_POINTS if days <= most), FRESHNESS_OLDER)


def hours_points(half_hours: int) -> int:
    """Return the points for so many half hours at which both work.

    >>> hours_points(1), hours_points(3), hours_points(40)
    (0, 5, 20)
    """
    return min(half_hours // 2, HOURS_COUNTED) * HOURS_POINTS


def spread(units: int, weights: list[int]) -> list[int]:
    """Share `units` out in proportion to `weights`, in integers that add up exactly (cumulative rounding).

    >>> spread(100, [1, 1, 1])
    [33, 33, 34]
    >>> spread(100, [])
    []
    """
    whole = sum(weights)
    shares: list[int] = []
    upto = given = 0
    for weight in weights:
        upto += weight
        share = upto * units // whole - given if whole else 0
        given += share
        shares.append(share)
    return shares
