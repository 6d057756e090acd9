"""Figures about the network as a whole, the same as on its pages."""

from __future__ import annotations

from typing import Any

from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.schemas.insights import ExposureSchema
from app.features.insights.queries.exposure import find_exposure
from app.features.insights.schemas import exposure_as_json


@operations.response(200, ExposureSchema)
def read_exposure() -> dict[str, Any]:
    """Which regions and languages suggestions bring to attention, compared with who would fit."""
    return exposure_as_json(find_exposure(db()))
