"""The first page and what stands beside it, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("home", __name__)

from app.features.home.views import day, first, notices  # noqa: E402, F401 - they add their routes to the blueprint
