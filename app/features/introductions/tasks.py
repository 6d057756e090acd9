"""Jobs of introductions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.introductions.services import expire


@job("introductions.expire", every=timedelta(hours=1))
def expire_introductions(database: Database, payload: dict[str, Any], progress: Progress) -> None:
    """End the introductions that nobody answered in time."""
    with database.transaction() as session:
        expire(session)
