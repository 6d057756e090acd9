"""The job that looks after communities where nothing happens any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.clock import now
from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.communities.services.keeping import CHUNK, fall_asleep, warn_quiet


@job("communities.tend", every=timedelta(days=1))
def tend(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Warn the coordinators of quiet communities, and mark as dormant those that stayed quiet.

    Each chunk is a transaction of its own; what is done is not found again, so a run that was cut off just goes on.
    """
    done = 0
    for step in (fall_asleep, warn_quiet):
        seen = CHUNK
        while seen == CHUNK:
            with database.transaction() as session:
                seen = step(session, now())
            done += seen
            progress.advance(done)
