"""Keeping a community: settings, two tabs, closing, falling asleep and waking up, taking everything along."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.jobs import Job, work
from app.features.communities.models import CLOSED, DORMANT, LIVE, Community, HouseLog
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.statements import count_statements


@pytest.fixture
def maths(database):
    """A community that amina coordinates and juma belongs to."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7, True)])
        juma = make_person(session, "juma", languages=[("sw", 6)])
        community = make_community(
            session, "maths-east", amina, facets={"subject": ["0541"], "language": ["sw"]},
            canvas={"domain": "Numbers."},
        )  # fmt: skip
        add_member(session, community, juma)
        thread = make_thread(session, community, juma, "Fractions", "How do you *begin*?", "en")
        make_post(session, thread, amina, "Kwa mkate.", "sw")
        make_post(session, thread, amina, "Taken back.", "sw", withdrawn_at=now())
    return database


def settings_form(browser, section):
    """What the section's form would send."""
    browser.get(f"/communities/maths-east/settings/{section}")
    form = next(e for e in browser.last_page.iter("form") if any(i.get("name") == "version" for i in e.iter("input")))
    data = {}
    for e in form.iter():
        name = e.get("name")
        if e.tag == "textarea":
            data[name] = "".join(e.itertext())
        elif e.tag == "select":
            data[name] = next((o.get("value") for o in e.iter("option") if o.get("selected") is not None), "")
        elif e.tag == "input" and name and e.get("type") in ("checkbox", "radio"):
            if e.get("checked") is not None:
                data.setdefault(name, []).append(e.get("value"))
        elif e.tag == "input" and name:
            data[name] = e.get("value") or ""
    return data


def save(browser, section, **changes):
    """Open a section, change some fields, save."""
    data = {**settings_form(browser, section), **changes}
    return browser.post(f"/communities/maths-east/settings/{section}", data=data)


def community_in(session):
    return session.query(Community).one()


def test_a_coordinator_changes_what_it_says_and_the_log_knows(maths, sign_in, client):
    amina = sign_in("amina")
    assert "What it is about" in amina.get("/communities/maths-east/settings").get_data(as_text=True)
    changes = {"name": "Hisabati", "subjects": ["0542"], "canvas_domain": "Numbers and *more*."}
    assert save(amina, "domain", **changes).status_code == 303
    with maths.reading() as session:
        community = community_in(session)
        assert (community.name, community.codes("subject"), community.codes("language")) == (
            "Hisabati", ("0542",), ("sw",),
        )  # fmt: skip
        assert community.text_version == 2
        deed = session.query(HouseLog).one()
        assert deed.action == "changed" and set(deed.details["fields"]) == {"name", "subjects", "canvas_domain"}
    html = client.get("/communities?q=hisabati").get_data(as_text=True)
    assert "Hisabati" in html
    assert save(amina, "joining", joining="request", questions="What do you teach?\n\nWhere?").status_code == 303
    with maths.reading() as session:
        community = community_in(session)
        assert community.questions == ["What do you teach?", "Where?"] and community.joining == "request"
        assert community.text_version == 2


def test_only_coordinators_see_the_settings(maths, sign_in, client):
    for address in ("settings", "settings/domain", "close", "export"):
        assert sign_in("juma").get(f"/communities/maths-east/{address}").status_code == 403
        assert client.get(f"/communities/maths-east/{address}").status_code == 303
    assert sign_in("amina").get("/communities/maths-east/settings/charter").status_code == 404


