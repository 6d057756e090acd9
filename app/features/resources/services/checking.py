"""Checking what is said of a resource: the same for forms, imports and samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.core.cleaning import clean_line, clean_text
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.resources import formats
from app.features.resources.addresses import BadAddress, clean_address
from app.features.resources.licences import LICENCES
from app.features.resources.models import AUDIENCES, LONGEST_DESCRIPTION, LONGEST_TITLE, RELATIONS, TYPES
from app.features.resources.values import OriginValues, ResourceValues
from app.features.vocabularies.queries import is_valid, normalise_language

MOST_SUBJECTS, MOST_LANGUAGES, MOST_AUTHORS, MOST_ORIGINS = 8, 12, 20, 5
LONGEST_NAME = 200

TOO_MANY = N_("Please choose at most %(limit)s.")
TOO_LONG = N_("This has %(length)s characters; please keep it to %(limit)s.")
UNKNOWN = N_("“%(value)s” is not known here.")

Wrong = dict[str, Text]


def check_length(wrong: Wrong, field: str, text: str, limit: int) -> None:
    """Note a text that is too long."""
    if len(text) > limit:
        wrong[field] = Text(TOO_LONG, {"length": len(text), "limit": limit})


def _known(
    wrong: Wrong, field: str, codes: Iterable[str], most: int, look: Callable[[str], str | None]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in codes:
        known = look(code)
        if known is None:
            wrong[field] = Text(UNKNOWN, {"value": code[:40]})
        else:
            found[known] = None
    if len(found) > most:
        wrong[field] = Text(TOO_MANY, {"limit": most})
    return tuple(found)


def _address(wrong: Wrong, field: str, text: str) -> str:
    if not text.strip():
        wrong[field] = Text(N_("Please give the address of the resource."))
        return ""
    try:
        return clean_address(text)
    except BadAddress as problem:
        wrong[field] = problem.text
        return ""


def _origins(wrong: Wrong, values: ResourceValues) -> tuple[OriginValues, ...]:
    found = []
    given = [origin for origin in values.origins if origin.url.strip()]
    if len(given) > MOST_ORIGINS:
        wrong["origins"] = Text(TOO_MANY, {"limit": MOST_ORIGINS})
    for number, origin in enumerate(values.origins):
        if not origin.url.strip():
            continue
        field = f"origins-{number}-url"
        try:
            url = clean_address(origin.url)
        except BadAddress as problem:
            wrong[field] = problem.text
            continue
        relation = origin.relation if origin.relation in RELATIONS else RELATIONS[0]
        found.append(OriginValues(url, relation, origin.licence if origin.licence in LICENCES else None))
    return tuple(found)


def check_values(values: ResourceValues) -> ResourceValues:
    """What is said of a resource, cleaned; raises `Invalid` beside the fields."""
    wrong: Wrong = {}
    url = _address(wrong, "url", values.url)
    title, description = clean_line(values.title), clean_text(values.description)
    if not title:
        wrong["title"] = Text(N_("Please give it a title."))
    check_length(wrong, "title", title, LONGEST_TITLE)
    check_length(wrong, "description", description, LONGEST_DESCRIPTION)
    lang = normalise_language(values.lang) if values.lang else None
    if lang is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    if values.licence not in LICENCES:
        wrong["licence"] = Text(N_("Please say under which licence it stands, or that it is not known."))
    if values.type not in TYPES:
        wrong["type"] = Text(N_("Please choose what it is."))
    authors = tuple(dict.fromkeys(name for line in values.authors if (name := clean_line(line))))
    if len(authors) > MOST_AUTHORS:
        wrong["authors"] = Text(N_("Please name at most %(limit)s."), {"limit": MOST_AUTHORS})
    for name in authors:
        check_length(wrong, "authors", name, LONGEST_NAME)
    checked = replace(
        values,
        url=url,
        title=title,
        description=description,
        lang=lang or "",
        authors=authors,
        formats=_known(wrong, "formats", values.formats, 20, formats.recognise),
        audiences=tuple(code for code in AUDIENCES if code in values.audiences),
        subjects=_codes(wrong, "subjects", "subject", values.subjects, MOST_SUBJECTS),
        levels=_codes(wrong, "levels", "level", values.levels, 20),
        languages=_known(wrong, "languages", values.languages, MOST_LANGUAGES, normalise_language),
        origins=_origins(wrong, values),
    )
    if not checked.languages and "languages" not in wrong:
        wrong["languages"] = Text(N_("Please say in which language it is."))
    if wrong:
        raise Invalid(wrong)
    return checked


def _codes(wrong: Wrong, field: str, scheme: str, codes: Iterable[str], most: int) -> tuple[str, ...]:
    return _known(wrong, field, codes, most, lambda code: code if is_valid(scheme, code) else None)
