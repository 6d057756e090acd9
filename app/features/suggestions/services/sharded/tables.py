"""The tables of a generation in a shard: made beside the one in use, then renamed in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg

from app.features.suggestions.services.sharded.shards import Connection

BESIDE = "match_beside"
"""The schema that is being filled."""
_POINTER = "match"
_KEPT = 2
"""Generations that stay: the one in use, and the one before it for those who still read it."""

_TABLES = f"""
CREATE SCHEMA {BESIDE};
CREATE TABLE {BESIDE}.about (
    generation text NOT NULL, shard int NOT NULL, source text NOT NULL, note text NOT NULL, weights bigint NOT NULL,
    total bigint NOT NULL, features text NOT NULL, counts bytea NOT NULL, placement text NOT NULL,
    filled_to bigint NOT NULL DEFAULT 0, next_slot int NOT NULL DEFAULT 0, filled boolean NOT NULL DEFAULT false,
    listed boolean NOT NULL DEFAULT false);
CREATE TABLE {BESIDE}.rows (
    key bigint NOT NULL, slot int NOT NULL, facets int[] NOT NULL, kept bytea NOT NULL, want bytea NOT NULL,
    language bytea NOT NULL, places bigint NOT NULL);
CREATE TABLE {BESIDE}.lists (feature int NOT NULL, dense boolean NOT NULL, members bytea NOT NULL);
ALTER TABLE {BESIDE}.lists ALTER members SET STORAGE EXTERNAL;
"""
# The rows are looked for by what they have; a list is read whole, so it isn't compressed.
_INDEXES = f"""
CREATE UNIQUE INDEX IF NOT EXISTS rows_key ON {BESIDE}.rows (key);
CREATE UNIQUE INDEX IF NOT EXISTS rows_slot ON {BESIDE}.rows (slot);
CREATE INDEX IF NOT EXISTS rows_facets ON {BESIDE}.rows USING gin (facets) WITH (fastupdate = off);
CREATE UNIQUE INDEX IF NOT EXISTS lists_feature ON {BESIDE}.lists (feature);
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """How far a shard has come with a generation that is being made."""

    generation: str
    source: str
    filled_to: int
    next_slot: int
    filled: bool
    listed: bool


def schema_of(generation: str) -> str:
    """The schema of a finished generation.

    >>> schema_of("20260101T000000-abc")
    'match_20260101t000000_abc'
    """
    return "match_" + "".join(one if one.isalnum() else "_" for one in generation.lower())


def find_begun(connection: Connection) -> Begun | None:
    """What stands beside the generation in use, if anything."""
    try:
        row = connection.execute(
            f"SELECT generation, source, filled_to, next_slot, filled, listed FROM {BESIDE}.about"
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return None
    return Begun(*row) if row else None


def is_ready(connection: Connection, generation: str) -> bool:
    """Whether a generation is finished here."""
    asked = connection.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema_of(generation)])
    return bool((asked.fetchone() or [False])[0])


def begin(connection: Connection, about: dict[str, object]) -> None:
    """Make the tables anew, with what the generation is about."""
    with connection.transaction():
        connection.execute(f"DROP SCHEMA IF EXISTS {BESIDE} CASCADE")
        connection.execute(_TABLES)
        names = ", ".join(about)
        marks = ", ".join(f"%({name})s" for name in about)
        connection.execute(f"INSERT INTO {BESIDE}.about ({names}) VALUES ({marks})", about)


def index_rows(connection: Connection) -> None:
    """Make the indexes, which is quicker once the rows are there."""
    for statement in _INDEXES.strip().split("\n"):
        connection.execute(statement)
    connection.execute(f"VACUUM (ANALYZE) {BESIDE}.rows")
    connection.execute(f"ANALYZE {BESIDE}.lists")


def swap_in(connection: Connection, generation: str) -> None:
    """Give the finished tables their name, and point to them, in one transaction; older generations go."""
    with connection.transaction():
        # Filling doesn't wait for the disk, as a killed build goes on. What is said to be in use has to stay: with this
        # commit everything before it is written out too.
        connection.execute("SET LOCAL synchronous_commit = on")
        connection.execute(f"ALTER SCHEMA {BESIDE} RENAME TO {schema_of(generation)}")
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_POINTER}")
        connection.execute(
            f"CREATE TABLE IF NOT EXISTS {_POINTER}.generations "
            "(number bigserial PRIMARY KEY, generation text NOT NULL UNIQUE, at timestamptz NOT NULL DEFAULT now())"
        )
        connection.execute(f"INSERT INTO {_POINTER}.generations (generation) VALUES (%s)", [generation])
    old = connection.execute(f"SELECT generation FROM {_POINTER}.generations ORDER BY number DESC OFFSET {_KEPT}")
    for (name,) in old.fetchall():
        with connection.transaction():
            connection.execute(f"DROP SCHEMA IF EXISTS {schema_of(name)} CASCADE")
            connection.execute(f"DELETE FROM {_POINTER}.generations WHERE generation = %s", [name])


def list_generations(connection: Connection) -> list[str]:
    """The finished generations, the newest first."""
    try:
        rows = connection.execute(f"SELECT generation FROM {_POINTER}.generations ORDER BY number DESC").fetchall()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return []
    return [name for (name,) in rows]


def size_of(connection: Connection, generation: str) -> dict[str, int]:
    """The bytes of a generation by what they are for."""
    schema = schema_of(generation)
    asked = connection.execute(
        "SELECT pg_table_size(%(rows)s), pg_relation_size(%(gin)s), pg_indexes_size(%(rows)s), "
        "pg_total_relation_size(%(lists)s)",
        {"rows": f"{schema}.rows", "gin": f"{schema}.rows_facets", "lists": f"{schema}.lists"},
    )
    rows, gin, indexes, lists = asked.fetchone() or (0, 0, 0, 0)
    return {"rows": rows, "gin": gin, "other_indexes": indexes - gin, "lists": lists}
