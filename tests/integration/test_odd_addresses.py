"""Addresses nobody was given: odd numbers and words in them are answered, never crashed on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.mail import Mail, queue_mail
from app.features.events.models import Event
from tests.support.communities import make_community
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


@pytest.mark.parametrize(
    "path", ["/?subject=0541&language=en", "/communities.atom", "/communities/maths", "/communities/maths/events.ics"]
)
def test_whole_addresses_are_not_taken_from_the_request(client, database, path):
    with database.transaction() as session:
        circle = make_community(session, "maths", make_person(session, "amina"))
        start = now() + timedelta(days=3)
        session.add(
            Event(
                community_id=circle.id,
                uid="one",
                token="0" * 32,
                title="Meeting",
                lang="en",
                starts_at=start,
                minutes=60,
                zone="UTC",
                languages=["en"],
            )
        )
    response = client.get(path, headers={"Host": "evil.example"})
    assert response.status_code == 200
    assert "evil.example" not in response.get_data(as_text=True)


def test_what_is_kept_for_others_is_what_a_guest_may_read(database, sign_in):
    with database.transaction() as session:
        amina = make_person(session, "amina", ["moderator"])
        make_community(session, "maths", amina).hidden_at = now()
    assert sign_in("amina").get("/communities/maths/events.ics").status_code == 404
