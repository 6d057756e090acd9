"""The house log: what was done in a community, by whom and why."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.features.communities.models import HouseLog
from app.features.communities.policies import Standing


def log_deed(
    session: Session,
    standing: Standing,
    action: str,
    kind: str,
    thing_id: int | None,
    person_id: int | None = None,
    reason: str = "",
    **details: Any,
) -> HouseLog:
    """Write down what the actor just did; ``person_id``: the member it concerns, who will always see it."""
    row = HouseLog(
        community_id=standing.community.id, by_person_id=standing.actor.person_id, action=action, kind=kind,
        thing_id=thing_id, person_id=person_id, reason=reason, details=details,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
