"""What a profile is described by, as it comes in: from a form, the API, a command or the sample world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from app.features.profiles.models import DEFAULT_ACCEPTS, NEED, OFFER, Institution, Person, Profile


class Keep(Enum):
    """The mark of what is left as it is."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP

MOST_SUBJECTS, MOST_LANGUAGES, MOST_ACTIVITIES, MOST_TAGS, MOST_TEXTS, MOST_NAMES = 15, 15, 20, 20, 12, 30
LONGEST_NAME, LONGEST_INSTITUTION_NAME, LONGEST_CITY, LONGEST_TAG, LONGEST_ADDRESS = 120, 400, 120, 60, 500
LONGEST_TEXT = {"about": 5000, "interests": 2000}
MOST_CONTACTS = 100


@dataclass(frozen=True, slots=True)
class LanguageFacet:
    """A language: its level (1..6 for A1..C2, 7 native; None: not said, which is refused), used for teaching or not,
    and the lowest level accepted in others."""

    tag: str
    level: int | None
    teaches: bool = False
    accepts: int = DEFAULT_ACCEPTS


@dataclass(frozen=True, slots=True)
class ActivityFacet:
    """An activity offered or needed, with its subject and its language if it has one."""

    code: str
    subject: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NameFacet:
    """A name of an institution; ``kind``: label, alias or acronym."""

    name: str
    lang: str | None = None
    kind: str = "label"


@dataclass(frozen=True, slots=True)
class HoursFacet:
    """A span of working hours on a weekday (Monday is 0), in minutes of the local day."""

    weekday: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What is to be set of a profile; whatever is `KEEP` stays as it is. ``about`` and ``interests``: language to text.

    ``name``, ``name_lang``, ``audiences`` and ``hours`` are a person's; ``names`` (the first is the main one), ``type``
    and ``website`` an institution's. They are passed over for the other kind, as is what only the other kind can be
    suggested as (``not_suggested_as``, of `SUGGESTED_AS`).
    """

    country: str | Keep | None = KEEP
    city: str | Keep | None = KEEP
    timezone: str | Keep | None = KEEP
    subjects: Sequence[str] | Keep = KEEP
    levels: Sequence[str] | Keep = KEEP
    languages: Sequence[LanguageFacet] | Keep = KEEP
    offers: Sequence[ActivityFacet] | Keep = KEEP
    needs: Sequence[ActivityFacet] | Keep = KEEP
    tags: Sequence[str] | Keep = KEEP
    about: Mapping[str, str] | Keep = KEEP
    interests: Mapping[str, str] | Keep = KEEP
    suggestible: bool | Keep = KEEP
    not_suggested_as: Sequence[str] | Keep = KEEP
    monthly_contacts: int | Keep | None = KEEP
    name: str | Keep = KEEP
    name_lang: str | Keep | None = KEEP
    audiences: Mapping[str, str] | Keep = KEEP
    hours: Sequence[HoursFacet] | Keep = KEEP
    names: Sequence[NameFacet] | Keep = KEEP
    type: str | Keep = KEEP
    website: str | Keep | None = KEEP


def _activities(profile: Profile, direction: str) -> tuple[ActivityFacet, ...]:
    return tuple(ActivityFacet(a.code, a.subject, a.language) for a in profile.activities if a.direction == direction)


def _texts(profile: Profile, field: str) -> dict[str, str]:
    return {text.lang: text.text for text in profile.texts if text.field == field}


def facets_of(profile: Profile) -> Facets:
    """A profile as it is stored, in the form in which it can be set again."""
    own: dict[str, object] = {}
    if isinstance(profile, Person):
        own = {"name": profile.name, "name_lang": profile.name_lang, "audiences": dict(profile.audiences)}
        own["hours"] = tuple(HoursFacet(h.weekday, h.begin, h.end) for h in profile.hours)
    if isinstance(profile, Institution):
        names = sorted(profile.names, key=lambda n: (not n.main, n.id))
        own = {"type": profile.type, "website": profile.website}
        own["names"] = tuple(NameFacet(n.name, n.lang, n.kind) for n in names)
    return Facets(
        country=profile.country,
        city=profile.city,
        timezone=profile.timezone,
        subjects=tuple(s.code for s in profile.subjects),
        levels=tuple(level.code for level in profile.levels),
        languages=tuple(LanguageFacet(x.tag, x.level, x.teaches, x.accepts) for x in profile.languages),
        offers=_activities(profile, OFFER),
        needs=_activities(profile, NEED),
        tags=tuple(t.tag for t in profile.tags),
        about=_texts(profile, "about"),
        interests=_texts(profile, "interests"),
        suggestible=profile.suggestible,
        not_suggested_as=tuple(refusal.kind for refusal in profile.refusals),
        monthly_contacts=profile.monthly_contacts,
        **own,  # type: ignore[arg-type]
    )
