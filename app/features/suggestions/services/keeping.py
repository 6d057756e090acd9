"""Keeping the match index: built from the rows, shared by the processes through the memory map, never behind them.

Each process holds the index open. Before a question it takes in the rows of ``profile_changes`` that it has not seen
yet. Numbers are not committed in their order, so it also watches the gaps between those it has seen, for as long as a
transaction may last. A job makes a new generation from time to time.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from weakref import WeakValueDictionary

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.core.errors import Problem
from app.core.messages import N_
from app.features.profiles.models import Profile, ProfileChange
from app.features.suggestions.models import MatchIdentity
from app.features.suggestions.queries.rows import load_matchable, stream_matchable
from app.features.suggestions.services.generations import Generations, Snapshot, gaps_between
from app.matching import facets
from app.matching.query import Answer, Query, Suggestion

log = logging.getLogger(__name__)

# The change of a transaction that lasts longer than this may be missed until the next generation.
LOOK_BACK = timedelta(minutes=10)
# Nobody waits for more than this to be built while a page is open; the job does it.
BUILT_ON_DEMAND = 50_000
# So many changed profiles beside the base take each process memory of its own: time for a new generation.
OVERLAY_LARGE = 20_000
_TAKE = 500


class BeingPrepared(Problem):
    """There is no index yet, and making one takes too long to wait for."""

    status = 503
    message = N_("Suggestions are being prepared. Please come back in a few minutes.")


class MatchIndex(Protocol):
    """An index, wherever it stands: :class:`app.matching.index.Index` says what each is."""

    note: str

    def suggest(self, query: Query) -> Answer:
        """Answer a question."""

    def count(self, query: Query) -> int:
        """How many there would be."""

    def explain(self, query: Query, key: int) -> Suggestion | None:
        """Why one profile suits."""

    def explain_each(self, query: Query, keys: Sequence[int], most: int) -> Sequence[Suggestion]:
        """The same of several."""

    def apply(self, changed: Iterable[facets.Profile], removed: Iterable[int] = ()) -> None:
        """Take in changes."""


class MatchGenerations(Protocol):
    """Where the generations of an index are."""

    def current(self) -> str | None:
        """The one in use; None if there is none yet."""

    def building(self) -> AbstractContextManager[None]:
        """Hold the right to build; waits until it is free."""


class IndexKeeper(ABC):
    """The index of one instance, as this process sees it; all its threads use the same."""

    def __init__(self, database: Database, generations: MatchGenerations) -> None:
        self._database = database
        self._generations = generations
        self._turn = threading.RLock()
        self._index: MatchIndex | None = None
        self._name: str | None = None
        self._snapshot: Snapshot | None = None
        self._newest = 0
        # Numbers below the newest that were not there when last looked, and since when they are missed.
        self._gaps: dict[int, datetime] = {}

    def suggest(self, query: Query) -> Answer:
        """Answer a question from the profiles as they are now."""
        return self.current().suggest(query)

    def count(self, query: Query) -> int:
        """How many there would be for a question."""
        return self.current().count(query)

    def explain(self, query: Query, key: int) -> Suggestion | None:
        """Why one profile suits the one who asks; None if it does not pass."""
        return self.current().explain(query, key)

    def identity(self) -> str:
        """The name of this content of the database; it is given one now if it has none."""
        return self._identify()

    def rebuild(self) -> int:
        """Make a new generation from the rows and use it; returns how many profiles are in it.

        What makes questions faster is compiled here, too, if it isn't yet: never while somebody waits for a page.
        """
        from app.matching import compiled

        compiled.prepare()
        with self._generations.building():
            return self._build()

    def is_overgrown(self) -> bool:
        """Whether so much changed since the last generation that a new one is due, or there is none that fits."""
        with self._turn, self._database.reading() as session:
            if self._open(session) is None or self._snapshot is None:
                return self._count_profiles(session) > 0
            since = select(func.count()).where(ProfileChange.id > self._snapshot.newest)
            return (session.scalar(since) or 0) > OVERLAY_LARGE

    def current(self) -> MatchIndex:
        """The index, up with the rows; a question sees one state of it throughout, so only this takes turns."""
        with self._turn, self._database.reading() as session:
            index = self._open(session)
            if index is None:
                index = self._build_on_demand(session)
            self._take_in(session, index)
            return index

    def _open(self, session: Session) -> MatchIndex | None:
        """Hold the generation in use; None if there is none that was made from this database."""
        name = self._generations.current()
        if name is not None and name != self._name:
            self._load(name)
        return self._index if name is not None and name == self._name and self._belongs(session) else None

    @abstractmethod
    def _read(self, generation: str) -> MatchIndex:
        """Open a generation; raises `OSError`, `ValueError` or `KeyError` where that cannot be used."""

    @abstractmethod
    def _build(self) -> int:
        """Make a generation from the rows and use it; returns how many profiles are in it."""

    def _load(self, name: str) -> None:
        try:
            index = self._read(name)
            snapshot = Snapshot.of_note(index.note)
        except (OSError, ValueError, KeyError) as error:
            log.warning("the match index %s cannot be used: %s", name, error)
            return
        self._index, self._name, self._snapshot = index, name, snapshot
        self._newest, self._gaps = snapshot.newest, dict.fromkeys(snapshot.gaps, now())

    def _belongs(self, session: Session) -> bool:
        newest, identity = session.execute(
            select(select(func.max(ProfileChange.id)).scalar_subquery(), select(MatchIdentity.name).scalar_subquery())
        ).one()
        snapshot = self._snapshot
        return snapshot is not None and identity == snapshot.identity and (newest or 0) >= snapshot.newest

    def _build_on_demand(self, session: Session) -> MatchIndex:
        if self._count_profiles(session) > BUILT_ON_DEMAND:
            raise BeingPrepared
        session.rollback()
        with self._generations.building():
            # Another process may have built it while this one waited.
            if self._open(session) is None:
                self._build()
        index = self._open(session)
        if index is None:
            raise BeingPrepared
        return index

    def _count_profiles(self, session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Profile)) or 0

    def _identify(self) -> str:
        with self._database.transaction() as session:
            row = session.scalar(select(MatchIdentity).limit(1))
            if row is None:
                row = MatchIdentity(id=1)
                session.add(row)
                session.flush()
            return row.name

    def _take_snapshot(self, session: Session, identity: str) -> Snapshot:
        moment, number = now(), ProfileChange.id
        settled = session.scalar(select(func.max(number)).where(ProfileChange.at < moment - LOOK_BACK)) or 0
        recent = session.scalars(select(number).where(number > settled)).all()
        newest = max(recent, default=settled)
        return Snapshot(identity, newest, tuple(gaps_between(settled, newest, recent)), moment)

    def _take_in(self, session: Session, index: MatchIndex) -> None:
        number = ProfileChange.id
        unseen = or_(number > self._newest, number.in_(self._gaps)) if self._gaps else number > self._newest
        rows = session.execute(select(number, ProfileChange.profile_id).where(unseen)).all()
        if rows:
            changed = sorted({row.profile_id for row in rows})
            for start in range(0, len(changed), _TAKE):
                ids = changed[start : start + _TAKE]
                profiles = load_matchable(session, ids)
                index.apply(profiles, set(ids) - {profile.key for profile in profiles})
        self._remember({row.id for row in rows})

    def _remember(self, seen: set[int]) -> None:
        """Note which changes are in: the newest, and the gaps that may still be filled."""
        moment, newest = now(), max(seen, default=self._newest)
        missed = {gap: since for gap, since in self._gaps.items() if gap not in seen and since > moment - LOOK_BACK}
        if newest > self._newest:
            missed.update(dict.fromkeys(gaps_between(self._newest, newest, seen), moment))
            self._newest = newest
        self._gaps = missed


class FileKeeper(IndexKeeper):
    """Keeps an index in a file, which the processes of a machine share."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._files = Generations(folder)
        super().__init__(database, self._files)

    def _read(self, generation: str) -> MatchIndex:
        from app.matching.index import Index

        return Index.open(self._files.file_of(generation))

    def _build(self) -> int:
        from app.matching.index import Index

        identity = self._identify()
        name = self._files.new(now())
        try:
            with self._database.reading() as session:
                # First what is seen, then the rows: they are at least as new as the changes that count as seen.
                snapshot = self._take_snapshot(session, identity)
                path, note = self._files.file_of(name), snapshot.to_note()
                built = Index.build(stream_matchable(session), path, note)
        except BaseException:
            self._files.drop(name)
            raise
        self._files.use(name)
        self._files.drop_old(now())
        return len(built)


# By the identity of the database, which lives as long as its keeper does; the application holds the keeper.
_keepers: WeakValueDictionary[int, IndexKeeper] = WeakValueDictionary()


def keep(database: Database, folder: Path) -> IndexKeeper:
    """Start keeping the index of a database in a folder; nothing is opened before the first question."""
    return register(database, FileKeeper(database, folder))


def register(database: Database, keeper: IndexKeeper) -> IndexKeeper:
    """Let a keeper answer for a database; whoever registers holds it."""
    _keepers[id(database)] = keeper
    return keeper


def keeper_of(where: Session | Database) -> IndexKeeper:
    """The keeper of the index of a session's database."""
    return _keepers[id(Database.of(where) if isinstance(where, Session) else where)]
