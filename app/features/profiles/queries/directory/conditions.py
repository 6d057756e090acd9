"""The filters as conditions on the rows of `seeing.base_query`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, Select, case, false, or_, select

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
from app.features.profiles.queries.directory.filters import Filters
from app.features.profiles.queries.directory.seeing import Looker, base_query, having_words, part_open
from app.features.vocabularies.queries import countries_in

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


def terms_of(filters: Filters, locale: str) -> list[Term]:
    """The words asked for, with their stems in the reader's language."""
    return query_terms(filters.text, locale)


def filtered(looker: Looker, filters: Filters) -> Select[int]:
    """The ids of everyone whom the filters find among what the viewer may see."""
    query = base_query(looker)
    if filters.kind:
        query = query.where(Profile.kind == filters.kind)
    if filters.text:
        terms = terms_of(filters, looker.actor.locale)
        query = query.where(having_words(looker, terms) if terms else false())
    for name, condition in _CONDITIONS.items():
        if filters.codes(name):
            query = query.where(condition(filters))
            if name in PART_OF:
                query = query.where(part_open(looker, PART_OF[name]))
    return query


def rank_of(looker: Looker, filters: Filters) -> ColumnElement[int]:
    """The own rank of both databases, higher is better.

    Twice how well the words fit (3: words of a name, 2: beginnings of them, 1: anywhere else), and one more for
    everyone but institutions that were imported and that nobody acts for: nobody has ever confirmed those.
    """
    looked_after = case((Institution.__table__.c.claimed.is_(False), 0), else_=1)
    terms = terms_of(filters, looker.actor.locale) if filters.text else []
    if not terms:
        return looked_after
    whole = having_words(looker, terms, names_only=True, whole=True)
    begun = having_words(looker, terms, names_only=True)
    return case((whole, 6), (begun, 4), else_=2) + looked_after
