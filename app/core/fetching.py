"""The one way to an address outside: never to a private one, also after redirects, and never without limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.core.settings import Settings


class FetchRefused(Exception):
    """The address may not be fetched: not on the web, with a password in it, or leading into a private network."""


class FetchFailed(Exception):
    """There was no usable answer: not reached, too slow, too long, too many redirects."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back; ``url`` is where the redirects ended."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    settings: Settings,
    most_bytes: int = 1_000_000,
    timeout: float = 10.0,
    method: Literal["GET", "HEAD", "POST"] = "GET",
    json: Any = None,
) -> Fetched:
    """Fetch an address of the web; raises `FetchRefused` or `FetchFailed`.

    ``timeout`` counts for everything together: looking up, connecting, redirects, reading. A body longer than
    ``most_bytes`` is a failure, not cut. ``json`` is the body of a POST.
    """
    raise FetchFailed("not yet")
