"""Coming and going: joining, asking, roles, leaving, and what everybody sees of it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from app.core.clock import now
from app.core.jobs import Job
from app.core.mail import Mail
from app.features.communities.models import Charter, Community, HouseLog, Member
from app.features.renditions.models import Rendition
from tests.support.communities import add_member, make_community
from tests.support.people import make_account, make_person
from tests.support.statements import count_statements

AGREE = {"agree": "y", "charter": "1"}


@pytest.fixture
def place(database):
    """A community that Amina coordinates, and Bakari who could join."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7), ("en", 5)], country="KE")
        make_person(session, "bakari", languages=[("sw", 7)], country="TZ")
        make_community(session, "maths-east", founder=amina)


def change(database, **values):
    """Change the community."""
    with database.transaction() as session:
        community = session.query(Community).one()
        for name, value in values.items():
            setattr(community, name, value)


def membership(database, handle):
    """The membership of a person, as it is now."""
    from app.features.profiles.models import Person

    with database.reading() as session:
        person = session.query(Person).filter_by(handle=handle).one()
        member = session.get(Member, (session.query(Community).one().id, person.id))
        session.expunge_all()
        return member


def counted(database):
    """The number of members as it is kept, and as it is."""
    with database.reading() as session:
        kept = session.query(Community.member_count).scalar()
        return kept, session.query(Member).filter_by(state="active").count()


def notices(database, kind):
    """The notices of a kind that wait to be told."""
    with database.reading() as session:
        jobs = session.query(Job).filter_by(name="notifications.tell").all()
        return [job.payload for job in jobs if job.payload["kind"] == kind]


def test_joining_an_open_community_asks_for_the_charter(place, database, sign_in):
    browser = sign_in("bakari")
    page = browser.get("/communities/maths-east/join")
    assert "Our purpose." in page.get_data(as_text=True)
    refused = browser.submit("/communities/maths-east/join", {"charter": "1"})
    assert refused.status_code == 422
    assert "say that you agree" in refused.get_data(as_text=True)
    assert membership(database, "bakari") is None
    assert browser.submit("/communities/maths-east/join", AGREE).status_code == 303
    member = membership(database, "bakari")
    assert (member.state, member.role, member.charter_version) == ("active", "member", 1)
    assert counted(database) == (2, 2)


def test_a_charter_that_changed_while_it_was_read_is_shown_again(place, database, sign_in):
    browser = sign_in("bakari")
    token = browser.token("/communities/maths-east/join")
    with database.transaction() as session:
        community = session.query(Community).one()
        session.add(Charter(community_id=community.id, version=2, lang="en", parts={"purpose": "A new one."}))
    answer = browser.post("/communities/maths-east/join", data={"csrf_token": token, **AGREE})
    assert answer.status_code == 422
    assert "changed while you read it" in answer.get_data(as_text=True)
    assert "A new one." in answer.get_data(as_text=True)
    assert 'value="2"' in answer.get_data(as_text=True)


def test_the_charter_is_shown_in_a_language_the_reader_reads(place, database, sign_in):
    with database.transaction() as session:
        community = session.query(Community).one()
        charter = session.query(Charter).one()
        charter.lang = "fr"
        rendition = {"kind": "charter", "thing_id": community.id, "source_lang": "fr", "of_version": 0}
        session.add(Rendition(**rendition, lang="sw", fields={"purpose": "Kusudi letu."}))
    page = sign_in("bakari").get("/communities/maths-east/join").get_data(as_text=True)
    assert '<div class="prose" lang="sw" dir="auto"><p dir="auto">Kusudi letu.' in page
    assert '<div class="prose" lang="fr" dir="auto"><p dir="auto">Our welcome.' in page
    assert "Translated by members from" in page and "changed since" in page


def test_who_does_not_read_the_charter_hears_in_which_language_it_is_and_can_ask_for_theirs(place, database, sign_in):
    bakari = sign_in("bakari")
    assert "Written in" not in bakari.get("/communities/maths-east/join").get_data(as_text=True)
    with database.transaction() as session:
        session.query(Charter).one().lang = "ar"
        number = session.query(Community).one().id
    page = bakari.get("/communities/maths-east/join").get_data(as_text=True)
    assert "Written in Arabic." in page and f'href="/translations/charter/{number}"' in page
    assert bakari.get(f"/translations/charter/{number}").status_code == 200


