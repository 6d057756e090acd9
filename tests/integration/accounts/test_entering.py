"""Signing in and out, on one device and on several, and what must not be possible."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.core.clock import now
from app.core.settings import Settings
from app.factory import build_app
from tests.integration.accounts.steps import account_of, enter, is_in, plain
from tests.support.pages import CheckingClient
from tests.support.people import PASSWORD, make_account


@pytest.fixture
def amina(database):
    with database.transaction() as session:
        make_account(session, "amina")
    return "amina@example.org"


def test_the_wrong_password_and_an_unknown_address_get_the_same_answer(app, amina):
    pages = []
    for address in (amina, "nobody@example.org"):
        _browser, response = enter(app, address, "not-the-right-one")
        assert response.status_code == 422
        pages.append(plain(response.get_data(as_text=True), address))
    assert pages[0] == pages[1]
    assert "The address or the password is not right" in pages[0]


def test_an_unknown_address_costs_the_same_work(app, amina, monkeypatch):
    from app.features.accounts.services.passwords import PasswordHasher

    checked = []
    real = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, *a: checked.append(1) or real(self, *a))
    enter(app, amina, "not-the-right-one")
    known = len(checked)
    enter(app, "nobody@example.org", "not-the-right-one")
    assert (known, len(checked)) == (1, 2)


def test_what_is_no_address_cannot_sign_in(app, amina):
    for address in ("amina", "amina@", "'; DROP TABLE accounts; --@x.org", "a" * 100_000):
        assert enter(app, address)[1].status_code == 422


def test_a_password_of_a_megabyte_is_refused_and_nothing_breaks(app, amina):
    assert enter(app, amina, "x" * 1_048_576)[1].status_code == 422


def test_signing_in_goes_where_one_wanted_to(app, amina):
    assert app.test_client().get("/account/password").location == "/sign-in?next=/account/password?"
    _browser, response = enter(app, amina, PASSWORD, next="/account/password")
    assert response.location == "/account/password"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/.//evil.example",
        "/x/..//evil.example",
        "/\\evil.example",
        " //evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "http://localhost@evil.example/",
        "http://localhost:81/",
    ],
)
def test_signing_in_never_leads_to_another_site(app, amina, target):
    _browser, response = enter(app, amina, PASSWORD, next=target)
    assert response.status_code == 303
    assert "evil" not in response.location
    assert response.location.startswith("/")
    assert not response.location.startswith("//")


def test_a_session_begun_by_someone_else_is_not_carried_into_the_account(app, amina):
    browser = app.test_client()
    token = browser.token("/sign-in")
    with browser.session_transaction() as session:
        session["planted"] = "by an attacker"
        session["lang"] = "fr"
        before = session["csrf_token"]
    browser.post("/sign-in", data={"csrf_token": token, "email": amina, "password": PASSWORD})
    with browser.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before
        assert session["lang"] == "fr"
    assert is_in(browser)


def test_a_form_without_its_token_is_refused_on_a_page(client, amina):
    response = client.post("/sign-in", data={"email": amina, "password": PASSWORD})
    assert response.status_code == 400
    assert "did not come from here" in response.get_data(as_text=True)
    assert not is_in(client)


def test_signing_out_ends_this_session(app, amina):
    browser, _response = enter(app, amina, PASSWORD)
    assert is_in(browser)
    assert browser.submit("/sign-out", {}, page="/account").status_code == 303
    assert not is_in(browser)


def test_one_is_not_signed_out_by_a_link(app, amina):
    browser, _response = enter(app, amina, PASSWORD)
    assert browser.get("/sign-out").status_code == 405
    assert is_in(browser)


def test_signing_out_everywhere_ends_every_session_also_the_remembered(app, amina):
    first, _response = enter(app, amina, PASSWORD)
    second, _response = enter(app, amina, PASSWORD, remember="y")
    second.delete_cookie("commonweave")
    assert is_in(second)
    assert first.submit("/sign-out-everywhere", {}, page="/account").status_code == 303
    assert not is_in(first)
    assert not is_in(second)
    second.delete_cookie("commonweave")
    assert not is_in(second)
    assert is_in(enter(app, amina, PASSWORD)[0])


def test_without_being_asked_to_nothing_is_remembered(app, amina):
    browser, _response = enter(app, amina, PASSWORD)
    browser.delete_cookie("commonweave")
    assert not is_in(browser)


def test_signing_out_forgets_what_was_remembered(app, amina):
    browser, _response = enter(app, amina, PASSWORD, remember="y")
    browser.submit("/sign-out", {}, page="/account")
    assert browser.get_cookie("remember_token") is None
    assert not is_in(browser)


def test_a_forged_session_is_nobody(app, amina):
    browser, _response = enter(app, amina, PASSWORD)
    for key in ("1:7", "1", ":", "1:0:0", "x:0", "٣:0", "99:0"):
        with browser.session_transaction() as session:
            session["_user_id"] = key
        assert not is_in(browser)


def test_guessing_is_stopped_and_the_right_password_then_waits_too(app, amina):
    answers = [enter(app, amina, "not-the-right-one")[1].status_code for _time in range(10)]
    assert answers == [422] * 10
    _browser, response = enter(app, amina, PASSWORD)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert amina in response.get_data(as_text=True)
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert enter(app, amina, PASSWORD)[1].status_code == 303


def test_guessing_at_one_account_keeps_nobody_else_out(app, database, amina):
    with database.transaction() as session:
        make_account(session, "baraka")
    for _time in range(11):
        enter(app, amina, "not-the-right-one")
    assert enter(app, "baraka@example.org", PASSWORD)[1].status_code == 303


def test_the_right_password_clears_the_count(app, amina):
    for _round in range(3):
        for _time in range(6):
            enter(app, amina, "not-the-right-one")
        assert enter(app, amina, PASSWORD)[1].status_code == 303


def test_one_address_cannot_try_account_after_account(app):
    answers = {enter(app, f"person{n}@example.org", "not-the-right-one")[1].status_code for n in range(100)}
    assert answers == {422}
    assert enter(app, "another@example.org", "not-the-right-one")[1].status_code == 429


def test_a_hash_of_another_cost_is_renewed(app, database):
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with database.transaction() as session:
        make_account(session, "amina", password_hash=old)
    assert enter(app, "amina@example.org", PASSWORD)[1].status_code == 303
    renewed = account_of(database, "amina@example.org").password_hash
    assert renewed != old
    assert "m=8,t=1,p=1" in renewed
    assert enter(app, "amina@example.org", PASSWORD)[1].status_code == 303


def test_who_is_suspended_is_told_why_but_only_with_the_right_password(app, database):
    with database.transaction() as session:
        make_account(session, "amina", suspended_at=now(), suspended_reason="Advertising <b>again</b>")
    browser, response = enter(app, "amina@example.org", PASSWORD)
    assert response.status_code == 403
    assert "Advertising &lt;b&gt;again" in response.get_data(as_text=True)
    assert not is_in(browser)
    _browser, response = enter(app, "amina@example.org", "not-the-right-one")
    assert response.status_code == 422
    assert "Advertising" not in response.get_data(as_text=True)


def test_being_here_is_noted_once_an_hour_and_by_no_reading_session(app, database, amina):
    browser, _response = enter(app, amina, PASSWORD)
    first = account_of(database, amina).last_seen_at
    assert is_in(browser)
    assert account_of(database, amina).last_seen_at == first
    with time_machine.travel(now() + timedelta(hours=2)):
        assert is_in(browser)
        assert account_of(database, amina).last_seen_at > first + timedelta(hours=1)


def test_pages_of_accounts_are_kept_nowhere(client):
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"


def test_the_language_chosen_is_kept_with_the_account(app, client, database, amina):
    client.submit("/language", {"lang": "ar", "next": "/sign-in"}, page="/sign-in")
    assert 'dir="rtl"' in client.get("/sign-in").get_data(as_text=True)
    browser, _response = enter(app, amina, PASSWORD)
    response = browser.submit("/language", {"lang": "fr", "next": "//evil.example"}, page="/account")
    assert "evil" not in response.location
    assert account_of(database, amina).locale == "fr"
    assert '<html lang="fr"' in browser.get("/account").get_data(as_text=True)
    browser.submit("/language", {"lang": "xx"}, page="/account")
    assert account_of(database, amina).locale == "fr"


SITE = "https://commonweave.example"


@pytest.fixture
def production(settings):
    """The application as in production, on the same database."""
    changed = settings.model_dump() | {
        "app_env": "production",
        "secret_key": "k" * 40,
        "public_url": SITE,
        "mail_url": "smtp://127.0.0.1:1?tls=none",
    }
    app = build_app(Settings(**changed))
    app.test_client_class = CheckingClient
    yield app
    app.extensions["database"].dispose()


def _enter_production(app, email):
    browser = app.test_client()
    browser.get("/sign-in", base_url=SITE)
    token = next(e.get("value") for e in browser.last_page.iter("input") if e.get("name") == "csrf_token")
    data = {"csrf_token": token, "email": email, "password": PASSWORD}
    return browser, browser.post("/sign-in", data=data, base_url=SITE, headers={"Referer": f"{SITE}/sign-in"})


def test_cookies_in_production(production, database, amina):
    _browser, response = _enter_production(production, amina)
    assert response.status_code == 303
    cookie = next(c for c in response.headers.getlist("Set-Cookie") if c.startswith("commonweave="))
    for word in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert word in cookie


@pytest.mark.parametrize("path", ["/sample/outbox", "/sample/outbox/1", "/sample/sign-in"])
def test_the_sample_pages_do_not_exist_in_production(production, path):
    browser = production.test_client()
    assert browser.get(path, base_url=SITE).status_code == 404
    response = browser.post("/sample/sign-in", data={"handle": "amina"}, base_url=SITE)
    assert response.status_code == 404


def test_in_production_a_sample_person_cannot_sign_in_even_with_a_password(production, database):
    with database.transaction() as session:
        make_account(session, "sample-amina", sample=True)
    browser, response = _enter_production(production, "sample-amina@example.org")
    assert response.status_code == 422
    assert browser.get("/account", base_url=SITE).status_code == 303
