"""Real PostgreSQL databases as shards of the match index, for the tests of the backend over them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.features.suggestions.services.sharded import building
from app.features.suggestions.services.sharded.index import ShardedIndex
from app.features.suggestions.services.sharded.shards import Shards
from app.matching import Profile
from tests.support.postgres import Server, find_binaries, server_url

_numbers = itertools.count()


@contextmanager
def databases(count: int) -> Iterator[list[str]]:
    """Empty databases on the server of the tests."""
    admin = create_engine(server_url(), isolation_level="AUTOCOMMIT")
    names = [f"cw_shard_{os.getpid()}_{next(_numbers)}" for _ in range(count)]
    try:
        with admin.connect() as connection:
            for name in names:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield [make_url(server_url()).set(database=name).render_as_string(hide_password=False) for name in names]
    finally:
        with admin.connect() as connection:
            for name in names:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        admin.dispose()


class OwnServer:
    """A PostgreSQL server that can be stopped at once, started again, and followed."""

    def __init__(self) -> None:
        binaries = find_binaries()
        if binaries is None:
            pytest.skip("stopping a server needs PostgreSQL's own programs on this machine")
        self._server = Server(binaries, wal_level="replica", max_wal_senders="4", hot_standby="on")
        self.url = self._server.url

    def stop_now(self) -> None:
        """Stop it as if its machine had gone."""
        self._server.halt()

    def start_again(self) -> None:
        """Start it on what it had."""
        self._server.resume()

    def follower(self) -> OwnServer:
        """Another server that follows this one by streaming replication, up with it."""
        found = OwnServer.__new__(OwnServer)
        found._server = self._server.follow()
        found.url = found._server.url
        return found

    def end(self) -> None:
        """Take it away."""
        self._server.stop()


@contextmanager
def servers(count: int) -> Iterator[list[OwnServer]]:
    """Servers of their own."""
    found = [OwnServer() for _ in range(count)]
    try:
        yield found
    finally:
        for one in found:
            one.end()


def built(shards: Shards, profiles: Iterable[Profile], name: str | None = None) -> ShardedIndex:
    """An index over shards of some profiles."""
    world = sorted(profiles, key=lambda one: one.key)
    name = name or f"test{next(_numbers):06}"
    building.build(
        shards, lambda after: (one for one in world if one.key > after), lambda: "note", f"source {name}", name
    )
    return ShardedIndex.open(shards, name)
