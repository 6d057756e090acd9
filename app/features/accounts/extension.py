"""Joins accounts to the application: who a session stands for, where one signs in, how passwords are hashed."""

from __future__ import annotations

from flask import Flask, Response, g
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.settings import Settings
from app.core.web.identity import set_actor_loader
from app.core.web.kept import set_sign_in_page
from app.core.web.sessions import after_response
from app.features.accounts.queries import build_actor, find_by_session
from app.features.accounts.services.entering import is_seen_long_ago, note_seen
from app.features.accounts.services.passwords import Passwords
from app.features.accounts.views.entering import sign_in_with


def init_app(app: Flask, _csrf: CSRFProtect) -> None:
    """Set the actor loader and keep the password hasher with the application."""
    settings: Settings = app.extensions["settings"]
    app.extensions["passwords"] = Passwords(settings.argon2_time_cost, settings.argon2_memory_kib)
    embedded = settings.embedded

    def load_actor(session: Session, key: str) -> Actor | None:
        account = find_by_session(session, key, samples=embedded)
        if account is None:
            return None
        if is_seen_long_ago(account):
            g.seen_account = account.id
        return build_actor(session, account)

    set_actor_loader(load_actor)
    set_sign_in_page(sign_in_with)

    @app.after_request
    def mark_seen(response: Response) -> Response:
        account_id: int | None = g.pop("seen_account", None)
        if account_id is not None:
            after_response(lambda session: note_seen(session, account_id))
        return response
