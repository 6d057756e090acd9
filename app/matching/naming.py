"""What a group of profiles has in common, in codes: by that a community that should exist is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.matching.communities import LEAST_PEOPLE, NARROW, WORKING_LEVEL
from app.matching.facets import PERSON, Profile, speech_key

# Every number that decides, with its reason.
SHARED = 0.6
"""A subject that fewer have is not what the group is about."""
LEVEL_SHARED = 0.5
LANGUAGE_SHARED = 0.5
"""In a language that fewer can work in most could not follow."""
MOST_LANGUAGES, MOST_LEVELS = 3, 2


@dataclass(frozen=True, slots=True)
class Named:
    """A group with what its members have in common.

    Attributes
    ----------
    keys
        Those who have it, in the order given.
    people, institutions
        How many of each they are.
    countries
        Where they are.
    place
        The one country all are in, or the smallest region that holds all who say where they are; "" for the world.
    """

    keys: tuple[int, ...]
    subject: str
    levels: tuple[str, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    place: str
    people: int
    institutions: int


def name_group(profiles: Sequence[Profile], least: int = LEAST_PEOPLE) -> Named | None:
    """Return what a group has in common; None if that is too little for a community, or too few people share it.

    Parameters
    ----------
    profiles
        The most central first. Who does not share the subject and one of the languages is left out: a community that
        is not for them would only disappoint them.
    least
        So many people at least; institutions don't count, since nobody talks with a building.

    Examples
    --------
    >>> from app.matching.facets import Language
    >>> five = [Profile(n, "person", "KE", subjects=("0541",), levels=("2",), languages=(Language("sw", 7),))
    ...         for n in range(5)]
    >>> found = name_group(five)
    >>> found.subject, found.levels, found.languages, found.place, found.people
    ('0541', ('2',), ('sw',), 'KE', 5)
    """
    subject = _subject(profiles)
    if subject is None:
        return None
    about = [one for one in profiles if _is_about(one, subject)]
    languages = _languages(about)
    able = [one for one in about if _spoken(one) & set(languages)]
    people = sum(one.kind == PERSON for one in able)
    if not languages or people < least:
        return None
    countries = tuple(sorted({one.country for one in able if one.country}))
    return Named(
        keys=tuple(one.key for one in able),
        subject=subject,
        levels=_levels(able),
        languages=languages,
        countries=countries,
        place=_place(able),
        people=people,
        institutions=len(able) - people,
    )


def _is_about(one: Profile, subject: str) -> bool:
    return any(code.startswith(subject) for code in one.subjects)


def _subject(profiles: Sequence[Profile]) -> str | None:
    """Return the deepest field that enough share; of two as deep the one that more do."""
    counts = Counter(
        code[:depth] for one in profiles for code in set(one.subjects) for depth in range(NARROW, len(code) + 1)
    )
    # A profile with two codes in one narrow field is still one.
    counts = Counter({code: sum(_is_about(one, code) for one in profiles) for code in counts})
    enough = [code for code, number in counts.items() if number >= SHARED * len(profiles)]
    return min(enough, key=lambda code: (-len(code), -counts[code], code), default=None)


def _spoken(one: Profile) -> set[str]:
    return {speech_key(language.tag) for language in one.languages if language.level >= WORKING_LEVEL}


def _languages(profiles: Sequence[Profile]) -> tuple[str, ...]:
    counts = Counter(tag for one in profiles for tag in _spoken(one))
    return tuple(_commonest(counts, LANGUAGE_SHARED * len(profiles))[:MOST_LANGUAGES])


def _levels(profiles: Sequence[Profile]) -> tuple[str, ...]:
    counts = Counter(level for one in profiles for level in set(one.levels))
    return tuple(sorted(_commonest(counts, LEVEL_SHARED * len(profiles))[:MOST_LEVELS]))


def _commonest(counts: Counter[str], least: float) -> list[str]:
    return sorted((code for code, number in counts.items() if number >= least), key=lambda code: (-counts[code], code))


def _place(profiles: Sequence[Profile]) -> str:
    placed = [(*one.regions, one.country) for one in profiles if one.country]
    if not placed:
        return ""
    common = ""
    for codes in zip(*placed, strict=False):
        if len(set(codes)) > 1:
            break
        common = codes[0]
    # The world is no place of its own: leaving it unsaid leaves the community open to all.
    return "" if common == "001" or len(placed) < len(profiles) else common
