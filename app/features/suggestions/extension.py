"""Keeps the match index of this application, and knows it stale after a restore."""

from __future__ import annotations

import secrets

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, delete, insert

from app.core import backup
from app.core.database import Database
from app.core.settings import Settings
from app.features.suggestions.models import MatchIdentity
from app.features.suggestions.services import noticing  # noqa: F401 - it listens to what is written
from app.features.suggestions.services.histories import keep_history
from app.features.suggestions.services.keeping import IndexKeeper, keep


def rename_content(connection: Connection) -> None:
    """Name the content of the database anew: what was computed from the old one is of no use."""
    connection.execute(delete(MatchIdentity))
    connection.execute(insert(MatchIdentity).values(id=1, name=secrets.token_hex(16)))


def _keeper_for(settings: Settings, database: Database) -> IndexKeeper:
    """The keeper of the backend that the settings name; the other one isn't even imported."""
    folder = settings.instance_path / "index"
    if settings.match_backend == "index":
        return keep(database, folder)
    from app.features.suggestions.services.sharded.keeping import keep_sharded

    return keep_sharded(database, folder, settings.match_shards)


def init_app(app: Flask, _csrf: CSRFProtect) -> None:
    """Hold the keeper for the life of the application."""
    settings = app.extensions["settings"]
    app.extensions["match_index"] = _keeper_for(settings, app.extensions["database"])
    app.extensions["history"] = keep_history(app.extensions["database"], settings.instance_path / "history")
    if rename_content not in backup.after_restore:
        backup.after_restore.append(rename_content)
