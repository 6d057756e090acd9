"""Labels and lists of every scheme, in the reader's language, else in English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from app.core.text import fold
from app.features.vocabularies.queries import languages, places
from app.features.vocabularies.queries.files import FALLBACK, base, in_language, read

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2", "native")
SCHEMES = ("subject", "level", "country", "region", "place", "language", "activity", "cefr", "institution_type")


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: its code, its label, a word to tell it from its like, and the label's own language."""

    code: str
    label: str
    detail: str = ""
    lang: str | None = None

    @property
    def value(self) -> str:
        """The code, as the picker calls it."""
        return self.code


@cache
def subject_codes() -> tuple[str, ...]:
    """All ISCED-F 2013 codes, each field before what it holds."""
    return tuple(sorted(read("isced_f/codes")))


def subject_ancestors(code: str) -> tuple[str, ...]:
    """The fields a subject belongs to, broadest first, without itself.

    >>> subject_ancestors("0541"), subject_ancestors("05")
    (('05', '054'), ())
    """
    return tuple(code[:length] for length in (2, 3) if length < len(code))


@cache
def subject_children(code: str) -> tuple[str, ...]:
    """The fields directly below a subject; the broad fields for an empty code."""
    length = max(2, len(code) + 1)
    return tuple(c for c in subject_codes() if len(c) == length and c.startswith(code))


def level_codes() -> tuple[str, ...]:
    """ISCED 2011 levels in their order, the non-formal one last."""
    return tuple(sorted(read(f"isced_levels/{FALLBACK}")))


def cefr_code(level: int | str) -> str:
    """A level of proficiency as it is written: 5 and "5" are C1, 7 is ``native``.

    >>> cefr_code(5), cefr_code("B2"), cefr_code(7)
    ('C1', 'B2', 'native')
    """
    text = str(level)
    return CEFR[int(text) - 1] if text in tuple("1234567") else text


def is_place(code: str) -> bool:
    """Whether ``code`` is a country or a region."""
    return code in places.countries() or code in places.regions()


def _in(folder: str) -> Callable[[str, str], str]:
    return lambda code, locale: in_language(folder, code, locale) or code


def _activity(code: str, locale: str) -> str:
    return (in_language("activities", code, locale) or {}).get("name") or code


def _place(code: str, locale: str) -> str:
    return places.region_name(code, locale) if code.isdigit() else places.country_name(code, locale)


_LABELS: dict[str, Callable[[str, str], str]] = {
    "subject": _in("isced_f"),
    "level": _in("isced_levels"),
    "country": places.country_name,
    "region": places.region_name,
    "place": _place,
    "language": languages.language_name,
    "activity": _activity,
    "cefr": lambda code, locale: in_language("cefr", cefr_code(code), locale) or code,
    "institution_type": _in("institution_types"),
}


@lru_cache(maxsize=20_000)
def _label(scheme: str, code: str, locale: str) -> str:
    return _LABELS[scheme](code, locale)


def label(scheme: str, code: int | str | None, locale: str) -> str:
    """The name of a code in the reader's language, else in English; the code itself where nothing is known.

    >>> label("subject", "0541", "fr"), label("country", "KE", "en"), label("subject", "9z", "en")
    ('Mathématiques', 'Kenya', '9z')
    """
    return _label(scheme, str(code), base(locale)) if code not in (None, "") else ""


def activity_sentence(code: str, direction: str, locale: str) -> str:
    """An activity as its person says it: "I can translate" (``offer``), "I need someone to translate" (``need``)."""
    return (in_language("activities", code, locale) or {}).get(direction) or label("activity", code, locale)


def codes(scheme: str) -> tuple[str, ...]:
    """Every code of a scheme, in its own order."""
    if scheme == "subject":
        return subject_codes()
    if scheme == "level":
        return level_codes()
    if scheme == "cefr":
        return CEFR
    if scheme == "country":
        return tuple(places.countries())
    if scheme == "region":
        return tuple(places.regions())
    if scheme == "place":
        return (*places.regions(), *places.countries())
    if scheme == "language":
        return tuple(languages.listed())
    folder = {"activity": "activities", "institution_type": "institution_types"}[scheme]
    return tuple(read(f"{folder}/{FALLBACK}"))


@cache
def _code_set(scheme: str) -> frozenset[str]:
    return frozenset(codes(scheme))


def is_valid(scheme: str, code: str | int | None) -> bool:
    """Whether a code exists; for a language whether its tag is written the one way it should be."""
    if code is None:
        return False
    if scheme == "language":
        return languages.normalise_language(str(code)) == code
    if scheme == "cefr":
        return cefr_code(code) in CEFR
    return code in _code_set(scheme)


def _detail(scheme: str, code: str, locale: str) -> str:
    if scheme == "subject":
        above = label("subject", code[:2], locale) if len(code) > 2 else ""
        return code if above and above == label(scheme, code, locale) else above
    if scheme in ("country", "region", "place"):
        parents = (places.regions() if code.isdigit() else places.countries()).get(code, {}).get("parents", ())
        return places.region_name(parents[-1], locale) if parents[1:] else ""
    if scheme == "language":
        own = languages.autonym(code)
        return own if fold(own) != fold(label(scheme, code, locale)) else ""
    return ""


def option(scheme: str, code: str, locale: str) -> Option:
    """One code as something to choose."""
    return Option(code, label(scheme, code, locale), _detail(scheme, code, base(locale)))


@lru_cache(maxsize=100)
def _options(scheme: str, locale: str) -> tuple[Option, ...]:
    found = [option(scheme, code, locale) for code in codes(scheme)]
    if scheme in ("country", "language", "place", "activity", "institution_type"):
        found.sort(key=lambda o: (o.code == "other", fold(o.label), o.code))
    return tuple(found)


def options(scheme: str, locale: str) -> list[Option]:
    """Everything there is to choose: in the scheme's own order where it has one, else by label."""
    return list(_options(scheme, base(locale)))
