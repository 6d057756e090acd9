"""Recurring jobs of accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.accounts.services.tokens import purge_tokens


@job("accounts.purge_tokens", every=timedelta(days=1))
def purge(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Delete links that are long over."""
    with database.transaction() as session:
        purge_tokens(session)
