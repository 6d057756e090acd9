"""What a sample world is made of: frozen records without any tie to the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.features.samples.world.community_shapes import SampleCommunity

NATIVE = 7
"""A first language; 1 to 6 are the CEFR levels A1 to C2."""

CEFR_NAMES: tuple[str, ...] = ("", "A1", "A2", "B1", "B2", "C1", "C2", "native")


@dataclass(frozen=True, slots=True)
class SampleLanguage:
    """A language someone works in; `accepts` is the lowest level they accept in others."""

    tag: str
    cefr: int
    teaches: bool = False
    accepts: int = 3


@dataclass(frozen=True, slots=True)
class SampleActivity:
    """Something offered or needed; no subject means any of theirs, no language means any they share."""

    code: str
    subject: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """A made-up person, always marked as a sample."""

    handle: str
    name: str
    name_lang: str
    latin_name: str
    country: str
    city: str | None
    timezone: str | None
    languages: tuple[SampleLanguage, ...]
    subjects: tuple[str, ...]
    levels: tuple[str, ...]
    offers: tuple[SampleActivity, ...]
    needs: tuple[SampleActivity, ...]
    interests: Mapping[str, str]
    """Language tag to one text."""
    tags: tuple[str, ...]
    bios: Mapping[str, str]
    """Language tag to one text."""
    visibility: Mapping[str, str]
    """Part of the profile (`profile`, and where it differs `place` or `texts`) to
    `everyone`, `members`, `connections` or `me`."""
    suggested: bool
    availability: int | None
    """New contacts welcome a month; None where not said."""
    confirmed_days_ago: int
    email: str
    sample: bool = True


@dataclass(frozen=True, slots=True)
class SampleDelegate:
    """A person who acts for an institution as `owner`, `editor` or `representative`."""

    handle: str
    role: str


@dataclass(frozen=True, slots=True)
class SampleInstitution:
    """A real institution by its public facts, or a made-up one, which alone is claimed and offers anything."""

    slug: str
    names: Mapping[str, str]
    """Language tag to name; English is always there."""
    descriptions: Mapping[str, str]
    type_code: str
    country: str
    city: str | None
    timezone: str | None
    website: str | None
    """A host name, without scheme."""
    languages: tuple[str, ...]
    subjects: tuple[str, ...]
    levels: tuple[str, ...]
    made_up: bool
    offers: tuple[SampleActivity, ...] = ()
    needs: tuple[SampleActivity, ...] = ()
    tags: tuple[str, ...] = ()
    delegates: tuple[SampleDelegate, ...] = ()
    verification: str = "none"
    """`none`, `domain` (mail to its own domain), `vouched`, or `pending` (one vouch of the two it needs)."""
    vouched_by: tuple[str, ...] = ()
    """Slugs of the institutions that vouch; each of them is verified by its domain."""
    availability: int | None = None
    confirmed_days_ago: int = 0

    @property
    def claimed(self) -> bool:
        """Only what somebody acts for is ever suggested."""
        return bool(self.delegates)

    @property
    def sample(self) -> bool:
        """Invented, as against known from public facts."""
        return self.made_up


@dataclass(frozen=True, slots=True)
class SampleConnection:
    """Two people who both agreed to be in touch."""

    first: str
    second: str
    days_ago: int


@dataclass(frozen=True, slots=True)
class SampleIntroduction:
    """A request for contact; `state` is `pending`, `accepted`, `declined` or `expired`."""

    sender: str
    receiver: str
    note: str
    note_lang: str
    state: str
    reason: str | None
    """Why it was declined: `no_time`, `other_subject`, `other_language` or `already_in_touch`."""
    days_ago: int


@dataclass(frozen=True, slots=True)
class SampleProject:
    """A project in which institutions worked together, elsewhere; its programme says that it is made up."""

    name: str
    programme: str
    days_ago: int
    members: tuple[str, ...]
    """Slugs; the first one coordinates."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is loaded at once; the same numbers give the same world."""

    people: tuple[SamplePerson, ...]
    institutions: tuple[SampleInstitution, ...]
    connections: tuple[SampleConnection, ...]
    introductions: tuple[SampleIntroduction, ...]
    communities: tuple[SampleCommunity, ...] = ()
    projects: tuple[SampleProject, ...] = ()
