"""When persons work, for finding times to meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.profiles.models import Person, ProfileHours

Week = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class PersonHours:
    """Where and when a person works; ``week``: for each day from Monday the spans, None if nothing was said.

    It says more than everyone may see: what is shown of it is up to the caller and the audience of the part "place".
    """

    id: int
    country: str | None
    timezone: str | None
    week: Week | None


def list_hours(session: Session, ids: Sequence[int]) -> dict[int, PersonHours]:
    """The hours of some persons by id, in two queries."""
    if not ids:
        return {}
    spans: dict[int, list[list[tuple[int, int]]]] = {}
    rows = select(ProfileHours).where(ProfileHours.profile_id.in_(ids))
    for row in session.scalars(rows.order_by(ProfileHours.weekday, ProfileHours.begin)):
        spans.setdefault(row.profile_id, [[] for _day in range(7)])[row.weekday].append((row.begin, row.end))
    people = session.execute(select(Person.id, Person.country, Person.timezone).where(Person.id.in_(ids)))
    return {
        number: PersonHours(
            number, country, zone, tuple(tuple(day) for day in spans[number]) if number in spans else None
        )
        for number, country, zone in people
    }
