"""Websites and mail domains of institutions: which addresses speak for them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from app.core.domains import ascii_domain

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def public_hosts() -> frozenset[str]:
    """Hosts that give addresses or pages to everybody, and so speak for nobody."""
    lines = (DATA / "public_hosts.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def is_public(domain: str) -> bool:
    """Whether everybody can have an address or a page at ``domain`` or at a domain above it.

    >>> is_public("gmail.com"), is_public("maths.blogspot.com"), is_public("uonbi.ac.ke")
    (True, True, False)
    """
    parts = domain.lower().split(".")
    return any(".".join(parts[at:]) in public_hosts() for at in range(len(parts) - 1))


def host_of(website: str | None) -> str | None:
    """The domain of a website, without ``www.``; None where it has none or shares it with everybody.

    >>> host_of("https://www.uonbi.ac.ke/about"), host_of("https://sites.google.com/our-school")
    ('uonbi.ac.ke', None)
    """
    host = (ascii_domain(urlsplit(website or "").hostname or "") or "").removeprefix("www.")
    return host if host and not is_public(host) else None


def mail_domain(address: str) -> str:
    """The domain of a mail address, lower case and IDNA."""
    return ascii_domain(address.rpartition("@")[2]) or ""
