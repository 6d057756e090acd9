"""Backup and restore in one portable form for both databases, while the application serves.

A backup is a gzip file of JSON lines: a head with the schema revision, then for every table its name and its
rows in the order of the foreign keys. It is read in one snapshot and restored in one transaction, so
that readers see either all of the old or all of the new. Because it says nothing of one database, it also
moves an installation from SQLite to PostgreSQL.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, Connection, Date, Integer, LargeBinary, Table, bindparam, func, inspect, null, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Base, Database, UtcDateTime

FORMAT = "commonweave-backup-1"
CHUNK = 1000
# PostgreSQL's word for two who wait for each other; the one it sends away may come again.
DEADLOCK = "40P01"

# Features add what must be rebuilt from the rows after a restore (search rows, the match index).
after_restore: list[Callable[[Connection], None]] = []


class BackupError(Exception):
    """The file or the database does not allow it; the message says why."""


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        raise BackupError("the database is empty; run: flask db upgrade")
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def write_backup(database: Database, file: Path) -> int:
    """Write all tables to ``file`` (first beside it, then renamed); returns the number of rows."""
    temporary = file.with_name(f".{file.name}.tmp")
    rows = 0
    try:
        # It holds everybody's addresses: only who writes it may read it.
        temporary.touch(mode=0o600)
        with database.engine.connect() as connection, gzip.open(temporary, "wt", encoding="utf-8") as out:
            _begin_snapshot(connection, database)
            _line(out, {"format": FORMAT, "revision": _revision(connection)})
            for table in Base.metadata.sorted_tables:
                _line(out, {"table": table.name, "columns": [c.name for c in table.columns]})
                for row in connection.execution_options(yield_per=CHUNK).execute(select(table)):
                    _line(out, [_plain(value) for value in row])
                    rows += 1
            _line(out, {"end": rows})
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return rows


def _begin_snapshot(connection: Connection, database: Database) -> None:
    if database.is_sqlite:
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _line(out: IO[str], value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _lines(file: Path) -> Iterator[Any]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as source:
            for line in source:
                yield json.loads(line)
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BackupError(f"{file.name} is damaged or is not a backup ({error})") from None


def restore_backup(database: Database, file: Path) -> int:
    """Replace all rows by those of ``file``, all or nothing; returns the number of rows."""
    for more_tries in (2, 1, 0):
        try:
            return _restore(database, file)
        except SQLAlchemyError as error:
            if more_tries and getattr(getattr(error, "orig", None), "sqlstate", None) == DEADLOCK:
                continue
            said = str(error).splitlines()[0]
            raise BackupError(f"the database refused it ({type(error).__name__}: {said})") from None
    raise AssertionError("the last try returns or raises")


def _restore(database: Database, file: Path) -> int:
    lines = _lines(file)
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BackupError(f"{file.name} is not a backup of this application")
    with database.engine.begin() as connection:
        made, here = head.get("revision"), _revision(connection)
        if made != here:
            raise BackupError(f"it was made at schema revision {made} and the database is at {here}")
        _keep_writers_out(connection, database)
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
        rows = _Restoring(connection).take_in(lines)
        if not database.is_sqlite:
            _reset_sequences(connection)
        for rebuild in after_restore:
            rebuild(connection)
    return rows


def _keep_writers_out(connection: Connection, database: Database) -> None:
    """Have writers wait until the end, so that nothing gets between the rows; readers go on."""
    if not database.is_sqlite:
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")


class _Restoring:
    """Rows of a backup on their way into the tables."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.tables = {table.name: table for table in Base.metadata.sorted_tables}
        self.table: Table | None = None
        self.columns: list[str] = []
        self.waiting: list[dict[str, Any]] = []
        # Columns by which a row names another of its own table, which may come later: filled in at the end.
        self.own: list[str] = []
        self.later: list[dict[str, Any]] = []
        self.rows = 0

    def take_in(self, lines: Iterator[Any]) -> int:
        """Write every row; raises `BackupError` unless the file is whole to its last byte."""
        try:
            for line in lines:
                if isinstance(line, list):
                    self._row(line)
                elif "end" in line:
                    self._finish()
                    if line["end"] != self.rows or any(True for _more in lines):
                        raise BackupError("rows are missing from the file, or there are too many")
                    return self.rows
                else:
                    self._begin(line["table"], line["columns"])
        except (KeyError, TypeError, ValueError) as error:
            raise BackupError(f"a row does not fit its table ({type(error).__name__}: {error})") from None
        raise BackupError("the file is cut off")

    def _begin(self, name: str, columns: list[str]) -> None:
        self._finish()
        if name not in self.tables:
            raise BackupError(f"it holds a table {name} that is not known here")
        self.table, self.columns = self.tables[name], columns
        self.own = [c.name for c in self.table.columns for key in c.foreign_keys if key.column.table is self.table]

    def _row(self, values: list[Any]) -> None:
        if self.table is None:
            raise BackupError("a row stands before its table")
        row = {c: _typed(self.table, c, v) for c, v in zip(self.columns, values, strict=True)}
        if any(row[c] is not None for c in self.own):
            keys = {f"key_{c.name}": row[c.name] for c in self.table.primary_key}
            self.later.append({**keys, **{c: row[c] for c in self.own}})
            row.update(dict.fromkeys(self.own))
        self.waiting.append(row)
        self.rows += 1
        if len(self.waiting) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        if self.table is not None and self.waiting:
            self.connection.execute(self.table.insert(), self.waiting)
        self.waiting.clear()

    def _finish(self) -> None:
        self._flush()
        if self.table is not None and self.later:
            update = self.table.update().values({c: bindparam(c) for c in self.own})
            for column in self.table.primary_key:
                update = update.where(column == bindparam(f"key_{column.name}"))
            self.connection.execute(update, self.later)
        self.later.clear()


def _typed(table: Table, column: str, value: Any) -> Any:
    kind = table.columns[column].type
    if value is None:
        # A plain None would be written as the JSON value null, which is not the absence of one.
        return null() if isinstance(kind, JSON) else None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(value)
    return value


def _reset_sequences(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        key = list(table.primary_key.columns)
        if len(key) == 1 and isinstance(key[0].type, Integer) and not key[0].foreign_keys:
            highest = connection.scalar(select(func.max(key[0]))) or 0
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, key[0].name)))
            if sequence:
                connection.execute(select(func.setval(sequence, highest + 1, False)))
