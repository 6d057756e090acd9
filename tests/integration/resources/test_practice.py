"""Practice notes: written, found by the context, changed and taken back."""

from __future__ import annotations

import pytest

from app.features.communities.models import Community
from app.features.profiles.models import Person
from app.features.resources.models import PracticeNote
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.resources import make_note, make_resource
from tests.support.statements import count_statements

SAID = {
    "title": "Counting with beans", "tried": "Lesson 3 with beans.", "adapted": "Beans.", "lang": "en",
    "happened": "They understood.", "again": "changes", "country": "KE", "level": "1", "subject": ["0541"],
    "language": "sw", "class_size": "61-", "connectivity": "none", "token": "a" * 32,
}  # fmt: skip


@pytest.fixture
def world(database):
    """A community of two, and somebody beside it."""
    with database.transaction() as session:
        amina = make_person(session, "amina", country="KE")
        li = make_person(session, "li")
        make_person(session, "olga")
        community = make_community(session, "maths-east", amina)
        add_member(session, community, li)
        return {"community": community.id, "resource": make_resource(session, amina, "The book").id}


def test_a_note_is_written_once_and_read_by_everyone(world, sign_in, client, database):
    li = sign_in("li")
    path = "/communities/maths-east/practice/new"
    said = {**SAID, "resource": str(world["resource"])}
    first, second = li.submit(path, said), li.submit(path, said)
    assert first.status_code == 303, first.get_data(as_text=True)[:3000]
    assert first.location == second.location
    page = client.get(first.location).get_data(as_text=True)
    for words in ("Counting with beans", "More than 60 learners", "No internet", "with changes", "The book", "Kenya"):
        assert words in page
    assert "Counting with beans" in client.get(f"/resources/{world['resource']}").get_data(as_text=True)
    with database.reading() as session:
        assert session.query(PracticeNote).count() == 1


def test_notes_are_found_by_the_context(world, client, database):
    with database.transaction() as session:
        community, li = (
            session.get_one(Community, world["community"]),
            session.query(Person).filter_by(handle="li").one(),
        )
        make_note(session, community, li, "Small class", country="KE", class_size="1-15", level="2", subject="0541")
        make_note(session, community, li, "Large class", country="TZ", class_size="61-", language="sw-TZ", again="no")
        for number in range(25):
            make_note(session, community, li, f"More {number}", country="CN", connectivity="good")
    address = "/communities/maths-east/practice"
    for query, found in (
        ("country=KE", {"Small class"}), ("class_size=61-", {"Large class"}), ("subject=05", {"Small class"}),
        ("language=sw", {"Large class"}), ("again=no", {"Large class"}), ("country=KE&level=2", {"Small class"}),
        ("country=KE&class_size=61-", set()),
    ):  # fmt: skip
        page = client.get(f"{address}?{query}").get_data(as_text=True)
        assert {title for title in ("Small class", "Large class") if title in page} == found, query
    assert "No class like this yet" in page
    with count_statements(database) as sent:
        page = client.get(address).get_data(as_text=True)
    assert len(sent) <= 12 and "27 notes" in page and "More 24" in page and "More 3<" not in page
    following = next(e.get("href") for e in client.last_page.iter("a") if e.get("rel") == "next")
    assert "Small class" in client.get(following).get_data(as_text=True)


def test_only_members_write_and_only_the_author_changes(world, sign_in, database):
    assert sign_in("olga").get("/communities/maths-east/practice/new").status_code == 403
    li = sign_in("li")
    location = li.submit("/communities/maths-east/practice/new", SAID).location
    amina = sign_in("amina")
    assert amina.get(f"{location}/edit").status_code == 403
    assert li.submit(f"{location}/edit", {**SAID, "title": "Beans again", "version": "1"}).status_code == 303
    response = li.submit(f"{location}/edit", {**SAID, "title": "Other", "version": "1"})
    assert response.status_code == 409 and "Nothing was overwritten" in response.get_data(as_text=True)
    assert amina.submit(f"{location}/withdraw", {"reason": "It names a child."}).status_code == 303
    assert li.get(location).status_code == 404
    with database.reading() as session:
        assert session.query(PracticeNote).one().title == "Beans again"


def test_bad_input_keeps_what_was_typed(world, sign_in):
    li = sign_in("li")
    wrong = {**SAID, "title": " ", "tried": "", "again": "perhaps", "country": "XX", "resource": "999", "lang": "zzzz"}
    response = li.submit("/communities/maths-east/practice/new", wrong)
    page = response.get_data(as_text=True)
    assert response.status_code == 422 and "They understood." in page
    for words in ("in a few words what you tried", "others learn most", "would do it again", "not here any more", "XX"):
        assert words in page
    long = {**SAID, "tried": "x" * 1_000_000}
    assert li.submit("/communities/maths-east/practice/new", long).status_code == 422


def test_a_closed_circle_keeps_its_notes(world, sign_in, client, database):
    with database.transaction() as session:
        community = session.get_one(Community, world["community"])
        note = make_note(session, community, session.query(Person).filter_by(handle="li").one()).id
        community.reading = "members"
    assert client.get("/communities/maths-east/practice").status_code == 403
    assert client.get(f"/communities/maths-east/practice/{note}").status_code == 404
    assert sign_in("amina").get(f"/communities/maths-east/practice/{note}").status_code == 200
