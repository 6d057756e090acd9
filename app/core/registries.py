"""Where higher features contribute to what lower ones show or do, without being imported by them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.messages import Text


@dataclass(frozen=True, slots=True)
class Panel:
    """A piece of a page: ``load`` gives the template its values, or None to leave the panel out."""

    place: str
    name: str
    template: str
    load: Callable[[Session, Actor, Any], dict[str, Any] | None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Reportable:
    """A kind of thing that can be reported; ``describe`` gives what the operator sees of it, or None."""

    kind: str
    describe: Callable[[Session, Actor, int], dict[str, Any] | None]
    hide: Callable[[Session, Actor, int, bool], None] | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of something's pages (``place``: ``community``) that a feature brings, as a link to its own page.

    ``open_to`` names who sees the link: everyone, readers, members, facilitators, coordinators.
    """

    place: str
    name: str
    label: str
    endpoint: str
    order: int = 100
    open_to: str = "everyone"


@dataclass(frozen=True, slots=True)
class Original:
    """Something people wrote in one language, as a translator gets it.

    ``fields`` are the texts to translate by name, ``labels`` what each is called (marked for translation), ``markdown``
    the names of those in Markdown. ``endpoint`` and ``values`` lead to its page. ``version`` is another number after
    each change of the words (see `version_of`): a translation made from another version is marked as stale.
    """

    kind: str
    thing_id: int
    title: str
    lang: str
    version: int
    fields: Mapping[str, str]
    labels: Mapping[str, str]
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    markdown: frozenset[str] = frozenset()
    author_id: int | None = None


def version_of(fields: Mapping[str, str]) -> int:
    """A version for things whose own changes with more than their words: it differs when the words do."""
    return zlib.crc32("\x1f".join(f"{name}\x1e{fields[name]}" for name in sorted(fields)).encode()) & 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Translatable:
    """A kind of thing that members can translate.

    ``load`` gives the original, or None where there is none for this actor. ``load_many`` does so for several in a
    fixed number of queries, for lists. ``readers`` selects the ids of the persons who are asked to translate it (a
    community's members); None: everyone may be asked. ``obstacle`` says why an actor who may read it may not write
    about it, such as somebody who was asked to be quiet there.
    """

    kind: str
    load: Callable[[Session, Actor, int], Original | None]
    load_many: Callable[[Session, Actor, Collection[int]], dict[int, Original]] | None = None
    readers: Callable[[Session, int], Select[Any] | None] | None = None
    obstacle: Callable[[Session, Actor, int], Text | None] | None = None


Exporter = Callable[[Session, int], Any]
# Gives plain data, or an iterator of plain data that is written out piece by piece.
CommunityExporter = Callable[[Session, int], Any]
Eraser = Callable[[Session, int], None]
# Gives person_id, handle, name, languages and timezone of the person behind an account; None: no profile yet.
PersonLoader = Callable[[Session, int], dict[str, Any] | None]
# The same for several accounts, by account, in a fixed number of queries.
PeopleLoader = Callable[[Session, Iterable[int]], dict[int, dict[str, Any]]]

_panels: dict[str, Panel] = {}
_tabs: dict[tuple[str, str], Tab] = {}
_reportable: dict[str, Reportable] = {}
_translatable: dict[str, Translatable] = {}
_exporters: dict[str, Exporter] = {}
_erasers: dict[str, Eraser] = {}
_community_exporters: dict[str, CommunityExporter] = {}
_person_loader: list[PersonLoader] = []
_people_loader: list[PeopleLoader] = []


def add_panel(panel: Panel) -> None:
    """Let a panel stand in ``panel.place`` (``person``, ``institution``, ``home``, ``community``)."""
    _panels[panel.name] = panel


def panels(place: str) -> list[Panel]:
    """The panels of a place, in order."""
    return sorted((p for p in _panels.values() if p.place == place), key=lambda p: (p.order, p.name))


def add_tab(tab: Tab) -> None:
    """Let a part of a place's pages be reached from all the others."""
    _tabs[tab.place, tab.name] = tab


def tabs(place: str) -> list[Tab]:
    """The parts of a place, in order."""
    return sorted((tab for tab in _tabs.values() if tab.place == place), key=lambda tab: (tab.order, tab.name))


def add_reportable(thing: Reportable) -> None:
    """Let a kind of thing be reported."""
    _reportable[thing.kind] = thing


def reportable(kind: str) -> Reportable | None:
    """The reportable kind of that name."""
    return _reportable.get(kind)


def add_translatable(thing: Translatable) -> None:
    """Let a kind of thing be translated by members."""
    _translatable[thing.kind] = thing


def translatable(kind: str) -> Translatable | None:
    """The translatable kind of that name."""
    return _translatable.get(kind)


def add_exporter(name: str, exporter: Exporter) -> None:
    """Let ``exporter(session, account_id)`` contribute plain data to a person's download."""
    _exporters[name] = exporter


def exporters() -> Iterable[tuple[str, Exporter]]:
    """Every contribution to a person's download, by name."""
    return sorted(_exporters.items())


def add_community_exporter(name: str, exporter: CommunityExporter) -> None:
    """Let ``exporter(session, community_id)`` contribute what members may read to a community's download."""
    _community_exporters[name] = exporter


def community_exporters() -> Iterable[tuple[str, CommunityExporter]]:
    """Every contribution to a community's download, by name."""
    return sorted(_community_exporters.items())


def add_eraser(name: str, eraser: Eraser) -> None:
    """Let ``eraser(session, account_id)`` remove what a feature holds of a closed account."""
    _erasers[name] = eraser


def erasers() -> Iterable[tuple[str, Eraser]]:
    """Every eraser, highest feature first, so that what refers to a row goes before the row."""
    return reversed(list(_erasers.items()))


def set_person_loader(loader: PersonLoader, many: PeopleLoader | None = None) -> None:
    """Tell how the person behind an account is found, and those behind many; accounts know nothing of profiles."""
    _person_loader[:] = [loader]
    _people_loader[:] = [many] if many else []


def load_person(session: Session, account_id: int) -> dict[str, Any] | None:
    """The person behind an account: person_id, handle, name, languages, timezone; None without a profile."""
    return _person_loader[0](session, account_id) if _person_loader else None


def load_people(session: Session, account_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The people behind several accounts, by account; those without a profile are left out."""
    return _people_loader[0](session, account_ids) if _people_loader else {}
