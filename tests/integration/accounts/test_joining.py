"""Signing up, confirming the address, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.core.clock import now
from tests.integration.accounts.steps import JOIN, account_of, enter, is_in, join, mails_to, plain, token_of
from tests.support.people import make_account


def test_someone_joins_confirms_and_signs_in(app, client, database):
    response = join(client, "Amina@Example.org")
    assert response.status_code == 303
    assert "look at your mail" in client.get(response.location).get_data(as_text=True)
    account = account_of(database, "amina@example.org")
    assert account.verified_at is None
    assert account.adult_confirmed_at
    assert account.privacy_version
    assert account.password_hash.startswith("$argon2id$")
    token = token_of(database, "Amina@example.org", "account_verify")
    assert "Confirm my address" in client.get(f"/verify/{token}").get_data(as_text=True)
    assert account_of(database, "amina@example.org").verified_at is None
    assert client.submit(f"/verify/{token}", {}).status_code == 303
    assert account_of(database, "amina@example.org").verified_at is not None
    browser, response = enter(app, "AMINA@example.ORG")
    assert response.status_code == 303
    assert is_in(browser)


def test_joining_does_not_sign_in(client):
    join(client, "amina@example.org")
    assert not is_in(client)


def test_without_confirming_one_may_sign_in_and_is_asked_to_confirm(app, client, database):
    join(client, "amina@example.org")
    browser, response = enter(app, "amina@example.org")
    assert response.location == "/verify"
    page = browser.get("/verify").get_data(as_text=True)
    assert "Please confirm your mail address" in page
    assert browser.submit("/verify", {}).status_code == 303
    assert [m.template for m in mails_to(database, "amina@example.org")] == ["account_verify"] * 2


def test_the_mail_is_not_sent_again_without_end(app, client):
    join(client, "amina@example.org")
    browser, _response = enter(app, "amina@example.org")
    answers = [browser.submit("/verify", {}).status_code for _time in range(4)]
    assert answers == [303, 303, 303, 429]


def test_a_known_address_gets_the_same_answer_and_another_mail(app, database):
    with database.transaction() as session:
        make_account(session, "known")
    pages = []
    for address in ("known@example.org", "fresh@example.org"):
        client = app.test_client()
        response = join(client, address)
        assert response.status_code == 303
        pages.append((response.location, plain(client.get(response.location).get_data(as_text=True), address)))
    assert pages[0] == pages[1]
    assert [m.template for m in mails_to(database, "known@example.org")] == ["account_exists"]
    assert [m.template for m in mails_to(database, "fresh@example.org")] == ["account_verify"]


def test_who_presses_twice_gets_one_mail_and_who_never_got_it_another(client, database):
    for minutes, mails in ((0, 1), (0, 1), (5, 2)):
        with time_machine.travel(now() + timedelta(minutes=minutes)):
            assert join(client, "fresh@example.org").status_code == 303
        assert [m.template for m in mails_to(database, "fresh@example.org")] == ["account_verify"] * mails
    join(client, "fresh@example.org", password="another-calm-river-7")
    assert mails_to(database, "fresh@example.org")[-1].template == "account_exists"


def test_a_known_address_in_another_spelling_is_the_same(client, database):
    with database.transaction() as session:
        make_account(session, "x", email="mia@xn--bcher-kva.example", email_key="mia@xn--bcher-kva.example")
    join(client, "MIA@bücher.example")
    assert [m.template for m in mails_to(database, "mia@xn--bcher-kva.example")] == ["account_exists"]


def test_two_who_join_at_once_with_one_address_get_one_account(client, database, monkeypatch):
    from app.features.accounts.services import joining

    with database.transaction() as session:
        make_account(session, "amina")
    looks = []

    def look_too_early(session, key):
        looks.append(key)
        return None if len(looks) == 1 else joining_find(session, key)

    joining_find = joining.find_account
    monkeypatch.setattr(joining, "find_account", look_too_early)
    assert join(client, "amina@example.org").status_code == 303
    assert [m.template for m in mails_to(database, "amina@example.org")] == ["account_exists"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"email": "amina"}, "not a complete mail address"),
        ({"email": "a@" + "b" * 300 + ".org"}, "not a complete mail address"),
        ({"email": ""}, "Please write your mail address."),
        ({"password": "short-one"}, "at least 12 characters"),
        ({"password": "password1234"}, "among the first that are guessed"),
        ({"password": "123456789012"}, "repeats itself or follows a row"),
        ({"password": "amina@example.org"}, "contains your mail address"),
        ({"password": "🐢" * 12}, "repeats itself"),
        ({"password": "x7!q" * 262144}, "keep the password to 256 characters"),
        ({"adult": ""}, "confirm that you are 18 or older"),
        ({"privacy": ""}, "read the privacy notice and accept it"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(client, database, changed, message):
    data = {"email": "amina@example.org", **JOIN, **changed}
    response = client.submit("/sign-up", data)
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert message in page
    assert f'value="{data["email"]}"' in page
    assert data["password"] not in page or data["password"] == data["email"]
    assert account_of(database, "amina@example.org") is None


def test_every_wrong_field_is_told_at_once(client):
    text = client.submit("/sign-up", {"email": "no", "password": "short"}).get_data(as_text=True)
    assert "not a complete mail address" in text
    assert "at least 12 characters" in text
    assert "confirm that you are 18 or older" in text
    assert "read the privacy notice and accept it" in text


def test_a_password_of_pictures_and_letters_of_any_script_works(app, client):
    password = "🐢 нехай 学习 دراسة"
    assert join(client, "amina@example.org", password=password).status_code == 303
    assert enter(app, "amina@example.org", password)[1].status_code == 303


def test_joining_without_end_is_stopped(client):
    answers = [join(client, f"person{n}@example.org").status_code for n in range(31)]
    assert answers == [303] * 30 + [429]


def test_a_link_works_once(client, database):
    join(client, "amina@example.org")
    token = token_of(database, "amina@example.org", "account_verify")
    csrf = client.token(f"/verify/{token}")
    assert client.post(f"/verify/{token}", data={"csrf_token": csrf}).status_code == 303
    assert client.get(f"/verify/{token}").status_code == 410
    assert client.post(f"/verify/{token}", data={"csrf_token": csrf}).status_code == 410


def test_a_link_is_over_after_its_time(client, database):
    join(client, "amina@example.org")
    token = token_of(database, "amina@example.org", "account_verify")
    with time_machine.travel(now() + timedelta(days=3, minutes=1)):
        assert client.get(f"/verify/{token}").status_code == 410


@pytest.mark.parametrize("token", ["nobody", "x" * 2000, "é"])
def test_a_link_that_never_was_is_told_so(client, token):
    response = client.get(f"/verify/{token}")
    assert response.status_code == 410
    assert "no longer valid" in response.get_data(as_text=True)


def test_a_link_for_one_thing_does_no_other(client, database):
    join(client, "amina@example.org")
    token = token_of(database, "amina@example.org", "account_verify")
    assert client.get(f"/reset/{token}").status_code == 410


def test_only_the_hash_of_a_secret_is_kept(client, database):
    from sqlalchemy import select

    from app.features.accounts.models import AccountToken

    join(client, "amina@example.org")
    token = token_of(database, "amina@example.org", "account_verify")
    with database.reading() as session:
        row = session.scalars(select(AccountToken)).one()
        assert token not in (row.token_hash, *row.values.values())
