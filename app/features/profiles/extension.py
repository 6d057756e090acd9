"""Gives the templates what they need to show profiles."""

from __future__ import annotations

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from app.features.profiles.views import cards


def init_app(app: Flask, _csrf: CSRFProtect) -> None:
    """Register how a profile is named, placed and put on a card."""
    app.jinja_env.globals.update(
        profile_title=cards.title_of,
        profile_address=cards.address_of,
        profile_place=cards.place_of,
        profile_card=cards.card_of,
        profile_mark=cards.mark_of,
        local_time=cards.local_time,
    )
