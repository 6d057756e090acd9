"""A resource as it is typed, imported and exported: plain values, before and after the tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OriginValues:
    """What a resource was made from: an address, how, and the licence there if it is known."""

    url: str
    relation: str = "adaptation"
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class ResourceValues:
    """Everything that is said of a resource. ``lang`` is the language of title and description."""

    url: str = ""
    title: str = ""
    description: str = ""
    lang: str = ""
    licence: str = ""
    type: str = ""
    authors: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    origins: tuple[OriginValues, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteValues:
    """Everything that is said in a practice note."""

    title: str = ""
    lang: str = ""
    tried: str = ""
    adapted: str = ""
    happened: str = ""
    again: str = ""
    country: str = ""
    subject: str = ""
    level: str = ""
    language: str = ""
    class_size: str = ""
    connectivity: str = ""
    resource: str = ""
