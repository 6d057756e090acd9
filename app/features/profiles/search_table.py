"""The table of search tokens, one row a profile: full-text search 5 on SQLite, a tsvector with GIN on PostgreSQL.

It holds nothing that is not computed from other tables, so it is no model: it is made by hand where the tables are
made, left out of backups, and filled by `services.search_rows`.

A token is written with two letters before it: who may find the profile by it, and whether it is of a name. Both
databases then need one column only and answer alike.
"""

from __future__ import annotations

from collections.abc import Iterable
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

AUDIENCE_MARKS = {"everyone": "e", "members": "m", "connections": "c"}
NAME, WORDS = "n", "w"

_SQLITE = (
    "CREATE VIRTUAL TABLE search_fts USING fts5(tokens, "
    """tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'", prefix = '4 5')""",
    "CREATE TRIGGER search_fts_follow AFTER DELETE ON profiles BEGIN DELETE FROM search_fts WHERE rowid = old.id; END",
)
_POSTGRES = (
    "CREATE TABLE search_fts (profile_id BIGINT PRIMARY KEY REFERENCES profiles (id) ON DELETE CASCADE, "
    "tokens TSVECTOR NOT NULL)",
    "CREATE INDEX search_fts_tokens ON search_fts USING gin (tokens)",
)


def create_search(connection: Connection) -> None:
    """Make the table; the migration that makes the profiles calls this after them."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES:
        connection.execute(text(statement))


def drop_search(connection: Connection) -> None:
    """Take the table away; the migration that drops the profiles calls this before."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER IF EXISTS search_fts_follow"))
    connection.execute(text("DROP TABLE IF EXISTS search_fts"))


@event.listens_for(Base.metadata, "after_create")
def _created(_metadata: MetaData, connection: Connection, tables: Iterable[Any], **_more: Any) -> None:
    if any(made.name == "profiles" for made in tables):
        create_search(connection)


@event.listens_for(Base.metadata, "before_drop")
def _dropping(_metadata: MetaData, connection: Connection, tables: Iterable[Any], **_more: Any) -> None:
    if any(dropped.name == "profiles" for dropped in tables):
        drop_search(connection)


def stored_form(token: str) -> str:
    """A token as the table keeps it: letters newer than SQLite's own tables of letters are spelled out.

    >>> stored_form("علم"), stored_form("a\\U0001e900")
    ('علم', 'au01e900')
    """
    return token if token.isascii() or max(token) <= "\uffff" else "".join(map(_letter, token))


def _letter(char: str) -> str:
    return char if char <= "\uffff" else f"u{ord(char):06x}"


def write_rows(connection: Connection, rows: list[tuple[int, list[str]]]) -> None:
    """Put the tokens of profiles in the place of what was there."""
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM search_fts WHERE rowid = :id"), [{"id": i} for i, _tokens in rows])
        insert = text("INSERT INTO search_fts (rowid, tokens) VALUES (:id, :tokens)")
        connection.execute(insert, [{"id": i, "tokens": " ".join(tokens)} for i, tokens in rows])
        return
    upsert = text(
        "INSERT INTO search_fts (profile_id, tokens) VALUES (:id, array_to_tsvector(CAST(:tokens AS text[]))) "
        "ON CONFLICT (profile_id) DO UPDATE SET tokens = excluded.tokens"
    )
    connection.execute(upsert, [{"id": i, "tokens": tokens} for i, tokens in rows])


def _alternatives(term: Term, marks: Iterable[str], whole: bool) -> list[tuple[str, bool]]:
    tokens = [(stored_form(term.token), term.prefix and not whole)]
    if term.stem is not None and not whole:
        tokens.append((stored_form(term.stem), False))
    return [(mark + token, prefix) for mark in marks for token, prefix in tokens]


def _question(dialect: str, terms: list[Term], marks: Iterable[str], whole: bool) -> str:
    marks = list(marks)
    asked = [_alternatives(term, marks, whole) for term in terms]
    if dialect == "sqlite":
        groups = [" OR ".join(f'"{token}"{" *" if prefix else ""}' for token, prefix in group) for group in asked]
        return " AND ".join(f"({group})" for group in groups)
    groups = [" | ".join(f"'{token}'{':*' if prefix else ''}" for token, prefix in group) for group in asked]
    return " & ".join(f"({group})" for group in groups)


def ids_with(
    dialect: str, terms: list[Term], audiences: Iterable[str], names_only: bool = False, whole: bool = False
) -> Select[int]:
    """The ids of the profiles that have every term where one of ``audiences`` may look; ``whole``: no beginnings."""
    kinds = (NAME,) if names_only else (NAME, WORDS)
    marks = sorted(AUDIENCE_MARKS[a] + kind for a in audiences if a in AUDIENCE_MARKS for kind in kinds)
    question = _question(dialect, terms, marks, whole)
    if dialect == "sqlite":
        rows = table("search_fts", column("rowid", BigInteger), column("tokens", Text))
        matches: ColumnElement[bool] = text("search_fts MATCH :question").bindparams(  # type: ignore[assignment]
            bindparam("question", question, unique=True)
        )
        return select(rows.c.rowid).where(matches)
    rows = table("search_fts", column("profile_id", BigInteger), column("tokens", Text))
    matches = text("tokens @@ CAST(:question AS tsquery)").bindparams(  # type: ignore[assignment]
        bindparam("question", question, unique=True)
    )
    return select(rows.c.profile_id).where(matches)
