"""Ways through communities, with scripts and without: joining and understanding, founding, meeting, keeping order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from icalendar import Calendar
from playwright.sync_api import BrowserContext, Page, expect

from app.core import jobs
from app.features.profiles.models import Person
from tests.browser.conftest import enter, snapshot
from tests.browser.steps import make_account, pick, send
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person

pytestmark = pytest.mark.browser

FRENCH = "Nous plions la feuille en deux avant de parler de moitiés."
PLACES = {
    "nairobi": ("KE", "Africa/Nairobi", [("sw", 7), ("en", 5)]),
    "lima": ("PE", "America/Lima", [("es", 7), ("en", 5)]),
    "tokyo": ("JP", "Asia/Tokyo", [("ja", 7), ("en", 5)]),
    "dakar": ("SN", "Africa/Dakar", [("fr", 7), ("en", 6)]),
}


@dataclass(frozen=True)
class Village:
    """A small community of its own for each journey; people by the place they are in."""

    slug: str
    name: str
    talk: int
    mark: str

    def handle(self, place: str) -> str:
        """Who is there."""
        return f"{place}-{self.mark}"

    def __str__(self) -> str:
        return f"/communities/{self.slug}"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def javascript(request) -> bool:
    return request.param


@pytest.fixture
def village(site, request, javascript) -> Village:
    """Four teachers; three of them belong to the community, the one in Nairobi does not yet."""
    mark = f"{request.function.__name__[-5:].strip('_')}-{'live' if javascript else 'still'}"
    subject = {"subject": ["0531"], "language": ["en", "fr", "sw"]}
    with site.app.extensions["database"].transaction() as session:
        people: dict[str, Person] = {}
        for place, (country, zone, languages) in PLACES.items():
            values = {"country": country, "timezone": zone, "languages": languages, "subjects": ["0531"]}
            people[place] = make_person(
                session, f"{place}-{mark}", name=f"{place.title()} {mark}", account={"sample": True}, **values
            )
        name = f"Kitchen chemistry {mark}"
        community = make_community(session, f"chemistry-{mark}", people["dakar"], subject, name=name)
        for place in ("lima", "tokyo"):
            add_member(session, community, people[place])
        thread = make_thread(session, community, people["lima"], f"What burns safely? {mark}", "A candle, I think.")
        make_post(session, thread, people["dakar"], FRENCH, "fr")
        return Village(community.slug, name, thread.id, mark)


@pytest.fixture
def tell(site):
    """``tell()``: do what waits in the background, as the server does it all the time."""
    return lambda: jobs.work(site.app.extensions["database"], until_empty=True)


@pytest.fixture
def walk(open_context, javascript):
    """``walk(handle)``: a page of somebody on a phone, signed in if named."""

    def begin(handle: str | None = None) -> Page:
        context: BrowserContext = open_context(javascript=javascript, width=360)
        page = context.new_page()
        if handle:
            enter(page, handle)
        return page

    return begin


def _join(page: Page, village: Village) -> None:
    """Find it by what it is about, and come in by its charter."""
    page.goto("/communities/filters")
    pick(page, "subject", "chemis")
    page.locator("button[name=show]").click()
    page.locator("main .card", has_text=village.name).get_by_role("link").first.click()
    page.get_by_role("link", name="Join this community", exact=True).click()
    expect(page.locator("#the-charter")).to_be_visible()
    page.locator("#agree").check()
    send(page)
    expect(page.locator("main")).to_contain_text("Welcome. You belong to this community now.")


def test_a_post_in_another_language_is_unfolded_translated_and_answered(walk, village, javascript):
    page = walk(village.handle("nairobi"))
    _join(page, village)
    page.goto(f"{village}/threads/{village.talk}")
    french = page.locator(".post", has_text="A post in French")
    expect(page.locator("main")).to_contain_text("1 of them in a language you do not read: folded")
    expect(french.get_by_text(FRENCH)).to_be_hidden()
    french.locator("summary").click()
    expect(french.get_by_text(FRENCH)).to_be_visible()
    snapshot(page, f"journey-unfolded-{javascript}")
    french.get_by_role("link", name="Ask for a translation").click()
    send(page)
    page.goto(f"{village}/threads/{village.talk}")
    page.locator(".post", has_text="A post in French").get_by_role("link", name="Quote and answer").click()
    field = page.locator("#text")
    field.fill(field.input_value() + "\n\nSisi tunakunja majani ya ndizi.")
    page.locator("#lang").select_option("sw")
    page.get_by_role("button", name="Send the answer").last.click()
    answer = page.locator(".post", has_text="majani ya ndizi")
    expect(answer.locator("blockquote")).to_contain_text("Nous plions")
    expect(answer).to_contain_text("answers Dakar")

    other = walk(village.handle("dakar"))
    other.goto("/translations")
    other.locator("main li", has_text=f"What burns safely? {village.mark}").get_by_role(
        "link", name="Translate"
    ).click()
    other.locator("#t_text").fill("We fold the sheet in two before we talk of halves.")
    send(other)

    page.goto(f"{village}/threads/{village.talk}")
    told = page.locator(".post", has_text="We fold the sheet in two")
    expect(told).to_contain_text(f"Translated from French by Dakar {village.mark}")
    snapshot(page, f"journey-translated-{javascript}")


def test_a_community_is_founded_and_a_guest_comes_in_from_the_poster(walk, village, javascript):
    page = walk(village.handle("nairobi"))
    page.goto("/communities/new")
    page.get_by_role("button", name="Begin like this").first.click()
    page.locator("#name").fill(f"Rivers {village.mark}")
    page.locator("#summary").fill("Geography by the water.")
    pick(page, "subjects", "geogr")
    for _step in range(7):
        page.get_by_role("button", name="Go on", exact=True).last.click()
        page.wait_for_load_state()
    snapshot(page, f"journey-check-{javascript}")
    page.get_by_role("button", name="Found this community").click()
    expect(page.locator("h1")).to_have_text(f"Rivers {village.mark}")
    home = page.url.partition("#")[0].partition("?")[0].rstrip("/")
    page.goto(f"/communities/{home.split('/communities/')[1].split('/')[0]}/invitations")
    page.get_by_role("button", name="Make a link").last.click()
    expect(page.locator("main .qr-box svg")).to_be_visible()
    way_in = page.locator("main .qr-box figcaption").inner_text()
    page.get_by_role("link", name="Print a poster").click()
    expect(page.locator("main figure svg")).to_be_visible()
    expect(page.locator("main figcaption")).to_have_text(way_in)
    snapshot(page, f"journey-poster-{javascript}")

    guest = walk()
    guest.goto("/join/" + way_in.rpartition("/")[2])
    expect(guest.locator("h1")).to_have_text(f"Rivers {village.mark}")
    guest.get_by_role("link", name="Make an account").click()
    make_account(guest, f"guest-{village.mark}@example.org")
    guest.wait_for_url("**/profile")
    pick(guest, "subjects", "geogr")
    guest.locator("#name").fill("Njeri Guest")
    guest.locator("#levels-2").check()
    guest.locator("#languages-0-level").select_option("6")
    guest.locator("#country").select_option("KE")
    send(guest)
    guest.wait_for_url("**/join/*")
    guest.locator("#agree").check()
    send(guest)
    expect(guest.locator("h1")).to_have_text(f"Rivers {village.mark}")
    expect(guest.locator("main")).to_contain_text("Welcome. You belong to this community now.")


def test_a_series_is_found_for_three_continents_and_goes_into_a_calendar(walk, village, javascript):
    page = walk(village.handle("nairobi"))
    _join(page, village)
    page.goto(f"{village}/events")
    page.get_by_role("link", name="Find a time").first.click()
    page.locator("input[name=who][value=chosen]").check()
    if not page.locator("input[name=people]").first.is_visible():
        page.locator("summary", has_text="Choose people").click()
    for place in ("nairobi", "lima", "tokyo"):
        page.get_by_label(f"{place.title()} {village.mark}").check()
    page.locator("#every").select_option("1")
    page.locator("#times").select_option("6")
    send(page, "main form[method=get]")
    expect(page.locator("#rotating-picture, main svg").first).to_be_visible()
    snapshot(page, f"journey-series-{javascript}")
    page.get_by_role("link", name="Plan these events").first.click()
    page.locator("#title").fill("Fires we can afford")
    send(page)
    page.goto(f"{village}/events")
    expect(page.locator("main a", has_text="Fires we can afford")).to_have_count(6)

    other = walk(village.handle("lima"))
    other.goto(f"{village}/events")
    other.locator("main a", has_text="Fires we can afford").first.click()
    other.get_by_role("button", name="Yes", exact=True).click()
    expect(other.locator("main")).to_contain_text("1 yes")
    expect(other.locator("main")).to_contain_text("Lima")
    snapshot(other, f"journey-event-{javascript}")
    other.goto("/calendar")
    other.get_by_role("button", name="Make an address").click()
    address = other.locator("main a[href$='.ics'], main input[value$='.ics']").first
    secret = address.get_attribute("href") or address.get_attribute("value") or ""
    path = "/calendar/" + secret.rpartition("/")[2]
    calendar = Calendar.from_ical(other.request.get(path).body())
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")].count("Fires we can afford") == 6


def test_a_reported_post_is_hidden_and_its_author_reads_why(walk, village, tell, javascript):
    page = walk(village.handle("tokyo"))
    page.goto(f"{village}/threads/{village.talk}")
    page.locator(".post", has_text="A candle").get_by_role("link", name="Report").click()
    page.locator("input[name=reason][value=unsafe]").check()
    page.locator("#note").fill("Children should not do this alone.")
    send(page)

    keeper = walk(village.handle("dakar"))
    keeper.goto(f"{village}/order")
    keeper.get_by_role("link", name="Look at it and decide").click()
    expect(keeper.locator("main")).to_contain_text("Children should not do this alone.")
    keeper.locator("input[name=outcome][value=hidden]").check()
    keeper.locator("#reason").fill("Please write who looks after the flame.")
    send(keeper)

    author = walk(village.handle("lima"))
    tell()
    author.goto("/notices")
    snapshot(author, f"journey-notices-{javascript}")
    expect(author.locator("main")).to_contain_text("Please write who looks after the flame.")
    author.goto(f"{village}/threads/{village.talk}")
    expect(author.locator("main")).to_contain_text("Please write who looks after the flame.")
    author.goto(f"{village}/log?about=me")
    expect(author.locator("main")).to_contain_text("Please write who looks after the flame.")
    page.goto(f"{village}/threads/{village.talk}")
    expect(page.locator("main")).not_to_contain_text("A candle, I think.")
