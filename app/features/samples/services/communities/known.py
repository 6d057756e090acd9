"""What is known while the communities are written: the numbers of people, and the moment of the loading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.core.database import Base

Row = dict[str, Any]
_NAMED = re.compile(r"@\{([a-z0-9-]+)\}")


@dataclass(frozen=True, slots=True)
class Known:
    """Numbers of profiles and handles as they are shown, by the handles of the world; ``places`` fills up."""

    ids: Mapping[str, int]
    shown: Mapping[str, str]
    moment: datetime
    places: dict[str, int] = field(default_factory=dict)
    """Communities: their numbers by their names in addresses."""
    log: list[Row] = field(default_factory=list)
    """What was done to keep order, gathered to be written in the order of time."""

    def at(self, days_ago: float) -> datetime:
        """The moment so many days before the loading."""
        return self.moment - timedelta(days=days_ago)

    def person(self, handle: str | None) -> int | None:
        """The number of a person."""
        return self.ids[handle] if handle is not None else None

    def words(self, text: str) -> str:
        """A text with those it names as they are named here."""
        return _NAMED.sub(lambda found: f"@{self.shown[found[1]]}", text)


def mark(*parts: object) -> str:
    """The mark by which a form that was sent twice is known: made up from what it is for."""
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()[:32]


def write_rows(session: Session, table: type[Base], rows: Iterable[Row]) -> None:
    """Write rows that nothing else refers to."""
    found = list(rows)
    if found:
        session.execute(insert(table.__table__), found)  # type: ignore[arg-type]


def write_numbered(session: Session, table: type[Base], rows: Sequence[Row]) -> list[int]:
    """Write rows; gives their numbers, in the same order."""
    if not rows:
        return []
    columns: Any = table.__table__
    statement = insert(columns).returning(columns.c.id, sort_by_parameter_order=True)
    return list(session.execute(statement, list(rows)).scalars())
