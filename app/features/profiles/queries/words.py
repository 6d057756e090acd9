"""The vocabularies as profiles use them; thin stand-ins while a vocabulary is not there."""

from __future__ import annotations

try:
    from app.features.vocabularies.queries import autonym, is_valid, label, normalise_language, options, search
except ImportError:  # pragma: no cover
    from dataclasses import dataclass
    from functools import lru_cache

    from babel import Locale
    from babel.core import UnknownLocaleError

    @dataclass(frozen=True)
    class _Option:
        code: str
        label: str
        detail: str = ""

    @lru_cache(maxsize=500)
    def autonym(tag: str) -> str:
        try:
            return Locale.parse(tag, sep="-").get_display_name() or tag
        except (UnknownLocaleError, ValueError):
            return tag

    def is_valid(scheme: str, code: object) -> bool:
        return bool(code)

    def label(scheme: str, code: object, locale: str) -> str:
        return str(code)

    def normalise_language(tag: str) -> str | None:
        return tag or None

    def options(scheme: str, locale: str) -> list[_Option]:
        return []

    def search(scheme: str, text: str, locale: str, limit: int = 12) -> list[_Option]:
        return []


__all__ = ["autonym", "is_valid", "label", "normalise_language", "options", "search"]
