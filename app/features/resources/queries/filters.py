"""What a list of resources is narrowed to: read from an address, written to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from app.core.cleaning import clean_line
from app.features.resources.licences import USES
from app.features.resources.models import TYPES
from app.features.vocabularies.queries import is_valid, normalise_language

# In the order in which they are shown and written.
NAMES = ("subject", "level", "language", "use", "type")
MOST = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """Words, and for each filter the choices of which any is enough."""

    text: str = ""
    subject: tuple[str, ...] = ()
    level: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    use: tuple[str, ...] = ()
    type: tuple[str, ...] = ()

    def codes(self, name: str) -> tuple[str, ...]:
        """The choices of one filter."""
        chosen: tuple[str, ...] = getattr(self, name)
        return chosen

    @property
    def count(self) -> int:
        """How many choices are on, without the words."""
        return sum(len(self.codes(name)) for name in NAMES)

    def toggled(self, name: str, code: str) -> Filters:
        """The same with a choice switched on or off."""
        codes = self.codes(name)
        changed: dict[str, Any] = {name: tuple(c for c in codes if c != code) if code in codes else (*codes, code)}
        return replace(self, **changed)

    def written(self) -> list[tuple[str, str]]:
        """As they stand in an address."""
        words = [("q", self.text)] if self.text else []
        return words + [(name, code) for name in NAMES for code in self.codes(name)]


def _known(name: str, value: str) -> str | None:
    if name == "language":
        return normalise_language(value[:35])
    if name == "use":
        return value if value in USES else None
    if name == "type":
        return value if value in TYPES else None
    return value if is_valid(name, value[:10]) else None


def read_filters(getlist: Callable[[str], list[str]]) -> tuple[Filters, list[str]]:
    """The filters of an address, and what in it is known to nobody."""
    chosen: dict[str, Any] = {}
    unknown: list[str] = []
    for name in NAMES:
        asked = [value for value in dict.fromkeys(getlist(name)) if value][:MOST]
        unknown += [clean_line(value)[:40] for value in asked if _known(name, value) is None]
        codes = (code for value in asked if (code := _known(name, value)))
        chosen[name] = tuple(dict.fromkeys(codes))
    text = clean_line((getlist("q") or [""])[0])[:200]
    return Filters(text=text, **chosen), unknown
