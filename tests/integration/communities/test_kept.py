"""The first page of those who look after communities: who asked, who was never answered, what was reported."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.communities.models import ASKED, FACILITATOR, Community, HouseReport, Member
from app.features.profiles.models import Person
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.statements import count_statements

HEADING = "Waiting in the communities you look after"


@pytest.fixture
def place(database):
    """Amina coordinates and Faru facilitates; Neema asked to join, Juma wrote and was not answered."""
    with database.transaction() as session:
        amina = make_person(session, "amina")
        community = make_community(session, "maths-east", founder=amina)
        add_member(session, community, make_person(session, "faru"), FACILITATOR)
        long_ago = now() - timedelta(days=5)
        add_member(session, community, make_person(session, "juma"), joined_at=long_ago, first_post_at=long_ago)
        add_member(session, community, make_person(session, "neema"), state=ASKED, joined_at=None, asked_at=now())


def report(database, by, about):
    """A report of one person about another."""
    with database.transaction() as session:
        people = {p.handle: p.id for p in session.query(Person)}
        session.add(
            HouseReport(
                community_id=session.query(Community).first().id, by_person_id=people[by], about_id=people[about],
                kind="person", thing_id=people[about], reason="unkind",
            )
        )  # fmt: skip


def home(sign_in, handle):
    return sign_in(handle).get("/").get_data(as_text=True)


def test_who_keeps_a_community_finds_what_waits_there_on_the_first_page(place, database, sign_in):
    page = home(sign_in, "amina")
    assert HEADING in page and "1 person asked to join." in page and "was not answered for two days" in page
    assert 'href="/communities/maths-east/requests"' in page and "waits for a decision" not in page
    assert HEADING not in home(sign_in, "juma")
    report(database, "juma", "amina")
    # It is for neither: it is about the one, and above the other.
    assert "waits for a decision" not in home(sign_in, "amina") + home(sign_in, "faru")
    report(database, "faru", "juma")
    # Who reported something does not decide it.
    assert "1 report waits for a decision." in home(sign_in, "amina")
    assert "waits for a decision" not in home(sign_in, "faru")


def test_where_nothing_waits_nothing_is_said_and_many_cost_as_much_as_one(place, database, sign_in):
    browser = sign_in("amina")
    browser.get("/")
    with count_statements(database) as one:
        browser.get("/")
    with database.transaction() as session:
        amina = session.query(Person).filter_by(handle="amina").one()
        neema = session.query(Person).filter_by(handle="neema").one()
        for number in range(4):
            other = make_community(session, f"more-{number}", founder=amina)
            add_member(session, other, neema, state=ASKED, joined_at=None, asked_at=now())
    with count_statements(database) as many:
        assert browser.get("/").get_data(as_text=True).count("1 person asked to join.") == 5
    assert len(many) <= len(one)
    with database.transaction() as session:
        session.query(Member).filter(Member.state == ASKED).delete()
        session.query(Member).update({"first_answer_at": now()})
    assert HEADING not in browser.get("/").get_data(as_text=True)
