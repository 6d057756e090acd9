"""Checking and cleaning facets before anything is written: codes against the vocabularies, lengths, places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from app.core.cleaning import clean_line, clean_text
from app.core.domains import ascii_domain
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.profiles.models import AUDIENCES, NATIVE, PARTS, SUGGESTED_AS
from app.features.profiles.services import facets as most
from app.features.profiles.services.facets import ActivityFacet, Facets, Keep, LanguageFacet, NameFacet
from app.features.profiles.services.hours import check_hours
from app.features.vocabularies.queries import is_valid, normalise_language

Errors = dict[str, Text]
UNKNOWN = N_("Please choose one from the list.")
TOO_LONG = N_("This has %(length)s characters; please keep it to %(limit)s.")
TOO_MANY = N_("Please keep it to %(limit)s.")
LONGEST_CODE = 35
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})")


@cache
def timezones() -> tuple[str, ...]:
    """The time zones of places, in order."""
    areas = (
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    return (*sorted(z for z in available_timezones() if z.split("/")[0] in areas), "UTC")


def clean_language(tag: str | None) -> str | None:
    """The one way to write a language tag, or None if there is no such language."""
    return normalise_language(tag) if tag and len(tag) <= LONGEST_CODE else None


def clean_website(address: str | None) -> str | None:
    """An address people can open, with its scheme; None if it is none. Only http and https, never a bare number.

    >>> clean_website("www.School.example"), clean_website("javascript:alert(1)"), clean_website("https://a b.org")
    ('https://www.school.example', None, None)
    """
    text = clean_line(address)
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = ascii_domain(parts.hostname or "") or ""
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or parts.username or " " in text:
        return None
    shown = f"{host}:{port}" if port else host
    return f"{parts.scheme}://{shown}{parts.path}{'?' + parts.query if parts.query else ''}"


def _line(value: str | None, limit: int, errors: Errors, field: str) -> str | None:
    text = clean_line(value)
    if len(text) > limit:
        errors[field] = Text(TOO_LONG, {"length": len(text), "limit": limit})
    return text or None


def _check_name(value: str, limit: int, errors: Errors, field: str) -> str:
    name = _line(value, limit, errors, field) or ""
    if not name:
        errors[field] = Text(N_("Please write the name."))
    elif not any(c.isalpha() for c in name):
        errors[field] = Text(N_("Please write the name with letters."))
    return name


def _check_optional(scheme: str, value: str | None, errors: Errors, field: str) -> str | None:
    if not value:
        return None
    if len(value) > LONGEST_CODE or not is_valid(scheme, value):
        errors[field] = Text(UNKNOWN)
    return value


def _check_codes(scheme: str, codes: Sequence[str], limit: int, errors: Errors, field: str) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(codes))
    if len(unique) > limit:
        errors[field] = Text(TOO_MANY, {"limit": limit})
    elif not all(len(code) <= LONGEST_CODE and is_valid(scheme, code) for code in unique):
        errors[field] = Text(UNKNOWN)
    return unique


def _check_language(language: LanguageFacet, errors: Errors, field: str) -> LanguageFacet:
    tag = clean_language(language.tag)
    if tag is None:
        errors[f"{field}-tag"] = Text(N_("We do not know this language. Please choose one from the list."))
    if language.level is None or not 1 <= language.level <= NATIVE:
        errors[f"{field}-level"] = Text(N_("Please say how well you know it."))
    if not 1 <= language.accepts <= NATIVE:
        errors[f"{field}-accepts"] = Text(UNKNOWN)
    return replace(language, tag=tag or "")


def _check_languages(rows: Sequence[LanguageFacet], errors: Errors) -> tuple[LanguageFacet, ...]:
    if len(rows) > most.MOST_LANGUAGES:
        errors["languages"] = Text(TOO_MANY, {"limit": most.MOST_LANGUAGES})
        return tuple(rows)
    checked = [_check_language(row, errors, f"languages-{at}") for at, row in enumerate(rows)]
    return tuple({row.tag: row for row in checked}.values())


def _check_activities(rows: Sequence[ActivityFacet], errors: Errors, field: str) -> tuple[ActivityFacet, ...]:
    checked = []
    for row in dict.fromkeys(rows):
        language = clean_language(row.language) if row.language else None
        subject_known = not row.subject or is_valid("subject", row.subject)
        if not is_valid("activity", row.code) or not subject_known or (row.language and not language):
            errors[field] = Text(UNKNOWN)
        checked.append(ActivityFacet(row.code, row.subject or None, language))
    if len(checked) > most.MOST_ACTIVITIES:
        errors[field] = Text(TOO_MANY, {"limit": most.MOST_ACTIVITIES})
    return tuple(dict.fromkeys(checked))


def _check_tags(tags: Sequence[str], errors: Errors) -> tuple[str, ...]:
    cleaned = {tag.casefold(): tag for tag in (clean_line(tag).lstrip("#").strip() for tag in tags) if tag}
    if len(cleaned) > most.MOST_TAGS:
        errors["tags"] = Text(TOO_MANY, {"limit": most.MOST_TAGS})
    for tag in cleaned.values():
        _line(tag, most.LONGEST_TAG, errors, "tags")
    return tuple(cleaned.values())


def _check_texts(texts: Mapping[str, str], field: str, errors: Errors) -> dict[str, str]:
    checked: dict[str, str] = {}
    limit = most.LONGEST_TEXT[field]
    for at, (tag, raw) in enumerate(texts.items()):
        lang, text = clean_language(tag), clean_text(raw)
        if lang is None:
            errors[f"texts-{at}-lang"] = Text(N_("We do not know this language. Please choose one from the list."))
        if len(text) > limit:
            errors[f"texts-{at}-{field}"] = Text(TOO_LONG, {"length": len(text), "limit": limit})
        if text and lang:
            checked[lang] = text
    if len(texts) > most.MOST_TEXTS:
        errors["texts"] = Text(TOO_MANY, {"limit": most.MOST_TEXTS})
    return checked


def _check_names(names: Sequence[NameFacet], errors: Errors) -> tuple[NameFacet, ...]:
    if not names:
        errors["names"] = Text(N_("Please write the name."))
    if len(names) > most.MOST_NAMES:
        errors["names"] = Text(TOO_MANY, {"limit": most.MOST_NAMES})
    checked = []
    for at, row in enumerate(names):
        name = _check_name(row.name, most.LONGEST_INSTITUTION_NAME, errors, f"names-{at}-name")
        lang = clean_language(row.lang)
        if (row.lang and lang is None) or row.kind not in ("label", "alias", "acronym"):
            errors[f"names-{at}-lang"] = Text(UNKNOWN)
        checked.append(NameFacet(name, lang, row.kind))
    return tuple(dict.fromkeys(checked))


def _check_audiences(audiences: Mapping[str, str], errors: Errors) -> dict[str, str]:
    for part, audience in audiences.items():
        if part not in PARTS or audience not in AUDIENCES:
            errors[part if part in PARTS else "audiences"] = Text(UNKNOWN)
    return dict(audiences)


def _check_refusals(kinds: Sequence[str], errors: Errors) -> tuple[str, ...]:
    if not {*kinds} <= {one for every in SUGGESTED_AS.values() for one in every}:
        errors["not_suggested_as"] = Text(UNKNOWN)
    return tuple(dict.fromkeys(kinds))


def _check_contacts(number: int | None, errors: Errors) -> int | None:
    if number is not None and not 0 <= number <= most.MOST_CONTACTS:
        errors["monthly_contacts"] = Text(N_("Please give a number from 0 to %(most)s."), {"most": most.MOST_CONTACTS})
    return number


def _check_website(address: str | None, errors: Errors) -> str | None:
    if not clean_line(address):
        return None
    website = clean_website(address)
    if website is None or len(website) > most.LONGEST_ADDRESS:
        errors["website"] = Text(N_("This is not the address of a website. It looks like https://www.example.org"))
        return None
    return website


def _check_timezone(zone: str | None, errors: Errors) -> str | None:
    if zone and zone not in timezones():
        errors["timezone"] = Text(N_("We do not know this time zone. Please choose one from the list."))
    return zone or None


Check = Callable[[Any, Errors], Any]
_CHECKS: dict[str, Check] = {
    "country": lambda v, e: _check_optional("country", v, e, "country"),
    "city": lambda v, e: _line(v, most.LONGEST_CITY, e, "city"),
    "timezone": _check_timezone,
    "subjects": lambda v, e: _check_codes("subject", v, most.MOST_SUBJECTS, e, "subjects"),
    "levels": lambda v, e: _check_codes("level", v, 10, e, "levels"),
    "languages": _check_languages,
    "offers": lambda v, e: _check_activities(v, e, "offers"),
    "needs": lambda v, e: _check_activities(v, e, "needs"),
    "tags": _check_tags,
    "about": lambda v, e: _check_texts(v, "about", e),
    "interests": lambda v, e: _check_texts(v, "interests", e),
    "not_suggested_as": _check_refusals,
    "monthly_contacts": _check_contacts,
    "name": lambda v, e: _check_name(v, most.LONGEST_NAME, e, "name"),
    "name_lang": lambda v, e: _check_optional("language", v, e, "name_lang"),
    "audiences": _check_audiences,
    "hours": check_hours,
    "names": _check_names,
    "type": lambda v, e: _check_optional("institution_type", v, e, "type") or "other",
    "website": _check_website,
}


def said(facets: Facets) -> Iterator[tuple[str, Any]]:
    """What is to be set, by name: everything that is not `KEEP`."""
    for name in Facets.__dataclass_fields__:
        value = getattr(facets, name)
        if not isinstance(value, Keep):
            yield name, value


def check_facets(facets: Facets) -> Facets:
    """The same facets cleaned; raises `Invalid` with a message for each field that cannot be taken."""
    errors: Errors = {}
    cleaned = {name: _CHECKS[name](value, errors) if name in _CHECKS else value for name, value in said(facets)}
    if errors:
        raise Invalid(errors)
    return replace(facets, **cleaned)
