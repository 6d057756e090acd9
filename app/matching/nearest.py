"""The best matches of many profiles at once, as a graph of the whole needs them: no reasons, no order but the score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from app.matching.facets import INSTITUTION, PERSON, Profile
from app.matching.index import Index
from app.matching.query import Query
from app.matching.scoring import best_two_ways

LISTED = 60
"""So many of each: three times as many as count as near, so that equals of the last are among them."""


def alike_only(profile: Profile) -> Profile:
    """Return a profile without what changes from day to day: who has room or was here lately is no more alike.

    Then the score of a pair is the same from both sides.
    """
    return replace(profile, capacity=None, fresh_days=0, hours=0)


def nearest(index: Index, profile: Profile, count: int = LISTED) -> list[tuple[int, int]]:
    """Return the best matches among people and institutions together, with their scores, the best first.

    A person's peers are persons and an institution's are institutions; for a network of both each is asked as if it
    were of the other kind, too. Among equals each has another draw, so that not all name the same.
    """
    found: list[tuple[int, int]] = []
    for kind in (PERSON, INSTITUTION):
        query = Query(replace(profile, kind=kind), "peers", limit=count, seed=profile.key)
        for field in index.snapshot.fields(query):
            best = best_two_ways(field, field.passing, count)
            found += zip(best.key.tolist(), best.score.tolist(), strict=True)
    return sorted(found, key=lambda one: -one[1])[:count]


def neighbours(profiles: Iterable[Profile], folder: Path) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Return the best matches of each of `profiles` among all of them, one after the other.

    Parameters
    ----------
    profiles
        As they may be matched by others.
    folder
        Where an index of them may be written; the caller takes it away.

    Notes
    -----
    Exact. Some milliseconds each, by the length of the inverted lists.
    """
    kept = [alike_only(profile) for profile in profiles]
    index = Index.build(kept, folder / "alike.index")
    for profile in kept:
        yield profile.key, nearest(index, profile)
