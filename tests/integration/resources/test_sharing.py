"""Sharing, changing and withdrawing resources through their pages."""

from __future__ import annotations

import pytest

from app.features.resources.models import Origin, Resource
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.resources import make_resource

FULL = {
    "url": "https://example.org/book.pdf?utm_source=mail",
    "title": "Hisabati kwa wote",
    "description": "Kitabu cha *hisabati*.",
    "lang": "sw",
    "type": "textbook",
    "subjects": ["0541"],
    "languages": ["sw", "en"],
    "licence": "CC-BY-SA-4.0",
    "authors": "Amina\nJuma",
    "levels": ["1"],
    "token": "0" * 31 + "a",
}


@pytest.fixture
def world(database):
    """Three teachers and a community of two of them."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7, True), ("en", 5, False)], country="KE")
        li = make_person(session, "li", languages=[("zh", 7, True)])
        make_person(session, "olga")
        community = make_community(session, "maths-east", amina)
        add_member(session, community, li)
        return {"amina": amina.id, "li": li.id, "community": community.id}


def test_a_shared_resource_is_read_by_everyone(world, sign_in, client):
    amina = sign_in("amina")
    response = amina.submit("/resources/new", FULL)
    assert response.status_code == 303, response.get_data(as_text=True)[:3000]
    page = client.get(response.location).get_data(as_text=True)
    assert "Hisabati kwa wote" in page and "<em>hisabati</em>" in page
    assert 'lang="sw"' in page
    assert "must carry the same licence" in page  # the licence in words
    assert "made for editing" in page.lower()  # guessed from the address: a PDF is not
    assert "It can be printed in large numbers" in page
    assert "application/ld+json" in page
    assert "Hisabati kwa wote" in client.get("/resources").get_data(as_text=True)


def test_bad_input_keeps_everything_and_says_what_is_wrong(world, sign_in):
    amina = sign_in("amina")
    wrong = {**FULL, "url": "http://192.168.1.4/x", "licence": "mine", "title": "", "languages": [], "type": ""}
    response = amina.submit("/resources/new", wrong)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "private network" in page and "Please give it a title." in page
    assert "under which licence" in page and "in which language it is" in page and "what it is." in page
    assert "Kitabu cha *hisabati*." in page and "192.168.1.4" in page


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://example.org/x", "http://localhost/x", "http://[::1]/", "http://10.0.0.1/",
     "x" * 2100, "http://user:pass@example.org/", "http://0x7f.1/", "http://2130706433/", "http://example"],
)  # fmt: skip
def test_addresses_that_lead_nowhere_are_refused(world, sign_in, url):
    response = sign_in("amina").submit("/resources/new", {**FULL, "url": url})
    assert response.status_code == 422
    assert 'id="url-error"' in response.get_data(as_text=True)


def test_sent_twice_it_stands_once(world, sign_in, database):
    amina = sign_in("amina")
    first, second = amina.submit("/resources/new", FULL), amina.submit("/resources/new", FULL)
    assert first.location == second.location
    with database.reading() as session:
        assert session.query(Resource).count() == 1


def test_the_same_address_in_the_same_place_is_said_to_be_here(world, sign_in):
    first = sign_in("amina").submit("/resources/new", FULL)
    again = {**FULL, "url": "http://www.example.org/book.pdf", "title": "Other", "token": "b" * 32}
    li = sign_in("li")
    response = li.submit("/resources/new", again)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert "This is here already" in page and first.location in page
    # In another place it may stand, too.
    there = "/communities/maths-east/resources/new"
    assert li.submit(there, {**again, "token": "c" * 32}).status_code == 303
    # The way back names the community in its own language, whatever that of the page.
    assert '<bdi lang="en">' in li.get(there).get_data(as_text=True).partition("<h1>")[0]


def test_only_members_share_in_a_community(world, sign_in):
    olga = sign_in("olga")
    assert olga.get("/communities/maths-east/resources/new").status_code == 403
    assert "Share a resource" not in olga.get("/communities/maths-east/resources").get_data(as_text=True)


def test_guests_are_asked_to_sign_in(world, client):
    assert client.get("/resources/new").status_code == 303


def test_pickers_and_rows_work_without_scripts(world, sign_in):
    amina = sign_in("amina")
    data = {**FULL, "find": "subjects", "subjects_q": "biology", "subjects": []}
    page = amina.submit("/resources/new", data).get_data(as_text=True)
    assert 'value="0511"' in page and "Hisabati kwa wote" in page
    page = amina.submit("/resources/new", {**FULL, "add": "origins"}).get_data(as_text=True)
    assert 'name="origins-0-url"' in page


def test_whoever_shared_it_and_facilitators_change_it(world, sign_in, database):
    with database.transaction() as session:
        from app.features.communities.models import Community
        from app.features.profiles.models import Person

        resource = make_resource(
            session, session.get_one(Person, world["li"]), community=session.get_one(Community, world["community"])
        )
        number, version = resource.id, resource.version
    path = f"/resources/{number}/edit"
    assert sign_in("olga").get(path).status_code == 403
    amina = sign_in("amina")
    changed = {**FULL, "url": "https://example.org/other", "version": str(version)}
    assert amina.submit(path, changed).status_code == 303
    with database.reading() as session:
        row = session.get_one(Resource, number)
        assert (row.title, row.lang, set(row.codes("language"))) == ("Hisabati kwa wote", "sw", {"sw", "en"})
        assert row.edited_at is not None


def test_two_tabs_overwrite_nothing_unseen(world, sign_in, database):
    amina = sign_in("amina")
    location = amina.submit("/resources/new", FULL).location
    with database.reading() as session:
        version = session.query(Resource).one().version
    data = {**FULL, "version": str(version)}
    assert amina.submit(f"{location}/edit", {**data, "title": "First"}).status_code == 303
    response = amina.submit(f"{location}/edit", {**data, "title": "Second"})
    assert response.status_code == 409
    page = response.get_data(as_text=True)
    assert "Second" in page and "in the meantime" in page
    with database.reading() as session:
        row = session.query(Resource).one()
        assert row.title == "First"
        newer = str(row.version)
    assert f'value="{newer}"' in page
    assert amina.submit(f"{location}/edit", {**data, "title": "Second", "version": newer}).status_code == 303


def test_withdrawn_it_is_gone_and_may_be_shared_anew(world, sign_in, client):
    amina = sign_in("amina")
    location = amina.submit("/resources/new", FULL).location
    amina.get(f"{location}/withdraw")
    assert amina.submit(f"{location}/withdraw", {"version": "1"}).status_code == 409
    version = (
        next(e.get("value") for e in amina.last_page.iter("input") if e.get("name") == "version") if False else None
    )
    page = amina.get(f"{location}/withdraw")
    version = next(e.get("value") for e in amina.last_page.iter("input") if e.get("name") == "version")
    assert page.status_code == 200
    assert amina.submit(f"{location}/withdraw", {"version": version}).status_code == 303
    assert client.get(location).status_code == 404
    assert "Hisabati" not in client.get("/resources").get_data(as_text=True)
    again = amina.submit("/resources/new", {**FULL, "token": "d" * 32})
    assert again.status_code == 303 and again.location != location


def test_lineage_is_followed_both_ways_and_never_in_a_circle(world, sign_in, client, database):
    amina = sign_in("amina")
    first = amina.submit("/resources/new", FULL).location
    second = amina.submit(
        "/resources/new",
        {**FULL, "url": "https://example.org/fr", "title": "Maths pour tous", "lang": "fr", "token": "e" * 32,
         "licence": "CC-BY-4.0", "origins-0-url": f"http://localhost{first}", "origins-0-relation": "translation"},
    ).location  # fmt: skip
    page = client.get(first).get_data(as_text=True)
    assert "Made from this" in page and "Maths pour tous" in page and "Translation" in page
    page = client.get(second).get_data(as_text=True)
    assert "Hisabati kwa wote" in page
    assert "must carry the same licence" in page  # from BY-SA to BY: not allowed
    with database.reading() as session:
        version = session.query(Resource).filter_by(title="Hisabati kwa wote").one().version
        assert session.query(Origin).one().parent_id is not None
    circle = {**FULL, "version": str(version), "origins-0-url": "https://example.org/fr"}
    response = amina.submit(f"{first}/edit", circle)
    assert response.status_code == 422 and "itself made from this one" in response.get_data(as_text=True)
    own = {**FULL, "version": str(version), "origins-0-url": FULL["url"]}
    assert amina.submit(f"{first}/edit", own).status_code == 422


def test_an_original_that_comes_later_is_linked(world, sign_in, client):
    amina = sign_in("amina")
    child = amina.submit("/resources/new", {**FULL, "origins-0-url": "https://example.org/original"}).location
    assert "https://example.org/original" in client.get(child).get_data(as_text=True)
    later = {**FULL, "url": "https://example.org/original/", "title": "The original", "token": "f" * 32}
    original = amina.submit("/resources/new", later).location
    assert "The original" in client.get(child).get_data(as_text=True)
    assert "Hisabati kwa wote" in client.get(original).get_data(as_text=True)
