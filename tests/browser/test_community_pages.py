"""Every page of communities and of what they share, in a real browser and without scripts."""

from __future__ import annotations

import gzip

import pytest

from tests.browser.conftest import enter, snapshot
from tests.browser.looking import axe_faults, weight_of, width_faults
from tests.browser.visits import BY_ROLE
from tests.support.pages import CheckingClient

pytestmark = pytest.mark.browser

NARROW, WIDE = {"width": 320, "height": 800}, {"width": 1280, "height": 800}
# Of three pages one is looked at in English too; all are in Arabic, where more can go wrong.
EVERY = {"en": 3, "fr": 0, "ar": 1}


@pytest.mark.parametrize("locale", EVERY)
@pytest.mark.parametrize("role", BY_ROLE)
def test_pages_of_communities_are_accessible_and_fit_a_small_phone(open_context, house, role, locale):
    page = open_context(locale).new_page()
    errors: list[str] = []
    faults: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    if role:
        enter(page, house[role], locale)
    for number, (name, path) in enumerate(BY_ROLE[role].items()):
        response = page.goto(path.format(**house))
        if response.status != 200:
            faults.append(f"{name}: {response.status}")
            continue
        if EVERY[locale] and number % EVERY[locale] == 0:
            faults += axe_faults(page, name, locale)
        snapshot(page, f"{name}-{locale}-1280")
        page.set_viewport_size(NARROW)
        faults += width_faults(page, name)
        snapshot(page, f"{name}-{locale}-320")
        page.set_viewport_size(WIDE)
    assert not faults, "\n".join(faults)
    assert not errors


@pytest.mark.parametrize("role", BY_ROLE)
def test_pages_of_communities_read_without_scripts_and_stay_light(site, house, role):
    site.app.test_client_class = CheckingClient
    client = site.app.test_client()
    if role:
        client.submit("/sample/sign-in", {"handle": house[role]})
    weights, faults = {}, []
    for name, path in BY_ROLE[role].items():
        response = client.get(path.format(**house))
        if response.status_code != 200:
            faults.append(f"{name}: {response.status_code}")
            continue
        main = client.last_page.find(".//main")
        if main is None or len(" ".join(main.itertext()).split()) < 6:
            faults.append(f"{name}: nothing to read")
        weights[name] = len(gzip.compress(response.get_data()))
    assert not faults
    # What a first visit loads beside the page is weighed below.
    assert max(weights.values()) < 24_000, sorted(weights.items(), key=lambda pair: -pair[1])[:5]


@pytest.mark.parametrize("name", ["talk", "event", "community", "resources"])
def test_a_first_visit_to_a_community_stays_light(open_context, house, name):
    assert weight_of(open_context().new_page(), BY_ROLE[None][name].format(**house)) < 60_000
