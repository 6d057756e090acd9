"""The data files the sample world is drawn from, read once and given shape."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

DATA = Path(__file__).resolve().parent.parent / "data"

HUBS: tuple[str, ...] = ("en", "fr", "es", "pt", "ar", "ru", "zh", "hi", "sw")
"""Widely spoken working languages: every sample person has one of them, and the texts are written in these."""

Pair: TypeAlias = tuple[str, str]
"""Something in its own script, and in Latin letters."""


@dataclass(frozen=True, slots=True)
class NativeShare:
    """A part of a country's people with the same first language and the same way of naming."""

    tag: str
    culture: str
    share: int


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """A further language: how likely somebody has it, and the CEFR level typical for it."""

    tag: str
    share: float
    cefr: int


@dataclass(frozen=True, slots=True)
class Country:
    """Who lives in a country, in which languages, and in which cities."""

    code: str
    region: str
    weight: int
    native: tuple[NativeShare, ...]
    others: tuple[OtherLanguage, ...]
    cities: tuple[Pair, ...]
    """Name and IANA time zone."""


@dataclass(frozen=True, slots=True)
class Culture:
    """Given and family names as one culture writes and orders them."""

    lang: str
    family_first: bool
    joined: bool
    two_family: bool
    given: Mapping[str, tuple[Pair, ...]]
    family: Mapping[str, tuple[Pair, ...]]


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of educator: what they tend to teach, and where."""

    weight: int
    clusters: tuple[tuple[tuple[str, ...], int], ...]
    levels: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """What people say of themselves in one language."""

    subjects: Mapping[str, str]
    learners: Mapping[str, str]
    openings: tuple[str, ...]
    about: Mapping[str, tuple[str, ...]]
    closings: Mapping[str, tuple[str, ...]]
    interests: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeUpKind:
    """What a made-up institution of one type works on."""

    subjects: tuple[tuple[str, ...], ...]
    levels: tuple[str, ...]
    lead: str


@dataclass(frozen=True, slots=True)
class MadeUp:
    """The pieces that names and descriptions of made-up institutions are put together from, by language."""

    marks: Mapping[str, str]
    places: Mapping[str, tuple[Pair, ...]]
    patterns: Mapping[str, Mapping[str, str]]
    descriptions: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, MadeUpKind]
    homes: Mapping[str, tuple[str, ...]]
    seconds: Mapping[str, tuple[str, ...]]


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _pair(entry: str | list[str]) -> Pair:
    return (entry, entry) if isinstance(entry, str) else (entry[0], entry[1])


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """Every country that sample people live in."""
    return tuple(
        Country(
            code=row["code"],
            region=row["region"],
            weight=row["weight"],
            native=tuple(NativeShare(*entry) for entry in row["native"]),
            others=tuple(OtherLanguage(*entry) for entry in row["others"]),
            cities=tuple(_pair(entry) for entry in row["cities"]),
        )
        for row in _read("countries.json")
    )


@lru_cache(maxsize=1)
def cultures() -> Mapping[str, Culture]:
    """Names by culture; the key is the name of the file."""
    return {path.stem: _culture(_read(f"names/{path.name}")) for path in sorted((DATA / "names").glob("*.json"))}


def _culture(row: dict[str, Any]) -> Culture:
    family = tuple(_pair(entry) for entry in row["family"])
    return Culture(
        lang=row["lang"],
        family_first=row["order"] == "family-given",
        joined=row.get("joined", False),
        two_family=row.get("two_family", False),
        given={key: tuple(_pair(entry) for entry in row[f"given_{key}"]) for key in ("f", "m")},
        family={"m": family, "f": tuple(_pair(entry) for entry in row.get("family_f", ())) or family},
    )


@lru_cache(maxsize=1)
def roles() -> Mapping[str, Role]:
    """Kinds of educators."""
    return {
        key: Role(
            weight=row["weight"],
            clusters=tuple((tuple(codes), weight) for codes, weight in row["clusters"]),
            levels=tuple((tuple(codes), weight) for codes, weight in row["levels"]),
        )
        for key, row in _read("roles.json")["roles"].items()
    }


@lru_cache(maxsize=1)
def activity_weights() -> Mapping[str, Mapping[str, int]]:
    """How often an activity is offered and needed, by people and by institutions."""
    weights: dict[str, dict[str, int]] = _read("roles.json")["activities"]
    return weights


@lru_cache(maxsize=1)
def tags() -> Mapping[str, tuple[str, ...]]:
    """Short tags for interests, by language."""
    return {lang: tuple(words) for lang, words in _read("tags.json").items()}


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, Phrases]:
    """What people write about themselves, by language."""
    return {lang: _phrases(_read(f"texts/{lang}.json")) for lang in HUBS}


def _phrases(row: dict[str, Any]) -> Phrases:
    return Phrases(
        subjects=row["subjects"],
        learners=row["learners"],
        openings=tuple(row["openings"]),
        about={key: tuple(lines) for key, lines in row["about"].items()},
        closings={key: tuple(lines) for key, lines in row["closings"].items()},
        interests={key: tuple(lines) for key, lines in row["interests"].items()},
        notes=tuple(row["notes"]),
    )


@lru_cache(maxsize=1)
def made_up() -> MadeUp:
    """The pieces of made-up institutions."""
    row = _read("made_up.json")
    return MadeUp(
        marks=row["marks"],
        places={lang: tuple(_pair(entry) for entry in entries) for lang, entries in row["places"].items()},
        patterns=row["patterns"],
        descriptions={lang: tuple(lines) for lang, lines in row["descriptions"].items()},
        kinds={
            code: MadeUpKind(tuple(tuple(codes) for codes in kind["subjects"]), tuple(kind["levels"]), kind["lead"])
            for code, kind in row["kinds"].items()
        },
        homes={lang: tuple(codes) for lang, codes in row["homes"].items()},
        seconds={lang: tuple(tags) for lang, tags in row["seconds"].items()},
    )


def real_institutions() -> list[dict[str, Any]]:
    """Public facts about real institutions, one record each."""
    rows: list[dict[str, Any]] = _read("institutions.json")
    return rows
