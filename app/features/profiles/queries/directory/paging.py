"""One page of the directory, by keyset: nobody is shown twice or left out while others come and go."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from app.features.profiles.models import Profile
from app.features.profiles.queries.directory.conditions import filtered, rank_of
from app.features.profiles.queries.directory.filters import Filters
from app.features.profiles.queries.directory.seeing import Looker

PAGE = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """The ids of a page, how many there are in all, and the cursors to its neighbours."""

    ids: tuple[int, ...]
    total: int
    previous: str | None
    next: str | None


Place = tuple[int, datetime, int]


def write_cursor(direction: str, place: Place) -> str:
    """A place in the order as an opaque word for an address; ``direction``: a(fter) or b(efore)."""
    rank, moment, number = place
    since = moment - _EPOCH
    micros = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return base64.urlsafe_b64encode(f"{direction}.{rank}.{micros}.{number}".encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[str, Place] | None:
    """What a cursor means; None for none and for one that was tampered with (the first page is shown then)."""
    if not cursor:
        return None
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, rank, micros, number = plain.split(".")
        moment = datetime.fromtimestamp(int(micros) // 1_000_000, UTC).replace(microsecond=int(micros) % 1_000_000)
        place = (int(rank), moment, int(number))
    except (binascii.Error, ValueError, UnicodeDecodeError, OverflowError, OSError):
        return None
    if direction not in ("a", "b") or not (0 <= place[0] < 100) or not (0 <= place[2] < 2**62):
        return None
    return direction, place


def _beyond(row: Subquery, place: Place, forward: bool) -> ColumnElement[bool]:
    """Whether a row comes after (or before) a place; all three keys fall."""
    rank, moment, number = place
    if forward:
        later = or_(row.c.confirmed_at < moment, and_(row.c.confirmed_at == moment, row.c.id < number))
        return or_(row.c.rank < rank, and_(row.c.rank == rank, later))
    earlier = or_(row.c.confirmed_at > moment, and_(row.c.confirmed_at == moment, row.c.id > number))
    return or_(row.c.rank > rank, and_(row.c.rank == rank, earlier))


def count_found(session: Session, looker: Looker, filters: Filters) -> int:
    """How many profiles the filters find."""
    return session.scalar(select(func.count()).select_from(filtered(looker, filters).subquery())) or 0


def find_page(session: Session, looker: Looker, filters: Filters, cursor: str | None = None, limit: int = PAGE) -> Page:
    """The page a cursor leads to: best fit first, then whoever confirmed their profile last, then the newest id."""
    rank = rank_of(looker, filters).label("rank")
    row = filtered(looker, filters).with_only_columns(Profile.id, Profile.confirmed_at, rank).subquery()
    at = read_cursor(cursor)
    forward = at is None or at[0] == "a"
    query = select(row).limit(limit + 1)
    if at is not None:
        query = query.where(_beyond(row, at[1], forward))
    keys = (row.c.rank, row.c.confirmed_at, row.c.id)
    rows = list(session.execute(query.order_by(*(key.desc() if forward else key.asc() for key in keys))))
    more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    total = count_found(session, looker, filters)
    if not rows:
        return Page((), total, None, None)
    first, last = ((r.rank, r.confirmed_at, r.id) for r in (rows[0], rows[-1]))
    has_previous = more if not forward else at is not None
    has_next = more if forward else True
    return Page(
        tuple(r.id for r in rows),
        total,
        write_cursor("b", first) if has_previous else None,
        write_cursor("a", last) if has_next else None,
    )
