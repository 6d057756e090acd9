"""The filters as conditions on the rows of `seeing.base_query`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, case, false, or_, select

from app.core.text import Term, query_terms
from app.features.profiles.models import (
    NEED,
    OFFER,
    Institution,
    Profile,
    ProfileActivity,
    ProfileLanguage,
    ProfileLevel,
    ProfileSubject,
)
from app.features.profiles.queries.directory.filters import SCHEMES, Filters
from app.features.profiles.queries.directory.seeing import Looker, base_query, having_words, part_open
from app.features.vocabularies.queries import countries_in, find_exact

# Which part of a person's profile each filter goes by; the country is open to everyone, the type is no person's.
PART_OF = {
    "subject": "teaching",
    "level": "teaching",
    "language": "languages",
    "offer": "exchange",
    "need": "exchange",
}


def _subject(filters: Filters) -> ColumnElement[bool]:
    column = ProfileSubject.code
    wanted = [column == code if len(code) == 4 else column.like(f"{code}%") for code in filters.subject]
    return Profile.id.in_(select(ProfileSubject.profile_id).where(or_(*wanted)))


def _level(filters: Filters) -> ColumnElement[bool]:
    return Profile.id.in_(select(ProfileLevel.profile_id).where(ProfileLevel.code.in_(filters.level)))


def tag_matches(tag: str) -> ColumnElement[bool]:
    """A language finds its variants, too: ``pt`` those who said ``pt-BR``."""
    column = ProfileLanguage.tag
    return column == tag if "-" in tag else or_(column == tag, column.like(f"{tag}-%"))


def _language(filters: Filters) -> ColumnElement[bool]:
    rows = select(ProfileLanguage.profile_id).where(or_(*(tag_matches(tag) for tag in filters.language)))
    return Profile.id.in_(rows.where(ProfileLanguage.level >= filters.at_least))


def countries_of(places: Iterable[str]) -> list[str]:
    """The countries that countries and regions amount to."""
    found = {code for place in places for code in (countries_in(place) if place.isdigit() else (place,))}
    return sorted(found)


def _place(filters: Filters) -> ColumnElement[bool]:
    return Profile.country.in_(countries_of(filters.place))


def _type(filters: Filters) -> ColumnElement[bool]:
    return Institution.__table__.c.type.in_(filters.type)


def _activity(name: str, direction: str) -> Callable[[Filters], ColumnElement[bool]]:
    def condition(filters: Filters) -> ColumnElement[bool]:
        rows = select(ProfileActivity.profile_id).where(
            ProfileActivity.direction == direction, ProfileActivity.code.in_(filters.codes(name))
        )
        return Profile.id.in_(rows)

    return condition


_CONDITIONS: dict[str, Callable[[Filters], ColumnElement[bool]]] = {
    "subject": _subject,
    "level": _level,
    "language": _language,
    "place": _place,
    "type": _type,
    "offer": _activity("offer", OFFER),
    "need": _activity("need", NEED),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of the words asked for: its terms and, where it names a subject, a place or the like, what it names."""

    words: str
    terms: list[Term]
    named: tuple[str, str] | None = None


# What a word may name, in the order in which it is tried: "French" is rather the language than its lessons.
_NAMED = ("language", "place", "subject", "level")
MOST_WORDS = 6


@lru_cache(maxsize=500)
def named_by(words: str) -> tuple[str, str] | None:
    """The filter and code that words are a whole name of, in any language."""
    for name in _NAMED:
        code = find_exact(SCHEMES[name], words) if len(words) > 2 or not words.isascii() else None
        if code is not None:
            return name, code
    return None


def _parts(words: list[str]) -> Iterator[str]:
    """The words one by one, those that name something together in one piece: "South Africa", "maths"."""
    at = 0
    while at < len(words):
        ends = range(len(words), at + 1, -1)
        end = next((end for end in ends if named_by(" ".join(words[at:end]))), at + 1)
        yield " ".join(words[at:end])
        at = end


def asked_of(filters: Filters, locale: str) -> list[Asked]:
    """The words asked for, in parts that must all be found."""
    words = filters.text.split()
    parts = _parts(words) if len(words) <= MOST_WORDS else [filters.text]
    found = [Asked(part, query_terms(part, locale), named_by(part)) for part in parts]
    return [part for part in found if part.terms]


def condition_of(looker: Looker, filters: Filters, name: str) -> ColumnElement[bool]:
    """One filter as a condition, together with whether the viewer may go by it."""
    condition = _CONDITIONS[name](filters)
    return and_(condition, part_open(looker, PART_OF[name])) if name in PART_OF else condition


def _worded(looker: Looker, filters: Filters) -> ColumnElement[bool]:
    """Every part is found in the texts, or is the name of something the profile has."""
    conditions = []
    for part in asked_of(filters, looker.actor.locale):
        found = having_words(looker, part.terms)
        if part.named is not None:
            name, code = part.named
            found = or_(found, condition_of(looker, Filters().with_codes(name, (code,)), name))
        conditions.append(found)
    return and_(*conditions) if conditions else false()


def filtered(looker: Looker, filters: Filters) -> Select[int]:
    """The ids of everyone whom the filters find among what the viewer may see."""
    query = base_query(looker)
    if filters.kind:
        query = query.where(Profile.kind == filters.kind)
    if filters.text:
        query = query.where(_worded(looker, filters))
    return query.where(*(condition_of(looker, filters, name) for name in _CONDITIONS if filters.codes(name)))


def rank_of(looker: Looker, filters: Filters) -> ColumnElement[int]:
    """The own rank of both databases, higher is better.

    Twice how well the words fit (3: words of a name, 2: beginnings of them, 1: anywhere in the texts, 0: only by what
    they name), and one more for everyone but institutions that were imported and that nobody acts for: nobody has
    ever confirmed those.
    """
    looked_after = case((Institution.__table__.c.claimed.is_(False), 0), else_=1)
    parts = asked_of(filters, looker.actor.locale) if filters.text else []
    if not parts:
        return looked_after
    terms = [term for part in parts for term in part.terms]
    whole = having_words(looker, terms, names_only=True, whole=True)
    begun = having_words(looker, terms, names_only=True)
    return case((whole, 6), (begun, 4), (having_words(looker, terms), 2), else_=0) + looked_after
