"""New passwords, new addresses, tokens for programs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from app.core import limits
from app.core.clock import now
from app.features.accounts.services.entering import authenticate_token, note_token_use
from app.features.accounts.services.standing import lift_suspension, suspend
from tests.integration.accounts.steps import (
    NEW_PASSWORD,
    account_of,
    enter,
    is_in,
    join,
    mails_to,
    plain,
    token_of,
)
from tests.support.people import PASSWORD, make_account

AMINA = "amina@example.org"


@pytest.fixture
def amina(app, database):
    """A browser signed in as someone."""
    with database.transaction() as session:
        make_account(session, "amina")
    return enter(app, AMINA, PASSWORD)[0]


def test_forgetting_answers_the_same_for_known_and_unknown(app, amina, database):
    pages = []
    for address in (AMINA, "nobody@example.org"):
        client = app.test_client()
        response = client.submit("/forgot", {"email": address})
        assert response.status_code == 303
        pages.append((response.location, plain(client.get(response.location).get_data(as_text=True), address)))
    assert pages[0] == pages[1]
    assert [m.template for m in mails_to(database, AMINA)] == ["account_reset"]
    assert [m.template for m in mails_to(database, "nobody@example.org")] == ["account_unknown"]


def test_what_is_no_address_is_told_so(client):
    response = client.submit("/forgot", {"email": "amina"})
    assert response.status_code == 422
    assert "not a complete mail address" in response.get_data(as_text=True)


def test_asking_again_and_again_fills_no_mailbox(client, amina, database):
    answers = [client.submit("/forgot", {"email": AMINA}).status_code for _time in range(6)]
    assert answers == [303] * 5 + [429]
    assert len(mails_to(database, AMINA)) == 5


@pytest.mark.parametrize(("name", "path"), [("forgot-address-day", "/forgot"), ("sign-up-address-day", "/sign-up")])
def test_there_is_an_end_to_what_strangers_mail_somebody_in_a_day(client, database, name, path):
    for _time in range(10):
        limits.hit(database, name, AMINA, 10, timedelta(days=1))
    said = {"email": AMINA, "password": NEW_PASSWORD, "adult": "y", "privacy": "y"}
    assert client.submit(path, said).status_code == 429
    assert client.submit(path, {**said, "email": "juma@example.org"}).status_code == 303


def test_a_forgotten_password_is_chosen_anew_and_every_session_ends(app, client, amina, database):
    client.submit("/forgot", {"email": AMINA})
    token = token_of(database, AMINA, "account_reset")
    refused = client.submit(f"/reset/{token}", {"password": "password1234"})
    assert refused.status_code == 422
    assert "first that are guessed" in refused.get_data(as_text=True)
    csrf = client.token(f"/reset/{token}")
    assert client.submit(f"/reset/{token}", {"password": NEW_PASSWORD}).location == "/sign-in"
    assert not is_in(amina)
    assert enter(app, AMINA, PASSWORD)[1].status_code == 422
    assert enter(app, AMINA, NEW_PASSWORD)[1].status_code == 303
    assert mails_to(database, AMINA)[-1].template == "account_password_changed"
    assert client.get(f"/reset/{token}").status_code == 410
    again = client.post(f"/reset/{token}", data={"csrf_token": csrf, "password": PASSWORD + "again"})
    assert again.status_code in (400, 410)
    assert enter(app, AMINA, NEW_PASSWORD)[1].status_code == 303


def test_a_link_to_reset_is_good_for_an_hour(client, amina, database):
    client.submit("/forgot", {"email": AMINA})
    token = token_of(database, AMINA, "account_reset")
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert client.get(f"/reset/{token}").status_code == 410


def test_of_two_links_the_second_is_over_once_the_first_was_used(client, amina, database):
    client.submit("/forgot", {"email": AMINA})
    first = token_of(database, AMINA, "account_reset")
    client.submit("/forgot", {"email": AMINA})
    second = token_of(database, AMINA, "account_reset")
    client.submit(f"/reset/{first}", {"password": NEW_PASSWORD})
    assert client.get(f"/reset/{second}").status_code == 410


def test_who_joined_with_a_strangers_address_loses_it_to_the_stranger(app, client, database):
    join(client, AMINA, password="the-attackers-own-phrase")
    attacker, _response = enter(app, AMINA, "the-attackers-own-phrase")
    secret = _make_token(attacker, "left behind")
    client.submit("/forgot", {"email": AMINA})
    token = token_of(database, AMINA, "account_reset")
    client.submit(f"/reset/{token}", {"password": NEW_PASSWORD})
    assert account_of(database, AMINA).verified_at is not None
    assert not is_in(attacker)
    with database.reading() as session:
        assert authenticate_token(session, secret) is None


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(app, amina, database):
    other, _response = enter(app, AMINA, PASSWORD)
    response = amina.submit("/account/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert response.status_code == 303
    assert is_in(amina)
    assert not is_in(other)
    assert mails_to(database, AMINA)[-1].template == "account_password_changed"


@pytest.mark.parametrize(
    ("current", "password", "message"),
    [
        ("not-the-right-one", NEW_PASSWORD, "This is not your password."),
        (PASSWORD, "short", "at least 12 characters"),
        (PASSWORD, PASSWORD, "the password you have now"),
        ("", NEW_PASSWORD, "Please write your password."),
    ],
)
def test_a_password_is_not_changed_when(amina, app, current, password, message):
    response = amina.submit("/account/password", {"current": current, "password": password})
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)
    assert enter(app, AMINA, PASSWORD)[1].status_code == 303


def test_a_browser_left_open_is_no_place_to_guess(amina):
    data = {"current": "not-the-right-one", "password": NEW_PASSWORD}
    answers = [amina.submit("/account/password", data).status_code for _time in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_new_address_counts_once_its_link_was_followed(app, client, amina, database):
    response = amina.submit("/account/email", {"email": "new@example.org", "current": PASSWORD})
    assert response.status_code == 303
    assert account_of(database, AMINA) is not None
    assert mails_to(database, AMINA)[-1].template == "account_change_asked"
    token = token_of(database, "new@example.org", "account_change")
    assert "new@example.org" in client.get(f"/verify/{token}").get_data(as_text=True)
    assert client.submit(f"/verify/{token}", {}).status_code == 303
    assert account_of(database, AMINA) is None
    assert account_of(database, "new@example.org").verified_at is not None
    assert mails_to(database, AMINA)[-1].template == "account_change_done"
    assert client.get(f"/verify/{token}").status_code == 410
    assert enter(app, "new@example.org", PASSWORD)[1].status_code == 303
    assert is_in(amina)


def test_an_address_of_another_account_is_not_given_away(amina, database):
    with database.transaction() as session:
        make_account(session, "other")
    pages = []
    for address in ("other@example.org", "free@example.org"):
        response = amina.submit("/account/email", {"email": address, "current": PASSWORD}, follow_redirects=True)
        pages.append(plain(response.get_data(as_text=True), address))
    assert pages[0] == pages[1]
    assert [m.template for m in mails_to(database, "other@example.org")] == ["account_exists"]


def test_an_address_that_was_taken_meanwhile_changes_nothing(client, amina, database):
    amina.submit("/account/email", {"email": "new@example.org", "current": PASSWORD})
    token = token_of(database, "new@example.org", "account_change")
    with database.transaction() as session:
        make_account(session, "new")
    assert client.submit(f"/verify/{token}", {}).status_code == 409
    assert account_of(database, AMINA) is not None


@pytest.mark.parametrize(
    ("email", "current", "message"),
    [
        ("new@example.org", "not-the-right-one", "This is not your password."),
        (AMINA.upper(), PASSWORD, "the address you have now"),
        ("new@", PASSWORD, "not a complete mail address"),
    ],
)
def test_an_address_is_not_changed_when(amina, email, current, message):
    response = amina.submit("/account/email", {"email": email, "current": current})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert message in page
    assert f'value="{email}"' in page


def test_a_new_password_stops_a_change_of_address(client, amina, database):
    amina.submit("/account/email", {"email": "new@example.org", "current": PASSWORD})
    amina.submit("/account/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert client.get(f"/verify/{token_of(database, 'new@example.org', 'account_change')}").status_code == 410


def _make_token(browser, name: str) -> str:
    page = browser.submit("/account/tokens", {"name": name})
    assert page.status_code == 200
    return re.search(r'id="link-to-copy"[^>]*value="([^"]+)"', page.get_data(as_text=True)).group(1)


def test_a_token_is_shown_once_and_stands_for_its_person(amina, database):
    secret = _make_token(amina, "My reader 📚")
    page = amina.get("/account/tokens").get_data(as_text=True)
    assert "My reader 📚" in page
    assert secret not in page
    with database.transaction() as session:
        actor = authenticate_token(session, secret)
        assert actor.account_id == account_of(database, AMINA).id
        assert authenticate_token(session, secret[:-1]) is None
        assert authenticate_token(session, "") is None
        note_token_use(session, secret)
    assert "last used on" in amina.get("/account/tokens").get_data(as_text=True)


def test_a_revoked_token_is_worthless_and_nobody_revokes_anothers(app, amina, database):
    secret = _make_token(amina, "reader")
    with database.transaction() as session:
        make_account(session, "baraka")
    baraka, _response = enter(app, "baraka@example.org", PASSWORD)
    assert baraka.submit("/account/tokens/1/revoke", {}, page="/account").status_code == 404
    assert amina.submit("/account/tokens/1/revoke", {}, page="/account/tokens").status_code == 303
    with database.reading() as session:
        assert authenticate_token(session, secret) is None
    assert amina.submit(f"/account/tokens/{2**70}/revoke", {}, page="/account").status_code == 404


def test_tokens_need_names_of_their_own_and_have_an_end(amina):
    _make_token(amina, "reader")
    for name, message in (("reader", "of this name already"), ("", "give it a name"), ("x" * 81, "81 characters")):
        response = amina.submit("/account/tokens", {"name": name})
        assert response.status_code == 422
        assert message in response.get_data(as_text=True)
    for number in range(19):
        _make_token(amina, f"reader {number}")
    assert "You have 20 tokens" in amina.submit("/account/tokens", {"name": "one more"}).get_data(as_text=True)


def _actor(database, key):
    from app.features.accounts.queries import build_actor, find_account

    with database.reading() as session:
        return build_actor(session, find_account(session, key))


def test_a_suspension_ends_sessions_and_tokens_and_is_lifted_again(app, amina, database):
    secret = _make_token(amina, "reader")
    with database.transaction() as session:
        make_account(session, "olu", roles=["operator"])
    operator = _actor(database, "olu@example.org")
    with database.transaction() as session:
        suspend(session, operator, session.merge(account_of(database, AMINA)), "Advertising")
    assert not is_in(amina)
    assert enter(app, AMINA, PASSWORD)[1].status_code == 403
    assert mails_to(database, AMINA)[-1].values["reason"] == "Advertising"
    with database.transaction() as session:
        assert authenticate_token(session, secret) is None
        lift_suspension(session, operator, session.merge(account_of(database, AMINA)))
    assert enter(app, AMINA, PASSWORD)[1].status_code == 303


@pytest.mark.parametrize(
    ("roles", "target_roles", "allowed"),
    [
        (["operator"], [], True),
        (["operator"], ["operator"], True),
        (["moderator"], [], True),
        (["moderator"], ["operator"], False),
        ([], [], False),
    ],
)
def test_who_may_suspend_whom(database, roles, target_roles, allowed):
    from app.core.errors import Forbidden

    with database.transaction() as session:
        make_account(session, "olu", roles=roles)
        make_account(session, "target", roles=target_roles)
    actor = _actor(database, "olu@example.org")
    with database.sessions() as session:
        target = session.merge(account_of(database, "target@example.org"))
        own = session.merge(account_of(database, "olu@example.org"))
        with pytest.raises(Forbidden):
            suspend(session, actor, own, "myself")
        if allowed:
            suspend(session, actor, target, "Advertising")
        else:
            with pytest.raises(Forbidden):
                suspend(session, actor, target, "Advertising")
        assert (target.suspended_at is not None) is allowed
