"""The one way to an address outside: never to a private one, also after redirects, and never without limits.

The host is looked up once, every address it has is judged, and the connection goes to an address that was judged, so
that a second answer of the name server changes nothing. A watch ends the connection when the time is over, however
slowly the other side drips.
"""

from __future__ import annotations

import json as jsons
import queue
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Literal
from urllib.parse import urljoin

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError, NewConnectionError
from urllib3.exceptions import SSLError as ProblemWithTls
from urllib3.exceptions import TimeoutError as TimeoutProblem
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from app.core.messages import N_, Text
from app.core.settings import Settings

Method = Literal["GET", "HEAD", "POST"]
PORTS = {"http": 80, "https": 443}
MOST_REDIRECTS = 5
LONGEST_ADDRESS = 2000
REDIRECTS = (301, 302, 303, 307, 308)
CHUNK = 65_536
# Addresses of the new kind that stand for, or are carried by, one of the old kind: that one is judged, too.
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")
_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")


class FetchProblem(Exception):
    """Nothing was fetched; ``text`` says why, to be translated."""

    def __init__(self, message: str, **values: object) -> None:
        self.text = Text(message, values)
        super().__init__(str(self.text))


class FetchRefused(FetchProblem):
    """The address may not be fetched: not on the web, with a password in it, or leading into a private network."""


class FetchFailed(FetchProblem):
    """There was no usable answer: not reached, too slow, too long, too many redirects."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back; ``url`` is where the redirects ended, ``headers`` have small letters."""

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
    method: Method = "GET",
    json: Any = None,
    cut: bool = False,
) -> Fetched:
    """Fetch an address of the web; raises `FetchRefused` or `FetchFailed`.

    ``timeout`` counts for everything together: looking up, connecting, redirects, reading. A body longer than
    ``most_bytes`` is a failure, or with ``cut`` ends there. ``json`` is the body of a POST, which follows no redirect.
    """
    deadline = time.monotonic() + timeout
    for _step in range(MOST_REDIRECTS + 1):
        target = _judge_url(url, settings)
        address = _choose_address(target, settings, deadline)
        answer = _ask(target, address, _Request(method, json, most_bytes, cut, deadline), settings)
        following = answer.headers.get("location")
        if answer.status not in REDIRECTS or not following:
            return answer
        if method == "POST":
            raise FetchFailed(N_("The other side sends us elsewhere."))
        try:
            url = urljoin(target.url, following)
        except ValueError:
            raise FetchRefused(N_("This is not an address of the web.")) from None
    raise FetchFailed(N_("The other side sends us on and on."))


@dataclass(frozen=True, slots=True)
class _Request:
    method: Method
    json: Any
    most_bytes: int
    cut: bool
    deadline: float

    @property
    def left(self) -> float:
        """The seconds that are left; raises when there are none."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise FetchFailed(N_("The other side took too long to answer."))
        return seconds


def check_address(url: str, settings: Settings) -> str:
    """The address as it would be fetched, without asking anyone; raises `FetchRefused`.

    For forms: it says at once what could never be fetched. Where a name leads is judged when it is fetched.
    """
    return _judge_url(url, settings).url


def _judge_url(url: str, settings: Settings) -> Url:
    """The parts of an address that is on the web and carries no secrets."""
    if len(url) > LONGEST_ADDRESS or any(ord(sign) <= 32 or ord(sign) == 127 for sign in url) or "\\" in url:
        raise FetchRefused(N_("This is not an address of the web."))
    try:
        target = parse_url(url)
    except (LocationParseError, ValueError):
        raise FetchRefused(N_("This is not an address of the web.")) from None
    if target.scheme not in PORTS or not target.host:
        raise FetchRefused(N_("Please give an address that begins with https:// or http://."))
    if target.auth is not None:
        raise FetchRefused(N_("Please give an address without a name and password in it."))
    if target.port not in (None, *PORTS.values()) and not settings.fetch_loopback:
        raise FetchRefused(N_("Please give an address without a port number."))
    bare = _bare_host(target)
    with suppress(ValueError):
        if not _is_allowed(bare, settings):
            raise FetchRefused(N_("This address leads into a private network."))
    return target._replace(fragment=None)


def _bare_host(target: Url) -> str:
    return (target.host or "").removeprefix("[").removesuffix("]")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the whole world; raises ValueError for what is none.

    >>> is_public("93.184.215.14"), is_public("10.1.2.3"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False, False)
    """
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return _is_public(found)
    if found.scope_id or found in _LOCAL_NAT64 or found.is_site_local:
        return False
    carried = [_is_public(one) for one in _carried(found)]
    # Some prefixes only carry an address of the old kind; they are global by what they carry.
    if found.ipv4_mapped or found in _NAT64:
        return all(carried)
    return _is_public(found) and all(carried)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    strange = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not (strange or address.is_loopback or address.is_link_local or address.is_private)


