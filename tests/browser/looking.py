"""What is asked of a page in a real browser: an accessible tree, no sideways scrolling, little to load."""

from __future__ import annotations

import gzip

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


def axe_faults(page: Page, name: str, locale: str) -> list[str]:
    """What axe finds wrong, each in a line; first of all whether the page is in the language that was asked for."""
    lang = page.locator("html").get_attribute("lang")
    if lang != locale:
        return [f"{name} is in {lang}, not in {locale}"]
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return [f"{name} in {locale}: {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found.response["violations"]]


def width_faults(page: Page, name: str) -> list[str]:
    """Whether something is wider than the window."""
    wide, view = page.evaluate(WIDTHS)
    return [f"{name} is {wide} wide in a window of {view}"] if wide > view else []


def weight_of(page: Page, path: str) -> int:
    """How many bytes a first visit brings, as they travel: the page and everything it loads, packed."""
    sizes: dict[str, int] = {}
    page.on("response", lambda response: sizes.setdefault(response.url, len(gzip.compress(response.body()))))
    page.goto(path, wait_until="networkidle")
    return sum(sizes.values())
