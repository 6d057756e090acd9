"""The pages of profiles, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("profiles", __name__)

from app.features.profiles.views import directory, persons  # noqa: E402, F401 - they add their routes to the blueprint
