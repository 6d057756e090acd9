"""Asking for contact, through the front door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.mail import Mail
from app.features.introductions.models import DECLINED, EXPIRED, Introduction
from app.features.profiles.models import Delegation, Person
from app.features.relations.services import block, connect
from tests.support.people import make_institution, make_person

NOTE = "Habari, I teach mathematics too. Shall we compare our plans for fractions?"


@pytest.fixture
def two(database):
    """Two teachers who share Swahili; their numbers by handle."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7, True), ("en", 5)], country="KE", subjects=["0541"])
        bakari = make_person(session, "bakari", languages=[("sw", 6), ("fr", 4)], country="TZ", subjects=["0541"])
        return {"amina": amina.id, "bakari": bakari.id}


def ask(browser, handle, note=NOTE, **more):
    return browser.submit(f"/introductions/ask/{handle}", {"note": note, "lang": "sw", **more})


def rows(database):
    with database.reading() as session:
        found = list(session.query(Introduction).order_by(Introduction.id))
        session.expunge_all()
        return found


def add_past(session, asker, to, days, state=EXPIRED, **values):
    """An introduction of the past, as a row."""
    at = now() - timedelta(days=days)
    session.add(
        Introduction(
            from_profile_id=asker, to_profile_id=to, by_person_id=asker, note=NOTE, state=state, created_at=at,
            expires_at=at + timedelta(days=30), **values,
        )
    )  # fmt: skip


def test_the_page_shows_the_languages_both_can_work_in(two, sign_in):
    page = sign_in("amina").get("/introductions/ask/bakari").get_data(as_text=True)
    assert "You can both work in" in page
    assert "Kiswahili" in page
    assert "@example.org" not in page


def test_a_note_is_sent_and_both_see_it(two, sign_in, database):
    amina = sign_in("amina")
    response = ask(amina, "bakari")
    assert response.status_code == 303
    assert "fractions" in amina.get(response.location).get_data(as_text=True)
    bakari = sign_in("bakari")
    received = bakari.get("/introductions").get_data(as_text=True)
    assert "fractions" in received and "Read and answer" in received
    assert 'lang="sw"' in received
    assert "@example.org" not in received
    assert rows(database)[0].note_lang == "sw"


@pytest.mark.parametrize(
    ("note", "said"),
    [("", "Please write something"), ("Too short", "at least 20"), ("x" * 1501, "1501"), ("é" * 200_000, "200000")],
)
def test_a_note_of_the_wrong_length_is_told_and_kept(two, sign_in, database, note, said):
    response = ask(sign_in("amina"), "bakari", note)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert said in page.replace(",", "").replace("\u00a0", "")
    assert note[:30] in page
    assert rows(database) == []


def test_a_made_up_language_is_refused(two, sign_in, database):
    response = ask(sign_in("amina"), "bakari", lang="<x>")
    assert response.status_code == 422
    assert rows(database) == []


def test_markup_and_turned_writing_are_harmless(two, sign_in, database):
    note = "<script>alert(1)</script> \u202egpj.exe\u202c see https://example.org/<b>x"
    response = ask(sign_in("amina"), "bakari", note)
    assert response.status_code == 303
    page = sign_in("bakari").get(response.location).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert 'href="https://example.org/"' in page


def test_sending_twice_writes_one(two, sign_in, database):
    amina = sign_in("amina")
    first, second = ask(amina, "bakari"), ask(amina, "bakari", NOTE + " Again.")
    assert first.location == second.location
    assert len(rows(database)) == 1


def test_whoever_was_asked_first_is_led_to_the_answer(two, sign_in, database):
    first = ask(sign_in("amina"), "bakari")
    bakari = sign_in("bakari")
    assert "They asked you first" in bakari.get("/introductions/ask/amina").get_data(as_text=True)
    response = bakari.post(
        "/introductions/ask/amina", data={"csrf_token": bakari.token("/introductions"), "note": NOTE, "lang": "sw"}
    )
    assert response.location == first.location
    assert len(rows(database)) == 1