def _carried(address: IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64, compatible."""
    carried = [found for found in (address.ipv4_mapped, address.sixtofour) if found is not None]
    carried += address.teredo or ()
    if address in _NAT64 or address in _COMPATIBLE:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return carried


def _is_allowed(address: str, settings: Settings) -> bool:
    return is_public(address) or (settings.fetch_loopback and ip_address(address).is_loopback)


def _look_up(host: str, port: int, seconds: float) -> list[str]:
    """Every address of a host, asked for once; the system's own look-up knows no limit of time."""
    answer: queue.Queue[list[str] | OSError] = queue.Queue(1)

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answer.put(OSError(str(error)))
        else:
            answer.put([str(row[4][0]) for row in found])

    threading.Thread(target=ask, daemon=True).start()
    try:
        result = answer.get(timeout=seconds)
    except queue.Empty:
        raise FetchFailed(N_("The other side took too long to answer.")) from None
    if isinstance(result, OSError) or not result:
        raise FetchFailed(N_("There is no such address.")) from None
    return result


def _choose_address(target: Url, settings: Settings, deadline: float) -> str:
    """The address to connect to; a name one of whose addresses is private is refused as a whole."""
    seconds = _Request("GET", None, 0, False, deadline).left
    found = _look_up(_bare_host(target), target.port or PORTS[target.scheme or "https"], seconds)
    try:
        allowed = all(_is_allowed(address, settings) for address in found)
    except ValueError:
        allowed = False
    if not allowed:
        raise FetchRefused(N_("This address leads into a private network."))
    # Not every machine has a way out over IPv6.
    return next((address for address in found if ":" not in address), found[0])


def _connection(target: Url, address: str, seconds: float) -> HTTPConnection:
    port = target.port or PORTS[target.scheme or "https"]
    if target.scheme == "http":
        return HTTPConnection(address, port, timeout=seconds)
    # The name is proven by the certificate as usual, although the connection goes to a number.
    context = ssl.create_default_context()
    return HTTPSConnection(address, port, timeout=seconds, ssl_context=context, server_hostname=_bare_host(target))


def _ask(target: Url, address: str, request: _Request, settings: Settings) -> Fetched:
    """One question and its answer, without following where it leads."""
    late = threading.Event()
    connection = _connection(target, address, request.left)

    def end() -> None:
        late.set()
        with suppress(OSError, AttributeError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(request.left, end)
    watch.daemon = True
    watch.start()
    try:
        with closing(connection):
            return _exchange(connection, target, request, settings)
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        # "Not connected" is a kind of "too late" to the library.
        slow = isinstance(error, TimeoutError | TimeoutProblem) and not isinstance(error, NewConnectionError)
        if late.is_set() or slow:
            raise FetchFailed(N_("The other side took too long to answer.")) from None
        if isinstance(error, ssl.SSLError | ProblemWithTls):
            raise FetchFailed(N_("The other side could not prove who it is.")) from None
        raise FetchFailed(N_("The other side could not be reached.")) from None
    finally:
        watch.cancel()


def _exchange(connection: HTTPConnection, target: Url, request: _Request, settings: Settings) -> Fetched:
    body = None if request.json is None else jsons.dumps(request.json).encode()
    headers = {
        "Host": target.netloc or "",
        "User-Agent": f"Commonweave (+{settings.base_url})",
        "Accept": "application/json" if body is not None else "*/*",
        # No packed answers: how long they unpack to is not known before.
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    connection.request(
        request.method, target.request_uri, body=body, headers=headers, preload_content=False, decode_content=False
    )
    answer = connection.getresponse()
    with closing(answer):
        found = {name.lower(): value for name, value in answer.headers.items()}
        leads_on = answer.status in REDIRECTS and "location" in found
        read = b"" if leads_on or request.method == "HEAD" else _read(answer, request)
        return Fetched(answer.status, target.url, found, read)


def _read(answer: BaseHTTPResponse, request: _Request) -> bytes:
    """The body, in pieces as they come, so that neither length nor slowness goes unnoticed."""
    pieces: list[bytes] = []
    length = 0
    while request.left:
        piece = answer.read1(CHUNK, decode_content=False)
        if not piece:
            break
        length += len(piece)
        pieces.append(piece)
        if length > request.most_bytes:
            if request.cut:
                return b"".join(pieces)[: request.most_bytes]
            raise FetchFailed(N_("What came back is too long."))
    return b"".join(pieces)
