"""Addresses of resources: which may stand here, and when two of them are the same."""

from __future__ import annotations

import hashlib
import re
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from app.core.cleaning import clean_line
from app.core.domains import ascii_domain
from app.core.messages import N_, Text

LONGEST = 2000
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.ASCII)
# Names that lead nowhere on the web.
_PRIVATE = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid", ".onion")
# Parameters that only say where a reader came from.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid", re.ASCII)

NOT_WEB = N_("Please give an address of the web that begins with https:// or http://.")
PRIVATE = N_("This address is only reachable in a private network, so others can't open it.")
TOO_LONG = N_("This address is too long to be kept: %(limit)s characters at most.")


class BadAddress(ValueError):
    """An address that can't stand here; ``text`` says why."""

    def __init__(self, key: str, **values: object) -> None:
        self.text = Text(key, values)
        super().__init__(str(self.text))


def _host_of(name: str) -> str:
    plain = name.strip("[]")
    try:
        number = ip_address(plain)
    except ValueError:
        host = ascii_domain(name) or ""
        if host == "localhost" or host.endswith(_PRIVATE):
            raise BadAddress(PRIVATE) from None
        # The last label of a name is never a number; browsers would take it for an address of another form.
        if not _HOST.fullmatch(host) or len(host) > 253 or host.rpartition(".")[2].isdigit() or "0x" in host[-12:]:
            raise BadAddress(NOT_WEB) from None
        return host
    if not number.is_global or number.is_multicast:
        raise BadAddress(PRIVATE)
    return f"[{number}]" if number.version == 6 else str(number)


def clean_address(text: str) -> str:
    """An address of the web as it is kept; raises `BadAddress`.

    >>> clean_address(" example.org/a b ")
    'https://example.org/a%20b'
    """
    line = clean_line(text)
    if line and "://" not in line and not line.lower().startswith(("javascript:", "data:", "mailto:", "file:")):
        line = f"https://{line}"
    try:
        parts = urlsplit(line)
        port = parts.port
        name = parts.hostname or ""
        secret = parts.username or parts.password
    except ValueError:
        raise BadAddress(NOT_WEB) from None
    if parts.scheme.lower() not in ("http", "https") or not name or secret:
        raise BadAddress(NOT_WEB)
    host = _host_of(name)
    standard = port in (None, {"http": 80, "https": 443}[parts.scheme.lower()])
    place = host if standard else f"{host}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]")
    fragment = quote(parts.fragment, safe="/%:@!$&'()*+,;=~-._?[]")
    address = urlunsplit((parts.scheme.lower(), place, path, query, fragment))
    if len(address) > LONGEST:
        raise BadAddress(TOO_LONG, limit=LONGEST)
    return address


def same_as(address: str) -> str:
    """A hash that is equal for addresses of the same thing: with or without www., https, a slash, tracking.

    >>> same_as("https://www.example.org/a/?utm_source=x") == same_as("http://example.org/a")
    True
    """
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.")
    path = unquote(parts.path, errors="replace").rstrip("/")
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(k)])
    # Some sites name the thing after the number sign.
    fragment = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return hashlib.sha256("\n".join((host, path, query, fragment)).encode("utf-8", "replace")).hexdigest()


def host_of(address: str) -> str:
    """The host of an address, for being polite to it."""
    return urlsplit(address).hostname or ""
