"""The database ground: base class, types, engine and sessions for the web, workers and commands alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, DateTime, Engine, Integer, MetaData, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# After so many seconds without use a connection is asked whether it still stands before it is used again.
RESTED = 2.0

# SQLite only numbers rows by itself when the key is spelled INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and always given back aware of it, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON}


def insert_unless_there(session: Session, table: Any, **values: Any) -> Any:
    """The statement that inserts a row unless a unique rule stands against it; the same on both databases.

    With ``.returning(…)`` it says whether the row is new: nothing comes back where it is not.
    """
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert(table) if on_postgres else sqlite.insert(table)
    return insert.values(**values).on_conflict_do_nothing()


def insert_if_new(session: Session, table: type[Any], **values: Any) -> int | None:
    """Insert a row with a number unless a unique rule stands against it; its number, or None."""
    return session.scalar(insert_unless_there(session, table, **values).returning(table.id))


class WriteInRead(RuntimeError):
    """Something tried to write while serving a request that only reads."""


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA busy_timeout=15000")
    cursor.close()


def _refuse_writes(session: Session, _context: object, _instances: object) -> None:
    if session.info.get("read_only") and (session.new or session.dirty or session.deleted):
        changed = [obj for obj in (*session.new, *session.deleted) if obj is not None]
        changed += [obj for obj in session.dirty if session.is_modified(obj)]
        if changed:
            raise WriteInRead(f"a request that only reads tried to write {type(changed[0]).__name__}")


def _refuse_statement(execution: ORMExecuteState) -> None:
    writes = execution.is_insert or execution.is_update or execution.is_delete
    if writes and execution.session.info.get("read_only"):
        raise WriteInRead("a request that only reads tried to change rows")


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["used"] = monotonic()


def _look_after_rest(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Have a connection that rested made anew if the server closed it meanwhile; one in constant use is not asked."""
    if monotonic() - record.info.get("used", 0) < RESTED:
        return
    try:
        connection.execute("").close()
        connection.rollback()
    except Exception as problem:
        raise DisconnectionError from problem


class Database:
    """An engine with its sessions. One per application; workers and commands share it."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.engine = self._make_engine()
        self._readers = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.sessions = sessionmaker(self.engine, expire_on_commit=False, info={"database": self})
        event.listen(self.sessions, "before_flush", _refuse_writes)
        event.listen(self.sessions, "do_orm_execute", _refuse_statement)

    @classmethod
    def of(cls, session: Session) -> Database:
        """The database that made a session."""
        return cast(Database, session.info["database"])

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    def reader(self) -> Session:
        """A session that refuses to write, for the few short reads of one page.

        On PostgreSQL every statement stands for itself: at its level of isolation each sees what is committed at its
        moment, in a transaction or not, and so two more ways to the server are saved.
        """
        return self.sessions(bind=self._readers, info={"read_only": True})

    def _make_engine(self) -> Engine:
        if not self.is_sqlite:
            engine = create_engine(self.url, pool_size=5, max_overflow=10)
            event.listen(engine, "checkin", _note_use)
            event.listen(engine, "checkout", _look_after_rest)
            return engine
        if self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(self.url, connect_args={"timeout": 15})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back when it raises."""
        with self.sessions() as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that refuses to write."""
        with self.sessions(info={"read_only": True}) as session:
            yield session
            session.rollback()

    def refresh_statistics(self) -> None:
        """Let the planner look at the tables, after much was loaded at once: it would plan by what was there before."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
