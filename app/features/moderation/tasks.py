"""The jobs of moderation: taking over what the coordinators of a community could not decide."""

from __future__ import annotations

from typing import Any

from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.moderation.services import take_house_report


@job("moderation.take_house_report")
def take_over(database: Database, payload: dict[str, Any], _progress: Progress) -> None:
    """Make a report of one that a community passed on; once, however often the job runs."""
    with database.transaction() as session:
        take_house_report(session, **payload)
