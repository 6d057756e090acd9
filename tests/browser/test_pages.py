"""Every kind of page in a real browser: accessible, in both directions, at 320 px, without JavaScript."""

from __future__ import annotations

import pytest

from tests.browser.conftest import enter, snapshot
from tests.browser.looking import axe_faults, width_faults

pytestmark = pytest.mark.browser

GUEST = {
    "home": "/",
    "home-answered": "/?subject=0541&level=2&language=en&country=KE",
    "sign-in": "/sign-in",
    "sign-up": "/sign-up",
    "forgot": "/forgot",
    "directory": "/directory",
    "directory-filters": "/directory/filters",
    "directory-text": "/directory?q=maths",
    "vocabulary": "/vocabularies/subject?q=maths",
    "about": "/about",
    "privacy": "/privacy",
    "fairness": "/insights/exposure",
    "not-found": "/nothing-here",
    "sample-sign-in": "/sample/sign-in",
    "sample-outbox": "/sample/outbox",
}
SIGNED_IN = {
    "day": "/",
    "suggestions-peers": "/suggestions?kind=peers",
    "suggestions-collaborators": "/suggestions?kind=collaborators",
    "suggestions-institutions": "/suggestions?kind=institutions",
    "suggestions-bridges": "/suggestions?kind=bridges",
    "suggestions-communities": "/suggestions?kind=communities",
    "suggested-why": "/suggestions/me",
    "communities-missing": "/communities/missing",
    "bridge-to": "/suggestions/bridges/{other}",
    "not-for-me": "/suggestions/dismiss?handle={other}",
    "put-aside": "/suggestions/aside",
    "put-aside-communities": "/suggestions/communities/aside",
    "profile": "/profile",
    "profile-place": "/profile/place",
    "profile-teaching": "/profile/teaching",
    "profile-languages": "/profile/languages",
    "profile-exchange": "/profile/exchange",
    "profile-texts": "/profile/texts",
    "profile-visibility": "/profile/visibility",
    "account": "/account",
    "account-tokens": "/account/tokens",
    "account-delete": "/account/delete",
    "introductions": "/introductions",
    "connections": "/connections",
    "blocks": "/blocks",
    "person": "/people/{other}",
    "network": "/network/{person}",
    "ask": "/introductions/ask/{other}",
    "report": "/report/profile/{other_id}",
    "thread": "/threads/{thread}",
    "institution": "/institutions/{institution}",
    "institution-new": "/institutions/new",
    "institutions-mine": "/institutions/mine",
    "vocabularies": "/vocabularies",
}
OWNER = {
    "institution-edit": "/institutions/{institution}/edit",
    "institution-people": "/institutions/{institution}/people",
    "institution-verification": "/institutions/{institution}/verification",
}
OPERATOR = {
    "reports": "/reports",
    "matching": "/admin/matching",
    "matching-choose": "/admin/matching/choose?kind=peers",
}


# In English and Arabic each page is opened once, looked at by axe and then made as narrow as a small phone; in French,
# where words are longest, it is opened on that phone.
NARROW, WIDE = {"width": 320, "height": 800}, {"width": 1280, "height": 800}
BY_WIDTH = {"en": 1280, "ar": 1280, "fr": 320}


class Visit:
    """Opens page after page in one language, and notes what is wrong with any of them."""

    def __init__(self, open_context, locale: str) -> None:
        self.locale, self.wide = locale, BY_WIDTH[locale] == WIDE["width"]
        self.page = open_context(locale, width=BY_WIDTH[locale]).new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._listen)

    def _listen(self, message) -> None:
        if message.type == "error" and not self.page.url.endswith("/nothing-here"):
            self.faults.append(f"{self.page.url}: {message.text}")

    def look_at(self, name: str, path: str, status: int = 200) -> None:
        """Open a page and look at it."""
        response = self.page.goto(path)
        if response.status != status:
            self.faults.append(f"{name}: {response.status}")
        if self.wide:
            self.faults += axe_faults(self.page, name, self.locale)
            snapshot(self.page, f"{name}-{self.locale}-1280")
            self.page.set_viewport_size(NARROW)
        self.faults += width_faults(self.page, name)
        snapshot(self.page, f"{name}-{self.locale}-320")
        if self.wide:
            self.page.set_viewport_size(WIDE)


@pytest.mark.parametrize("locale", BY_WIDTH)
def test_guests_pages_are_accessible_and_fit_a_small_phone(open_context, locale):
    visit = Visit(open_context, locale)
    for name, path in GUEST.items():
        visit.look_at(name, path, 404 if name == "not-found" else 200)
    assert not visit.faults, "\n".join(visit.faults)


@pytest.mark.parametrize("locale", BY_WIDTH)
def test_pages_for_people_signed_in_are_accessible_and_fit_a_small_phone(open_context, handles, locale):
    visit = Visit(open_context, locale)
    for handle, paths in (("operator", OPERATOR), ("owner", OWNER), ("person", SIGNED_IN)):
        enter(visit.page, handles[handle], locale)
        for name, path in paths.items():
            visit.look_at(name, path.format(**handles))
    assert not visit.faults, "\n".join(visit.faults)


def test_every_page_reads_without_javascript(open_context, handles):
    page = open_context(javascript=False, width=360).new_page()
    enter(page, handles["person"])
    for name, path in {**GUEST, **SIGNED_IN}.items():
        response = page.goto(path.format(**handles))
        assert response is not None
        assert response.status < 500, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").inner_text().strip(), name


PRESS_TWICE = """() => {
  const held = [];
  document.addEventListener("submit", (event) => held.push(event.defaultPrevented));
  const form = document.querySelector("main form");
  form.requestSubmit();
  form.requestSubmit();
  return held;
}"""


def test_a_button_pressed_twice_sends_once(open_context):
    page = open_context().new_page()
    page.goto("/sign-up")
    # The answer stays away, as on a slow connection.
    page.route("**/sign-up", lambda _route: None)
    assert page.evaluate(PRESS_TWICE) == [False, True]


def test_a_first_visit_stays_light(site, open_context):
    import gzip

    client = site.app.test_client()
    total = 0
    for path in ("/", "/directory"):
        total = max(total, len(gzip.compress(client.get(path).get_data())))
    page = open_context().new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.setdefault(r.url, len(gzip.compress(r.body())) if "/static/" in r.url else 0))
    page.goto("/", wait_until="networkidle")
    scripts = sum(size for url, size in sizes.items() if ".js" in url)
    assert total + sum(sizes.values()) < 60_000
    assert scripts < 30_000
