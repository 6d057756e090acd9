"""What people do with meetings, as the tests do it."""

from __future__ import annotations

import html
import re

NEW = "/communities/maths/events/new"
FORM = {"title": "Fractions in class", "lang": "en", "clock": "09:00", "zone": "Europe/Paris", "minutes": "60"}


def token_of(browser) -> str:
    """The token of the form on the page last opened."""
    return next(e.get("value") for e in browser.last_page.iter("input") if e.get("name") == "token")


def plan(browser, **fields):
    """Open the form and send it."""
    csrf = browser.token(NEW)
    return browser.post(NEW, data={"csrf_token": csrf, "token": token_of(browser), **FORM, **fields})


def said(browser, number: int, answer: str):
    """Answer a meeting."""
    here = f"/communities/maths/events/{number}"
    return browser.submit(f"{here}/answer", {"answer": answer}, page="/communities/maths/events")


def next_page(text: str) -> str | None:
    """Where a list goes on."""
    found = re.search(r'href="([^"]+)" rel="next"', text)
    return html.unescape(found.group(1)) if found else None