def test_the_same_person_at_once_from_two_devices_is_one_member(place, database, sign_in):
    browsers = [sign_in("bakari") for _device in range(3)]
    tokens = [browser.token("/communities/maths-east/join") for browser in browsers]
    barrier = Barrier(3)

    def go(pair):
        browser, token = pair
        barrier.wait(20)
        return browser.post("/communities/maths-east/join", data={"csrf_token": token, **AGREE}).status_code

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(go, zip(browsers, tokens, strict=True))) == [303, 303, 303]
    assert counted(database) == (2, 2)


def test_joining_twice_is_joining_once(place, database, sign_in):
    browser = sign_in("bakari")
    token = browser.token("/communities/maths-east/join")
    for _time in range(2):
        answer = browser.post("/communities/maths-east/join", data={"csrf_token": token, **AGREE})
        assert answer.status_code == 303
    assert counted(database) == (2, 2)


def test_a_guest_comes_back_after_signing_up_on_another_device(place, app, client, database, runner):
    page = client.get("/communities/maths-east/join").get_data(as_text=True)
    assert "/sign-up?next=/communities/maths-east/join" in page
    data = {"email": "neema@example.org", "password": "seven-calm-rivers-9", "adult": "y", "privacy": "y"}
    back = "/communities/maths-east/join"
    sent = client.submit("/sign-up", {**data, "next": back}, page=f"/sign-up?next={back}")
    assert sent.status_code == 303
    with database.reading() as session:
        token = session.query(Mail).filter_by(template="account_verify").one().values["token"]
    phone = app.test_client()
    assert phone.submit(f"/verify/{token}", {}).status_code == 303
    entered = phone.submit("/sign-in", {"email": data["email"], "password": data["password"]})
    assert entered.location.endswith("/profile")
    profile = {
        "name": "Neema", "subjects": "0541", "levels": "2", "country": "TZ",
        "languages-0-tag": "sw", "languages-0-level": "7",
    }  # fmt: skip
    made = phone.submit("/profile", profile)
    assert made.status_code == 303, made.get_data(as_text=True)[:3000]
    assert made.location.endswith(back)
    assert phone.submit(back, AGREE).status_code == 303
    assert counted(database) == (2, 2)


def test_who_has_no_profile_or_address_yet_reads_what_comes_first(place, app, database):
    with database.transaction() as session:
        make_account(session, "noprofile")
        make_account(session, "noaddress", verified_at=None)
    for name, words in (("noprofile", "Make my profile"), ("noaddress", "confirm your mail address")):
        browser = app.test_client()
        browser.submit("/sign-in", {"email": f"{name}@example.org", "password": "seven-calm-rivers-9"})
        assert words in browser.get("/communities/maths-east/join").get_data(as_text=True)


def test_asking_answering_and_being_let_in(place, database, sign_in):
    change(database, joining="request", questions=["What do you teach?", "Where?"])
    browser = sign_in("bakari")
    empty = browser.submit("/communities/maths-east/join", {**AGREE, "answer_0": "Fractions", "lang": "sw"})
    text = empty.get_data(as_text=True)
    assert empty.status_code == 422 and "Please write something." in text and "Fractions" in text
    asked = {**AGREE, "answer_0": "Sehemu", "answer_1": "Dodoma", "lang": "sw"}
    assert browser.submit("/communities/maths-east/join", asked).status_code == 303
    assert "You asked to join" in browser.get("/communities/maths-east/join").get_data(as_text=True)
    assert membership(database, "bakari").state == "asked"
    assert len(notices(database, "community_asked")) == 1
    boss = sign_in("amina")
    page = boss.get("/communities/maths-east/requests").get_data(as_text=True)
    assert "Dodoma" in page and 'lang="sw"' in page
    number = membership(database, "bakari").person_id
    path = f"/communities/maths-east/requests/{number}/accept"
    assert boss.submit(path, {}, page="/communities/maths-east/requests").status_code == 303
    assert membership(database, "bakari").state == "active"
    assert counted(database) == (2, 2)
    with database.reading() as session:
        assert session.query(Mail).filter_by(template="community_let_in").count() == 1
        assert session.query(HouseLog).filter_by(action="let_in").count() == 1
    again = boss.post(path, data={"csrf_token": boss.token("/communities/maths-east/members")})
    assert again.status_code == 303 and counted(database) == (2, 2)