def test_nobody_asks_themselves_or_somebody_connected(two, sign_in, database):
    with database.transaction() as session:
        connect(session, two["amina"], two["bakari"])
    amina = sign_in("amina")
    assert "act for this profile yourself" in amina.get("/introductions/ask/amina").get_data(as_text=True)
    assert "connected already" in amina.get("/introductions/ask/bakari").get_data(as_text=True)
    response = amina.post(
        "/introductions/ask/bakari", data={"csrf_token": amina.token("/introductions"), "note": NOTE, "lang": "sw"}
    )
    assert response.status_code == 422
    assert rows(database) == []


@pytest.mark.parametrize("turned", [False, True])
def test_a_block_looks_like_nobody(two, sign_in, database, turned):
    with database.transaction() as session:
        pair = (two["amina"], two["bakari"])
        block(session, *(reversed(pair) if turned else pair))
    amina = sign_in("amina")
    blocked, nobody = amina.get("/introductions/ask/bakari"), amina.get("/introductions/ask/nobody")
    assert blocked.status_code == nobody.status_code == 404
    assert blocked.get_data(as_text=True).count("bakari") == nobody.get_data(as_text=True).count("nobody")
    token = amina.token("/introductions")
    answers = [
        amina.post(f"/introductions/ask/{handle}", data={"csrf_token": token, "note": NOTE, "lang": "sw"}).status_code
        for handle in ("bakari", "nobody")
    ]
    assert answers == [404, 404]


def test_who_is_full_this_month_says_until_when(two, sign_in, database):
    with database.transaction() as session:
        chausiku = make_person(session, "chausiku", monthly_contacts=1)
        add_past(session, two["bakari"], chausiku.id, 10)
    amina = sign_in("amina")
    page = amina.get("/introductions/ask/chausiku").get_data(as_text=True)
    assert "full this month" in page
    assert (now() + timedelta(days=20)).strftime("%B") in page
    response = amina.post(
        "/introductions/ask/chausiku", data={"csrf_token": amina.token("/introductions"), "note": NOTE, "lang": "sw"}
    )
    assert response.status_code == 422
    assert "fractions" in response.get_data(as_text=True), "what was typed is kept"


def test_there_is_room_again_after_a_month(two, sign_in, database):
    with database.transaction() as session:
        chausiku = make_person(session, "chausiku", monthly_contacts=1)
        add_past(session, two["bakari"], chausiku.id, 31)
    assert ask(sign_in("amina"), "chausiku").status_code == 303


def test_who_takes_no_contacts_is_left_alone(two, sign_in, database):
    with database.transaction() as session:
        make_person(session, "chausiku", monthly_contacts=0)
    page = sign_in("amina").get("/introductions/ask/chausiku").get_data(as_text=True)
    assert "no new contacts" in page


def test_an_address_not_confirmed_comes_first(two, sign_in, database):
    with database.transaction() as session:
        make_person(session, "chausiku", account={"verified_at": None})
    browser = sign_in("chausiku")
    assert "confirm your e-mail" in browser.get("/introductions/ask/bakari").get_data(as_text=True)


@pytest.mark.parametrize(("days", "status"), [(89, 422), (91, 303)])
def test_after_a_no_there_are_ninety_days_of_rest(two, sign_in, database, days, status):
    with database.transaction() as session:
        decided = now() - timedelta(days=days)
        add_past(session, two["amina"], two["bakari"], days + 1, DECLINED, decided_at=decided)
    amina = sign_in("amina")
    data = {"csrf_token": amina.token("/introductions/ask/amina"), "note": NOTE, "lang": "sw"}
    assert amina.post("/introductions/ask/bakari", data=data).status_code == status


def test_a_no_to_a_person_is_a_no_to_them_in_the_name_of_a_school(two, sign_in, database):
    with database.transaction() as session:
        make_institution(session, "shule", session.get(Person, two["amina"]))
        add_past(session, two["amina"], two["bakari"], 2, DECLINED, decided_at=now() - timedelta(days=1))
    response = ask(sign_in("amina"), "bakari", speaker="shule")
    assert response.status_code == 422
    assert "It did not suit them" in response.get_data(as_text=True)


