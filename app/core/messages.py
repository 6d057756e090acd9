"""Marking text for translation below the web, where no request and no language is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark ``text`` for extraction and return it unchanged; whoever shows it translates it."""
    return text


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - gettext's own kind of name, as N_ is
    """Mark a sentence with its plural for extraction."""
    return one, many


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence to be translated by whoever shows it: a message key with named values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.key % self.values if self.values else self.key