def test_two_tabs_do_not_overwrite_each_other(maths, sign_in):
    amina = sign_in("amina")
    opened = settings_form(amina, "domain")
    assert save(amina, "domain", name="First name").status_code == 303
    answer = amina.post("/communities/maths-east/settings/domain", data={**opened, "name": "Second name"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "First name" in html and "Second name" in html
    form = next(e for e in amina.last_page.iter("form") if e.find(".//input[@name='version']") is not None)
    version = form.find(".//input[@name='version']").get("value")
    answer = amina.post(
        "/communities/maths-east/settings/domain", data={**opened, "name": "Second name", "version": version}
    )
    assert answer.status_code == 303
    with maths.reading() as session:
        assert community_in(session).name == "Second name"


def test_changing_only_facets_is_a_new_version_too(maths, sign_in):
    amina = sign_in("amina")
    opened = settings_form(amina, "people")
    assert save(amina, "people", languages=["sw", "fr"]).status_code == 303
    answer = amina.post("/communities/maths-east/settings/people", data={**opened, "languages": ["sw", "ar"]})
    assert answer.status_code == 409


def test_what_is_wrong_is_said_and_kept(maths, sign_in):
    answer = save(sign_in("amina"), "domain", name="", canvas_domain="y" * 4001)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Please give the community a name." in html and "y" * 4001 in html


def test_closed_it_stays_readable_and_opens_again(maths, sign_in, client):
    amina = sign_in("amina")
    answer = amina.submit("/communities/maths-east/close", {"reason": "We are done."})
    assert answer.status_code == 303
    with maths.reading() as session:
        assert community_in(session).state == CLOSED
        deed = session.query(HouseLog).one()
        assert (deed.action, deed.reason) == ("closed", "We are done.")
        told = session.query(Job).filter(Job.name == "notifications.tell").one()
        assert told.payload["kind"] == "community_closed" and len(told.payload["person_ids"]) == 2
    assert "We are done." in amina.get("/communities/maths-east").get_data(as_text=True)
    assert "We are done." in sign_in("juma").get("/communities/maths-east/threads").get_data(as_text=True)
    assert "We are done." not in client.get("/communities/maths-east").get_data(as_text=True)
    assert "maths-east" not in amina.get("/communities").get_data(as_text=True)
    answer = amina.submit("/communities/maths-east/reopen", {}, page="/communities/maths-east/settings")
    assert answer.status_code == 303
    with maths.reading() as session:
        assert community_in(session).state == LIVE


def quiet_for(database, days, warned=None):
    """Let nothing have happened for so long."""
    with database.transaction() as session:
        community = community_in(session)
        community.active_at = now() - timedelta(days)
        community.dormant_warned_at = None if warned is None else now() - timedelta(warned)


def told(database):
    """The notices queued since the start, by kind."""
    with database.reading() as session:
        rows = session.query(Job).filter(Job.name == "notifications.tell").order_by(Job.id)
        return [row.payload["kind"] for row in rows if row.payload["kind"].startswith("community_")]


def test_coordinators_are_told_before_it_falls_asleep(maths, runner):
    quiet_for(maths, 70)
    assert "0 fell asleep" in runner.invoke(args=["communities", "tend"]).output
    assert told(maths) == []
    quiet_for(maths, 77)
    for _again in range(2):
        runner.invoke(args=["communities", "tend"])
        assert told(maths) == ["community_quiet"]
    # Long quiet but told only yesterday: it still has its two weeks.
    quiet_for(maths, 120, warned=1)
    runner.invoke(args=["communities", "tend"])
    with maths.reading() as session:
        assert community_in(session).state == LIVE
    quiet_for(maths, 120, warned=14)
    assert "1 fell asleep" in runner.invoke(args=["communities", "tend"]).output
    with maths.reading() as session:
        assert community_in(session).state == DORMANT
    assert told(maths) == ["community_quiet", "community_dormant"]


def test_the_daily_job_does_the_same(maths):
    quiet_for(maths, 120, warned=20)
    work(maths, until_empty=True)
    with maths.reading() as session:
        assert community_in(session).state == DORMANT


def test_after_a_sign_of_life_the_warning_counts_no_more(maths, runner):
    quiet_for(maths, 91, warned=92)
    runner.invoke(args=["communities", "tend"])
    with maths.reading() as session:
        assert community_in(session).state == LIVE
    assert told(maths) == ["community_quiet"]


def test_everything_can_be_taken_along(maths, sign_in):
    answer = sign_in("amina").get("/communities/maths-east/export")
    assert answer.mimetype == "application/json" and "maths-east.json" in answer.headers["Content-Disposition"]
    data = json.loads(answer.get_data(as_text=True))
    assert data["community"]["facets"]["subject"] == ["0541"] and data["community"]["canvas"] == {"domain": "Numbers."}
    assert [one["version"] for one in data["charter"]] == [1]
    assert [(one["handle"], one["role"]) for one in data["members"]] == [("amina", "coordinator"), ("juma", "member")]
    (thread,) = data["threads"]
    assert thread["title"] == "Fractions"
    assert [(p["author"], p["lang"], p["text"]) for p in thread["posts"]] == [
        ("juma", "en", "How do you *begin*?"), ("amina", "sw", "Kwa mkate."),
    ]  # fmt: skip


def test_the_page_asks_as_often_however_many_members(maths, client):
    client.get("/communities/maths-east")
    with count_statements(maths) as sent:
        client.get("/communities/maths-east")
    few = len(sent)
    with maths.transaction() as session:
        community = community_in(session)
        for number in range(20):
            person = make_person(session, f"member{number}", languages=[("fr", 5)])
            add_member(session, community, person, "coordinator" if number < 4 else "member")
    with count_statements(maths) as sent:
        client.get("/communities/maths-east")
    assert len(sent) == few
