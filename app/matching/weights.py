"""Every number that decides a score, in one place, each with its reason.

All weights are integers, so that every implementation (inverted lists, a sparse product, a plain loop) gives the same
score to the last unit. A criterion's *units* are shared out over what a profile says about it: who teaches one subject
puts all units on it, who teaches four puts about a quarter on each. A *multiplier* turns units into points and says how
much the criterion matters for a kind of suggestion.
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

MULTIPLIERS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        # Alike in subject and level; interests tell apart those who are.
        "peers": (2, 4, 2, 1, 1, 1, 0, 0),
        # Complementary first: what I need (4) before what I can give (2), and both before being alike.
        "collaborators": (1, 2, 1, 1, 1, 0, 4, 2),
        # Subject first, then what can be exchanged; near ones are easier to visit and share a school system.
        "institutions": (1, 3, 1, 1, 1, 2, 2, 1),
        # A bridge needs to understand both sides, so the language counts twice (below) and the subject after it.
        "bridges": (1, 2, 1, 0, 1, 0, 0, 0),
    }
)

LANGUAGE_POINTS: tuple[int, ...] = (0, 10, 20, 40, 60, 80, 90, 100)
"""Points for the best common working language, by the lower level of the two; above C1 work flows and less is added."""
LANGUAGE_MULTIPLIER: Mapping[str, int] = MappingProxyType(
    {"peers": 1, "collaborators": 1, "institutions": 1, "bridges": 2}
)

BORDER_POINTS = 40
"""For collaborators, who by definition work across a border: shown, so that it is seen as a gain."""

CAPACITY_POINTS: tuple[tuple[int, int], ...] = ((0, -200), (1, 0), (4, 10), (100, 20))
"""(up to so many new contacts, points). Being full weighs like half a subject: nobody should drown in requests."""
CAPACITY_UNSAID = 0

FRESHNESS_POINTS: tuple[tuple[int, int], ...] = ((30, 20), (90, 10), (180, 0), (365, -40), (730, -100))
"""(up to so many days since confirmed, points): nobody should write to a ghost."""
FRESHNESS_OLDER = -200

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
