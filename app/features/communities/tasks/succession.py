"""The daily look at who coordinates: nobody is left alone, and addresses that are not needed are forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.communities.services.invitations import forget_addresses
from app.features.communities.services.succession import begin_succession, carry_on, list_orphaned, list_untended
from app.features.communities.services.turns import lock_community

CHUNK = 100


@job("communities.succession", every=timedelta(days=1))
def see_to_succession(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Find communities that nobody coordinates and take the next step for each that waits.

    Each chunk is a transaction of its own, and each step is only taken where it is due: a run that is cut off and
    begins again asks nobody twice.
    """
    done = _walk(database, progress, 0, carry_on_some)
    _walk(database, progress, done, begin_some)
    with database.transaction() as session:
        forget_addresses(session)


def carry_on_some(session: Session, after: int) -> int | None:
    """Go on with a chunk of those that wait; the last one's number, None at the end."""
    rows = list_orphaned(session, after, CHUNK)
    for community in rows:
        lock_community(session, community.id)
        session.refresh(community, ["orphaned_at"])
        carry_on(session, community, now())
    return rows[-1].id if len(rows) == CHUNK else None


def begin_some(session: Session, after: int) -> int | None:
    """Begin with a chunk of those nobody coordinates; the last one's number, None at the end."""
    moment = now()
    rows = list_untended(session, moment, after, CHUNK)
    for community in rows:
        lock_community(session, community.id)
        begin_succession(session, community, moment)
    return rows[-1].id if len(rows) == CHUNK else None


def _walk(database: Database, progress: Progress, done: int, step: Callable[[Session, int], int | None]) -> int:
    last: int | None = 0
    while last is not None:
        with database.transaction() as session:
            last = step(session, last)
        done += CHUNK
        progress.advance(done)
    return done
