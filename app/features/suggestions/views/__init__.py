"""The pages of suggestions, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("suggestions", __name__)

from app.features.suggestions.views import (  # noqa: E402, F401 - they add their routes
    appearing,
    asides,
    group_asides,
    lists,
)
