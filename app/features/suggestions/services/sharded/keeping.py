"""Keeping the index over shards: the same life as the one in a file, but that its generations are in PostgreSQL."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg

from app.core.clock import now
from app.core.database import Database
from app.core.messages import N_
from app.features.suggestions.queries.rows import stream_matchable
from app.features.suggestions.services.generations import Generations
from app.features.suggestions.services.keeping import BeingPrepared, IndexKeeper, MatchIndex, register
from app.features.suggestions.services.sharded import building, tables
from app.features.suggestions.services.sharded.index import ShardedIndex
from app.features.suggestions.services.sharded.shards import ShardLost, Shards
from app.matching.facets import Profile
from app.matching.index import UnreadableIndex

log = logging.getLogger(__name__)

LOOKED = 2.0
"""Seconds for which the generation in use is known without asking: an old one stays long enough for that."""


class ShardMissing(BeingPrepared):
    """A generation needs all shards, and one doesn't answer; the one in use stays."""

    message = N_("A database of the match index does not answer, so the index was left as it is.")


class ShardGenerations:
    """The generations that the shards have."""

    def __init__(self, shards: Shards, folder: Path) -> None:
        self._shards = shards
        # The right to build on this machine; the shards hold it for all machines.
        self.building = Generations(folder).building
        self._known: tuple[float, str | None] = (-LOOKED, None)

    def current(self) -> str | None:
        """The newest generation that most shards have; None if none has any."""
        at, name = self._known
        if name is None or time.monotonic() - at > LOOKED:
            # Where no shard answers, the one known is kept: the next question finds that out by itself.
            self._known = time.monotonic(), self._look() or name
        return self._known[1]

    def forget(self) -> None:
        """Look again at the next question."""
        self._known = (-LOOKED, None)

    def _look(self) -> str | None:
        having: Counter[str] = Counter()
        for number in self._shards.awake():
            try:
                having.update(self._shards.all[number].read(tables.list_generations, newest=True))
            except ShardLost:
                continue
        return max(having, key=lambda name: (having[name], name), default=None)


class ShardedKeeper(IndexKeeper):
    """The index of one instance over several databases, as this process sees it."""

    def __init__(self, database: Database, folder: Path, shards: Shards) -> None:
        self._shards, self._finished = shards, ShardGenerations(shards, folder)
        super().__init__(database, self._finished)

    def close(self) -> None:
        """Close the connections to the shards."""
        self._shards.close()

    def _read(self, generation: str) -> MatchIndex:
        try:
            return ShardedIndex.open(self._shards, generation)
        except ShardLost as error:
            raise UnreadableIndex(str(error)) from error

    def _build(self) -> int:
        identity = self._identify()
        name = f"{now():%Y%m%dT%H%M%S%f}"
        with self._database.reading() as session:

            def begin() -> str:
                return self._take_snapshot(session, identity).to_note()

            def source(after: int) -> Iterator[Profile]:
                return stream_matchable(session, after=after)

            try:
                built = building.build(self._shards, source, begin, identity, name)
            except psycopg.OperationalError as error:
                log.warning("the match index is not rebuilt: %s", error)
                raise ShardMissing from error
        self._finished.forget()
        return built


def keep_sharded(database: Database, folder: Path, addresses: str) -> IndexKeeper:
    """Start keeping the index of a database over shards; nothing is opened before the first question."""
    return register(database, ShardedKeeper(database, folder, Shards(addresses)))
