"""Names as people write them, and handles anyone can type."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from app.features.samples.world.sources import Culture, Pair

_LETTERS = str.maketrans({
    "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe",
    "ı": "i", "ə": "e", "Ə": "e", "ɗ": "d", "Ɗ": "d", "ŋ": "ng", "þ": "th", "ð": "d",
    "‘": "", "’": "", "'": "", "ʻ": "",
})  # fmt: skip
"""Letters that Unicode doesn't decompose into a plain one and a mark."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its own script and in Latin letters, with what a handle is made from."""

    own: str
    latin: str
    lang: str
    slug: str


def to_slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens.

    >>> to_slug("Ọlájídé Nguyễn-O'Connor")
    'olajide-nguyen-oconnor'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def draw_name(rng: Random, culture: Culture) -> Name:
    """One name, in the order its culture uses."""
    gender = "f" if rng.random() < 0.54 else "m"
    given = rng.choice(culture.given[gender])
    family = rng.choice(culture.family[gender])
    first_family = family
    if culture.two_family and rng.random() < 0.7:
        second = rng.choice(culture.family[gender])
        if second != family:
            family = (f"{family[0]} {second[0]}", f"{family[1]} {second[1]}")
    ordered = (family, given) if culture.family_first else (given, family)
    latin = _join(ordered, 1, " ")
    short = (first_family, given) if culture.family_first else (given, first_family)
    return Name(
        own=_join(ordered, 0, "" if culture.joined else " "),
        latin=latin,
        lang=culture.lang,
        slug=to_slug(_join(short, 1, " ")),
    )


def _join(parts: tuple[Pair, Pair], index: int, separator: str) -> str:
    return separator.join(part[index] for part in parts)


class Handles:
    """Gives each person a handle of their own: `sample-amina-otieno`, then `sample-amina-otieno-2`."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def is_free(self, slug: str) -> bool:
        """Nobody has it yet."""
        return slug not in self._taken

    def take(self, slug: str) -> str:
        """The next free handle for that name."""
        count = self._taken.get(slug, 0) + 1
        self._taken[slug] = count
        return f"sample-{slug}" if count == 1 else f"sample-{slug}-{count}"
