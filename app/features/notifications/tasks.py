"""Jobs of notices: telling, and the digests of the hour."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.clock import now
from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.notifications.services import keep_notice, send_digests, send_reminders

AT_ONCE = 200


@job("notifications.tell")
def tell(database: Database, payload: dict[str, Any], progress: Progress) -> None:
    """Tell some persons of something, a part of them in each commit."""
    people, key = payload["person_ids"], payload.get("key") or f"job-{progress.job_id}"
    start = (progress.cursor or {}).get("done", 0)
    while start < len(people):
        with database.transaction() as session:
            keep_notice(session, key, payload["kind"], people[start : start + AT_ONCE], payload["values"])
        start += AT_ONCE
        if start < len(people):
            progress.advance(start, len(people), {"done": start})


@job("notifications.digest", every=timedelta(hours=1))
def digest(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Write the digests that are due at this hour; one begun by a worker that died goes on from there."""
    send_digests(database, now(), progress)


@job("notifications.remind", every=timedelta(minutes=10))
def remind(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Remind people of what they said they come to; whatever ran before, nobody is reminded twice or too late."""
    send_reminders(database, now(), progress)
