"""What people do on many pages, as the journeys do it: pick a word, send a form, make an account."""

from __future__ import annotations

from playwright.sync_api import Page, expect

PASSWORD = "milima ya Kenya ni mirefu"


def pick(page: Page, picker: str, word: str) -> None:
    """Choose the first thing that a word finds: with Enter where scripts run, else with the button and a tick box."""
    field = page.locator(f"#{picker}-q")
    field.fill(word)
    found = page.locator(f"#{picker}-found")
    if page.locator(f"#{picker}.live").count():
        found.get_by_role("option").first.wait_for()
        field.press("Enter")
    else:
        page.locator(f"#{picker} button[name=find]").click()
        expect(page.locator(f"#{picker}")).to_be_in_viewport()
        found.locator("input").first.check()
    expect(page.locator(f"#{picker} input:checked")).not_to_have_count(0)


def send(page: Page, form: str = "main form:has(button.main)") -> None:
    page.locator(f"{form} button:not(.aloud):not([data-reveal])").last.click()
    page.wait_for_load_state()


def make_account(page: Page, address: str) -> None:
    """From the page where one joins, over the mail with the link, to the first page of one's own."""
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("#adult").check()
    page.locator("#privacy").check()
    send(page, "form:has(#email)")
    expect(page.locator("main")).to_contain_text(address)
    page.goto("/sample/outbox")
    page.locator("main li", has_text=address).get_by_role("link").first.click()
    page.locator("main a[href*='/verify/']").click()
    send(page, "main form")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    send(page, "form:has(#email)")
