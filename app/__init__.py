"""Commonweave: people and institutions who work with Open Educational Resources find each other here.

Only the factory is reached from this module, and only when called, so that ``import app.matching``
loads neither Flask nor SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.core.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the Flask application; settings come from the environment unless given."""
    from app.factory import build_app

    return build_app(settings)