def test_a_note_taken_back_again_and_again_is_no_way_to_fill_a_mailbox(two, sign_in, database):
    amina = sign_in("amina")
    for _time in range(2):
        assert ask(amina, "bakari").status_code == 303
        waiting = f"/introductions/{rows(database)[-1].id}"
        amina.submit(f"{waiting}/withdraw", {}, page=waiting)
    page = amina.get("/introductions/ask/bakari").get_data(as_text=True)
    assert "said hello to them 2 times" in page
    data = {"csrf_token": amina.token("/introductions"), "note": NOTE, "lang": "sw"}
    assert amina.post("/introductions/ask/bakari", data=data).status_code == 429
    with database.reading() as session:
        assert session.query(Mail).filter_by(template="introduction_asked").count() == 2


@pytest.mark.parametrize(("number", "days", "said"), [(10, 0, "today"), (30, 5, "this month")])
def test_there_is_an_end_to_how_often_one_asks(two, sign_in, database, number, days, said):
    with database.transaction() as session:
        for at in range(number):
            other = make_person(session, f"other{at}")
            add_past(session, two["amina"], other.id, days)
    response = ask(sign_in("amina"), "bakari")
    assert response.status_code == 429
    assert said in response.get_data(as_text=True)
    assert len(rows(database)) == number


def test_an_institution_asks_through_those_who_act_for_it(two, sign_in, database):
    with database.transaction() as session:
        school = make_institution(session, "shule", name="Shule ya Msingi")
        session.add(
            Delegation(institution_id=school.id, person_id=two["amina"], role="representative", accepted_at=now())
        )
    amina = sign_in("amina")
    assert "Shule ya Msingi" in amina.get("/introductions/ask/bakari").get_data(as_text=True)
    assert ask(amina, "bakari", speaker="shule").status_code == 303
    assert rows(database)[0].from_profile_id == school.id
    assert rows(database)[0].by_person_id == two["amina"]
    assert "Shule ya Msingi" in sign_in("bakari").get("/introductions").get_data(as_text=True)


@pytest.mark.parametrize("accepted", [False, None])
def test_nobody_speaks_for_an_institution_that_is_not_theirs(two, sign_in, database, accepted):
    with database.transaction() as session:
        school = make_institution(session, "shule")
        if accepted is not None:
            session.add(Delegation(institution_id=school.id, person_id=two["amina"], role="owner"))
    response = ask(sign_in("amina"), "bakari", speaker="shule")
    assert response.status_code == 403
    assert ask(sign_in("amina"), "bakari", speaker="bakari").status_code == 403
    assert rows(database) == []


def test_an_institution_without_people_is_not_asked(two, sign_in, database):
    with database.transaction() as session:
        make_institution(session, "chuo", claimed=False)
    page = sign_in("amina").get("/introductions/ask/chuo").get_data(as_text=True)
    assert "Nobody acts for this institution" in page


def test_a_hidden_profile_is_not_there(two, sign_in, database):
    with database.transaction() as session:
        make_person(session, "chausiku", hidden_at=now())
    assert sign_in("amina").get("/introductions/ask/chausiku").status_code == 404


def test_a_name_that_is_not_open_is_not_told(two, sign_in, database):
    with database.transaction() as session:
        make_person(session, "chausiku", name="Chausiku Mrembo", country="KE", audiences={"name": "connections"})
    page = sign_in("amina").get("/introductions/ask/chausiku").get_data(as_text=True)
    assert "Mrembo" not in page
    assert "A teacher in Kenya" in page


def test_who_is_blocked_gets_no_mail_through_an_institution(database, sign_in):
    with database.transaction() as session:
        make_person(session, "asker")
        owner, editor = make_person(session, "owner"), make_person(session, "editor")
        college = make_institution(session, "college", owner)
        session.add(Delegation(institution_id=college.id, person_id=editor.id, role="editor", accepted_at=now()))
    assert sign_in("editor").submit("/people/asker/block", {}).status_code == 303
    form = {"note": "Habari, I teach mathematics too. Shall we compare?", "lang": "en"}
    assert sign_in("asker").submit("/introductions/ask/college", form).status_code == 303
    with database.reading() as session:
        mails = session.query(Mail).filter_by(template="introduction_asked").all()
        assert [mail.to_address for mail in mails] == ["owner@example.org"]
