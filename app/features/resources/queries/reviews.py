"""Reads of reviews: one by one, and together once there are enough of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.features.resources.models import CRITERIA, FEWEST_FOR_AVERAGE, Review

PAGE = 20


@dataclass(frozen=True, slots=True)
class Opinion:
    """What several peers say together: how many they are, and the average for each of `CRITERIA` from three on."""

    number: int
    averages: dict[str, float]

    @property
    def enough(self) -> bool:
        """Whether there are enough of them for an average."""
        return self.number >= FEWEST_FOR_AVERAGE


def list_opinions(session: Session, ids: Collection[int]) -> dict[int, Opinion]:
    """What is said of several resources together, in one query; those without reviews are left out."""
    if not ids:
        return {}
    averages = [func.avg(getattr(Review, name)) for name in CRITERIA]
    rows = session.execute(
        select(Review.resource_id, func.count(), *averages)
        .where(Review.resource_id.in_(ids), Review.hidden_at.is_(None))
        .group_by(Review.resource_id)
    )
    found = {}
    for resource_id, number, *values in rows:
        enough = number >= FEWEST_FOR_AVERAGE
        of_each = {name: float(v) for name, v in zip(CRITERIA, values, strict=True)} if enough else {}
        found[resource_id] = Opinion(number, of_each)
    return found


def list_reviews(
    session: Session, resource_id: int, before: int | None = None, limit: int = PAGE
) -> tuple[list[Review], int | None]:
    """The newest reviews of a resource, and the number to go on from."""
    rows = select(Review).where(Review.resource_id == resource_id, Review.hidden_at.is_(None))
    if before is not None:
        rows = rows.where(Review.id < before)
    found = list(session.scalars(rows.order_by(Review.id.desc()).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def find_review(session: Session, resource_id: int, person_id: int | None) -> Review | None:
    """What a person said of a resource."""
    if person_id is None:
        return None
    return session.scalar(select(Review).where(Review.resource_id == resource_id, Review.person_id == person_id))
