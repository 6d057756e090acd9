"""The pages of profiles, split by topic."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("profiles", __name__)

# They add their routes to the blueprint.
from app.features.profiles.views import (  # noqa: E402, F401
    delegations,
    directory,
    institutions,
    persons,
    verification,
)
