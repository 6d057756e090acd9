"""Addresses nobody was given: odd numbers and words in them are answered, never crashed on."""

from __future__ import annotations

import pytest

from tests.support.people import make_person

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
