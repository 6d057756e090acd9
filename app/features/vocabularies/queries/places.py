"""Countries (ISO 3166) and regions (UN M49), named as the UN names them and by CLDR in other languages.

Names and borders imply no endorsement.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from babel import Locale, UnknownLocaleError

from app.core.locales import BY_CODE
from app.features.vocabularies.queries.files import FALLBACK, base, read

WORLD = "001"


@cache
def countries() -> dict[str, dict[str, Any]]:
    """Every country by its ISO 3166 code."""
    return {row["code"]: row for row in read("countries")}


@cache
def regions() -> dict[str, dict[str, Any]]:
    """Every region by its M49 code."""
    return {row["m49"]: row for row in read("regions")}


@cache
def cldr(locale: str) -> Locale:
    """Babel's data of a language; English where it has none."""
    known = BY_CODE.get(base(locale))
    try:
        return Locale.parse(known.babel if known else base(locale))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FALLBACK)


def country_name(code: str, locale: str) -> str:
    """A country's name in a language."""
    names: dict[str, str] = countries().get(code, {}).get("name", {})
    return names.get(base(locale)) or cldr(locale).territories.get(code) or names.get(FALLBACK) or code


def region_name(code: str, locale: str) -> str:
    """A region's name in a language."""
    names: dict[str, str] = regions().get(code, {}).get("name", {})
    written: dict[str, str] = read(f"regions_{base(locale)}")
    return names.get(base(locale)) or written.get(code) or names.get(FALLBACK) or code


def regions_of(country: str) -> tuple[str, ...]:
    """The regions a country (or a region) lies in, from the world down.

    >>> regions_of("KE")
    ('001', '002', '202', '014')
    """
    row = countries().get(country) or regions().get(country) or {}
    return tuple(row.get("parents", ()))


_GROUPS = {"ldc": "199", "lldc": "432", "sids": "722"}


@cache
def groups_of(country: str) -> tuple[str, ...]:
    """The groups of the United Nations a country belongs to, by their M49 codes: least developed (199), landlocked
    developing (432), small island developing (722). A country may be in several.

    >>> groups_of("NP"), groups_of("FJ"), groups_of("FR")
    (('199', '432'), ('722',), ())
    """
    row = countries().get(country) or {}
    return tuple(code for flag, code in _GROUPS.items() if row.get(flag))


@cache
def countries_in(region: str) -> tuple[str, ...]:
    """The countries of a region.

    >>> "KE" in countries_in("014"), len(countries_in("xx"))
    (True, 0)
    """
    return tuple(sorted(code for code, row in countries().items() if region in row["parents"]))


def region_depth(code: str) -> int:
    """How deep a region lies: the world 0, a continent 1."""
    return len(regions().get(code, {}).get("parents", ()))


@cache
def places_below(code: str) -> tuple[str, ...]:
    """What lies directly in a region: its regions, else its countries; nothing in a country.

    >>> "KE" in places_below("014"), places_below("KE")
    (True, ())
    """
    inner = [c for c, row in regions().items() if row["parents"] and row["parents"][-1] == code]
    return tuple(inner) or tuple(c for c, row in countries().items() if row["parents"] and row["parents"][-1] == code)
