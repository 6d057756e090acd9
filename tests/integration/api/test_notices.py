"""Notices over HTTP."""

from __future__ import annotations

import pytest

from app.features.notifications.models import Notice
from tests.integration.api.places import person
from tests.support.statements import count_statements

pytestmark = pytest.mark.usefixtures("places")


@pytest.fixture
def told(database):
    """``told(handle, number)``: tell somebody something so many times."""

    def tell(handle: str, number: int) -> None:
        values = {"name": "Baraka", "title": "Kuhusu sehemu", "slug": "maths-east", "thread_id": 1, "post": 2}
        with database.transaction() as session:
            who = person(session, handle).id
            for one in range(number):
                session.add(Notice(key=f"{handle}-{number}-{one}", person_id=who, kind="mentioned", values=values))

    return tell


def test_notices_are_sentences_that_lead_somewhere(program, told):
    told("amina", 1)
    amina = program("amina")
    for _twice in range(2):
        answer = amina.get("/notices").json
        (notice,) = answer["notices"]
        assert answer["unread"] == 1 and notice["read_at"] is None and notice["kind"] == "mentioned"
    assert "Baraka" in notice["text"] and "Kuhusu sehemu" in notice["text"]
    assert notice["url"].startswith("/communities/maths-east/threads/1")
    assert program("baraka").get("/notices").json == {"unread": 0, "notices": [], "next": None}
    assert program().get("/notices").status_code == 401


def test_reading_up_to_one_leaves_what_came_since_and_what_is_others(program, told):
    told("amina", 3)
    told("baraka", 1)
    amina = program("amina")
    newest, middle, _oldest = (row["id"] for row in amina.get("/notices").json["notices"])
    assert amina.post("/notices/read", json={"up_to": middle}).status_code == 204
    assert [row["id"] for row in amina.get("/notices").json["notices"] if row["read_at"] is None] == [newest]
    amina.post("/notices/read", json={"up_to": 2**62})
    assert amina.get("/notices").json["unread"] == 0
    assert program("baraka").get("/notices").json["unread"] == 1
    for wrong in (None, 0, "1", 2**63):
        assert amina.post("/notices/read", json={"up_to": wrong}).json["errors"].keys() == {"up_to"}


def test_pages_follow_each_other_at_the_same_cost(program, told, database):
    told("amina", 7)
    amina = program("amina")
    amina.get("/notices")
    first = amina.get("/notices?limit=5").json
    with count_statements(database) as few:
        rest = amina.get(f"/notices?limit=5&cursor={first['next']}").json
    with count_statements(database) as many:
        everything = amina.get("/notices").json["notices"]
    assert first["notices"] + rest["notices"] == everything and rest["next"] is None
    assert len(few) == len(many)
    assert amina.get("/notices?cursor=x").json["errors"].keys() == {"cursor"}
