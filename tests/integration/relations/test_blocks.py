"""Blocking and ending connections, through the front door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.introductions.models import PENDING, Introduction
from app.features.profiles.models import Delegation
from app.features.relations.models import Block
from app.features.relations.queries import are_connected
from app.features.relations.services import connect
from app.features.threads.services import open_thread
from tests.support.people import make_institution, make_person

NOTE = "A note that waits for an answer since yesterday."


@pytest.fixture
def two(database):
    """Amina and Bakari."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7)])
        bakari = make_person(session, "bakari", languages=[("sw", 6)])
        return amina.id, bakari.id


def blocks(database):
    with database.reading() as session:
        return {(b.blocker_id, b.blocked_id) for b in session.query(Block)}


def test_a_block_hides_both_ends_the_connection_and_can_be_lifted(two, sign_in, database):
    with database.transaction() as session:
        connect(session, *two)
        thread = open_thread(session, *two).id
    amina = sign_in("amina")
    assert "They are not told" in amina.get("/people/bakari/block").get_data(as_text=True)
    response = amina.submit("/people/bakari/block", {"speaker": "amina"})
    assert response.status_code == 303
    assert "Bakari" in amina.get(response.location).get_data(as_text=True)
    assert amina.get("/people/bakari").status_code == 404
    bakari = sign_in("bakari")
    assert bakari.get("/people/amina").status_code == 404
    assert "Amina" not in bakari.get("/connections").get_data(as_text=True)
    assert "Amina" not in bakari.get("/blocks").get_data(as_text=True)
    assert bakari.get(f"/threads/{thread}").status_code == 200
    amina.submit("/blocks/bakari/lift", {"speaker": "amina"}, page="/blocks")
    assert blocks(database) == set()
    assert bakari.get("/people/amina").status_code == 200
    with database.reading() as session:
        assert not are_connected(session, *two)


@pytest.mark.parametrize("asker", [0, 1])
def test_what_waits_between_the_two_ends_in_silence(two, sign_in, database, asker):
    with database.transaction() as session:
        row = Introduction(
            from_profile_id=two[asker], to_profile_id=two[1 - asker], by_person_id=two[asker], note=NOTE,
            state=PENDING, open_key=f"{two[0]}:{two[1]}", expires_at=now() + timedelta(days=30),
        )  # fmt: skip
        session.add(row)
    sign_in("amina").submit("/people/bakari/block", {"speaker": "amina"})
    with database.reading() as session:
        row = session.query(Introduction).one()
        assert row.state == ("withdrawn" if asker == 0 else "expired")
        assert row.open_key is None
    page = sign_in("bakari").get("/introductions?box=sent").get_data(as_text=True)
    assert "Declined" not in page and "Amina" not in page


def test_an_institution_blocks_through_those_who_act_for_it(two, sign_in, database):
    with database.transaction() as session:
        school = make_institution(session, "shule")
        session.add(Delegation(institution_id=school.id, person_id=two[0], role="owner", accepted_at=now()))
    amina = sign_in("amina")
    amina.submit("/people/bakari/block", {"speaker": "shule"})
    assert blocks(database) == {(school.id, two[1])}
    assert sign_in("bakari").get("/introductions/ask/shule").status_code == 404


def test_nobody_blocks_or_lifts_for_others(two, sign_in, database):
    with database.transaction() as session:
        session.add(Block(blocker_id=two[1], blocked_id=two[0]))
        make_person(session, "chausiku")
        make_institution(session, "shule")
    amina = sign_in("amina")
    for speaker in ("bakari", "shule", "nobody"):
        assert amina.submit("/people/chausiku/block", {"speaker": speaker}).status_code == 403
    token = amina.token("/introductions")
    for speaker in ("bakari", "amina"):
        amina.post("/blocks/amina/lift", data={"csrf_token": token, "speaker": speaker})
    assert blocks(database) == {(two[1], two[0])}


def test_what_is_not_there_cannot_be_blocked(two, sign_in, database):
    amina = sign_in("amina")
    token = amina.token("/introductions")
    for path in ("/people/nobody/block", "/institutions/bakari/block"):
        assert amina.get(path).status_code == 404
        assert amina.post(path, data={"csrf_token": token}).status_code == 404
    assert amina.submit("/people/bakari/block", {"speaker": "amina"}).status_code == 303
    assert amina.submit("/people/amina/block", {"speaker": "amina"}).status_code == 403


def test_the_list_of_blocks_tells_no_name_that_is_not_open(two, sign_in, database):
    with database.transaction() as session:
        hidden = make_person(session, "chausiku", name="Chausiku Mrembo", country="KE", audiences={"name": "me"})
        session.add(Block(blocker_id=two[0], blocked_id=hidden.id))
    page = sign_in("amina").get("/blocks").get_data(as_text=True)
    assert "Mrembo" not in page and "A teacher in Kenya" in page


def test_a_connection_can_end_without_a_block(two, sign_in, database):
    with database.transaction() as session:
        connect(session, *two)
    amina = sign_in("amina")
    assert amina.submit("/connections/bakari/end", {}).status_code == 303
    with database.reading() as session:
        assert not are_connected(session, *two)
    assert amina.submit("/connections/bakari/end", {}).status_code == 404


def test_connections_are_paged_and_cost_the_same(two, sign_in, database):
    from app.features.relations.models import Connection
    from tests.support.statements import count_statements

    with database.transaction() as session:
        at = now()
        for number in range(45):
            other = make_person(session, f"other{number}", name=f"Other {number}.")
            # Several at the same moment: the order must still be certain.
            session.add(Connection(low_id=two[0], high_id=other.id, created_at=at - timedelta(hours=number // 10)))
    amina = sign_in("amina")
    seen, path = [], "/connections"
    while path:
        with count_statements(database) as sent:
            page = amina.get(path).get_data(as_text=True)
        assert len(sent) <= 30
        seen += [n for n in range(45) if f"Other {n}.<" in page]
        link = amina.last_page.find(".//a[@rel='next']")
        path = link.get("href") if link is not None else None
    assert sorted(seen) == list(range(45))
    for mark in ("x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x", "~", "9" * 50):
        assert amina.get("/connections", query_string={"after": mark}).status_code == 200
