"""Two who keep order act at the same moment: one result, and never a community without a coordinator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.features.communities.models import Community, HouseLog, HouseReport, Member
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person

PLACE = "/communities/maths-east"


def at_once(*calls):
    """Make the calls at the same moment; the status each gave."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(20)
        return call().status_code

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def world(database):
    """Carla and Chen coordinate; Amina and Dora are members, Bakari wrote."""
    with database.transaction() as session:
        people = {name: make_person(session, name) for name in ("carla", "chen", "amina", "dora", "bakari")}
        community = make_community(session, "maths-east", founder=people["carla"])
        add_member(session, community, people["chen"], "coordinator")
        for name in ("amina", "dora", "bakari"):
            add_member(session, community, people[name])
        post = make_post(session, make_thread(session, community, people["amina"]), people["bakari"])
        return {"community": community.id, "post": post.id}


def sending(browser, path, **data):
    """A call that sends a form, with the page already open."""
    data = {"csrf_token": browser.token("/account"), **data}
    return lambda: browser.post(f"{PLACE}/{path}", data=data)


def measure(browser, handle, action):
    facts = {"do-action": action, "do-reason": "Enough", "do-cause": "other", "do-lang": "en"}
    return sending(browser, f"order/people/{handle}", **facts)


def test_two_coordinators_who_take_each_other_out_leave_one(world, sign_in, database):
    carla, chen = sign_in("carla"), sign_in("chen")
    answers = at_once(measure(carla, "chen", "remove-0"), measure(chen, "carla", "remove-0"))
    assert sorted(answers) == [303, 403]
    with database.reading() as session:
        rows = session.query(Member).filter_by(community_id=world["community"], role="coordinator", state="active")
        assert rows.count() == 1
        assert session.get(Community, world["community"]).member_count == 4
        assert session.query(HouseLog).count() == 1


def test_somebody_taken_out_twice_at_once_is_counted_once(world, sign_in, database):
    answers = at_once(*(measure(sign_in(name), "bakari", "remove-30") for name in ("carla", "chen")))
    assert answers == [303, 303]
    with database.reading() as session:
        assert session.get(Community, world["community"]).member_count == 4


def test_a_report_is_decided_once(world, sign_in, database):
    report = f"report/post/{world['post']}"
    assert at_once(*(sending(sign_in(name), report, reason="unkind") for name in ("amina", "dora"))) == [303, 303]
    decisions = at_once(
        sending(sign_in("carla"), "order/1", outcome="muted-7", reason="Carla", lang="en"),
        sending(sign_in("chen"), "order/2", outcome="removed-0", reason="Chen", lang="en"),
    )
    assert sorted(decisions) == [303, 409]
    with database.reading() as session:
        outcomes = {row.outcome for row in session.query(HouseReport)}
        assert len(outcomes) == 1
        assert session.query(HouseLog).count() == 1


def test_the_same_report_sent_twice_at_once_is_one(world, sign_in, database):
    amina, again = sign_in("amina"), sign_in("amina")
    report = f"report/post/{world['post']}"
    answers = at_once(*(sending(browser, report, reason="unkind", note="Look") for browser in (amina, again)))
    assert answers == [303, 303]
    with database.reading() as session:
        (row,) = session.query(HouseReport)
        assert row.note == "Look"
