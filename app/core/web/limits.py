"""Rate limits by the reader's address or account."""

from __future__ import annotations

from datetime import timedelta

from flask import request

from app.core import limits
from app.core.web.sessions import database

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def client_address() -> str:
    """The address the request came from (behind trusted proxies: as they tell it)."""
    return request.remote_addr or "unknown"


def limit(name: str, times: int, per: timedelta, key: str | None = None) -> None:
    """Count this request under ``name``; raises `TooMany`. Call it before anything is written."""
    limits.hit(database(), name, key or client_address(), times, per)
