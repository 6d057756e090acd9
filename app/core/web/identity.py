"""Who is behind the request, as an `Actor`, by Flask-Login's session or by an API token."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Flask, g, has_request_context
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy.orm import Session

from app.core.actor import GUEST, Actor
from app.core.registries import set_person_loader as set_person_loader
from app.core.web.sessions import db

ActorLoader = Callable[[Session, str], Actor | None]
_loader: dict[str, ActorLoader] = {}
login_manager = LoginManager()
login_manager.session_protection = "basic"


class SignedIn:
    """What Flask-Login wants to know of someone signed in; ``key`` names account and session epoch."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, key: str, actor: Actor) -> None:
        self.key, self.actor = key, actor

    def get_id(self) -> str:
        """The value kept in the session cookie."""
        return self.key


def set_actor_loader(loader: ActorLoader) -> None:
    """The accounts feature tells here how a session key becomes an actor (None: signed out elsewhere)."""
    _loader["load"] = loader


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(key: str) -> SignedIn | None:
    actor = _loader["load"](db(), key) if "load" in _loader else None
    return SignedIn(key, actor) if actor else None


def current_actor() -> Actor:
    """The person behind this request; a guest if nobody is signed in."""
    if "actor" in g:
        return cast(Actor, g.actor)
    if not has_request_context():
        return GUEST
    user = current_user
    g.actor = cast(Actor, user.actor) if user and user.is_authenticated else GUEST
    return g.actor  # type: ignore[no-any-return]


def use_actor(actor: Actor) -> None:
    """Act as ``actor`` in this request; the API does so once it has checked a token."""
    g.actor = actor


def sign_in_session(key: str, actor: Actor, remember: bool = False) -> None:
    """Start a browser session for the actor."""
    login_user(SignedIn(key, actor), remember=remember)
    g.pop("actor", None)


def sign_out_session() -> None:
    """End this browser session."""
    logout_user()
    g.pop("actor", None)


def init_identity(app: Flask) -> None:
    """Set up Flask-Login."""
    login_manager.init_app(app)