def test_declining_needs_a_reason_that_is_read_and_asking_again_is_possible(place, database, sign_in):
    change(database, joining="request")
    browser = sign_in("bakari")
    browser.submit("/communities/maths-east/join", AGREE)
    number = membership(database, "bakari").person_id
    boss, path = sign_in("amina"), f"/communities/maths-east/requests/{number}/decline"
    assert boss.submit(path, {"reason": ""}).status_code == 422
    assert boss.submit(path, {"reason": "We are for primary schools."}).status_code == 303
    assert membership(database, "bakari").state == "left"
    assert "We are for primary schools." in browser.get("/communities/maths-east/join").get_data(as_text=True)
    with database.reading() as session:
        assert session.query(Mail).filter_by(template="community_declined").one().values["reason"]
    assert browser.submit("/communities/maths-east/join", AGREE).status_code == 303
    assert membership(database, "bakari").state == "asked"


def test_taking_back_a_question(place, database, sign_in):
    change(database, joining="request")
    browser = sign_in("bakari")
    browser.submit("/communities/maths-east/join", AGREE)
    page = "/communities/maths-east/join"
    assert browser.submit("/communities/maths-east/join/withdraw", {}, page=page).status_code == 303
    assert membership(database, "bakari").state == "left"
    assert "You took it back" in browser.get(page).get_data(as_text=True)


def test_members_only_cannot_read_requests(place, database, sign_in):
    sign_in("bakari").submit("/communities/maths-east/join", AGREE)
    assert sign_in("bakari").get("/communities/maths-east/requests").status_code == 403


def test_somebody_removed_reads_why_and_until_when(place, database, sign_in):
    browser = sign_in("bakari")
    browser.submit("/communities/maths-east/join", AGREE)
    with database.transaction() as session:
        member = session.query(Member).filter_by(role="member").one()
        member.state, member.removed_until = "removed", now() + timedelta(days=9)
        member.measure_reason = "Advertising in every thread."
    page = browser.get("/communities/maths-east/join").get_data(as_text=True)
    assert "Advertising in every thread." in page and "Until " in page
    token = browser.token("/profile/texts")
    refused = browser.post("/communities/maths-east/join", data={"csrf_token": token, **AGREE})
    assert refused.status_code == 403
    with database.transaction() as session:
        session.query(Member).filter_by(state="removed").one().removed_until = now() - timedelta(days=1)
    assert browser.submit("/communities/maths-east/join", AGREE).status_code == 303


def test_leaving_and_coming_back_keeps_a_mute(place, database, sign_in):
    browser = sign_in("bakari")
    browser.submit("/communities/maths-east/join", AGREE)
    until = now() + timedelta(days=3)
    with database.transaction() as session:
        member = session.query(Member).filter_by(role="member").one()
        member.muted_until, member.measure_reason = until, "Too loud."
    assert browser.submit("/communities/maths-east/leave", {}).status_code == 303
    assert membership(database, "bakari").state == "left"
    assert counted(database) == (1, 1)
    assert browser.submit("/communities/maths-east/join", AGREE).status_code == 303
    member = membership(database, "bakari")
    assert member.muted_until is not None and member.measure_reason == "Too loud."


def test_the_list_of_members_is_paged_filtered_and_costs_the_same(place, database, sign_in):
    with database.transaction() as session:
        community = session.query(Community).one()
        people = [make_person(session, f"person{i:02}", languages=[("fr", 6)], country="SN") for i in range(40)]
        add_member(session, community, people[0], "facilitator")
        for person in people[1:10]:
            add_member(session, community, person)
    browser = sign_in("amina")

    def listed(path):
        page = browser.get(path).get_data(as_text=True)
        return re.findall(r'href="/people/(\w+)"><bdi', page)

    with count_statements(database) as few:
        assert listed("/communities/maths-east/members")[:2] == ["amina", "person00"]
    with database.transaction() as session:
        community = session.query(Community).one()
        for person in people[10:]:
            add_member(session, community, person)
    with count_statements(database) as many:
        first = listed("/communities/maths-east/members")
    assert len(few) == len(many)
    assert len(first) == 30
    page = browser.get("/communities/maths-east/members").get_data(as_text=True)
    following = re.search(r'href="([^"]*after=\d+)"', page).group(1)
    second = listed(following)
    assert len(second) == 11 and not set(first) & set(second)
    assert listed("/communities/maths-east/members?role=facilitator") == ["person00"]
    assert listed("/communities/maths-east/members?lang_of=sw") == ["amina"]
    assert len(listed("/communities/maths-east/members?lang_of=fr")) == 30
    assert "41 members" in page


