"""The pages of profiles, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("profiles", __name__)
