"""Tables of search tokens, one row for each row of an owner: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Such a table holds nothing that is not computed from other tables, so it is no model: it is made by hand where the
tables are made, left out of backups, and filled again after a restore. Both databases are handed the tokens of our
own analyser, spelled alike, and answer alike. A feature writes a mark before each token that says what it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Text,
    bindparam,
    column,
    event,
    select,
    table,
    text,
)

from app.core.database import Base
from app.core.text import Term

# One thing that is asked for: tokens of which one must be there, each perhaps as the beginning of one.
Group = list[tuple[str, bool]]

_TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"


def stored_form(token: str) -> str:
    """A token as the tables keep it: letters newer than SQLite's own tables of letters are spelled out.

    >>> stored_form("علم"), stored_form("a\\U0001e900")
    ('علم', 'au01e900')
    """
    return token if token.isascii() or max(token) <= "\uffff" else "".join(map(_letter, token))


def _letter(char: str) -> str:
    return char if char <= "\uffff" else f"u{ord(char):06x}"


def group_of(term: Term, marks: Iterable[str], whole: bool = False) -> Group:
    """The tokens under which a term is found, with each of the marks; ``whole``: neither beginnings nor stems."""
    tokens = [(stored_form(term.token), term.prefix and not whole)]
    if term.stem is not None and not whole:
        tokens.append((stored_form(term.stem), False))
    return [(mark + token, prefix) for mark in marks for token, prefix in tokens]


def _question(dialect: str, groups: Iterable[Group]) -> str:
    if dialect == "sqlite":
        parts = [" OR ".join(f'"{token}"{" *" if prefix else ""}' for token, prefix in group) for group in groups]
        return " AND ".join(f"({part})" for part in parts)
    parts = [" | ".join(f"'{token}'{':*' if prefix else ''}" for token, prefix in group) for group in groups]
    return " & ".join(f"({part})" for part in parts)


class SearchTable:
    """The search tokens of the rows of table ``owner``, kept in table ``name``; they go when their row goes."""

    def __init__(self, name: str, owner: str, key: str) -> None:
        self.name, self.owner, self.key = name, owner, key
        event.listen(Base.metadata, "after_create", self._created)
        event.listen(Base.metadata, "before_drop", self._dropping)

    def _statements(self, dialect: str) -> tuple[str, str]:
        name, owner = self.name, self.owner
        if dialect == "sqlite":
            return (
                f"CREATE VIRTUAL TABLE {name} USING fts5(tokens, tokenize = \"{_TOKENIZER}\", prefix = '4 5')",
                f"CREATE TRIGGER {name}_follow AFTER DELETE ON {owner} "
                f"BEGIN DELETE FROM {name} WHERE rowid = old.id; END",
            )
        return (
            f"CREATE TABLE {name} ({self.key} BIGINT PRIMARY KEY REFERENCES {owner} (id) ON DELETE CASCADE, "
            "tokens TSVECTOR NOT NULL)",
            f"CREATE INDEX {name}_tokens ON {name} USING gin (tokens)",
        )

    def create(self, connection: Connection) -> None:
        """Make the table; the migration that makes its owner calls this after."""
        for statement in self._statements(connection.dialect.name):
            connection.execute(text(statement))

    def drop(self, connection: Connection) -> None:
        """Take the table away; the migration that drops its owner calls this before."""
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER IF EXISTS {self.name}_follow"))
        connection.execute(text(f"DROP TABLE IF EXISTS {self.name}"))

    def _created(self, _metadata: MetaData, connection: Connection, tables: Iterable[Any], **_more: Any) -> None:
        if any(made.name == self.owner for made in tables):
            self.create(connection)

    def _dropping(self, _metadata: MetaData, connection: Connection, tables: Iterable[Any], **_more: Any) -> None:
        if any(dropped.name == self.owner for dropped in tables):
            self.drop(connection)

    def forget(self, connection: Connection, ids: Sequence[int]) -> None:
        """Take the tokens of some rows away."""
        key = "rowid" if connection.dialect.name == "sqlite" else self.key
        if ids:
            connection.execute(text(f"DELETE FROM {self.name} WHERE {key} = :id"), [{"id": i} for i in ids])

    def write(self, connection: Connection, rows: list[tuple[int, list[str]]]) -> None:
        """Put the tokens of some rows in the place of what was there."""
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            self.forget(connection, [i for i, _tokens in rows])
            insert = text(f"INSERT INTO {self.name} (rowid, tokens) VALUES (:id, :tokens)")
            connection.execute(insert, [{"id": i, "tokens": " ".join(tokens)} for i, tokens in rows])
            return
        upsert = text(
            f"INSERT INTO {self.name} ({self.key}, tokens) "
            "VALUES (:id, array_to_tsvector(CAST(:tokens AS text[]))) "
            f"ON CONFLICT ({self.key}) DO UPDATE SET tokens = excluded.tokens"
        )
        connection.execute(upsert, [{"id": i, "tokens": tokens} for i, tokens in rows])

    def ids_with(self, dialect: str, groups: Iterable[Group]) -> Select[int]:
        """The ids of the rows that have one token of every group."""
        sqlite = dialect == "sqlite"
        rows = table(self.name, column("rowid" if sqlite else self.key, BigInteger), column("tokens", Text))
        condition = f"{self.name} MATCH :question" if sqlite else f"{self.name}.tokens @@ CAST(:question AS tsquery)"
        matches: ColumnElement[bool] = text(condition).bindparams(  # type: ignore[assignment]
            bindparam("question", _question(dialect, groups), unique=True)
        )
        return select(rows.c.rowid if sqlite else rows.c[self.key]).where(matches)
