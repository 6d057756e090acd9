"""What somebody sends after their session ended, or from a page that was open too long, is not lost."""

from __future__ import annotations

from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
import time_machine

from app.core.clock import now
from app.core.errors import TooMany
from tests.support.people import PASSWORD, make_person

NOTE = "Je cherche des collègues\nqui enseignent en wolof <et> en français."
HERE = {"Origin": "http://localhost"}
ASK = "/introductions/ask/bakari"


@pytest.fixture(autouse=True)
def people(database):
    with database.transaction() as session:
        for handle in ("amina", "bakari"):
            make_person(session, handle, languages=[("fr", 7)], account={"locale": "en"})


@pytest.fixture
def amina(app):
    browser = app.test_client()
    browser.submit("/sign-in", {"email": "amina@example.org", "password": PASSWORD})
    return browser


def fields_of(page: Element, path: str) -> dict[str, str]:
    """The fields of the form on a page that goes to ``path``."""
    form = next(e for e in page.iter("form") if e.get("action") == path)
    return {str(e.get("name")): e.get("value", "") for e in form.iter("input") if e.get("name")}


def sent_late(browser, token: str, **more):
    """The note, sent once the session has ended."""
    browser.delete_cookie("commonweave")
    return browser.post(ASK, data={"csrf_token": token, "note": NOTE, "lang": "fr"}, **more)


def test_a_note_sent_after_the_session_ended_goes_out_after_signing_in_again(amina):
    answer = sent_late(amina, amina.token(ASK), headers=HERE)
    assert answer.status_code == 401
    assert "signed out meanwhile" in answer.get_data(as_text=True)
    assert "qui enseignent en wolof &lt;et&gt;" in answer.get_data(as_text=True)
    fields = fields_of(amina.last_page, "/sign-in")
    wrong = amina.post("/sign-in", data={**fields, "email": "amina@example.org", "password": "not-the-right-one"})
    assert wrong.status_code == 422
    fields = fields_of(amina.last_page, "/sign-in")
    entered = amina.post("/sign-in", data={**fields, "email": "amina@example.org", "password": PASSWORD})
    assert entered.status_code == 200
    again = fields_of(amina.last_page, ASK)
    assert again["note"].splitlines() == NOTE.splitlines()
    assert amina.post(ASK, data=again).status_code == 303
    assert "<et>" not in amina.get("/introductions?box=sent").get_data(as_text=True)
    assert "wolof" in amina.get("/introductions?box=sent").get_data(as_text=True)


def test_a_page_open_for_long_is_sent_with_one_more_press(amina):
    token = amina.token(ASK)
    with time_machine.travel(now() + timedelta(hours=13)):
        answer = amina.post(ASK, data={"csrf_token": token, "note": NOTE, "lang": "fr"}, headers=HERE)
        assert answer.status_code == 400
        again = fields_of(amina.last_page, ASK)
        assert again["note"].splitlines() == NOTE.splitlines()
        assert amina.post(ASK, data=again, headers=HERE).status_code == 303


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {**HERE, "Sec-Fetch-Site": "cross-site"}]
)
def test_what_another_site_sent_is_never_given_back(amina, headers):
    amina.token(ASK)
    kept = amina.post(ASK, data={"csrf_token": "x", "note": NOTE, "lang": "fr"}, headers=headers)
    assert kept.status_code == 400
    assert "wolof" not in kept.get_data(as_text=True)
    answer = sent_late(amina, "x", headers=headers)
    assert answer.location == "/sign-in"


def test_no_page_carries_a_password_and_the_form_can_be_opened_anew(client):
    answer = client.post("/sign-in", data={"email": "amina@example.org", "password": PASSWORD}, headers=HERE)
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert PASSWORD not in page
    assert 'class="button main" href="/sign-in"' in page


def test_what_came_too_often_is_given_back_too(amina, monkeypatch):
    def too_often(*_arguments, **_more):
        raise TooMany

    token = amina.token(ASK)
    monkeypatch.setattr("app.features.introductions.views.asking.limit", too_often)
    answer = amina.post(ASK, data={"csrf_token": token, "note": NOTE, "lang": "fr"}, headers=HERE)
    assert answer.status_code == 429
    assert fields_of(amina.last_page, ASK)["note"].splitlines() == NOTE.splitlines()
    monkeypatch.undo()
    assert amina.post(ASK, data=fields_of(amina.last_page, ASK), headers=HERE).status_code == 303


@pytest.mark.parametrize(
    "kept",
    [
        *("", "x", "[]", "7", "[" * 20_000, '["/", 7]', '["/", [["a"]]]'),
        *('["https://evil.example/", []]', '["//evil.example", []]', '["javascript:alert(1)", []]'),
    ],
    ids=str.__len__,
)
def test_what_is_no_kept_form_is_passed_over(client, kept):
    data = {"email": "amina@example.org", "password": PASSWORD, "kept": kept}
    answer = client.submit("/sign-in", data)
    assert answer.status_code == 303
    assert "evil" not in answer.location


def test_a_piece_of_a_page_is_never_exchanged_for_the_page_to_sign_in_on(client):
    answer = client.get("/suggestions", headers={"HX-Request": "true"})
    assert answer.status_code == 401
