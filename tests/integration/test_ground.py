"""The ground: health, error pages, headers, database floor."""

from __future__ import annotations

import pytest

from app.core.database import Database, WriteInRead
from tests.support.people import make_person


def test_healthz_says_that_it_serves(client):
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_a_reading_session_refuses_to_write(database: Database):
    with database.reading() as session, pytest.raises(WriteInRead):
        make_person(session, "amina")


def test_what_is_written_comes_back(database: Database):
    with database.transaction() as session:
        make_person(session, "amina", subjects=["0541"], languages=[("sw", 7)])
    with database.reading() as session:
        from app.features.profiles.models import Person

        person = session.query(Person).one()
        assert [s.code for s in person.subjects] == ["0541"]
        assert person.languages[0].accepts == 3
        assert person.created_at.tzinfo is not None
