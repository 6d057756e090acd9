"""The world of these tests, with answers by mail switched on."""

from __future__ import annotations

import pytest
from flask import Flask

from app.core.database import Database
from app.core.settings import Settings
from tests.integration.notifications.world import World


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As everywhere, and mail to reply+…@talk.example comes in."""
    return settings.model_copy(update={"mail_reply_domain": "talk.example"})


@pytest.fixture
def world(app: Flask, database: Database) -> World:
    """The world."""
    return World(app, database)
