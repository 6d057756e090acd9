"""Addresses nobody was given: odd numbers and words in them are answered, never crashed on."""

from __future__ import annotations

import pytest

from app.core.mail import Mail, queue_mail
from tests.support.people import PASSWORD, make_person

PAST_EVERY_ROW = 2**63


@pytest.fixture
def operator(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina", ["operator"])
    return sign_in("amina")


@pytest.mark.parametrize("number", [PAST_EVERY_ROW - 1, PAST_EVERY_ROW, 10**30])
@pytest.mark.parametrize(
    "page", ["/threads/{}", "/introductions/{}", "/introductions/{}/decline", "/reports/{}", "/sample/outbox/{}"]
)
def test_a_number_that_is_no_rows_is_not_there(operator, page, number):
    assert operator.get(page.format(number)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/directory?language=en&at_least=%C2%B2",
        "/suggestions/aside?after=0001-01-01T00:00:00%2B14:00_5",
        "/suggestions/aside?after=2026-01-01T00:00:00_5",
        "/sample/outbox?to=%00",
    ],
)
def test_odd_words_in_an_address_are_passed_over(operator, path):
    assert operator.get(path).status_code == 200


@pytest.mark.parametrize("target", ["https://[::1", "//evil.example", "/\\evil.example", "https://evil.example/"])
def test_signing_in_leads_nowhere_else(database, app, target):
    with database.transaction() as session:
        make_person(session, "amina")
    form = {"email": "amina@example.org", "password": PASSWORD, "next": target}
    response = app.test_client().submit("/sign-in", form)
    assert response.status_code == 303
    assert "evil" not in response.location and "[" not in response.location


def test_an_address_that_is_none_stays_text_in_the_outbox(database, client):
    with database.transaction() as session:
        queue_mail(session, "a@example.org", "account_change_done", "en", new="http://[x")
        number = session.query(Mail).one().id
    page = client.get(f"/sample/outbox/{number}")
    assert page.status_code == 200 and "http://[x" in page.get_data(as_text=True)


def test_the_address_to_share_is_not_taken_from_the_request(client):
    page = client.get("/?subject=0541&language=en", headers={"Host": "evil.example"}).get_data(as_text=True)
    assert "evil.example" not in page
