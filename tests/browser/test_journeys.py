"""A teacher's whole way on a phone, with scripts and without: from the first answers to a peer who answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import enter, snapshot
from tests.browser.steps import PASSWORD, make_account, pick, send

pytestmark = pytest.mark.browser

KINDS = ("peers", "collaborators", "institutions", "bridges")


def _answer(page: Page, javascript: bool) -> None:
    page.goto("/")
    pick(page, "subject", "hisabati")
    page.locator("#level-2").check()
    pick(page, "language", "kisw")
    page.locator("#country").select_option("KE")
    if not javascript:
        page.locator("button[name=show]").click()
    expect(page.locator("#language-levels select")).to_have_count(1)
    expect(page.locator("#matches")).to_contain_text("You both work on Mathematics")
    expect(page.locator("#matches")).to_contain_text("Swahili: you")


def _join(page: Page, address: str) -> None:
    page.get_by_role("button", name="Keep these answers and join").first.click()
    make_account(page, address)
    page.wait_for_url("**/profile")


def _describe(page: Page, name: str) -> None:
    """Everything answered on the first page stands in the form already; the rest is told section by section."""
    expect(page.locator("#subjects input:checked")).to_have_value("0541")
    expect(page.locator("#languages-0-tag")).to_have_value("sw")
    expect(page.locator("#country")).to_have_value("KE")
    page.locator("#name").fill(name)
    send(page)
    page.wait_for_url("**/suggestions*")
    page.goto("/profile/languages")
    pick(page, "language", "kiingereza")
    page.locator("button[name=add]").click()
    page.locator("#languages-1-level").select_option("6")
    send(page)
    page.goto("/profile/exchange")
    page.locator("#new_code").select_option("co-author")
    page.locator("#new_subject").select_option("0541")
    send(page)
    page.goto("/profile/texts")
    page.locator("#texts-0-about").fill("I teach mathematics in Kisumu.")
    send(page)
    page.goto("/profile/place")
    page.locator("#city").fill("Kisumu")
    send(page)
    page.wait_for_url("**/profile")
    for told in (name, "Kisumu", "Mathematics", "Kiswahili", "English", "Write together", "I teach mathematics"):
        expect(page.locator("main")).to_contain_text(told)


def _choose(page: Page) -> str:
    """See every kind, put the first peer aside and take it back, widen by a gap; the handle to say hello to."""
    for kind in reversed(KINDS):
        page.goto(f"/suggestions?kind={kind}")
        expect(page.locator("ul.cards > li").first).to_be_visible()
    first = page.locator("ul.cards > li a[href*='/introductions/ask/']").first
    handle = (first.get_attribute("href") or "").rpartition("/")[2]
    page.locator(f"a[href*='/dismiss?handle={handle}&']").click()
    page.locator("#reason").check()
    send(page)
    page.wait_for_url("**/suggestions?*")
    expect(page.locator(f"a[href$='/introductions/ask/{handle}']")).to_have_count(0)
    page.goto("/suggestions/aside")
    send(page, "main form")
    page.goto("/suggestions?kind=peers")
    expect(page.locator(f"a[href$='/introductions/ask/{handle}']")).to_have_count(1)
    page.get_by_role("button", name="Add the level").first.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("is in your profile now")
    return handle


def _talk(page: Page, peer: Page, handle: str, name: str) -> None:
    page.goto(f"/introductions/ask/{handle}")
    page.locator("#note").fill("Habari! Shall we write a textbook on fractions together?")
    send(page)
    expect(page.locator("main")).to_contain_text("Your note is on its way")
    enter(peer, handle)
    peer.goto("/introductions")
    peer.locator("main li", has_text=name).locator("a[href*='/introductions/']").first.click()
    peer.locator("form[action$='/accept'] button").last.click()
    peer.wait_for_url("**/threads/*")
    peer.locator("#text").fill("Karibu sana")
    send(peer)
    page.goto(peer.url.partition("#")[0])
    expect(page.locator("main")).to_contain_text("Karibu sana")
    page.locator("#text").fill("Asante")
    send(page)
    peer.reload()
    expect(peer.locator("main")).to_contain_text("Asante")


def _leave(page: Page, peer: Page, handle: str) -> None:
    """See the network, report a message, block, take the data along, delete the account."""
    thread = page.url.partition("#")[0]
    page.goto(f"/network/{handle}")
    expect(page.locator("svg.network:visible a").first).to_be_visible()
    expect(page.locator("main table")).to_be_attached()
    page.goto(thread)
    page.locator("main a[href*='/report/message/']").first.click()
    page.locator("#reason").check()
    send(page)
    expect(page.locator("main")).to_contain_text("Thank you for telling us")
    page.goto(f"/people/{handle}/block")
    send(page, "main form")
    page.goto("/account")
    with page.expect_download() as download:
        page.locator("main a[href$='/account/download']").click()
    taken = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert taken["messages"]
    assert taken["profile"]
    peer.reload()
    expect(peer.locator("#text")).to_have_count(0)
    page.goto("/account/delete")
    page.locator("#current").fill(PASSWORD)
    send(page, "form:has(#current)")
    expect(page.locator("main")).to_contain_text("are deleted")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_teacher_finds_a_peer_who_answers(open_context, javascript):
    page = open_context(javascript=javascript, width=360).new_page()
    peer = open_context(javascript=javascript, width=360).new_page()
    name = f"Wanjiru {'Otieno' if javascript else 'Kamau'}"
    _answer(page, javascript)
    snapshot(page, f"journey-first-{javascript}")
    _join(page, f"wanjiru-{javascript}@example.org".lower())
    _describe(page, name)
    handle = _choose(page)
    _talk(page, peer, handle, name)
    snapshot(page, f"journey-thread-{javascript}")
    _leave(page, peer, handle)
