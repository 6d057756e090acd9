"""Reminders: a day before an event, and an hour before for those who wish, once for each time it is set to."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core.database import Database
from app.core.jobs import Progress
from app.core.notices import stamp_of
from app.features.communities.models import Community
from app.features.events.models import REMINDER, Event
from app.features.notifications.policies import ONE_DAY, ONE_HOUR, reminder_due
from app.features.notifications.queries.coming import (
    BATCH,
    Comer,
    find_beginning,
    list_beginning_ids,
    list_comers,
    list_told_ids,
)
from app.features.notifications.services.telling import keep_notice
from app.features.relations.queries import list_blocked_ids

_MARKS = {ONE_DAY: "d", ONE_HOUR: "h"}


def send_reminders(database: Database, moment: datetime, progress: Progress | None = None) -> int:
    """Remind of everything that begins within a day; returns how many were reminded. Each batch is a commit of its
    own, and whoever was told is known by it, so that it can be done again at any time."""
    with database.reading() as session:
        coming = list_beginning_ids(session, moment, moment + ONE_DAY)
    told = 0
    for done, event_id in enumerate(coming, start=1):
        after: int | None = 0
        while after is not None:
            with database.transaction() as session:
                count, after = _remind(session, event_id, moment, after)
            told += count
        if progress is not None:
            progress.advance(done, len(coming))
    return told


def _key_of(event: Event, ahead: timedelta) -> str:
    """Names a reminder by what it is of, when that begins and how long before it comes: moved, it is another one."""
    return f"{_MARKS[ahead]}.{event.id}.{int(event.starts_at.timestamp()) // 60}"


def _remind(session: Session, event_id: int, moment: datetime, after: int) -> tuple[int, int | None]:
    """Remind a batch of those who come; how many were, and from whom to go on, or None."""
    found = find_beginning(session, event_id)
    if found is None:
        return 0, None
    event, community = found
    comers = list_comers(session, event, after)
    numbers = [comer.person_id for comer in comers]
    known = list_told_ids(session, [_key_of(event, ahead) for ahead in _MARKS], numbers)
    blocked = list_blocked_ids(session, event.created_by) if event.created_by is not None else set[int]()
    groups: dict[tuple[timedelta, str], list[int]] = defaultdict(list)
    for comer in comers:
        zone = comer.timezone or event.zone
        ahead = reminder_due(comer.wish, zone, event.starts_at, comer.answered_at, moment)
        if ahead is None or comer.person_id in blocked or (_key_of(event, ahead), comer.person_id) in known:
            continue
        groups[ahead, zone].append(comer.person_id)
    told = sum(_tell(session, event, community, ahead, zone, ids) for (ahead, zone), ids in groups.items())
    return told, _last(comers)


def _last(comers: list[Comer]) -> int | None:
    return comers[-1].person_id if len(comers) == BATCH else None


def _tell(
    session: Session, event: Event, community: Community, ahead: timedelta, zone: str, person_ids: list[int]
) -> int:
    values = {
        "slug": community.slug, "event_id": event.id, "title": event.title, "title_lang": event.lang,
        "community": community.name, "community_lang": community.lang, "starts": stamp_of(event.starts_at),
        "zone": zone,
    }  # fmt: skip
    return keep_notice(session, _key_of(event, ahead), REMINDER, person_ids, values)
