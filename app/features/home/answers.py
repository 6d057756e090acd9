"""The first answers: what somebody teaches, at which level, in which languages, and where; they live in the address,
so that a search can be shared and the back button works.

``?subject=0541&level=2&language=sw&lang_level=sw:C1&accepts=sw:A2&country=KE``, where ``lang_level=C1`` is taken
as well, for the language at the same place. ``lang`` is not used here: on every page it is the language of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.features.vocabularies.queries import CEFR, is_valid, normalise_language, regions_of
from app.matching.facets import Language, Profile, speech_key
from app.matching.query import Value

# Advanced: what is taken for granted of a language someone works in, until they say better.
USUAL_LEVEL = 5
USUAL_DEMAND = 3
MOST = 8
LONGEST = 40
# No row of the database has it.
NOBODY = 0

Many = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language of the answers, its level, and the lowest level accepted in others."""

    tag: str
    level: int = USUAL_LEVEL
    accepts: int = USUAL_DEMAND


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far; ``unknown`` is what was in the address and says nothing to us."""

    subjects: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[Spoken, ...] = ()
    country: str | None = None
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.subjects or self.levels or self.languages or self.country)

    def pairs(self) -> list[tuple[str, str]]:
        """As they stand in the address."""
        spoken = [("language", one.tag) for one in self.languages]
        levels = [("lang_level", f"{one.tag}:{CEFR[one.level - 1]}") for one in self.languages]
        accepts = [
            ("accepts", f"{one.tag}:{CEFR[one.accepts - 1]}") for one in self.languages if one.accepts != USUAL_DEMAND
        ]
        return [
            *(("subject", code) for code in self.subjects),
            *(("level", code) for code in self.levels),
            *spoken,
            *levels,
            *accepts,
            *([("country", self.country)] if self.country else []),
        ]

    def to_profile(self) -> Profile:
        """As the matching core asks with them."""
        return Profile(
            key=NOBODY,
            kind="person",
            country=self.country,
            regions=regions_of(self.country) if self.country else (),
            subjects=self.subjects,
            levels=self.levels,
            languages=tuple(Language(one.tag, one.level, True, one.accepts) for one in self.languages),
        )

    def to_session(self) -> dict[str, Any]:
        """As they wait in the session until there is a profile to put them in."""
        return {
            "subjects": list(self.subjects),
            "levels": list(self.levels),
            "languages": [{"tag": one.tag, "level": one.level} for one in self.languages],
            "country": self.country,
        }

    def changed(self, change: Mapping[str, Value]) -> Answers:
        """With the change that a gap proposes."""
        code = str(change.get("code", ""))
        if change["facet"] == "language":
            tag, accepts = change["tag"], int(str(change["accepts"]))
            return replace(
                self,
                languages=tuple(
                    replace(one, accepts=accepts) if speech_key(one.tag) == tag else one for one in self.languages
                ),
            )
        if change["facet"] == "level":
            return replace(self, levels=(*self.levels, code))
        return replace(self, subjects=(*self.subjects, code))


def cefr_number(text: str) -> int | None:
    """The number of a level of proficiency: A1 to C2, native, or 1 to 7.

    >>> cefr_number("c1"), cefr_number("7"), cefr_number("fluent")
    (5, 7, None)
    """
    names = [name.lower() for name in CEFR]
    if text.lower() in names:
        return names.index(text.lower()) + 1
    return int(text) if text in tuple("1234567") else None


def read_answers(many: Many) -> Answers:
    """The answers in an address; ``many(name)`` gives all values of a name."""
    unknown: list[str] = []
    subjects = _known("subject", many("subject"), unknown)
    levels = _known("level", many("level"), unknown)
    countries = _known("country", [code.upper() for code in many("country")], unknown)
    return Answers(subjects, levels, _languages(many, unknown), next(iter(countries), None), tuple(unknown))


def _known(scheme: str, codes: Iterable[str], unknown: list[str]) -> tuple[str, ...]:
    said = [code.strip() for code in codes if code.strip()]
    unknown += [code[:LONGEST] for code in said if not is_valid(scheme, code)]
    return tuple(dict.fromkeys(code for code in said if is_valid(scheme, code)))[:MOST]


def _languages(many: Many, unknown: list[str]) -> tuple[Spoken, ...]:
    tags: list[str] = []
    for said in many("language"):
        tag = normalise_language(said[:LONGEST])
        if tag:
            tags.append(tag)
        elif said.strip():
            unknown.append(said[:LONGEST])
    tags = list(dict.fromkeys(tags))[:MOST]
    levels, demands = _numbers("lang_level", many, tags, unknown), _numbers("accepts", many, tags, unknown)
    return tuple(Spoken(tag, levels.get(tag, USUAL_LEVEL), demands.get(tag, USUAL_DEMAND)) for tag in tags)


def _numbers(name: str, many: Many, tags: list[str], unknown: list[str]) -> dict[str, int]:
    """Levels by language, from ``sw:C1``, or from ``C1`` for the language at the same place."""
    found: dict[str, int] = {}
    for place, said in enumerate(many(name)):
        tag, _colon, text = said.rpartition(":")
        number = cefr_number(text.strip())
        tag = normalise_language(tag[:LONGEST]) or "" if tag else (tags[place] if place < len(tags) else "")
        if number is None and said.strip():
            unknown.append(said[:LONGEST])
        elif number is not None and tag:
            found[tag] = number
    return found
