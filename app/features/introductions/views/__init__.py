"""The pages of introductions, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("introductions", __name__)

from app.features.introductions.views import answering, asking, blocks, connections, network  # noqa: E402, F401
