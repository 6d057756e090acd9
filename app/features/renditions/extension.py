"""Gives the jobs of renditions the settings, and the templates what the notes on translations need."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app.features.renditions.tasks import use_settings


def init_app(app: Flask, _csrf: CSRFProtect) -> None:
    """Tell the jobs which server translates."""
    use_settings(app.extensions["settings"])
