"""What somebody sent and could not send any more: they were signed out meanwhile, or the page had been open too long.

It comes back to them on a page from which one press sends it again. Nothing of it is stored. Only what a page of this
site sent is given back: else another site could put words into somebody's mouth and wait for the press.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from flask import request

from app.core.web.pages import safe_next

# A form with one of these is filled in anew: no page may carry a password.
_SECRET = frozenset({"password", "current"})
_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
# From so many characters on it is shown before it is sent again; codes and choices are shorter, or have no spaces.
_WORDS = 20


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as it was sent: the address it went to, and its fields."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> list[str]:
        """What was written in it, at some length."""
        return [value for _name, value in self.fields if len(value) >= _WORDS and any(c.isspace() for c in value)]

    def __str__(self) -> str:
        return json.dumps([self.path, self.fields], ensure_ascii=False)


def came_from_here() -> bool:
    """Whether a page of this site sent this request, as far as the browser says so."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def find_kept() -> KeptForm | None:
    """The form that this request sent, if it can be given back."""
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if name != _TOKEN)
    files = any(file.filename for file in request.files.values())
    if not came_from_here() or files or _SECRET & request.form.keys():
        return None
    return KeptForm(request.full_path.rstrip("?"), fields)


def read_kept(text: str | None) -> KeptForm | None:
    """A kept form from the field that carried it."""
    try:
        path, fields = json.loads(text or "null")
        pairs = tuple((str(name), str(value)) for name, value in fields)
    except (TypeError, ValueError, RecursionError):
        return None
    path = safe_next(str(path), "")
    return KeptForm(path, pairs) if path else None


Page = Callable[[KeptForm], str]
_pages: dict[str, Page] = {}


def set_sign_in_page(page: Page) -> None:
    """The accounts feature tells here how one signs in with a form in hand."""
    _pages["sign in"] = page


def find_sign_in_page() -> Page | None:
    """The page on which one signs in with a form in hand, if there are accounts here."""
    return _pages.get("sign in")
