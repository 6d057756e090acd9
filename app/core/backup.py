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
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Integer, LargeBinary, Table, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import Base, Database, UtcDateTime

FORMAT = "commonweave-backup-1"
CHUNK = 1000

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
    except (EOFError, gzip.BadGzipFile, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BackupError(f"{file.name} is damaged or is not a backup ({error})") from None


def restore_backup(database: Database, file: Path) -> int:
    """Replace all rows by those of ``file``, all or nothing; returns the number of rows."""
    lines = _lines(file)
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BackupError(f"{file.name} is not a backup of this application")
    try:
        with database.engine.begin() as connection:
            if _revision(connection) != head["revision"]:
                made = head["revision"]
                raise BackupError(f"it was made at schema revision {made}; bring the database there first")
            if database.is_sqlite:
                connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            rows = _insert_all(connection, lines)
            if not database.is_sqlite:
                _reset_sequences(connection)
            for rebuild in after_restore:
                rebuild(connection)
    except SQLAlchemyError as error:
        raise BackupError(f"the database refused it ({type(error).__name__}: {str(error).splitlines()[0]})") from None
    return rows


def _insert_all(connection: Connection, lines: Iterable[Any]) -> int:
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    table: Table | None = None
    columns: list[str] = []
    waiting: list[dict[str, Any]] = []
    rows = 0

    def flush() -> None:
        if table is not None and waiting:
            connection.execute(table.insert(), waiting)
            waiting.clear()

    for line in lines:
        if isinstance(line, list):
            if table is None or len(line) != len(columns):
                raise BackupError("a row does not fit its table")
            waiting.append({c: _typed(table, c, v) for c, v in zip(columns, line, strict=True)})
            rows += 1
            if len(waiting) >= CHUNK:
                flush()
        elif "end" in line:
            flush()
            if line["end"] != rows:
                raise BackupError("rows are missing from the file")
            return rows
        else:
            flush()
            if line["table"] not in tables:
                raise BackupError(f"it holds a table {line['table']} that is not known here")
            table, columns = tables[line["table"]], line["columns"]
    raise BackupError("the file is cut off")


def _typed(table: Table, column: str, value: Any) -> Any:
    kind = table.columns[column].type
    if value is not None and isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if value is not None and isinstance(kind, LargeBinary):
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