def test_guests_see_who_looks_after_it_and_names_stay_with_members(place, database, client, sign_in):
    sign_in("bakari").submit("/communities/maths-east/join", AGREE)
    page = client.get("/communities/maths-east/members").get_data(as_text=True)
    assert "A teacher in Kenya" in page and "Amina" not in page
    assert "Tanzania" not in page and "Sign in to see all members" in page
    change(database, reading="members")
    assert client.get("/communities/maths-east/members").status_code == 403


def test_languages_kept_to_oneself_are_not_found_by_the_filter(place, database, sign_in):
    with database.transaction() as session:
        community = session.query(Community).one()
        shy = make_person(session, "shy", languages=[("yo", 7)])
        shy.audiences = {**shy.audiences, "languages": "me"}
        add_member(session, community, shy)
    page = sign_in("amina").get("/communities/maths-east/members?lang_of=yo").get_data(as_text=True)
    assert "/people/shy" not in page


def test_roles_are_given_and_a_coordinator_says_yes_first(place, database, sign_in):
    helper = sign_in("bakari")
    helper.submit("/communities/maths-east/join", AGREE)
    boss, path = sign_in("amina"), "/communities/maths-east/members/bakari/role"
    assert helper.get(path).status_code == 403
    assert boss.submit(path, {"role": "king"}).status_code == 422
    assert boss.submit(path, {"role": "facilitator"}).status_code == 303
    assert membership(database, "bakari").role == "facilitator"
    assert boss.submit(path, {"role": "coordinator"}).status_code == 303
    assert membership(database, "bakari").role == "facilitator"
    assert notices(database, "role_offered")
    assert "You are asked to coordinate" in helper.get("/communities/maths-east/members").get_data(as_text=True)
    assert "Amina" in helper.get("/communities/maths-east/offer").get_data(as_text=True)
    assert helper.submit("/communities/maths-east/offer", {"answer": "yes"}).status_code == 303
    assert membership(database, "bakari").role == "coordinator"
    with database.reading() as session:
        assert [row.details["role"] for row in session.query(HouseLog).filter_by(action="role")] == [
            "facilitator",
            "coordinator",
        ]


def test_saying_no_to_coordinating_changes_nothing(place, database, sign_in):
    helper = sign_in("bakari")
    helper.submit("/communities/maths-east/join", AGREE)
    sign_in("amina").submit("/communities/maths-east/members/bakari/role", {"role": "coordinator"})
    assert helper.submit("/communities/maths-east/offer", {"answer": "no"}).status_code == 303
    member = membership(database, "bakari")
    assert (member.role, member.offered_role) == ("member", None)
    page = "/communities/maths-east/me"
    late = helper.post("/communities/maths-east/offer", data={"csrf_token": helper.token(page), "answer": "yes"})
    assert late.status_code == 303
    assert membership(database, "bakari").role == "member"


def test_a_coordinator_lays_the_role_down_unless_nobody_else_has_it(place, database, sign_in):
    sign_in("bakari").submit("/communities/maths-east/join", AGREE)
    boss = sign_in("amina")
    answer = boss.submit("/communities/maths-east/step-back", {}, page="/communities/maths-east/me")
    assert answer.location.endswith("/leave")
    assert membership(database, "amina").role == "coordinator"
    with database.transaction() as session:
        session.query(Member).filter_by(role="member").one().role = "coordinator"
    boss.submit("/communities/maths-east/step-back", {}, page="/communities/maths-east/me")
    assert membership(database, "amina").role == "member"


def test_the_download_and_closing_an_account(place, database, sign_in):
    browser = sign_in("bakari")
    browser.submit("/communities/maths-east/join", AGREE)
    data = browser.get("/account/download").get_data(as_text=True)
    assert "maths-east" in data
    closed = browser.submit("/account/delete", {"current": "seven-calm-rivers-9"})
    assert closed.status_code == 303, closed.get_data(as_text=True)[:1500]
    assert counted(database) == (1, 1)
