"""Inserting a row unless a unique rule stands against it: of two that are sent at once, one counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_unless_there(session: Session, table: Any, **values: Any) -> Any:
    """The statement that inserts a row unless a unique rule stands against it; the same on both databases."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert(table) if on_postgres else sqlite.insert(table)
    return insert.values(**values).on_conflict_do_nothing()


def insert_if_new(session: Session, table: type[Any], **values: Any) -> int | None:
    """Insert a row with a number unless a unique rule stands against it; its number, or None."""
    return session.scalar(insert_unless_there(session, table, **values).returning(table.id))
