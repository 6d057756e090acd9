"""Newcomers: a buddy in their language, a first small task, and who was never answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.jobs import Job
from app.features.communities.models import Community, Member
from app.features.profiles.models import Person
from app.features.relations.models import Block
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.statements import count_statements

AGREE = {"agree": "y", "charter": "1"}
PLACE = "/communities/maths-east"


@pytest.fixture
def place(database):
    """A community with three who welcome newcomers, and Neema who comes."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("en", 7)])
        community = make_community(session, "maths-east", founder=amina, first_task="Say where you teach.")
        for handle, languages in (
            ("swahili", [("sw", 7)]),
            ("fluent", [("sw", 5)]),
            ("french", [("fr", 7)]),
            ("unwilling", [("sw", 7)]),
        ):
            willing = handle != "unwilling"
            person = make_person(session, handle, languages=languages)
            add_member(session, community, person, buddy_willing=willing, active_at=now())
        make_person(session, "neema", languages=[("sw", 7), ("en", 3)])


def buddy_of(database, handle):
    """The buddy's handle."""
    with database.reading() as session:
        person = session.query(Person).filter_by(handle=handle).one()
        member = session.get(Member, (session.query(Community).one().id, person.id))
        return session.get(Person, member.buddy_id).handle if member.buddy_id else None


def test_a_newcomer_gets_a_buddy_in_their_language_and_both_are_told(place, database, sign_in):
    browser = sign_in("neema")
    browser.submit(f"{PLACE}/join", AGREE)
    assert buddy_of(database, "neema") == "swahili"
    page = browser.get(f"{PLACE}/me").get_data(as_text=True)
    assert "Swahili" in page and "Say where you teach." in page
    with database.reading() as session:
        kinds = {job.payload["kind"] for job in session.query(Job).filter_by(name="notifications.tell")}
    assert {"buddy_found", "newcomer_to_meet"} <= kinds
    assert "Neema" in sign_in("swahili").get(f"{PLACE}/me").get_data(as_text=True)


def test_the_first_task_is_done_once(place, database, sign_in):
    browser = sign_in("neema")
    browser.submit(f"{PLACE}/join", AGREE)
    assert browser.submit(f"{PLACE}/task", {}, page=f"{PLACE}/me").status_code == 303
    assert "Say where you teach." not in browser.get(f"{PLACE}/me").get_data(as_text=True)


def test_nobody_is_the_buddy_of_whom_they_blocked(place, database, sign_in):
    with database.transaction() as session:
        ids = {p.handle: p.id for p in session.query(Person)}
        session.add(Block(blocker_id=ids["swahili"], blocked_id=ids["neema"]))
    sign_in("neema").submit(f"{PLACE}/join", AGREE)
    assert buddy_of(database, "neema") == "fluent"


def test_a_buddy_who_leaves_is_replaced(place, database, sign_in):
    sign_in("neema").submit(f"{PLACE}/join", AGREE)
    sign_in("swahili").submit(f"{PLACE}/leave", {})
    assert buddy_of(database, "neema") == "fluent"


def test_newcomers_are_shared_out(place, database, sign_in):
    with database.transaction() as session:
        for number in range(3):
            make_person(session, f"new{number}", languages=[("sw", 5)])
    for number in range(3):
        sign_in(f"new{number}").submit(f"{PLACE}/join", AGREE)
    assert sorted(buddy_of(database, f"new{n}") for n in range(3)) == ["fluent", "swahili", "swahili"] or sorted(
        buddy_of(database, f"new{n}") for n in range(3)
    ) == ["fluent", "fluent", "swahili"]


def test_being_willing_is_one_tick(place, database, sign_in):
    browser = sign_in("amina")
    assert browser.submit(f"{PLACE}/me", {"willing": "y"}).status_code == 303
    assert "checked" in browser.get(f"{PLACE}/me").get_data(as_text=True)
    assert browser.submit(f"{PLACE}/me", {}).status_code == 303
    assert "checked" not in browser.get(f"{PLACE}/me").get_data(as_text=True)


def write_first(session, person, days):
    """The person's first post so many days ago, not answered."""
    community = session.query(Community).one()
    thread = make_thread(session, community, session.query(Person).filter_by(handle="amina").one())
    at = now() - timedelta(days=days)
    post = make_post(session, thread, person, "Hello, anybody there?", at=at)
    session.get(Member, (community.id, person.id)).first_post_at = at
    return post.id


def test_coordinators_see_who_was_never_answered(place, database, sign_in):
    with database.transaction() as session:
        community = session.query(Community).one()
        ids = []
        for handle, days in (("waiting", 3), ("fresh", 1)):
            person = make_person(session, handle)
            add_member(session, community, person)
            ids.append(write_first(session, person, days))
        answered = make_person(session, "answered")
        add_member(session, community, answered)
        write_first(session, answered, 9)
        session.get(Member, (community.id, answered.id)).first_answer_at = now()
    browser = sign_in("amina")
    page = browser.get(f"{PLACE}/newcomers").get_data(as_text=True)
    assert "1 newcomer wrote and was not answered" in page
    assert page.count("Answer now") == 1
    assert f"#p-{ids[0]}" in page
    only = browser.get(f"{PLACE}/newcomers?unanswered=1").get_data(as_text=True)
    assert "/people/waiting" in only and "/people/fresh" not in only
    listed = browser.get(f"{PLACE}/members?unanswered=1").get_data(as_text=True)
    assert "/people/waiting" in listed and "/people/answered" not in listed
    assert sign_in("neema").get(f"{PLACE}/newcomers").status_code == 403


def test_the_page_costs_the_same_for_few_and_many(place, database, sign_in):
    browser = sign_in("amina")
    browser.get(f"{PLACE}/newcomers")
    with count_statements(database) as few:
        browser.get(f"{PLACE}/newcomers")
    with database.transaction() as session:
        community = session.query(Community).one()
        for number in range(45):
            person = make_person(session, f"many{number}")
            add_member(session, community, person)
            write_first(session, person, 4)
    with count_statements(database) as many:
        page = browser.get(f"{PLACE}/newcomers").get_data(as_text=True)
    assert len(few) <= len(many) <= len(few) + 1
    assert page.count("never answered") >= 30 and "after=" in page
