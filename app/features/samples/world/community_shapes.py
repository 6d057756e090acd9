"""What the communities of a sample world are made of: frozen records with handles, and days before the loading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SampleRendition:
    """What a member made of a text in another language; ``stale``: the text changed since."""

    lang: str
    fields: Mapping[str, str]
    by: str
    days_ago: float
    reviewed_by: str | None = None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class SampleWish:
    """A translation that somebody wishes for."""

    lang: str
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SamplePost:
    """A post; mentions stand in its text as ``@{handle}``."""

    author: str
    lang: str
    text: str
    days_ago: float
    answers: int | None = None
    """The place of the post it answers, in its thread."""
    former: str | None = None
    """What it said before it was edited."""
    withdrawn: bool = False
    hidden: tuple[str, str, str] | None = None
    """Who hid it, for what cause, and the reason in words."""
    report: tuple[str, str, str] | None = None
    """Who told the coordinators of it, for what reason, and in which words."""
    mentions: tuple[str, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    renditions: tuple[SampleRendition, ...] = ()
    wish: SampleWish | None = None


@dataclass(frozen=True, slots=True)
class SampleThread:
    """A thread with its posts, the oldest first."""

    title: str
    lang: str
    posts: tuple[SamplePost, ...]
    pinned: bool = False
    locked: str | None = None
    """Why nothing more is written in it."""
    renditions: tuple[SampleRendition, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleMember:
    """A person in a community; ``asked``: waits to be let in, with answers to its questions."""

    handle: str
    role: str
    days_ago: float
    """Since when they belong to it, or wait."""
    active_days_ago: float | None = None
    willing: bool = False
    """Welcomes newcomers."""
    buddy: str | None = None
    task_done: bool = False
    asked: bool = False
    answers: tuple[str, ...] = ()
    answers_lang: str | None = None
    accepted: int | None = None
    """The version of the charter they accepted, None: the newest."""


@dataclass(frozen=True, slots=True)
class SampleCharter:
    """One version of a charter."""

    parts: Mapping[str, str]
    days_ago: float
    by: str
    note: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class SampleOffer:
    """A part of a chapter's charter, offered to the community it belongs to."""

    part: str
    note: str
    by: str
    days_ago: float


@dataclass(frozen=True, slots=True)
class SampleEvent:
    """A meeting, or a series, by the clocks of ``zone``; days before the loading are negative."""

    title: str
    lang: str
    by: str
    zone: str
    times: tuple[tuple[int, int], ...]
    """For each meeting the day and the minute of the day."""
    minutes: int
    languages: tuple[str, ...]
    texts: Mapping[str, Any]
    """``description``, ``agenda``, ``link``, ``place``, ``capacity``, ``interpretation``, ``notes``, ``notes_lang``,
    ``recording``, ``cancelled`` as far as they are said."""
    answers: tuple[tuple[str, str], ...] = ()
    found_for: tuple[str, ...] = ()
    """Those for whom the times were found, so that the burden goes round."""
    renditions: tuple[SampleRendition, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleReview:
    """What a peer says of a resource: quality, inclusion, suitability, each from 1 to 4."""

    by: str
    points: tuple[int, int, int]
    text: str
    lang: str
    days_ago: float


@dataclass(frozen=True, slots=True)
class SampleResource:
    """A made-up open resource; ``origins``: the address and the relation of what it was made from."""

    url: str
    title: str
    description: str
    lang: str
    by: str
    days_ago: float
    facts: Mapping[str, Any]
    """``licence``, ``type``, ``formats``, ``authors``, ``audiences``, ``subjects``, ``levels``, ``languages``."""
    origins: tuple[tuple[str, str], ...] = ()
    reviews: tuple[SampleReview, ...] = ()
    dead: bool = False
    renditions: tuple[SampleRendition, ...] = ()


@dataclass(frozen=True, slots=True)
class SamplePractice:
    """What a member tried in class; ``facts`` are the columns of the note."""

    by: str
    lang: str
    days_ago: float
    country: str | None
    facts: Mapping[str, Any]
    resource: str | None = None


@dataclass(frozen=True, slots=True)
class SampleGuidance:
    """What the coordinators decided about a piece of guidance; no words: it is switched off."""

    piece: str
    text: str
    lang: str | None
    by: str


@dataclass(frozen=True, slots=True)
class SampleCommunity:
    """A community with everything in it; ``facts`` are columns that need no other row."""

    slug: str
    facts: Mapping[str, Any]
    facets: tuple[tuple[str, str], ...]
    days_ago: float
    founder: str
    members: tuple[SampleMember, ...]
    charters: tuple[SampleCharter, ...]
    licence: str
    threads: tuple[SampleThread, ...] = ()
    events: tuple[SampleEvent, ...] = ()
    resources: tuple[SampleResource, ...] = ()
    practice: tuple[SamplePractice, ...] = ()
    guidance: tuple[SampleGuidance, ...] = ()
    parent: str | None = None
    base: int | None = None
    """Of a chapter: the version of the parent's charter that its first one put into its language."""
    offer: SampleOffer | None = None
    host: str | None = None
    orphaned_days_ago: float | None = None
    invited: tuple[str, ...] = ()
    renditions: tuple[SampleRendition, ...] = ()
    charter_renditions: tuple[SampleRendition, ...] = ()
