"""The jobs of insights."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core.database import Database
from app.core.jobs import Progress, job
from app.features.suggestions.services.exposing import measure_exposure


@job("insights.measure_exposure", every=timedelta(days=1))
def measure(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Sum up whom the suggestions of the last 90 days brought to attention; run again it only finds newer sums."""
    measure_exposure(database)
