"""The databases of the index: of each shard a primary and its replicas, asked at once and with little patience."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import psycopg
from psycopg.adapt import Loader
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.core.settings import SettingsError
from app.features.suggestions.services.sharded.placing import MOST_SHARDS

log = logging.getLogger(__name__)

CONNECT_SECONDS = 2
ANSWER_MS = 3000
"""How long one statement may take before the answer is made without its shard."""
REST_SECONDS, BREATHER_SECONDS = 10.0, 1.0
"""How long a database that failed, or was too slow, is not asked, so that not every list waits for it."""
# The questions are conditions on one indexed array: never read the whole table for them, never compile.
_READING = "-c enable_seqscan=off -c jit=off -c work_mem=32MB"
_BUILDING = "-c maintenance_work_mem=512MB -c synchronous_commit=off"

Connection = psycopg.Connection[Any]
T = TypeVar("T")
_INT4_ARRAY = 1007


class ShardLost(Exception):
    """No database of a shard answers."""

    def __init__(self, number: int) -> None:
        super().__init__(f"shard {number} of the match index does not answer")
        self.number = number


class _Raw(Loader):
    """Gives an array of integers as it came, to be read many rows at once."""

    format = psycopg.pq.Format.BINARY

    def load(self, data: Any) -> bytes:
        return bytes(data)


def _prepare(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.adapters.register_loader(_INT4_ARRAY, _Raw)


class Node:
    """One database of a shard."""

    def __init__(self, url: str) -> None:
        plain = url.strip()
        for prefix in ("postgres://", "postgresql://"):
            if plain.startswith(prefix):
                plain = "postgresql+psycopg://" + plain.removeprefix(prefix)
        self.url = make_url(plain)
        # Idle connections cost the server little; opening one costs a list some milliseconds.
        self.engine = create_engine(
            self.url,
            pool_size=8,
            max_overflow=24,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "application_name": "commonweave-match",
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": ANSWER_MS,
                "options": f"{_READING} -c statement_timeout={ANSWER_MS}",
            },
        )
        event.listen(self.engine, "connect", _prepare)
        self._resting = 0.0

    @property
    def resting(self) -> bool:
        """Whether it failed a moment ago."""
        return time.monotonic() < self._resting

    def rest(self, seconds: float = REST_SECONDS) -> None:
        """Leave it alone for a while, and forget its connections, which may be dead."""
        self._resting = time.monotonic() + seconds
        self.engine.dispose()

    def wake(self) -> None:
        """Ask it again from now on."""
        self._resting = 0.0

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to ask on; each statement stands for itself. Raises the errors of psycopg and SQLAlchemy."""
        held = self.engine.connect()
        try:
            yield cast(Connection, held.connection.driver_connection)
        except psycopg.Error:
            held.invalidate()
            raise
        finally:
            held.close()

    @contextmanager
    def building(self) -> Iterator[Connection]:
        """A connection of its own to build with, without limits of time; each block of `transaction` commits."""
        name = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(name, autocommit=True, connect_timeout=CONNECT_SECONDS, options=_BUILDING) as raw:
            raw.adapters.register_loader(_INT4_ARRAY, _Raw)
            yield raw


class Shard:
    """A shard: the database that is written to, and those that follow it."""

    def __init__(self, number: int, addresses: str) -> None:
        self.number = number
        self.primary, *replicas = (Node(one) for one in addresses.split("|") if one.strip())
        self.replicas = tuple(replicas)
        self._turns = itertools.count()

    def read(self, work: Callable[[Connection], T], newest: bool = False) -> T:
        """Ask a replica that has what is asked for, else the primary; raises `ShardLost` if none answers.

        `newest`: what is asked for changes, so the primary is asked first.

        A generation never changes once it is there, so a replica is fresh enough when it has it: one that lags behind
        has no such tables, and the next one is asked.
        """
        turn = next(self._turns)
        replicas = [self.replicas[(turn + at) % len(self.replicas)] for at in range(len(self.replicas))]
        order = (self.primary, *replicas) if newest else (*replicas, self.primary)
        nodes = [node for node in order if not node.resting]
        for node in nodes:
            for again in (True, False):
                try:
                    with node.reading() as connection:
                        return work(connection)
                except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
                    break  # not fresh enough
                except psycopg.errors.QueryCanceled:
                    log.warning("a database of shard %s of the match index is too slow", self.number)
                    node.rest(BREATHER_SECONDS)
                    break
                except (psycopg.OperationalError, SQLAlchemyError) as error:
                    # A connection from before a restart fails once; the database may well be there again.
                    if again:
                        node.engine.dispose()
                        continue
                    log.warning("a database of shard %s of the match index fails: %s", self.number, error)
                    node.rest()
        raise ShardLost(self.number)

    @property
    def resting(self) -> bool:
        """Whether all its databases failed a moment ago."""
        return all(node.resting for node in (*self.replicas, self.primary))

    def close(self) -> None:
        """Close all connections."""
        for node in (*self.replicas, self.primary):
            node.engine.dispose()


class Shards:
    """All shards, asked at the same time."""

    def __init__(self, addresses: str) -> None:
        parts = [part for part in addresses.split(",") if part.strip()]
        if len(parts) > MOST_SHARDS:
            raise SettingsError(f"MATCH_SHARDS names {len(parts)} databases; there may be {MOST_SHARDS}")
        self.all = tuple(Shard(number, part) for number, part in enumerate(parts))
        self._pool: ThreadPoolExecutor | None = None

    def __len__(self) -> int:
        return len(self.all)

    def each(self, numbers: Iterable[int], work: Callable[[Shard], T]) -> list[T]:
        """Do the same with some shards at once; the first `ShardLost` is raised once all have ended."""
        chosen = [self.all[number] for number in numbers]
        if len(chosen) == 1:
            return [work(chosen[0])]
        if self._pool is None:  # not before the first question: threads don't survive a fork
            self._pool = ThreadPoolExecutor(max_workers=4 * len(self.all), thread_name_prefix="match-shard")
        futures = [self._pool.submit(work, shard) for shard in chosen]
        errors = [future.exception() for future in futures]
        for error in errors:
            if error is not None:
                raise error
        return [future.result() for future in futures]

    def awake(self) -> Sequence[int]:
        """The numbers of the shards that may be asked."""
        return [shard.number for shard in self.all if not shard.resting]

    def close(self) -> None:
        """Close all connections."""
        for shard in self.all:
            shard.close()
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
