"""A reader with cookies: loads pages as a browser does, and counts what a first visit takes."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode


class _Needs(HTMLParser):
    """The addresses that a browser fetches at once for a page: styles, scripts, icons, pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a start tag asks for."""
        given = dict(attrs)
        address = given.get("href") if tag == "link" else given.get("src") if tag in ("script", "img") else None
        if address and (tag != "link" or (given.get("rel") or "") in ("stylesheet", "icon")):
            self.found.append(address)


class Reader:
    """One connection, kept open, and the cookies it was given."""

    def __init__(self, port: int, language: str = "en") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.language = language

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str, bytes]:
        headers = {"Accept-Language": self.language, "Accept-Encoding": "gzip", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except ConnectionError:
            # The server closes what was idle for long.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        data = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        return answer.status, answer.headers.get("Location", ""), data

    def get(self, path: str) -> bytes:
        """The body of a page; raises `RuntimeError` unless it is there."""
        status, _location, data = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return data

    def sign_in(self, handle: str) -> None:
        """Become a sample person, by the page that only the embedded mode has."""
        form = self.get("/sample/sign-in").decode()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        if token is None:
            raise RuntimeError("the page to sign in on has no token")
        fields = urlencode({"csrf_token": token.group(1), "handle": handle})
        status, _location, _data = self._ask("POST", "/sample/sign-in", fields)
        if status not in (302, 303):
            raise RuntimeError(f"signing in answered {status}")

    def first_visit(self, path: str) -> tuple[int, int]:
        """Bytes, each file compressed as a server in front of it does, and requests of a first visit."""
        page = self.get(path)
        needs = _Needs()
        needs.feed(page.decode())
        files = [self.get(address) for address in dict.fromkeys(needs.found)]
        return sum(len(gzip.compress(data, 6)) for data in (page, *files)), 1 + len(files)
