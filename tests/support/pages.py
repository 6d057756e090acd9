"""A test client that looks at each HTML page it gets, as a careful reader of the markup would."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def parse(html: str) -> Element:
    """The document of a page; raises on markup that a strict parser refuses."""
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    document = parser.parse(html)
    # An svg's own names and character references in addresses are the parser's pedantry, all else is a fault.
    harmless = {"expected-doctype-but-got-start-tag", "named-entity-without-semicolon"}
    faults = [(position, code) for position, code, _ in parser.errors if code not in harmless]
    assert not faults, f"faulty markup: {faults[:5]}"
    return document


def check_page(response: TestResponse) -> Element:
    """What must hold of every page: parsed, one h1, title, unique ids, language, labels, nonces, no inline code."""
    html = response.get_data(as_text=True)
    document = parse(html)
    elements = list(document.iter())
    names = Counter(str(e.tag) for e in elements)
    assert names["h1"] == 1, f"{names['h1']} h1 on the page"
    title = document.find(".//title")
    assert title is not None and (title.text or "").strip(), "no title"
    root = document if document.tag == "html" else document.find(".//html")
    assert root is not None and root.get("lang") and root.get("dir") in ("ltr", "rtl"), "no language or direction"
    twice = [i for i, n in Counter(e.get("id") for e in elements if e.get("id")).items() if n > 1]
    assert not twice, f"ids used twice: {twice}"
    ids = {e.get("id") for e in elements}
    for element in elements:
        for name in element.attrib:
            assert not str(name).startswith("on"), f"inline code in {element.tag} {name}"
        assert "style" not in element.attrib, f"inline style on {element.tag}"
        if element.tag == "label" and element.get("for"):
            assert element.get("for") in ids, f"label for nothing: {element.get('for')}"
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{name} names {target}, which is not there"
        if element.tag == "img":
            assert "alt" in element.attrib, "a picture without words"
    _check_policy(response, elements)
    _check_forms(elements)
    return document


def _check_policy(response: TestResponse, elements: list[Element]) -> None:
    policy = response.headers.get("Content-Security-Policy", "")
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce, "no nonce in the policy"
    assert "unsafe" not in policy
    for script in (e for e in elements if e.tag == "script"):
        assert script.get("nonce") == nonce.group(1), "a script without the nonce"
        assert script.get("src") or script.get("type") in ("application/json", "application/ld+json"), "inline script"


def _check_forms(elements: list[Element]) -> None:
    for form in (e for e in elements if e.tag == "form"):
        if (form.get("method") or "get").lower() == "post":
            tokens = [e for e in form.iter() if e.get("name") == "csrf_token" and e.get("value")]
            assert tokens, f"the form to {form.get('action')} has no CSRF token"


# What differs from one showing of the same page to the next, and is neither a name nor part of the markup.
_FLEETING = re.compile(
    r"""(?<=name="csrf_token" value=")[^"<>&\s]+|(?<=name="token" value=")[^"<>&\s]+"""
    r"""|(?<=datetime=")[-0-9T:.+Z]+(?=")"""
)


class Checked:
    """The pages that were found in order in this run, by this process or one beside it: the same page is so again."""

    folder: ClassVar[Path | None] = None
    _known: ClassVar[set[str]] = set()

    @staticmethod
    def mark_of(response: TestResponse) -> str:
        """The same for two pages that differ in nothing but nonce, form tokens and moments."""
        policy = response.headers.get("Content-Security-Policy", "")
        page = f"{policy}\n{response.get_data(as_text=True)}"
        nonce = re.search(r"'nonce-([^']+)'", policy)
        if nonce:
            page = page.replace(nonce.group(1), "nonce")
        return sha256(_FLEETING.sub("", page).encode()).hexdigest()

    @classmethod
    def knows(cls, mark: str) -> bool:
        """Whether a page with this mark was in order."""
        if mark not in cls._known and (cls.folder is None or not (cls.folder / mark).exists()):
            return False
        cls._known.add(mark)
        return True

    @classmethod
    def note(cls, mark: str) -> None:
        """A page with this mark is in order."""
        cls._known.add(mark)
        if cls.folder is not None:
            (cls.folder / mark).touch()


class CheckingClient(FlaskClient):
    """Checks every HTML page on its way, sends the CSRF token of the last page, runs what comes after a response."""

    _last: Element | TestResponse | None = None
    # The routes whose forms were looked at on the way to a token: once is enough, a parser takes its time.
    _known_forms: ClassVar[set[str]] = set()
    _only_for_its_token = False

    @property
    def last_page(self) -> Element | None:
        """The page that came last, looked at by now."""
        if isinstance(self._last, TestResponse):
            self._last = check_page(self._last)
        return self._last

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        # What htmx asks for is a piece of a page; the page around it was checked when it was opened.
        piece = "HX-Request" in response.request.headers
        if response.mimetype == "text/html" and not piece and response.status_code not in (301, 302, 303, 308):
            self._last = response if self._only_for_its_token else self._look_at(response)
        return response

    @staticmethod
    def _look_at(response: TestResponse) -> Element | TestResponse:
        mark = Checked.mark_of(response)
        if Checked.knows(mark):
            return response
        page = check_page(response)
        Checked.note(mark)
        return page

    def token(self, path: str) -> str:
        """The CSRF token of the first form on the page at ``path`` that has one."""
        route = self._route(path)
        self._only_for_its_token = route in self._known_forms
        try:
            page = self.get(path, follow_redirects=True).get_data(as_text=True)
        finally:
            self._only_for_its_token = False
        self._known_forms.add(route)
        token = re.search(r'<input[^>]*name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, f"no form on {path}"
        return token.group(1)

    def _route(self, path: str) -> str:
        adapter = self.application.url_map.bind("localhost")
        try:
            return str(adapter.match(path.partition("?")[0], method="GET")[0])
        except HTTPException:
            return path

    def submit(self, path: str, data: dict[str, Any], page: str | None = None, **kwargs: Any) -> TestResponse:
        """Open ``page`` (default: ``path``), then post ``data`` to ``path`` with its token."""
        return self.post(path, data={"csrf_token": self.token(page or path), **data}, **kwargs)
