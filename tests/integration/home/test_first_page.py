"""The first page of a guest: answers in, people out."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from app.features.profiles.models import Person
from app.features.profiles.services.changes import note_change
from tests.integration.suggestions.world import OPEN, make_world, teacher
from tests.support.communities import make_community
from tests.support.people import make_person

ASKED = "/?subject=0541&level=2&language=sw&lang_level=sw:native&country=KE"


@pytest.fixture
def world(database):
    with database.transaction() as session:
        return {name: profile.id for name, profile in make_world(session).items()}


def page_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def handles(page):
    return re.findall(r'<h[34]><a href="/people/([^"]+)"', page)


def test_without_answers_it_asks(client):
    page = page_of(client, "/")
    assert "What do you teach?" in page and "How it works" in page
    assert client.get("/", headers={"Accept-Language": "xx"}).status_code == 200


def test_the_best_peers_stand_there_at_once_with_reasons(client, world):
    page = page_of(client, ASKED)
    assert handles(page)[0] == "amina"
    assert "chen" not in handles(page)
    assert "You both work on Mathematics" in page
    assert "Swahili: you native, they native" in page


def test_communities_that_fit_the_answers_stand_beside_the_peers(client, database, world):
    assert "Communities that fit you" not in page_of(client, ASKED)
    with database.transaction() as session:
        facets = {"subject": ["0541"], "level": ["2"], "language": ["sw"]}
        for number in range(4):
            make_community(session, f"maths-{number}", facets=facets)
        make_community(session, "closed", facets=facets, state="closed")
        make_community(session, "chemistry", facets={**facets, "subject": ["0531"]})
    page = page_of(client, ASKED)
    assert len(set(re.findall(r'href="/communities/(maths-\d)"', page))) == 3
    assert "It is about Mathematics, which you teach" in page
    assert "/communities?subject=0541&amp;language=sw" in page
    assert "/communities/closed" not in page and "/communities/chemistry" not in page


def test_a_guest_sees_no_name_that_is_not_public(client, world):
    page = page_of(client, ASKED)
    assert "A teacher" in page
    assert "Baraka" not in page and "Amina" not in page
    assert "Dalia" in page, "Dalia opened her name to everyone"


def test_only_what_everybody_may_see_is_matched(client, database, world):
    with database.transaction() as session:
        amina = session.get_one(Person, world["amina"])
        amina.audiences = {**OPEN, "languages": "members"}
        note_change(session, amina)
    page = page_of(client, ASKED)
    assert "amina" not in handles(page)
    assert "Some people show parts of their profile to members only" in page


def test_how_many_more_members_see_is_told_in_steps_so_that_nobody_can_be_told_from_it(client, database, world):
    told = []
    for number in range(5):
        with database.transaction() as session:
            closed = {**OPEN, "teaching": "members"}
            teacher(session, f"closed{number}", audiences=closed)
        told.append("At least 5 more people fit" in page_of(client, ASKED))
    assert told == [False, False, False, False, True]


def test_it_works_with_the_find_button_alone(client, world):
    page = page_of(client, "/?subject_q=hisabati&language_q=&find=subject&country=")
    assert 'value="0541"' in page.partition("What was found")[2]
    # What was answered before is kept while something is looked up.
    page = page_of(client, "/?subject=0541&language_q=kiswahili&find=language")
    assert re.search(r'value="0541" checked', page) and 'value="sw"' in page


def test_what_was_chosen_of_the_found_is_answered_with_matches_not_with_the_list_again(client, world):
    typed = "/?subject_q=hisabati&subject=0541&language_q="
    assert "What was found" not in page_of(client, f"{typed}&show=1")
    assert "What was found" in page_of(client, f"{typed}&find=subject")
    assert 'value="0541"' in page_of(client, "/?subject_q=hisabati&subject=0531&show=1").partition("What was found")[2]


def test_typing_in_the_second_picker_looks_up_there_whichever_button_was_pressed(client):
    page = page_of(client, "/?subject_q=&language_q=kiswahili&find=subject")
    assert 'value="sw"' in page.partition("What was found")[2]


@pytest.mark.parametrize(
    "query",
    [
        "subject=4321&level=77&language=qqq&lang_level=sw:Z9&country=ZZ",
        "subject=%3Cscript%3Ealert(1)%3C/script%3E",
        "language=" + "x" * 5000,
        "lang_level=:::&lang_level=%00",
        "subject=0541&subject=0541&accepts=sw",
        "subject_q=" + "%F0%9F%98%80" * 50,
    ],
)
def test_codes_we_do_not_know_are_said_and_passed_over(client, world, query):
    page = page_of(client, f"/?{query}")
    assert "<script>alert" not in page
    if "4321" in query:
        assert "This was passed over, because we do not know it: 4321, 77, ZZ, qqq, sw:Z9" in page


def test_nobody_at_all(client):
    page = page_of(client, ASKED)
    assert "Nobody fits exactly yet" in page


def test_where_nobody_fits_the_nearest_are_shown_and_what_widening_adds(client, database):
    with database.transaction() as session:
        for number in range(3):
            teacher(session, f"learner{number}", languages=[("sw", 2, False, 1)])
    page = page_of(client, ASKED)
    assert "Nobody fits exactly yet" in page and "The nearest" in page
    assert "Accept Swahili at A2: 3 more" in page
    href = re.search(r'<a href="([^"]*accepts=sw:A2[^"]*)"', page)[1].replace("&amp;", "&")
    assert len(handles(page_of(client, href))) == 3


def test_an_address_can_be_shared_and_the_level_may_stand_alone(client, world):
    assert handles(page_of(client, "/?subject=0541&level=2&language=sw&lang_level=native&country=KE")) == handles(
        page_of(client, ASKED)
    )
    assert "lang_level=sw:native" in page_of(client, ASKED)


def test_live_only_the_changing_parts_come(app, world):
    from flask.testing import FlaskClient

    browser = FlaskClient(app)
    response = browser.get(ASKED, headers={"HX-Request": "true"})
    body = response.get_data(as_text=True)
    assert "<html" not in body and 'id="matches"' in body and 'hx-swap-oob="true"' in body
    assert response.headers["HX-Push-Url"] == ASKED
    back = browser.get(ASKED, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in back.get_data(as_text=True)


def test_answers_are_kept_for_the_profile(client, world):
    data = {"subject": "0541", "level": "2", "language": "sw", "lang_level": "sw:native", "country": "KE"}
    response = client.submit("/keep", data, page=ASKED)
    assert (response.status_code, response.location) == (303, "/sign-up")
    with client.session_transaction() as kept:
        assert kept["first_answers"] == {
            "subjects": ["0541"],
            "levels": ["2"],
            "languages": [{"tag": "sw", "level": 7}],
            "country": "KE",
        }


def test_contributions_shown_to_a_guest_add_up(client, world):
    page = page_of(client, ASKED)
    tables = re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
    assert tables
    for table in tables:
        *parts, total = [float(n.replace("\u2212", "-")) for n in re.findall(r'class="number">([^<]*)<', table)]
        assert sum(parts) == total


@pytest.mark.parametrize("path", ["/about", "/privacy"])
def test_what_stands_beside_it(client, path):
    assert page_of(client, path)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_in_other_languages(client, world, language):
    for path in ("/?lang_=1&", ASKED + "&"):
        assert f'<html lang="{language}"' in page_of(client, path.replace("lang_=1&", "") + f"lang={language}")


def test_a_language_one_works_in_is_not_the_language_of_the_page(client, world):
    french = {"Accept-Language": "fr"}
    page = client.get("/?subject=0541&level=2&language=en", headers=french).get_data(as_text=True)
    assert '<html lang="fr"' in page
    links = [link for link in re.findall(r'<a class="menu-link" href="([^"]*)"', page) if "lang=ar" in link]
    page = page_of(client, links[0].replace("&amp;", "&"))
    assert '<html lang="ar"' in page and 'value="en" checked' in page and 'value="ar" checked' not in page
    assert "Comment ça marche" in page_of(client, "/?lang=fr")


def test_plain_pages_load_no_heavy_libraries(settings):
    code = (
        "import json, sys\n"
        "from app.factory import build_app\n"
        "client = build_app().test_client()\n"
        "assert [client.get(p).status_code for p in ('/', '/about', '/privacy')] == [200] * 3\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    environment = {
        "DATABASE_URL": settings.database_url,
        "INSTANCE_PATH": str(settings.instance_path),
        "PATH": "/usr/bin:/bin",
    }
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert not set(json.loads(run.stdout)) & {"numpy", "scipy", "sklearn", "networkx"}


def test_someone_signed_in_sees_their_day(sign_in, world):
    page = page_of(sign_in("amina"), "/")
    assert "Good to see you" in page
    assert "baraka" in handles(page)
    assert "Write a few words about yourself" in page


def test_where_nobody_is_shown_yet_the_day_says_what_comes_first(sign_in, database):
    with database.transaction() as session:
        make_person(session, "early", languages=[("sw", 7)], subjects=["0541"], account={"verified_at": None})
        make_person(session, "unsaid", languages=[("sw", 7)])
    early, unsaid = page_of(sign_in("early"), "/"), page_of(sign_in("unsaid"), "/")
    assert "Nobody fits yet" not in early + unsaid
    assert "Once you have opened it, we show you whom you could meet." in early
    assert "Say what you teach, at which level" in unsaid


def test_one_answer_is_enough_and_what_is_assumed_is_said(client, world):
    page = page_of(client, "/?subject=0541")
    assert handles(page)
    assert "Until then this assumes: English." in page
    page = page_of(client, "/?subject=0541&country=KE")
    assert "Until then this assumes: English and Swahili." in page or "assumes: English." in page


def test_where_no_language_is_shared_another_one_is_proposed_with_its_number(client, world):
    page = page_of(client, "/?subject=0541&level=2&language=hi")
    assert "Nobody fits exactly yet" in page and "The nearest" in page
    number = int(re.search(r"If you also work in English: (\d+) more", page)[1])
    assert number
    href = re.search(r'<a href="([^"]*language=en[^"]*)">If you also work in English', page)[1].replace("&amp;", "&")
    wider = page_of(client, href)
    assert int(re.search(r"<h2>(\d+) ", wider)[1]) == number


def test_every_number_is_what_the_next_page_shows(client, world):
    page = page_of(client, "/?subject=0541&level=2&language=sw")
    total = int(re.search(r"<h2>(\d+) ", page)[1])
    links = re.findall(r'<a href="(/\?[^"]*)">[^<]*: (\d+) more</a>', page)
    assert links
    for href, adds in links:
        wider = page_of(client, href.replace("&amp;", "&"))
        assert int(re.search(r"<h2>(\d+) ", wider)[1]) == total + int(adds)
