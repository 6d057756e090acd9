"""Engines outlive a test: what SQLAlchemy compiled, and PostgreSQL's warm connections, serve the next one, too.

An engine made anew compiles every statement anew, and each new connection makes the server read its catalogue again;
both took more time than the tests themselves. What a test listens to at its engine ends with the test all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from app.core.database import Database

_make_anew = Database._make_engine


@dataclass
class Kept:
    """An engine that tests use one after the other, and the server's processes behind its connections."""

    engine: Engine
    in_use: bool = False
    processes: set[int] = field(default_factory=set)

    def note(self, connection: Any, _record: object) -> None:
        """Remember the server's process of a new connection."""
        self.processes.add(connection.info.backend_pid)


_kept: dict[str, Kept] = {}


def keep_engines() -> None:
    """Have the first database of a test at an address that was `offered` take the engine that is kept for it."""
    Database._make_engine = _make_or_take  # type: ignore[method-assign]


def offer(url: str) -> None:
    """Keep an engine for an address at which one test after the other finds an empty database."""
    if url in _kept:
        return
    kept = _kept[url] = Kept(_make_engine(url))
    listener = kept.note if kept.engine.dialect.name == "postgresql" else _do_not_wait
    event.listen(kept.engine, "connect", listener)


def _do_not_wait(connection: Any, _record: object) -> None:
    """No database of a test outlives a crash of the machine, so none waits for the disk; PostgreSQL's don't either."""
    connection.execute("PRAGMA synchronous=OFF")


def leave(database: Database) -> None:
    """What an application does at its end; a kept engine stays open until its address is `retired`."""
    if database.url.render_as_string(hide_password=False) not in _kept:
        database.dispose()


def retire(url: str, *, warm: bool) -> Kept | None:
    """End the use of an address: its engine, if it can be used again, with its connections open if ``warm``."""
    kept = _kept.get(url)
    if kept is None:
        return None
    if not warm or kept.engine.pool.checkedout():  # type: ignore[attr-defined]
        kept.engine.dispose()
        kept.processes.clear()
    kept.in_use = False
    return kept


def forget(url: str) -> None:
    """Give up an address that is not used again."""
    kept = _kept.pop(url, None)
    if kept is not None:
        kept.engine.dispose()


def _make_engine(url: str) -> Engine:
    """As the application makes it, with room for the statements of all tests."""
    database = Database.__new__(Database)
    database.url = make_url(url)
    engine = _make_anew(database)
    engine._compiled_cache.capacity = 5000  # type: ignore[union-attr]
    return engine


def _make_or_take(database: Database) -> Engine:
    kept = _kept.get(database.url.render_as_string(hide_password=False))
    if kept is None or kept.in_use:
        return _make_anew(database)
    kept.in_use = True
    # An engine beside it, on the same connections: what listens to this one does not listen to the next.
    return kept.engine.execution_options()
