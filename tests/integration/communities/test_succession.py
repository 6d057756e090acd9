"""When nobody coordinates any more: leaving, closing, silence, and who takes over."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.core.clock import now
from app.core.jobs import Job, Progress
from app.features.accounts.models import Account
from app.features.communities.models import Community, Member
from app.features.communities.tasks.succession import see_to_succession
from app.features.profiles.models import Person
from tests.support.communities import add_member, make_community
from tests.support.people import PASSWORD, make_person

PLACE = "/communities/maths-east"


@pytest.fixture
def place(database):
    """A community with two who coordinate, a facilitator, and three members, the first of them here longest."""
    with database.transaction() as session:
        people = {name: make_person(session, name) for name in ("amina", "bakari", "fatou", "old", "mid", "new")}
        community = make_community(session, "maths-east", founder=people["amina"])
        add_member(session, community, people["bakari"], "coordinator")
        add_member(session, community, people["fatou"], "facilitator")
        for name, days in (("old", 300), ("mid", 200), ("new", 1)):
            add_member(session, community, people[name], joined_at=now() - timedelta(days=days), active_at=now())


def state(database):
    """Roles of those who belong, by handle, and since when nobody coordinates."""
    with database.reading() as session:
        rows = session.query(Person.handle, Member).join(Member, Member.person_id == Person.id)
        members = {handle: member for handle, member in rows if member.state == "active"}
        since = session.query(Community.orphaned_at).scalar()
        session.expunge_all()
        return members, since


def asked(database):
    """Who is asked to take over now."""
    members, _since = state(database)
    return {handle for handle, member in members.items() if member.offered_role}


def change(database, handle, **values):
    """Change a membership."""
    with database.transaction() as session:
        rows = session.query(Member).join(Person, Person.id == Member.person_id)
        member = rows.filter(Person.handle == handle).one()
        for name, value in values.items():
            setattr(member, name, value)


def move_back(database, days):
    """Let ``days`` pass for whatever waits."""
    with database.transaction() as session:
        community = session.query(Community).one()
        community.orphaned_at = community.orphaned_at and community.orphaned_at - timedelta(days=days)
        for member in session.query(Member):
            member.offered_at = member.offered_at and member.offered_at - timedelta(days=days)


def daily(database):
    """Do the daily job."""
    with database.transaction() as session:
        job = Job(name="communities.succession", payload={}, lease="me")
        session.add(job)
        session.flush()
        number = job.id
    see_to_succession(database, {}, Progress(database, number, "me"))


def told(database, kind):
    """To whom notices of a kind go."""
    with database.reading() as session:
        handles = {person.id: person.handle for person in session.query(Person)}
        jobs = session.query(Job).filter_by(name="notifications.tell").order_by(Job.id).all()
        found = [job.payload["person_ids"] for job in jobs if job.payload["kind"] == kind]
    return [handles[number] for ids in found for number in ids]


def leave(browser, **data):
    return browser.submit(f"{PLACE}/leave", data)


def test_the_last_who_coordinates_is_asked_what_becomes_of_it(place, database, sign_in):
    assert leave(sign_in("bakari")).status_code == 303
    assert state(database)[1] is None
    browser = sign_in("amina")
    page = leave(browser)
    assert page.status_code == 409
    assert "only one who coordinates" in page.get_data(as_text=True)
    assert "amina" in state(database)[0]
    assert leave(browser, even_so="y").status_code == 303
    members, since = state(database)
    assert "amina" not in members and since is not None
    assert asked(database) == {"fatou"}
    assert told(database, "succession_asked") == ["fatou"]


def test_two_who_leave_at_once_leave_nobody_alone(place, database, sign_in):
    browsers = [sign_in("amina"), sign_in("bakari")]
    tokens = [browser.token(f"{PLACE}/leave") for browser in browsers]
    barrier = Barrier(2)

    def go(pair):
        browser, token = pair
        barrier.wait(20)
        return browser.post(f"{PLACE}/leave", data={"csrf_token": token}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(go, zip(browsers, tokens, strict=True)))
    assert answers == [303, 409]
    members, since = state(database)
    assert [m.role for m in members.values()].count("coordinator") == 1 and since is None
    with database.reading() as session:
        assert session.query(Community.member_count).scalar() == len(members) == 5


def test_two_who_leave_at_once_whatever_comes_are_succeeded(place, database, sign_in):
    browsers = [sign_in("amina"), sign_in("bakari")]
    tokens = [browser.token(f"{PLACE}/leave") for browser in browsers]
    barrier = Barrier(2)

    def go(pair):
        browser, token = pair
        barrier.wait(20)
        return browser.post(f"{PLACE}/leave", data={"csrf_token": token, "even_so": "y"}).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(go, zip(browsers, tokens, strict=True)))
    assert answers == [303, 303]
    members, since = state(database)
    assert set(members) == {"fatou", "old", "mid", "new"} and since is not None
    assert asked(database) == {"fatou"}
    with database.reading() as session:
        assert session.query(Community.member_count).scalar() == 4


def test_two_who_take_the_role_from_each_other_at_once_leave_one(place, database, sign_in):
    browsers = {"amina": sign_in("amina"), "bakari": sign_in("bakari")}
    other = {"amina": "bakari", "bakari": "amina"}
    tokens = {name: b.token(f"{PLACE}/members/{other[name]}/role") for name, b in browsers.items()}
    barrier = Barrier(2)

    def go(name):
        barrier.wait(20)
        data = {"csrf_token": tokens[name], "role": "member"}
        return browsers[name].post(f"{PLACE}/members/{other[name]}/role", data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(go, browsers))
    assert answers == [303, 403]
    assert [m.role for m in state(database)[0].values()].count("coordinator") == 1


def test_the_first_yes_counts_and_the_others_are_told(place, database, sign_in):
    with database.transaction() as session:
        community = session.query(Community).one()
        add_member(session, community, make_person(session, "second"), "facilitator")
    leave(sign_in("bakari"))
    leave(sign_in("amina"), even_so="y")
    assert asked(database) == {"fatou", "second"}
    browsers = [sign_in("fatou"), sign_in("second")]
    tokens = [browser.token(f"{PLACE}/offer") for browser in browsers]
    barrier = Barrier(2)

    def go(pair):
        browser, token = pair
        barrier.wait(20)
        return browser.post(f"{PLACE}/offer", data={"csrf_token": token, "answer": "yes"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(go, zip(browsers, tokens, strict=True))) == [303, 303]
    members, since = state(database)
    assert [m.role for m in members.values()].count("coordinator") == 1
    assert since is None and asked(database) == set()
    assert len(told(database, "succession_done")) == 1


def test_closing_the_account_hands_it_on(place, database, sign_in):
    leave(sign_in("bakari"))
    closed = sign_in("amina").submit("/account/delete", {"current": PASSWORD})
    assert closed.status_code == 303
    members, since = state(database)
    assert set(members) == {"fatou", "old", "mid", "new"} and since is not None
    assert asked(database) == {"fatou"}
    with database.reading() as session:
        assert session.query(Community.member_count).scalar() == 4


def test_a_suspended_coordinator_is_succeeded(place, database, sign_in):
    leave(sign_in("bakari"))
    with database.transaction() as session:
        session.query(Account).filter_by(email="amina@example.org").one().suspended_at = now()
    daily(database)
    assert state(database)[1] is not None and asked(database) == {"fatou"}


def test_silence_counts_only_while_others_are_active(place, database, sign_in):
    long_ago = now() - timedelta(days=61)
    for handle in ("amina", "bakari"):
        change(database, handle, joined_at=long_ago, active_at=long_ago)
    for handle in ("old", "mid", "new"):
        change(database, handle, active_at=None)
    daily(database)
    assert state(database)[1] is None
    change(database, "old", active_at=now())
    daily(database)
    members, since = state(database)
    assert since is not None and asked(database) == {"fatou"}
    # Whoever comes back and does something just stays.
    assert members["amina"].role == "coordinator"
    browser = sign_in("amina")
    browser.submit(f"{PLACE}/members/new/role", {"role": "facilitator"})
    assert state(database)[1] is None and asked(database) == set()


def test_members_are_asked_after_a_week_and_everybody_after_a_month(place, database, sign_in):
    with database.transaction() as session:
        make_person(session, "boss", roles=["operator"])
    leave(sign_in("bakari"))
    leave(sign_in("amina"), even_so="y")
    daily(database)
    assert asked(database) == {"fatou"}
    newest = sign_in("new")
    assert "This is settled" in newest.get(f"{PLACE}/offer").get_data(as_text=True)
    move_back(database, 8)
    daily(database)
    assert told(database, "succession_asked") == ["fatou", "old", "mid", "new"]
    daily(database)
    assert len(told(database, "succession_asked")) == 4
    with database.transaction() as session:
        community = session.query(Community).one()
        add_member(session, community, make_person(session, "late"))
    browser = sign_in("late")
    assert "This is settled" in browser.get(f"{PLACE}/offer").get_data(as_text=True)
    move_back(database, 23)
    daily(database)
    daily(database)
    assert told(database, "community_orphaned") == ["boss"]
    assert "maths-east" in sign_in("boss").get("/").get_data(as_text=True)
    with database.transaction() as session:
        community = session.query(Community).one()
        add_member(session, community, make_person(session, "latest"))
    browser = sign_in("latest")
    assert "Every member can take it over" in browser.get(f"{PLACE}/members").get_data(as_text=True)
    assert "Every member can take it over" not in browser.get(f"{PLACE}/offer").get_data(as_text=True)
    assert browser.submit(f"{PLACE}/offer", {"answer": "yes"}).status_code == 303
    assert state(database)[0]["latest"].role == "coordinator"
    assert state(database)[1] is None


def test_whoever_said_no_is_not_asked_again_and_the_next_ones_are(place, database, sign_in):
    leave(sign_in("bakari"))
    leave(sign_in("amina"), even_so="y")
    sign_in("fatou").submit(f"{PLACE}/offer", {"answer": "no"})
    daily(database)
    assert asked(database) == {"old", "mid", "new"}


def test_a_closed_community_needs_nobody(place, database, sign_in):
    with database.transaction() as session:
        session.query(Community).one().state = "closed"
    leave(sign_in("bakari"))
    assert leave(sign_in("amina")).status_code == 303
    daily(database)
    assert state(database)[1] is None and asked(database) == set()
