"""Writing to each other, through the front door."""

from __future__ import annotations

import re

import pytest

from app.core.clock import now
from app.features.profiles.models import Delegation
from app.features.relations.services import block, connect, disconnect
from app.features.threads.models import Message, Thread, ThreadRead
from app.features.threads.services import add_message, open_thread
from tests.support.people import make_institution, make_person
from tests.support.statements import count_statements


@pytest.fixture
def thread(database):
    """The number of the thread of Amina and Bakari, who are connected; Chausiku is a stranger."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7)])
        bakari = make_person(session, "bakari", languages=[("sw", 6), ("fr", 5)])
        make_person(session, "chausiku")
        connect(session, amina.id, bakari.id)
        return open_thread(session, amina.id, bakari.id).id


def ids(database):
    with database.reading() as session:
        thread = session.query(Thread).one()
        return thread.low_id, thread.high_id


def mark(browser, path):
    """The token of the form that writes a message."""
    browser.get(path)
    return next(e.get("value") for e in browser.last_page.iter("input") if e.get("name") == "token")


def write(browser, thread, text, lang="sw", **more):
    path = f"/threads/{thread}"
    return browser.submit(path, {"text": text, "lang": lang, "token": mark(browser, path), **more})


def texts(database):
    with database.reading() as session:
        return [m.text for m in session.query(Message).order_by(Message.id)]


def test_what_one_writes_the_other_reads(thread, sign_in, database):
    amina, bakari = sign_in("amina"), sign_in("bakari")
    assert write(amina, thread, "Habari za asubuhi").status_code == 303
    assert "1 new message" in bakari.get("/connections").get_data(as_text=True)
    page = bakari.get(f"/threads/{thread}").get_data(as_text=True)
    assert "Habari za asubuhi" in page and 'lang="sw"' in page
    assert "1 new message" not in bakari.get("/connections").get_data(as_text=True)
    assert "new message" not in amina.get("/connections").get_data(as_text=True)


def test_reading_is_noted_after_the_response_only(thread, sign_in, database):
    write(sign_in("amina"), thread, "Habari")
    sign_in("bakari").get(f"/threads/{thread}")
    with database.reading() as session:
        assert session.query(ThreadRead).count() == 2


def test_sending_the_same_form_twice_writes_one_message(thread, sign_in, database):
    amina = sign_in("amina")
    token = mark(amina, f"/threads/{thread}")
    for _time in range(2):
        response = amina.submit(f"/threads/{thread}", {"text": "Once", "lang": "en", "token": token})
        assert response.status_code == 303
    assert texts(database) == ["Once"]
    assert "sent already" in amina.get(f"/threads/{thread}").get_data(as_text=True)


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 5001])
def test_an_empty_or_endless_message_is_refused_and_kept(thread, sign_in, database, text):
    response = write(sign_in("amina"), thread, text)
    assert response.status_code == 422
    assert text.strip()[:100] in response.get_data(as_text=True)
    assert texts(database) == []


def test_a_forged_token_or_language_is_refused(thread, sign_in, database):
    amina = sign_in("amina")
    assert write(amina, thread, "Hello", token="x" * 65).status_code == 422
    assert write(amina, thread, "Hello", token="").status_code == 422
    assert write(amina, thread, "Hello", token="introduction-1-note").status_code == 422
    assert write(amina, thread, "Hello", lang="no such tongue").status_code == 422
    assert texts(database) == []


def test_markup_is_shown_as_typed_and_addresses_become_links(thread, sign_in, database):
    amina = sign_in("amina")
    text = "<img src=x onerror=alert(1)> javascript:alert(1) https://example.org/a?b=1&c=2. \u202etxt.exe\nline two"
    write(amina, thread, text)
    page = sign_in("bakari").get(f"/threads/{thread}").get_data(as_text=True)
    assert "<img" not in page and "&lt;img" in page
    assert 'href="javascript' not in page
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page and "nofollow" in page
    assert "\u202e" not in page


def test_a_stranger_neither_reads_nor_writes(thread, sign_in, database):
    stranger = sign_in("chausiku")
    assert stranger.get(f"/threads/{thread}").status_code == 404
    data = {"csrf_token": stranger.token("/introductions"), "text": "Let me in", "token": "t"}
    assert stranger.post(f"/threads/{thread}", data=data).status_code == 404
    assert stranger.get("/threads/999999").status_code == 404
    assert texts(database) == []


def test_a_guest_is_asked_to_sign_in(thread, client):
    assert "/sign-in" in client.get(f"/threads/{thread}").location


@pytest.mark.parametrize("turned", [False, True])
def test_after_a_block_the_old_is_read_and_nothing_new_written(thread, sign_in, database, turned):
    amina = sign_in("amina")
    write(amina, thread, "Before")
    token = mark(amina, f"/threads/{thread}")
    with database.transaction() as session:
        pair = ids(database)
        block(session, *(reversed(pair) if turned else pair))
    page = amina.get(f"/threads/{thread}").get_data(as_text=True)
    assert "Before" in page and "not write any more" in page
    response = amina.submit(
        f"/threads/{thread}", {"text": "After", "lang": "en", "token": token}, page="/introductions"
    )
    assert response.status_code == 403
    assert texts(database) == ["Before"]


def test_after_the_connection_ended_nothing_new_is_written(thread, sign_in, database):
    amina = sign_in("amina")
    token = mark(amina, f"/threads/{thread}")
    with database.transaction() as session:
        disconnect(session, *ids(database))
    response = amina.submit(f"/threads/{thread}", {"text": "After", "token": token}, page="/introductions")
    assert response.status_code == 403
    assert "no longer connected" in response.get_data(as_text=True)
    assert texts(database) == []


def test_an_institution_speaks_with_many_voices(thread, sign_in, database):
    with database.transaction() as session:
        school = make_institution(session, "shule", name="Shule ya Msingi")
        for handle in ("dalila", "eshe"):
            person = make_person(session, handle)
            session.add(
                Delegation(institution_id=school.id, person_id=person.id, role="representative", accepted_at=now())
            )
        low, _high = ids(database)
        connect(session, low, school.id)
        number = open_thread(session, low, school.id).id
    write(sign_in("dalila"), number, "From the school")
    page = sign_in("eshe").get(f"/threads/{number}").get_data(as_text=True)
    assert "Dalila" in page and "As Shule ya Msingi" in page
    amina = sign_in("amina").get(f"/threads/{number}").get_data(as_text=True)
    assert "Shule ya Msingi" in amina and "Dalila" not in amina


def test_a_long_thread_is_read_page_by_page(thread, sign_in, database):
    with database.transaction() as session:
        low, high = ids(database)
        row = session.get(Thread, thread)
        for number in range(75):
            add_message(session, row, low if number % 2 else high, None, f"number {number}.", "en", f"t{number}")
    amina = sign_in("amina")
    with count_statements(database) as sent:
        page = amina.get(f"/threads/{thread}").get_data(as_text=True)
    assert "number 74." in page and "number 45." in page and "number 44." not in page
    assert len(sent) <= 30
    seen = {int(n) for n in re.findall(r"number (\d+)\.", page)}
    while (link := re.search(r'href="([^"]*before=\d+)"', page)) is not None:
        page = amina.get(link.group(1)).get_data(as_text=True)
        seen |= {int(n) for n in re.findall(r"number (\d+)\.", page)}
    assert seen == set(range(75))

    for value in ("x", "-1", "9" * 30, "٣"):
        assert amina.get(f"/threads/{thread}?before={value}").status_code == 200


def test_who_leaves_takes_the_name_and_leaves_the_words(thread, sign_in, database):
    from app.core.registries import erasers, exporters
    from app.features.profiles.models import Person

    amina = sign_in("amina")
    write(amina, thread, "My words")
    with database.transaction() as session:
        account = session.query(Person).filter_by(handle="amina").one().account_id
        taken = dict(exporters())["messages"](session, account)
        assert [row["text"] for row in taken] == ["My words"]
        for _name, eraser in erasers():
            eraser(session, account)
    page = sign_in("bakari").get(f"/threads/{thread}").get_data(as_text=True)
    assert "My words" in page and "A person who left" in page and "Amina" not in page
    assert "other side has left" in page and "Someone who is not here now" not in page


def test_a_thread_that_both_left_is_gone(thread, sign_in, database):
    from app.features.threads.services import leave_threads

    write(sign_in("amina"), thread, "My words")
    with database.transaction() as session:
        for side in ids(database):
            leave_threads(session, side)
    assert texts(database) == []


def test_nobody_writes_to_who_is_hidden(thread, sign_in, database):
    from app.features.profiles.models import Person

    with database.transaction() as session:
        session.query(Person).filter_by(handle="bakari").one().hidden_at = now()
    page = sign_in("amina").get(f"/threads/{thread}").get_data(as_text=True)
    assert "be reached here at the moment" in page
    assert "Bakari" not in page
