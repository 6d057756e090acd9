"""The table of search tokens of profiles, filled by `services.search_rows`.

A token is written with two letters before it: who may find the profile by it, and whether it is of a name. Both
databases then need one column only and answer alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, Select

from app.core.search import SearchTable, group_of, stored_form
from app.core.text import Term

__all__ = ["AUDIENCE_MARKS", "NAME", "WORDS", "create_search", "drop_search", "ids_with", "stored_form", "write_rows"]

AUDIENCE_MARKS = {"everyone": "e", "members": "m", "connections": "c"}
NAME, WORDS = "n", "w"

_table = SearchTable("search_fts", "profiles", "profile_id")


def create_search(connection: Connection) -> None:
    """Make the table; the migration that makes the profiles calls this after them."""
    _table.create(connection)


def drop_search(connection: Connection) -> None:
    """Take the table away; the migration that drops the profiles calls this before."""
    _table.drop(connection)


def write_rows(connection: Connection, rows: list[tuple[int, list[str]]]) -> None:
    """Put the tokens of profiles in the place of what was there."""
    _table.write(connection, rows)


def ids_with(
    dialect: str, terms: list[Term], audiences: Iterable[str], names_only: bool = False, whole: bool = False
) -> Select[int]:
    """The ids of the profiles that have every term where one of ``audiences`` may look; ``whole``: no beginnings."""
    kinds = (NAME,) if names_only else (NAME, WORDS)
    marks = sorted(AUDIENCE_MARKS[a] + kind for a in audiences if a in AUDIENCE_MARKS for kind in kinds)
    return _table.ids_with(dialect, [group_of(term, marks, whole) for term in terms])
