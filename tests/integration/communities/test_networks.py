"""External networks: listed, found, kept right, translated, reported."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.features.communities.listed_networks import LISTED
from app.features.communities.models import ExternalNetwork, NetworkFacet
from app.features.communities.services.networks import ensure_networks
from app.features.vocabularies.queries import is_valid, normalise_language
from tests.support.people import PASSWORD, make_person
from tests.support.statements import count_statements

ELSEWHERE, NEW = "/communities/elsewhere", "/communities/elsewhere/new"
GOOD = {
    "name": "Réseau des maths",
    "url": "https://maths.example.org/",
    "summary": "Des enseignants échangent leurs exercices.",
    "lang": "fr",
    "languages": ["fr", "sw"],
    "subjects": ["0541"],
    "levels": ["2"],
    "places": ["KE"],
    "reach": "national",
    "who_can_join": "everyone",
}


def words(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


@pytest.fixture
def people(database) -> dict[str, int]:
    """Amina has French and English; Wei English only."""
    with database.transaction() as session:
        languages = {"amina": [("fr", 7), ("en", 6)], "wei": [("en", 7)]}
        return {name: make_person(session, name, languages=rows).id for name, rows in languages.items()}


@pytest.fixture
def listed(database) -> None:
    """The networks that come with the software."""
    with database.transaction() as session:
        ensure_networks(session)


def test_the_guidelines_examples_are_there_once(runner, database, client):
    for said in ("6 networks listed", "0 networks listed"):
        assert said in runner.invoke(args=["communities", "networks"]).output
    page = client.get(ELSEWHERE)
    text = words(page)
    names = ("UNESCO OER Dynamic Coalition", "African Publishers Network", "Virtual Campus for Public Health", "SciELO")
    more = ("International African Institute", "UNESCO e-Platform on Intercultural Dialogue")
    assert all(name in text for name in (*names, *more))
    assert "6 networks" in text and "No member has checked this yet" in text
    assert "Listed by Commonweave" in words(client.get(f"{ELSEWHERE}/scielo"))


def test_what_comes_with_the_software_names_what_exists():
    for one in LISTED:
        assert one.url.startswith("https://") and 40 < len(one.summary) <= 600
        assert all(normalise_language(tag) == tag for tag in one.languages)
        for scheme, codes in (("subject", one.subjects), ("place", one.places), ("level", one.levels)):
            assert all(is_valid(scheme, code) for code in codes), (one.slug, scheme)


def test_what_members_changed_is_not_listed_anew(runner, database, listed):
    with database.transaction() as session:
        network = session.scalars(select(ExternalNetwork).where(ExternalNetwork.slug == "scielo")).one()
        network.summary = "In our own words."
    assert "0 networks listed" in runner.invoke(args=["communities", "networks"]).output
    with database.reading() as session:
        kept = select(ExternalNetwork.summary).where(ExternalNetwork.slug == "scielo")
        assert session.scalar(kept) == "In our own words."


def test_a_member_lists_a_network(people, sign_in, client):
    browser = sign_in("amina")
    answer = browser.submit(NEW, GOOD)
    assert answer.status_code == 303 and answer.location.endswith("/reseau-des-maths")
    page = client.get(answer.location)
    text = words(page)
    assert "Des enseignants échangent" in text and "https://maths.example.org/" in text and "Kenya" in text
    assert "Last checked today" in text
    assert "Listed by Amina" in words(browser.get(answer.location))
    assert "Listed by A teacher" in text, "her name is for members"
    assert 'rel="noopener noreferrer nofollow ugc"' in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Please give its name"),
        ("name", "n" * 161, "please keep it to 160"),
        ("summary", "", "Please say in a sentence"),
        ("url", "", "Please give an address"),
        ("url", "ftp://example.org", "begins with https"),
        ("url", "javascript:alert(1)", "address"),
        ("url", "https://u:p@example.org/", "without a name and password"),
        ("url", "http://127.0.0.1/", "private network"),
        ("url", "http://[::1]/", "private network"),
        ("lang", "qqq", "choose the language"),
        ("reach", "moon", "Please choose one"),
        ("who_can_join", "", "Please choose one"),
        ("subjects", ["99999"], "from the list"),
        ("places", ["XX"], "from the list"),
        ("languages", ["fr", "qqq"], "from the list"),
        ("levels", ["42"], "from the list"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_it(field, value, said, people, sign_in, database):
    refused = sign_in("amina").submit(NEW, {**GOOD, field: value})
    assert refused.status_code == 422
    assert said in words(refused)
    assert "Réseau des maths" in refused.get_data(as_text=True) or field == "name"
    with database.reading() as session:
        assert session.scalar(select(ExternalNetwork)) is None


def test_the_same_address_is_not_listed_twice(people, sign_in):
    browser = sign_in("amina")
    browser.submit(NEW, GOOD)
    again = browser.submit(NEW, {**GOOD, "name": "Another name", "url": "http://www.maths.example.org"})
    assert again.status_code == 422 and "listed already: Réseau des maths" in words(again)


@pytest.mark.parametrize("name", ["شبكة المعلمين", "教师网络", "Сеть учителей", "Réseau des maths", "new", "—network—"])
def test_names_of_every_script_have_an_address(name, people, sign_in):
    browser = sign_in("amina")
    answer = browser.submit(NEW, {**GOOD, "name": name})
    assert answer.status_code == 303
    assert name in words(browser.get(answer.location))


def test_a_picker_finds_without_scripts_and_saves_nothing(people, sign_in, database):
    page = sign_in("amina").submit(NEW, {**GOOD, "find": "subjects", "subjects_q": "chemistry"})
    assert page.status_code == 200 and "Chemistry" in words(page)
    assert "Réseau des maths" in page.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalar(select(ExternalNetwork)) is None


def test_guests_and_the_unverified_do_not_write(listed, client, sign_in, database):
    assert client.get(NEW).status_code in (302, 303)
    with database.transaction() as session:
        make_person(session, "new", account={"verified_at": None})
    browser = sign_in("new")
    assert browser.get(NEW).status_code == 403
    assert browser.get(f"{ELSEWHERE}/scielo/edit").status_code == 403
    assert browser.submit(f"{ELSEWHERE}/scielo/checked", {}, page="/account/password").status_code == 403
    assert "List a network" not in words(browser.get(ELSEWHERE))


def test_two_who_change_it_at_once(people, listed, sign_in, database):
    one, other = sign_in("amina"), sign_in("wei")
    path = f"{ELSEWHERE}/scielo/edit"
    first = {**GOOD, "name": "SciELO", "url": "https://scielo.org/", "lang": "en"}
    assert one.submit(path, {**first, "version": 1}).status_code == 303
    late = other.submit(path, {**first, "summary": "My own words", "version": 1})
    assert late.status_code == 409
    assert "Nothing was overwritten" in words(late) and "My own words" in late.get_data(as_text=True)
    assert other.submit(path, {**first, "summary": "My own words", "version": 2}).status_code == 303
    with database.reading() as session:
        network = session.scalars(select(ExternalNetwork).where(ExternalNetwork.slug == "scielo")).one()
        assert (network.summary, network.version) == ("My own words", 3)
        assert network.codes("place") == ("KE",)


def test_a_change_of_facets_alone_is_a_change(people, listed, sign_in):
    path = f"{ELSEWHERE}/scielo/edit"
    same = {**GOOD, "name": "SciELO", "url": "https://scielo.org/", "lang": "en"}
    browser = sign_in("amina")
    browser.submit(path, {**same, "version": 1})
    browser.submit(path, {**same, "subjects": ["0531"], "version": 2})
    assert browser.submit(path, {**same, "version": 2}).status_code == 409


def test_still_right(people, listed, sign_in, database):
    path = f"{ELSEWHERE}/scielo"
    with database.transaction() as session:
        session.execute(
            update(ExternalNetwork).values(checked_at=now() - timedelta(days=400), checked_by=people["wei"])
        )
    browser = sign_in("amina")
    assert "Nobody has looked at this for more than a year" in words(browser.get(path))
    assert "Last checked 1 year ago" in words(browser.get(path))
    # Somebody who is writing meanwhile is not disturbed.
    assert sign_in("wei").submit(f"{path}/checked", {}, page=path).status_code == 303
    text = words(browser.get(path))
    assert "Last checked today · Wei" in text and "more than a year" not in text
    same = {**GOOD, "name": "SciELO", "url": "https://scielo.org/", "lang": "en", "version": 1}
    assert browser.submit(f"{path}/edit", same).status_code == 303


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("place=KE", ["African Publishers Network", "International African Institute"], ["SciELO"]),
        ("place=002", ["African Publishers Network"], ["SciELO"]),
        ("place=019", ["SciELO", "Virtual Campus"], ["African Publishers Network"]),
        ("language=pt", ["SciELO", "African Publishers", "Virtual Campus"], ["International African Institute"]),
        ("subject=0913", ["Virtual Campus"], ["SciELO"]),
        ("who=everyone", ["Virtual Campus", "e-Platform"], ["SciELO"]),
        ("reach=regional&language=fr", ["African Publishers", "Virtual Campus"], ["SciELO"]),
        ("q=publishers", ["African Publishers Network"], ["SciELO"]),
        ("q=publish&place=KE", ["African Publishers Network"], ["SciELO"]),
        ("place=XX&reach=moon", ["SciELO", "African Publishers"], []),
        ("q=%00%25", [], ["SciELO"]),
    ],
)
def test_networks_are_found_by_filters(query, found, missing, listed, client):
    main = client.get(f"{ELSEWHERE}?{query}").get_data(as_text=True).split('id="found"')[1].split("<aside")[0]
    assert all(name in main for name in found), main
    assert not any(name in main for name in missing)


def test_a_filter_says_what_it_would_find(listed, client):
    page = client.get(ELSEWHERE).get_data(as_text=True)
    choice = r'href="/communities/elsewhere\?(\w+)=([\w-]+)"[^>]*>.*?<span class="count">(\d+)'
    choices = re.findall(choice, page)
    assert {name for name, _code, _count in choices} == {"subject", "language", "level", "place", "reach", "who"}
    for name, code, count in choices:
        assert f"{count} network" in words(client.get(f"{ELSEWHERE}?{name}={code}")), (name, code)


def test_pages_of_the_list_cost_the_same(database, client):
    with database.transaction() as session:
        for number in range(45):
            session.add(
                ExternalNetwork(
                    slug=f"n{number}", name=f"Network {number:02d}.", url=f"https://n{number}.example.org/",
                    summary="A network.", lang="en", checked_at=now() - timedelta(days=number // 3),
                    facets=[NetworkFacet(kind="language", code="en")],
                )
            )  # fmt: skip
    seen: list[str] = []
    path: str | None = ELSEWHERE
    counts = []
    while path:
        with count_statements(database) as sent:
            page = client.get(path).get_data(as_text=True)
        counts.append(len(sent))
        seen += re.findall(r"Network (\d\d)\.", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = html.unescape(following.group(1)) if following else None
    assert sorted(seen) == [f"{number:02d}" for number in range(45)]
    assert len(set(counts)) == 1
    back = re.search(r'href="([^"]+)" rel="prev"', page)
    assert (
        back
        and len(re.findall(r"Network \d\d\.", client.get(html.unescape(back.group(1))).get_data(as_text=True))) == 20
    )


def test_a_summary_can_be_translated_and_is_shown_to_who_needs_it(people, sign_in, client):
    browser = sign_in("amina")
    place = browser.submit(NEW, GOOD).location
    link = re.search(r"/translations/network/\d+", client.get(place).get_data(as_text=True))
    assert link
    edit = f"{link.group(0)}/en/edit"
    page = browser.get(edit).get_data(as_text=True)
    of_version = re.search(r'name="of_version"[^>]*value="(\d+)"', page)
    assert of_version
    sent = {"version": 0, "of_version": of_version.group(1), "t_summary": "Teachers exchange their exercises."}
    assert browser.submit(edit, sent).status_code == 303
    shown = words(sign_in("wei").get(place))
    assert "Teachers exchange their exercises." in shown and "Translated from French by Amina" in shown
    assert "Teachers exchange" in words(client.get(ELSEWHERE))
    assert "Des enseignants" in words(browser.get(place)), "who reads French reads the original"
    # A change of the address alone does not make it stale; one of the words does.
    browser.submit(f"{place}/edit", {**GOOD, "reach": "global", "version": 1})
    assert "original changed since" not in words(client.get(place))
    browser.submit(f"{place}/edit", {**GOOD, "summary": "Autre chose.", "version": 2})
    assert "the original changed since" in words(client.get(place))


def test_a_reported_network_goes_out_of_sight(people, listed, sign_in, client, database):
    with database.transaction() as session:
        make_person(session, "mod", roles=["moderator"])
        number = session.scalar(select(ExternalNetwork.id).where(ExternalNetwork.slug == "scielo"))
    form = {"reason": "untrue", "note": "Not what it says", "lang": "en"}
    assert sign_in("wei").submit(f"/report/network/{number}", form).status_code == 303
    moderator = sign_in("mod")
    case = re.search(r"/reports/(\d+)", moderator.get("/reports").get_data(as_text=True))
    assert case
    moderator.submit(case.group(0), {"action": "hide", "reason": "Wrong."})
    assert client.get(f"{ELSEWHERE}/scielo").status_code == 404
    assert "SciELO" not in words(client.get(ELSEWHERE))
    assert moderator.get(f"{ELSEWHERE}/scielo").status_code == 200


def test_whoever_goes_leaves_what_they_listed(people, sign_in, client):
    browser = sign_in("amina")
    place = browser.submit(NEW, GOOD).location
    assert browser.get("/account/download").get_json()["networks"][0]["name"] == "Réseau des maths"
    assert browser.submit("/account/delete", {"current": PASSWORD}).status_code == 303
    assert "A person who left" in words(client.get(place))


@pytest.mark.parametrize("path", [f"{ELSEWHERE}/nothing", f"{ELSEWHERE}/a%00b", f"{ELSEWHERE}/" + "x" * 3000])
def test_what_is_not_listed_is_not_there(path, listed, client):
    assert client.get(path).status_code == 404


def test_an_empty_list_offers_the_next_step(people, sign_in, client):
    assert "No networks yet" in words(client.get(ELSEWHERE))
    assert "List a network" in words(sign_in("amina").get(ELSEWHERE))
    assert client.get(f"{ELSEWHERE}?at=nonsense").status_code == 200
