"""Languages by their BCP 47 tags: which are known, how they are written, what they are called."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from app.features.vocabularies.queries.files import FALLBACK, base, read
from app.features.vocabularies.queries.places import cldr

_TAG = re.compile(r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)
_NO_LANGUAGE = {"und", "mul", "zxx", "mis", "root"}
# What CLDR does not rename: the macrolanguage that people mean, and Filipino under its older code.
_ALIASES = {"no": "nb", "tgl": "fil"}
_RTL = {"ar", "arc", "arz", "ary", "aeb", "apc", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk", "haz", "he", "ks",
        "lrc", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "skr", "syr", "ug", "ur", "yi"}  # fmt: skip
_RTL_SCRIPTS = {"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"}


@cache
def listed() -> dict[str, dict[str, Any]]:
    """The languages people teach in, as our list has them, by tag."""
    return {row["tag"]: row for row in read("languages")}


@cache
def _known() -> frozenset[str]:
    english = {str(name).split("_")[0] for name in cldr(FALLBACK).languages}
    return frozenset(english | {base(tag) for tag in listed()}) - _NO_LANGUAGE


@cache
def normalise_language(tag: str) -> str | None:
    """The one way to write a tag, or None for what names no language: no doubles, no made-up tags.

    >>> normalise_language("EN_gb"), normalise_language("swa"), normalise_language("zh-hans")
    ('en-GB', 'sw', 'zh-Hans')
    >>> normalise_language("qqq") is None, normalise_language("english please") is None
    (True, True)
    """
    parts = _TAG.fullmatch(tag.strip().replace("_", "-"))
    if not parts:
        return None
    language, script, territory = parts[1].lower(), parts[2], parts[3]
    if language not in listed():
        alias = _ALIASES.get(language) or str(get_global("language_aliases").get(language, language))
        language, _separator, rest = alias.partition("_")
        if len(rest) == 4:
            script = script or rest
        elif rest:
            territory = territory or rest
    if language not in _known():
        return None
    whole = [language, script.title() if script else "", territory.upper() if territory else ""]
    return "-".join(part for part in whole if part)


def language_name(tag: str, locale: str) -> str:
    """A language's name in another language."""
    data = cldr(locale)
    names: dict[str, str] = listed().get(tag, {}).get("name", {})
    found = names.get(base(locale)) or data.languages.get(tag.replace("-", "_"))
    if found:
        return found
    parts = tag.split("-")
    if len(parts) > 1:
        rest = [data.scripts.get(part) or data.territories.get(part) or part for part in parts[1:]]
        return f"{language_name(parts[0], locale)} ({', '.join(rest)})"
    return names.get(FALLBACK) or cldr(FALLBACK).languages.get(tag) or autonym(tag)


@cache
def autonym(tag: str) -> str:
    """A language's own name in its own script; the tag where nobody told us.

    >>> autonym("sw"), autonym("ar")
    ('Kiswahili', 'العربية')
    """
    row = listed().get(tag) or listed().get(base(tag))
    if row:
        return str(row["autonym"])
    try:
        return Locale.parse(tag, sep="-").get_language_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag


def direction(tag: str) -> str:
    """The direction a language is written in, ``ltr`` or ``rtl``."""
    row = listed().get(tag)
    if row:
        return str(row.get("dir", "ltr"))
    script = next((part for part in tag.split("-")[1:] if len(part) == 4), None)
    return "rtl" if (script in _RTL_SCRIPTS if script else base(tag) in _RTL) else "ltr"


def languages_of(country: str) -> tuple[str, ...]:
    """The main languages of schooling and administration in a country."""
    return tuple(read("country_languages").get(country, ()))
