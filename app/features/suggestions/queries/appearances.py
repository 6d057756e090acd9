"""How often a profile was suggested to others, by kind and by what counted most: never to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.suggestions.models import SuggestionAppearance

LATELY, LONG = 30, 90


@dataclass(frozen=True, slots=True)
class Appearances:
    """How often a profile stood on lists in the last 30 and in the last 90 days; today isn't counted yet.

    ``kinds``: for each kind of list the two numbers. ``criteria``: how often each criterion was among the two that
    counted most, in 90 days, the most frequent first.
    """

    lately: int
    long: int
    kinds: Mapping[str, tuple[int, int]]
    criteria: Mapping[str, int]


def count_appearances_of(session: Session, profile_id: int) -> Appearances:
    """The numbers of one profile, in one query."""
    today, row = now().astimezone(UTC).date(), SuggestionAppearance
    lately, long, criteria = Counter[str](), Counter[str](), Counter[str]()
    found = select(row).where(row.profile_id == profile_id, row.day >= today - timedelta(days=LONG))
    for one in session.scalars(found.order_by(row.day, row.kind)):
        long[one.kind] += one.times
        criteria.update(one.criteria)
        if one.day >= today - timedelta(days=LATELY):
            lately[one.kind] += one.times
    kinds = {kind: (lately[kind], number) for kind, number in sorted(long.items(), key=lambda item: -item[1])}
    ordered = dict(sorted(criteria.items(), key=lambda item: (-item[1], item[0])))
    return Appearances(lately.total(), long.total(), kinds, ordered)
