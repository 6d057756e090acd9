"""What is said of a meeting before it is planned or changed, and the check of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.core.cleaning import clean_line, clean_text
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.events.models import (
    LONGEST_ADDRESS,
    LONGEST_PLACE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_MEETINGS,
    Event,
)
from app.features.profiles.services.checking import clean_website, timezones
from app.features.vocabularies.queries import normalise_language

Errors = dict[str, Text]
TOO_LONG = N_("This has %(length)s characters; please keep it to %(limit)s.")
MOST_LANGUAGES, MOST_SEATS = 10, 100_000
SHORTEST, LONGEST = 15, 8 * 60
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A meeting, or several with the same texts, as they are to be."""

    title: str
    lang: str
    starts: Sequence[datetime]
    minutes: int
    zone: str
    description: str = ""
    agenda: str = ""
    languages: Sequence[str] = ()
    interpretation: Sequence[tuple[str, str]] = ()
    link: str = ""
    place: str = ""
    capacity: int | None = None


def clean_address(address: str, field: str, errors: Errors) -> str:
    """An address as it is kept; empty for none."""
    typed = clean_line(address)
    if not typed:
        return ""
    found = clean_website(typed)
    if found is None or len(found) > LONGEST_ADDRESS:
        errors[field] = Text(
            N_("This is not an address that can be opened. It looks like https://www.example.org/room")
        )
        return ""
    return found


def clean_long(text: str, field: str, errors: Errors) -> str:
    """A text of several lines as it is kept."""
    cleaned = clean_text(text)
    if len(cleaned) > LONGEST_TEXT:
        errors[field] = Text(TOO_LONG, {"length": len(cleaned), "limit": LONGEST_TEXT})
    return cleaned


def clean_tag(tag: str | None, field: str, errors: Errors) -> str:
    """A language tag as it is kept."""
    found = normalise_language(tag) if tag and len(tag) <= 35 else None
    if found is None:
        errors[field] = Text(N_("Please choose a language from the list."))
    return found or ""


def _line(text: str, limit: int, field: str, errors: Errors) -> str:
    cleaned = clean_line(text)
    if len(cleaned) > limit:
        errors[field] = Text(TOO_LONG, {"length": len(cleaned), "limit": limit})
    return cleaned


def _check_title(title: str, errors: Errors) -> str:
    cleaned = _line(title, LONGEST_TITLE, "title", errors)
    if not any(character.isalnum() for character in cleaned):
        errors["title"] = Text(N_("Please give it a title."))
    return cleaned


def _check_starts(starts: Sequence[datetime], moment: datetime, kept: Event | None, errors: Errors) -> list[datetime]:
    found = sorted(set(starts))
    if not found:
        errors["day"] = Text(N_("Please say when it is."))
    elif len(found) > MOST_MEETINGS:
        errors["times"] = Text(N_("A series has at most %(limit)s events."), {"limit": MOST_MEETINGS})
    elif found[0] <= moment and (kept is None or found[0] != kept.starts_at):
        errors["day"] = Text(N_("This lies in the past. Please choose a time to come."))
    elif found[-1] > moment + FARTHEST:
        errors["day"] = Text(N_("This is more than three years away. Please choose a time that is nearer."))
    return found


def _check_interpretation(pairs: Sequence[tuple[str, str]], errors: Errors) -> list[tuple[str, str]]:
    found = []
    for begin, end in pairs:
        pair = (clean_tag(begin, "interpretation", errors), clean_tag(end, "interpretation", errors))
        if pair[0] == pair[1]:
            errors["interpretation"] = Text(N_("Please choose two different languages for interpretation."))
        found.append(pair)
    return list(dict.fromkeys(found))


def check_draft(draft: Draft, moment: datetime, kept: Event | None = None) -> Draft:
    """The same draft cleaned; raises `Invalid`. ``kept``: the meeting that is changed; its own time may have passed."""
    errors: Errors = {}
    languages = list(dict.fromkeys(clean_tag(tag, "languages", errors) for tag in draft.languages))
    if len(languages) > MOST_LANGUAGES or len(draft.interpretation) > MOST_LANGUAGES:
        errors["languages"] = Text(N_("Please keep it to %(limit)s."), {"limit": MOST_LANGUAGES})
    if draft.zone not in timezones():
        errors["zone"] = Text(N_("We do not know this time zone. Please choose one from the list."))
    if not SHORTEST <= draft.minutes <= LONGEST:
        errors["minutes"] = Text(N_("Please choose how long it takes."))
    if draft.capacity is not None and not 1 <= draft.capacity <= MOST_SEATS:
        errors["capacity"] = Text(N_("Please give a whole number, such as 20, or leave it empty."))
    checked = replace(
        draft,
        title=_check_title(draft.title, errors),
        lang=clean_tag(draft.lang, "lang", errors),
        starts=_check_starts(draft.starts, moment, kept, errors),
        description=clean_long(draft.description, "description", errors),
        agenda=clean_long(draft.agenda, "agenda", errors),
        languages=languages,
        interpretation=_check_interpretation(draft.interpretation, errors),
        link=clean_address(draft.link, "link", errors),
        place=_line(draft.place, LONGEST_PLACE, "place", errors),
    )
    if errors:
        raise Invalid(errors)
    return checked
