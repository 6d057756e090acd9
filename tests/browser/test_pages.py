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


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_guests_pages_are_accessible(open_context, locale):
    page = open_context(locale).new_page()
    for name, path in GUEST.items():
        page.goto(path)
        assert not axe_faults(page, name, locale)
        snapshot(page, f"{name}-{locale}-1280")


@pytest.mark.parametrize("locale", ["en", "ar"])
def test_pages_for_people_signed_in_are_accessible(open_context, handles, locale):
    page = open_context(locale).new_page()
    for handle, paths in (("operator", OPERATOR), ("owner", OWNER), ("person", SIGNED_IN)):
        enter(page, handles[handle], locale)
        for name, path in paths.items():
            response = page.goto(path.format(**handles))
            assert response.status == 200, f"{name}: {response.status}"
            assert not axe_faults(page, name, locale)
            snapshot(page, f"{name}-{locale}-1280")


@pytest.mark.parametrize("locale", ["en", "fr", "ar"])
def test_no_page_scrolls_sideways_on_a_small_phone(open_context, handles, locale):
    page = open_context(locale, width=320).new_page()
    for name, path in GUEST.items():
        page.goto(path)
        assert not width_faults(page, name)
        snapshot(page, f"{name}-{locale}-320")
    for handle, paths in (("person", SIGNED_IN), ("operator", OPERATOR)):
        enter(page, handles[handle], locale)
        for name, path in paths.items():
            page.goto(path.format(**handles))
            assert not width_faults(page, name)
            snapshot(page, f"{name}-{locale}-320")


def test_every_page_reads_without_javascript(open_context, handles):
    page = open_context(javascript=False, width=360).new_page()
    enter(page, handles["person"])
    for name, path in {**GUEST, **SIGNED_IN}.items():
        response = page.goto(path.format(**handles))
        assert response is not None
        assert response.status < 500, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").inner_text().strip(), name


def test_scripts_raise_no_error(open_context, handles):
    page = open_context().new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    enter(page, handles["person"])
    for path in {**GUEST, **SIGNED_IN}.values():
        if path != "/nothing-here":
            page.goto(path.format(**handles))
    assert not errors


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
