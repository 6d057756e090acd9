"""Who welcomes a newcomer: a member who shares a language with them well, and has few others to look after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NATIVE, C1, B2 = 7, 5, 4
# How well the two understand each other in their best shared language: natively, at C level, at B2. Below that a
# first talk is work for both.
TIERS = ((NATIVE, 3), (C1, 2), (B2, 1))
# Nobody welcomes more newcomers than this at a time.
MOST_AT_A_TIME = 5
# Whoever did nothing for longer would let the newcomer wait.
MOST_DAYS_AWAY = 60


@dataclass(frozen=True, slots=True)
class Welcomer:
    """A member who gladly welcomes newcomers.

    Attributes
    ----------
    person_id : int
        Their number.
    languages : Mapping[str, int]
        Primary language tag to level, 1 (A1) to 7 (native).
    burden : int
        How many newcomers they look after now.
    days_away : int
        Days since they last did something in the community.
    """

    person_id: int
    languages: Mapping[str, int]
    burden: int = 0
    days_away: int = 0


@dataclass(frozen=True, slots=True)
class Buddy:
    """The choice: who, and the language in which the two talk."""

    person_id: int
    language: str
    level: int


def best_shared(one: Mapping[str, int], other: Mapping[str, int]) -> tuple[str, int] | None:
    """The language both know best, by the weaker of the two, with that level; None without one.

    >>> best_shared({"sw": 7, "en": 4}, {"en": 6, "sw": 5, "fr": 7})
    ('sw', 5)
    """
    shared = [(min(level, other[tag]), tag) for tag, level in one.items() if tag in other]
    if not shared:
        return None
    level, tag = max(shared, key=lambda pair: (pair[0], one[pair[1]] + other[pair[1]], pair[1]))
    return tag, level


def tier_of(level: int) -> int:
    """How well two understand each other at a level: 3 natively, 2 at C, 1 at B2, 0 not well enough."""
    return next((tier for least, tier in TIERS if level >= least), 0)


def choose_buddy(newcomer: Mapping[str, int], welcomers: Iterable[Welcomer]) -> Buddy | None:
    """Who welcomes a newcomer; None if nobody who is willing shares a language well and has room.

    Language counts first, then the fewest others to look after, then who was there last, then the lower number:
    the same members always give the same choice, in whatever order they come.

    Parameters
    ----------
    newcomer : Mapping[str, int]
        Primary language tag to level, 1 (A1) to 7 (native).
    welcomers : Iterable[Welcomer]
        Members who are willing; the newcomer and whoever is blocked have been left out.

    Returns
    -------
    Buddy or None

    Notes
    -----
    O(w · l) for w welcomers with l languages each.

    >>> choose_buddy({"sw": 7}, [Welcomer(1, {"sw": 4}), Welcomer(2, {"sw": 7}, burden=2), Welcomer(3, {"fr": 7})])
    Buddy(person_id=2, language='sw', level=7)
    """
    best: tuple[tuple[int, int, int, int], Buddy] | None = None
    for member in welcomers:
        shared = best_shared(newcomer, member.languages)
        tier = tier_of(shared[1]) if shared else 0
        if shared is None or not tier or member.burden >= MOST_AT_A_TIME or member.days_away > MOST_DAYS_AWAY:
            continue
        rank = (-tier, member.burden, member.days_away, member.person_id)
        if best is None or rank < best[0]:
            best = (rank, Buddy(member.person_id, *shared))
    return best[1] if best else None
