"""Guidance: shown where it is needed, put away once read, switched off or reworded by coordinators."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import Database
from app.features.communities.guidance import GUIDES
from app.features.communities.models import Community, GuidanceChoice, GuidanceRead, Member
from app.features.communities.queries.guidance import is_multicultural, is_of_one_country, piece_in
from app.features.communities.queries.standing import standing_in
from app.features.introductions.models import PENDING, Introduction
from app.features.profiles.models import Person
from app.features.threads.models import CommunityThread
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.statements import count_statements

GUIDANCE = "/communities/maths-east/guidance"


def _world(database: Database, countries: tuple[str | None, ...] = ("KE", "FR", "EG"), **values: Any) -> None:
    """A community whose members come from some countries: amina (coordinates it), then m1, m2 …"""
    with database.transaction() as session:
        amina = make_person(session, "amina", country=countries[0], languages=[("sw", 7)])
        community = make_community(session, "maths-east", amina, **values)
        for number, country in enumerate(countries[1:], 1):
            add_member(session, community, make_person(session, f"m{number}", country=country, languages=[("sw", 7)]))


def _piece(database: Database, handle: str, name: str, thread_id: int | None = None) -> Any:
    with database.reading() as session:
        person = session.scalar(select(Person).where(Person.handle == handle))
        community = session.scalar(select(Community))
        actor = Actor(account_id=1, person_id=person.id, verified=True)
        return piece_in(session, standing_in(session, actor, community), name, thread_id)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_each_piece_is_short_and_says_where_it_comes_from(guide) -> None:
    assert len(" ".join(guide.paragraphs).split()) <= 90
    assert guide.why and guide.when and guide.sources
    assert all(source.who and 1950 < source.year < 2027 for source in guide.sources)
    assert all(source.url is None or source.url.startswith("https://") for source in guide.sources)


def test_before_the_first_post_in_a_multicultural_community_only(database) -> None:
    _world(database)
    assert _piece(database, "m1", "first_post").guide.name == "first_post"
    with database.transaction() as session:
        for member in session.scalars(select(Member)):
            member.first_post_at = now()
    assert _piece(database, "m1", "first_post") is None


@pytest.mark.parametrize(
    ("countries", "languages", "several"),
    [
        (("KE", "KE"), (), False),
        (("KE", "TZ"), (), False),
        (("KE", "TZ", "UG"), (), True),
        (("KE", None), (), False),
        (("KE",), (("fr", 7),), True),
        (("KE",), (("sw-TZ", 7),), False),
        (("KE",), (("fr", 4),), False),
    ],
)
def test_what_counts_as_multicultural(database, countries, languages, several) -> None:
    _world(database, countries)
    with database.transaction() as session:
        community = session.scalar(select(Community))
        if languages:
            add_member(session, community, make_person(session, "other", country="KE", languages=languages))
        assert is_multicultural(session, community.id) is several


@pytest.mark.parametrize(
    ("posts", "shown"),
    [
        (["m1"] * 7, False),  # too few
        (["m1"] * 8, True),
        (["m1"] * 7 + ["amina"] * 3, True),  # seven in ten
        (["m1"] * 6 + ["amina"] * 3, False),
        (["gone"] * 8, False),  # their country is not known
    ],
)
def test_when_one_country_has_the_word(database, posts, shown) -> None:
    _world(database, ("KE", "FR"))
    with database.transaction() as session:
        community = session.scalar(select(Community))
        people = {p.handle: p for p in session.scalars(select(Person))}
        people["gone"] = make_person(session, "gone", country=None)
        thread = make_thread(session, community, people[posts[0]])
        for handle in posts[1:]:
            make_post(session, thread, people[handle])
        number = thread.id
    with database.reading() as session, count_statements(database) as with_statements:
        assert is_of_one_country(session, 1, number) is shown
    assert len(with_statements) == 1
    assert (_piece(database, "amina", "one_country", number) is not None) is shown


def test_a_community_of_one_country_is_not_told_so(database) -> None:
    _world(database, ("KE", "KE"))
    with database.transaction() as session:
        amina = session.scalar(select(Person).where(Person.handle == "amina"))
        thread = make_thread(session, session.scalar(select(Community)), amina)
        for _number in range(9):
            make_post(session, thread, amina)
        number = thread.id
    assert _piece(database, "amina", "one_country", number) is None


def test_coordinators_switch_a_piece_off_and_on(sign_in, database) -> None:
    _world(database)
    amina = sign_in("amina")
    assert amina.get(GUIDANCE).status_code == 200
    sent = {"choice": "off", "text": "", "lang": "en"}
    assert amina.submit(f"{GUIDANCE}/first_post", sent).status_code == 303
    assert "Switched off" in amina.get(GUIDANCE).get_data(as_text=True)
    assert _piece(database, "m1", "first_post") is None
    assert _piece(database, "m1", "scheduling") is not None
    assert amina.submit(f"{GUIDANCE}/first_post", {**sent, "choice": "ours"}).status_code == 303
    assert _piece(database, "m1", "first_post") is not None


def test_own_words_stand_instead_and_are_new_when_changed(sign_in, database) -> None:
    _world(database)
    amina = sign_in("amina")
    sent = {"choice": "own", "text": "**Karibu.** Andika kwa Kiswahili. <script>x</script>", "lang": "sw"}
    page = amina.submit(f"{GUIDANCE}/scheduling", sent, follow_redirects=True).get_data(as_text=True)
    assert "In your own words" in page
    piece = _piece(database, "m1", "scheduling")
    assert piece.own and piece.lang == "sw" and piece.community_id
    preview = amina.get(f"{GUIDANCE}/scheduling").get_data(as_text=True)
    assert "<strong>Karibu.</strong>" in preview and "<script>x" not in preview
    with database.transaction() as session:
        reader = session.scalar(select(Person).where(Person.handle == "m1"))
        session.add(GuidanceRead(person_id=reader.id, piece="scheduling", community_id=piece.community_id))
    assert _piece(database, "m1", "scheduling") is None
    with database.transaction() as session:
        session.scalar(select(GuidanceChoice)).at = now() + timedelta(minutes=1)
    assert _piece(database, "m1", "scheduling") is not None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": ""}, "Please write something"),
        ({"text": "x" * 1300}, "please keep it to 1200"),
        ({"lang": "??"}, "language you wrote in"),
        ({"choice": "none"}, "choose one of these"),
    ],
)
def test_what_cannot_be_taken_is_said(sign_in, database, change, told) -> None:
    _world(database)
    sent = {"choice": "own", "text": "Karibu.", "lang": "sw", **change}
    response = sign_in("amina").submit(f"{GUIDANCE}/first_post", sent)
    assert response.status_code == 422 and told in response.get_data(as_text=True)


def test_only_coordinators_decide(sign_in, client, database) -> None:
    _world(database)
    assert sign_in("m1").get(GUIDANCE).status_code == 403
    assert client.get(GUIDANCE).status_code == 303
    assert sign_in("amina").get(f"{GUIDANCE}/nothing").status_code == 404


def test_before_declining_until_it_is_read(sign_in, database) -> None:
    with database.transaction() as session:
        asker, reader = make_person(session, "amina"), make_person(session, "bakari")
        row = Introduction(
            from_profile_id=asker.id, to_profile_id=reader.id, by_person_id=asker.id, note="Hello there",
            note_lang="en", state=PENDING, open_key="1:2", expires_at=now() + timedelta(days=30),
        )  # fmt: skip
        session.add(row)
        session.flush()
        address = f"/introductions/{row.id}/decline"
    bakari = sign_in("bakari")
    page = bakari.get(address).get_data(as_text=True)
    assert "A no that leaves the door open" in page and "Erin Meyer" in page
    action = re.search(r'action="(/guidance/[a-z_]+/read)"', page)
    assert action
    answer = bakari.submit(action.group(1), {"next": address, "community": "0"}, page=address)
    assert answer.status_code == 303 and answer.location == address
    assert "A no that leaves the door open" not in bakari.get(address).get_data(as_text=True)
    # Sent twice, or for what is not there: nothing breaks, and no other site is gone to.
    answer = bakari.submit(action.group(1), {"next": "//evil.example"}, page=address)
    assert answer.status_code == 303 and "evil" not in answer.location
    assert bakari.submit("/guidance/nothing/read", {}, page=address).status_code == 404


def test_before_writing_in_a_thread_at_a_fixed_cost(sign_in, database) -> None:
    _world(database, ("KE", "FR", "EG"))
    with database.transaction() as session:
        m1 = session.scalar(select(Person).where(Person.handle == "m1"))
        thread = make_thread(session, session.scalar(select(Community)), m1)
        address = f"/communities/maths-east/threads/{thread.id}"
    amina = sign_in("amina")
    amina.get(address)
    with count_statements(database) as few:
        page = amina.get(address).get_data(as_text=True)
    assert "Before your first post" in page and "Whose voice is missing?" not in page
    with database.transaction() as session:
        m1 = session.scalar(select(Person).where(Person.handle == "m1"))
        thread = session.scalar(select(CommunityThread))
        for _number in range(12):
            make_post(session, thread, m1)
    amina.get(address)
    with count_statements(database) as many:
        page = amina.get(address).get_data(as_text=True)
    assert "Whose voice is missing?" in page and "Tsedal Neeley" in page
    assert len(many) == len(few)
    guest = sign_in("m2").get("/communities/maths-east/threads/new").get_data(as_text=True)
    assert "Before your first post" in guest
