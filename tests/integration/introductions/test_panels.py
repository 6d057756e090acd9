"""What stands on others' pages: the state of contact on a profile, what waits on the first page."""

from __future__ import annotations

import pytest

from app.features.relations.services import connect
from app.features.threads.services import add_message, open_thread
from tests.support.people import make_person

NOTE = "Habari, I teach mathematics too. Shall we compare our plans for fractions?"


@pytest.fixture
def two(database):
    """Amina and Bakari."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7)])
        bakari = make_person(session, "bakari", languages=[("sw", 6)])
        return amina.id, bakari.id


def test_the_button_follows_the_state_of_contact(two, sign_in, client, database):
    amina, bakari = sign_in("amina"), sign_in("bakari")
    assert "Sign in to say hello" in client.get("/people/bakari").get_data(as_text=True)
    page = amina.get("/people/bakari").get_data(as_text=True)
    for expected in ("/introductions/ask/bakari", "/people/bakari/block", "/report/profile/", "/network/bakari"):
        assert expected in page
    assert "/people/amina/block" not in amina.get("/people/amina").get_data(as_text=True)
    sent = amina.submit("/introductions/ask/bakari", {"note": NOTE, "lang": "sw"}).location
    assert "see your note" in amina.get("/people/bakari").get_data(as_text=True)
    assert "read and answer" in bakari.get("/people/amina").get_data(as_text=True)
    thread = bakari.submit(f"{sent}/accept", {}, page=sent).location.split("#")[0]
    assert thread in amina.get("/people/bakari").get_data(as_text=True)


def test_the_first_page_says_what_waits(two, sign_in, database):
    with database.transaction() as session:
        chausiku = make_person(session, "chausiku", languages=[("sw", 6)])
        connect(session, chausiku.id, two[1])
        thread = open_thread(session, chausiku.id, two[1])
        add_message(session, thread, chausiku.id, chausiku.id, "Habari", "sw", "t")
        number = thread.id
    sign_in("amina").submit("/introductions/ask/bakari", {"note": NOTE, "lang": "sw"})
    page = sign_in("bakari").get("/").get_data(as_text=True)
    assert "1 person would like to get to know you" in page
    assert "1 message you have not read" in page
    assert f"/threads/{number}" in page


def test_a_person_takes_their_introductions_along(two, sign_in, database):
    from app.core.registries import erasers, exporters
    from app.features.introductions.models import Introduction
    from app.features.profiles.models import Person

    sign_in("amina").submit("/introductions/ask/bakari", {"note": NOTE, "lang": "sw"})
    with database.transaction() as session:
        account = session.get(Person, two[0]).account_id
        taken = dict(exporters())["introductions"](session, account)
        assert taken["introductions"][0]["note"] == NOTE
        assert (taken["introductions"][0]["from"], taken["introductions"][0]["to"]) == ("amina", "bakari")
        for _name, eraser in erasers():
            eraser(session, account)
        assert session.query(Introduction).count() == 0
    assert sign_in("bakari").get("/introductions").status_code == 200
