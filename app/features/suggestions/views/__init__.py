"""The pages of suggestions, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("suggestions", __name__)
