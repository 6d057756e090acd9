"""What every page can use: addresses, static files, the actor."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask, current_app, redirect, request, url_for
from jinja2 import Template
from jinja2.runtime import Context
from werkzeug.routing import BuildError, IntegerConverter, Map
from werkzeug.wrappers import Response

from app.core.markdown import render_markdown
from app.core.registries import panels
from app.core.settings import Settings
from app.core.web.identity import current_actor
from app.core.web.sessions import db


class RowNumber(IntegerConverter):
    """The number of a row in an address; what no database takes as one is no address."""

    def __init__(self, map: Map, fixed_digits: int = 0, max: int = 2**63 - 1, **more: Any) -> None:
        super().__init__(map, fixed_digits, max=max, **more)


@lru_cache(maxsize=256)
def _digest(path: Path, _modified: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


# Name of a static file to when it was last looked at and its address; a page names ten of them.
_addresses: dict[str, tuple[float, str]] = {}
LOOK_AGAIN = 1.0  # seconds


def static_url(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for ever."""
    looked, address = _addresses.get(name, (0.0, ""))
    if not address or monotonic() - looked > LOOK_AGAIN:
        address = _static_address(name)
        _addresses[name] = (monotonic(), address)
    return address


def _static_address(name: str) -> str:
    path = Path(current_app.static_folder or "") / name
    if not path.is_file():
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_digest(path, path.stat().st_mtime))


def has_dist(name: str) -> bool:
    """Whether what npm builds is there; the pages work without it."""
    return (Path(current_app.static_folder or "") / "dist" / name).is_file()


_SHADES, _SIGNS = 8, "abcdefghijklmnopqrstuvwxyz0123456789"


@lru_cache(maxsize=4096)
def shade_of(key: str, length: int) -> int:
    """Which of the calm colours stands behind somebody's initials: by their handle, in small letters, and the length of
    their name."""
    return (length + sum(_SIGNS.find(sign) * place for place, sign in enumerate(key, 1))) % _SHADES


def link_for(endpoint: str, **values: Any) -> str | None:
    """The address of an endpoint, or None if this application has no such page."""
    if values:
        return _built(endpoint, **values)
    # The menu of every page names a dozen that never change while the application stands at one path.
    known: dict[tuple[str, str], str | None] = current_app.extensions.setdefault("plain_links", {})
    key = (request.script_root, endpoint)
    if key not in known:
        known[key] = _built(endpoint)
    return known[key]


def _built(endpoint: str, **values: Any) -> str | None:
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None


def site_address() -> str:
    """Where this site is: as its operator says; only where nothing is said, as the request does.

    Whoever asks names a host as they like, and what they are given may be kept and shown to others.
    """
    settings: Settings = current_app.extensions["settings"]
    return (settings.public_url or request.host_url).rstrip("/")


def full_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for calendars, feeds and whatever else is read elsewhere."""
    return site_address() + url_for(endpoint, **values)


def safe_next(target: str | None, fallback: str) -> str:
    """``target`` if it stays on this site, else ``fallback``: no open redirects."""
    if not target or target != target.strip() or "\\" in target or any(ord(c) < 32 for c in target):
        return fallback
    try:
        here, there = urlsplit(request.host_url), urlsplit(urljoin(request.host_url, target))
    except ValueError:
        return fallback
    # Dot segments can leave a path that begins with two slashes, which a browser takes for another host.
    if there.scheme != here.scheme or there.netloc != here.netloc or "//" in (target[:2], there.path[:2]):
        return fallback
    return there.path + (f"?{there.query}" if there.query else "")


def go(target: str) -> Response:
    """Redirect after a successful POST, so that a reload does not send it again."""
    return redirect(target, code=303)


def load_panels(place: str, subject: Any = None) -> list[tuple[str, dict[str, Any]]]:
    """The panels that higher features put on a page: template and values of each."""
    loaded = ((panel, panel.load(db(), current_actor(), subject)) for panel in panels(place))
    return [(panel.template, values) for panel, values in loaded if values is not None]


class _Page(Template):
    """A template whose macros others import: what it offers is made once, not looked at anew by each page."""

    def _get_default_module(self, ctx: Context | None = None) -> Any:
        # Flask gives every template the same globals, so a module made for one page holds for all.
        return self._module if self._module is not None else super()._get_default_module(ctx)


def init_pages(app: Flask) -> None:
    """Give the templates their globals."""
    app.jinja_env.template_class = _Page
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["markdown"] = render_markdown
    app.jinja_env.globals.update(static_url=static_url, has_dist=has_dist, link_for=link_for, load_panels=load_panels)
    app.jinja_env.globals["shade_of"] = shade_of
    app.jinja_env.globals["full_address"] = full_address
    embedded = app.extensions["settings"].embedded
    app.context_processor(lambda: {"actor": current_actor(), "sample_world": embedded})
