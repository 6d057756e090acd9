"""How often each profile is suggested to others, counted by a job from the lists that were shown: never to whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.profiles.models import Profile
from app.features.suggestions.models import GuestListing, SuggestionAppearance, SuggestionShown
from app.features.suggestions.queries.rows import GUESTS
from app.features.suggestions.services.showing import KEPT

_BATCH = 500
_Key = tuple[int, str]


def count_appearances(session: Session) -> int:
    """Count the days that are over and not counted yet; returns how many days that were.

    Today isn't counted before it is over: who sees the number go up the minute after a visit would know whose it was.
    """
    today = now().astimezone(UTC).date()
    first = today - KEPT
    session.execute(delete(SuggestionAppearance).where(SuggestionAppearance.day < first))
    last = session.scalar(select(func.max(SuggestionAppearance.day)))
    day, days = max(first, last + timedelta(days=1)) if last is not None else first, 0
    while day < today:
        days += _count_day(session, day)
        day += timedelta(days=1)
    return days


def _count_day(session: Session, day: date) -> int:
    begin = datetime.combine(day, time(), UTC)
    times: Counter[_Key] = Counter()
    criteria: dict[_Key, Counter[str]] = defaultdict(Counter)
    query = select(SuggestionShown).where(SuggestionShown.at >= begin, SuggestionShown.at < begin + timedelta(days=1))
    for row in session.scalars(query.order_by(SuggestionShown.id).execution_options(yield_per=_BATCH)):
        _add(row.kind, row.shown, times, criteria)
    for shown in session.scalars(select(GuestListing.shown).where(GuestListing.day == day).order_by(GuestListing.mark)):
        _add(GUESTS, shown, times, criteria)
    there = _still_there(session, sorted({profile_id for profile_id, _ in times}))
    rows = [
        {"profile_id": key[0], "day": day, "kind": key[1], "times": number, "criteria": dict(criteria[key])}
        for key, number in sorted(times.items())
        if key[0] in there
    ]
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(SuggestionAppearance), rows[start : start + _BATCH])
    return 1 if rows else 0


def _add(kind: str, shown: dict[str, Any], times: Counter[_Key], criteria: dict[_Key, Counter[str]]) -> None:
    ids = shown.get("ids", [])
    for profile_id, weightiest in zip(ids, shown.get("for") or [[]] * len(ids), strict=False):
        times[profile_id, kind] += 1
        criteria[profile_id, kind].update(weightiest)


def _still_there(session: Session, ids: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(ids), _BATCH):
        found.update(session.scalars(select(Profile.id).where(Profile.id.in_(ids[start : start + _BATCH]))))
    return found
