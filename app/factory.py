"""Puts the application together: settings, extensions, features, error pages, commands."""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from flask import Flask, jsonify
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import ArgumentError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.access import ACCESS
from app.core.cli import register_commands
from app.core.database import Database
from app.core.settings import Settings, SettingsError, load_settings
from app.core.web.access import init_access
from app.core.web.errors import init_errors
from app.core.web.headers import init_headers
from app.core.web.i18n import init_i18n
from app.core.web.identity import init_identity
from app.core.web.mailing import init_mailing
from app.core.web.pages import init_pages
from app.core.web.sessions import init_sessions

# Lowest first, as in docs/architecture.md. Each may bring the modules named in PARTS.
FEATURES = (
    "vocabularies",
    "accounts",
    "relations",
    "profiles",
    "renditions",
    "threads",
    "introductions",
    "communities",
    "events",
    "resources",
    "suggestions",
    "moderation",
    "notifications",
    "insights",
    "admin",
    "home",
    "samples",
    "api",
)
PARTS = ("models", "tasks", "contributions", "views", "cli")
MEGABYTE = 1024 * 1024

csrf = CSRFProtect()


@cache
def feature_modules(part: str) -> tuple[ModuleType, ...]:
    """The modules called ``part`` of all features that have one."""
    names = [f"app.features.{feature}.{part}" for feature in FEATURES]
    return tuple(import_module(name) for name in names if find_spec(name.rpartition(".")[0]) and find_spec(name))


def build_app(settings: Settings | None = None) -> Flask:
    """The finished application; exits with one clear line when the settings are not safe to start with."""
    try:
        settings = settings or load_settings()
        settings.check()
        database = _open_database(settings)
    except SettingsError as error:
        print(f"commonweave does not start: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app = Flask("app", instance_path=str(settings.instance_path.resolve()))
    _configure(app, settings)
    app.extensions["settings"] = settings
    app.extensions["database"] = database
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    init_sessions(app)
    init_headers(app, secure=not settings.embedded)
    init_identity(app)
    init_access(app, ACCESS, settings.embedded)
    init_i18n(app)
    csrf.init_app(app)
    init_pages(app)
    init_errors(app)
    init_mailing(app, settings)
    _register_features(app)
    register_commands(app)
    return app


def _open_database(settings: Settings) -> Database:
    """The database the settings name; raises `SettingsError` for an address or a folder that cannot be."""
    try:
        return Database(settings.sqlalchemy_url)
    except (ArgumentError, ValueError):
        raise SettingsError("DATABASE_URL must look like postgresql://user:pass@host/name") from None
    except OSError as error:
        raise SettingsError(f"INSTANCE_PATH: {error.filename} cannot be made ({error.strerror})") from None


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=4 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="commonweave",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.embedded,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=not settings.embedded,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=not settings.embedded,
    )


def _register_features(app: Flask) -> None:
    parts = {part: feature_modules(part) for part in PARTS}
    for module in parts["views"]:
        app.register_blueprint(module.blueprint)
    for module in parts["cli"]:
        for group in module.commands:
            app.cli.add_command(group)
    for module in feature_modules("extension"):
        module.init_app(app, csrf)

    @app.get("/healthz", endpoint="core.healthz")
    def healthz() -> ResponseReturnValue:
        """Say that this process serves."""
        return jsonify(status="ok")
