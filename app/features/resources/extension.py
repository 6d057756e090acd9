"""What resources need of the application: harvesters send forms without our token, and jobs fetch by its settings."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app.features.resources.tasks import use_settings


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Let harvesters ask by POST, which changes nothing; tell the jobs by which settings addresses are fetched."""
    csrf.exempt("app.features.resources.views.harvesting.harvest")
    use_settings(app.extensions["settings"])
