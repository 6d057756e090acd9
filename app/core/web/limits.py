"""Rate limits by the reader's address or account."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv4Address, ip_address, ip_network

from flask import request

from app.core import limits
from app.core.web.sessions import database

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def client_address() -> str:
    """The address the request came from (behind trusted proxies: as they tell it); of IPv6 the network.

    A household or a server has a whole network of IPv6 addresses, and could take another one for every try.
    """
    address = request.remote_addr or "unknown"
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return address
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


def limit(name: str, times: int, per: timedelta, key: str | None = None) -> None:
    """Count this request under ``name``; raises `TooMany`. Call it before anything is written."""
    limits.hit(database(), name, key or client_address(), times, per)
