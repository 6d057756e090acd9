"""The daily look at reports: none waits for people who have left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.core.database import Database
from app.core.errors import Conflict
from app.core.jobs import Progress, job
from app.features.communities.models import Community, HouseReport
from app.features.communities.models.order import OPEN_REPORT
from app.features.communities.services.order import forward_undecidable


@job("communities.forward_reports", every=timedelta(days=1))
def forward_reports(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Pass on to the platform's moderators what nobody in a community may decide any more."""
    with database.reading() as session:
        waiting = select(HouseReport.community_id).where(HouseReport.state == OPEN_REPORT).distinct()
        communities = sorted(session.scalars(waiting))
    for done, number in enumerate(communities, 1):
        try:
            with database.transaction() as session:
                community = session.get(Community, number)
                if community is not None:
                    forward_undecidable(session, community)
        except Conflict:
            # Decided at this moment: then it does not wait any more.
            continue
        progress.advance(done, len(communities))
