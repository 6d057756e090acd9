"""Inviting and being invited: links, the poster, mails, persons."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import segno

from app.core.clock import now
from app.core.jobs import Job, work
from app.core.mail import Mail
from app.features.communities.models import Community, Invitation, Member
from app.features.communities.services.invitations import forget_addresses
from app.features.profiles.models import Person
from app.features.relations.models import Block
from tests.support.communities import add_member, make_community
from tests.support.people import make_person

AGREE = {"agree": "y", "charter": "1"}
HOME = "/communities/maths-east/invitations"


@pytest.fixture
def place(database):
    """A community one comes into by invitation, with Amina who coordinates and Chidi who belongs."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7)])
        chidi = make_person(session, "chidi")
        make_person(session, "bakari")
        facets = {"language": ["en", "fr", "sw", "ar"]}
        community = make_community(session, "maths-east", founder=amina, joining="invitation", facets=facets)
        add_member(session, community, chidi)


def make_link(browser, days="30"):
    """A link made on the page; its address here and its code."""
    answer = browser.submit(f"{HOME}/link", {"days": days}, page=HOME)
    assert answer.status_code == 303
    page = browser.get(answer.location).get_data(as_text=True)
    return answer.location, re.search(r"/join/([a-z0-9]+)", page).group(1)


def rows(database):
    """All invitations."""
    with database.reading() as session:
        found = session.query(Invitation).order_by(Invitation.id).all()
        session.expunge_all()
        return found


def belongs(database, handle):
    """Whether somebody belongs now."""
    with database.reading() as session:
        found = session.query(Member).join(Person, Person.id == Member.person_id)
        return found.filter(Person.handle == handle, Member.state == "active").count() == 1


def test_a_link_lets_in_is_counted_and_can_be_withdrawn(place, database, client, sign_in):
    page, code = make_link(sign_in("chidi"))
    # Typed from paper on a phone, it may begin with a capital.
    assert client.get(f"/join/{code.capitalize()}").status_code == 200
    seen = client.get(f"/join/{code}").get_data(as_text=True)
    assert "You are invited" in seen and f"/sign-up?next=/join/{code}" in seen
    browser = sign_in("bakari")
    assert "invited" in browser.get("/communities/maths-east/join").get_data(as_text=True)
    assert browser.submit(f"/join/{code}", {}).status_code == 422
    assert browser.submit(f"/join/{code}", AGREE).status_code == 303
    assert belongs(database, "bakari")
    assert rows(database)[0].uses == 1
    assert browser.get(f"/join/{code}").status_code == 303
    boss = sign_in("amina")
    assert "used once" in boss.get(page).get_data(as_text=True)
    assert boss.submit(f"{page}/withdraw", {}, page=page).status_code == 303
    assert client.get(f"/join/{code}").status_code == 404
    assert boss.get(page).status_code == 404


def test_a_link_runs_out(place, database, client, sign_in):
    _page, code = make_link(sign_in("amina"), "7")
    assert client.get(f"/join/{code}").status_code == 200
    with database.transaction() as session:
        session.query(Invitation).one().expires_at = now() - timedelta(seconds=1)
    gone = client.get(f"/join/{code}")
    assert gone.status_code == 404 and "Ask whoever gave it to you" in gone.get_data(as_text=True)
    assert sign_in("amina").submit(f"{HOME}/link", {"days": "12"}, page=HOME).status_code == 422


def test_the_way_survives_signing_in(place, database, client, app, sign_in):
    _page, code = make_link(sign_in("amina"))
    entered = client.submit(
        "/sign-in", {"email": "bakari@example.org", "password": "seven-calm-rivers-9", "next": f"/join/{code}"},
        page=f"/sign-in?next=/join/{code}",
    )  # fmt: skip
    assert entered.location.endswith(f"/join/{code}")


def test_only_coordinators_may_invite_where_that_is_chosen(place, database, sign_in):
    member, boss = sign_in("chidi"), sign_in("amina")
    assert member.submit(f"{HOME}/who", {"inviting": "coordinators"}, page=HOME).status_code == 403
    assert boss.submit(f"{HOME}/who", {"inviting": "coordinators"}, page=HOME).status_code == 303
    assert member.get(HOME).status_code == 403
    assert boss.get(HOME).status_code == 200
    assert sign_in("bakari").get(HOME).status_code == 403


def test_the_qr_code_leads_to_the_address_written_under_it(place, sign_in):
    browser = sign_in("amina")
    page, code = make_link(browser)
    drawn = browser.get(page).get_data(as_text=True)
    modules = segno.make(f"http://localhost/join/{code}", error="m", micro=False).matrix
    path = re.search(r'<path stroke="#000" d="([^"]+)"', drawn).group(1)
    assert dark_modules(path, 4) == {(x, y) for y, row in enumerate(modules) for x, dark in enumerate(row) if dark}
    assert f"http://localhost/join/{code}" in drawn


def dark_modules(path, border):
    """The dark squares that a path of horizontal strokes draws."""
    found, x, y = set(), 0.0, 0.0
    for command, values in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(n) for n in re.findall(r"-?\d*\.?\d+", values)]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            found |= {(int(x) + i - border, int(y) - border) for i in range(int(numbers[0]))}
            x += numbers[0]
    return found


def test_the_poster_stands_in_the_languages_of_the_community_that_are_complete(place, sign_in):
    browser = sign_in("amina")
    assert browser.get("/communities/maths-east/poster").status_code == 303
    _page, code = make_link(browser)
    page = browser.get("/communities/maths-east/poster").get_data(as_text=True)
    assert f'http://localhost/join/<wbr><span class="whole">{code}</span>' in page
    for lang, direction in (("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")):
        assert f'<section lang="{lang}" dir="{direction}">' in page
    assert '<section lang="sw"' not in page
    assert "<script" not in page
    one = browser.get("/communities/maths-east/poster?in=fr").get_data(as_text=True)
    assert one.count("<section") == 1


def test_a_mail_goes_out_once_in_the_chosen_language_and_never_says_who_has_an_account(place, database, app, sign_in):
    browser = sign_in("chidi")
    data = {"email": "new@example.net", "locale": "fr", "note": "Karibu"}
    known = {**data, "email": "amina@example.org"}
    answers = [browser.submit(f"{HOME}/mail", sent, page=HOME) for sent in (data, data, known)]
    flashes = [browser.get(HOME).status_code for _answer in answers]
    assert [a.status_code for a in answers] == [303, 303, 303] and flashes == [200, 200, 200]
    with database.reading() as session:
        mail = session.query(Mail).filter_by(template="community_invitation").one()
        assert (mail.to_address, mail.locale, mail.values["note"]) == ("new@example.net", "fr", "Karibu")
    code = rows(database)[0].code
    work(database, until_empty=True)
    wrong = browser.submit(f"{HOME}/mail", {**data, "email": "nobody"}, page=HOME)
    assert wrong.status_code == 422 and "not a complete mail address" in wrong.get_data(as_text=True)
    stranger = sign_in("bakari")
    assert stranger.submit(f"/join/{code}", AGREE).status_code == 303
    late = app.test_client().get(f"/join/{code}")
    assert late.status_code == 404


def test_a_mailed_link_is_good_for_one_also_when_two_come_at_once(place, database, sign_in):
    sign_in("chidi").submit(f"{HOME}/mail", {"email": "new@example.net", "locale": "en"}, page=HOME)
    with database.transaction() as session:
        make_person(session, "other")
    code = rows(database)[0].code
    browsers = [sign_in("bakari"), sign_in("other")]
    tokens = [browser.token(f"/join/{code}") for browser in browsers]
    barrier = Barrier(2)

    def go(pair):
        browser, token = pair
        barrier.wait(20)
        return browser.post(f"/join/{code}", data={"csrf_token": token, **AGREE}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, zip(browsers, tokens, strict=True))) == [303, 404]
    assert belongs(database, "bakari") != belongs(database, "other")


def test_nobody_is_mailed_by_whom_they_blocked(place, database, sign_in):
    with database.transaction() as session:
        ids = {p.handle: p.id for p in session.query(_person())}
        session.add(Block(blocker_id=ids["bakari"], blocked_id=ids["chidi"]))
    browser = sign_in("chidi")
    data = {"email": "bakari@example.org", "locale": "en"}
    assert browser.submit(f"{HOME}/mail", data, page=HOME).status_code == 303
    assert rows(database) == []
    refused = browser.submit(f"{HOME}/person", {"who": "bakari"}, page=HOME)
    assert refused.status_code == 422 and "nobody with this name" in refused.get_data(as_text=True)


def _person():
    return Person


def test_addresses_are_forgotten_when_the_invitation_is_over(place, database, sign_in):
    sign_in("chidi").submit(f"{HOME}/mail", {"email": "new@example.net", "locale": "en"}, page=HOME)
    with database.transaction() as session:
        assert forget_addresses(session) == 0
        row = session.query(Invitation).one()
        row.created_at, row.expires_at = now() - timedelta(days=61), now() - timedelta(days=1)
        session.flush()
        assert forget_addresses(session) == 1
    assert rows(database)[0].email is None


def test_somebody_here_is_asked_and_says_yes(place, database, sign_in):
    browser = sign_in("chidi")
    assert browser.submit(f"{HOME}/person", {"who": "@bakari", "note": "Njoo"}, page=HOME).status_code == 303
    assert browser.submit(f"{HOME}/person", {"who": "bakari"}, page=HOME).status_code == 303
    assert len(rows(database)) == 1
    with database.reading() as session:
        told = [j.payload for j in session.query(Job).filter_by(name="notifications.tell")]
    assert [t["kind"] for t in told] == ["community_invited"]
    assert not belongs(database, "bakari")
    code, asked = rows(database)[0].code, sign_in("bakari")
    assert f"/join/{code}" in asked.get("/").get_data(as_text=True)
    assert f"/join/{code}" in asked.get("/communities/maths-east/join").get_data(as_text=True)
    assert "Njoo" in asked.get(f"/join/{code}").get_data(as_text=True)
    assert browser.get(f"/join/{code}").status_code == 404 or belongs(database, "chidi")
    assert asked.submit(f"/join/{code}", AGREE).status_code == 303
    assert belongs(database, "bakari")
    again = browser.submit(f"{HOME}/person", {"who": "bakari"}, page=HOME)
    assert again.status_code == 422 and "belong to this community already" in again.get_data(as_text=True)


def test_from_a_persons_page_it_is_two_steps_to_invite_them(place, database, sign_in):
    browser = sign_in("chidi")
    page = browser.get("/people/bakari").get_data(as_text=True)
    assert "Invite them to one of your communities" in page and f'href="{HOME}?who=bakari#by-person"' in page
    assert 'value="bakari"' in browser.get(f"{HOME}?who=bakari").get_data(as_text=True)
    # A pasted address is as good as its last part.
    pasted = {"who": "https://localhost/people/bakari/?lang=sw"}
    assert browser.submit(f"{HOME}/person", pasted, page=HOME).status_code == 303
    assert len(rows(database)) == 1
    # Nobody invites themselves, those who belong, or without belonging to anything.
    assert "Invite them" not in browser.get("/people/chidi").get_data(as_text=True)
    assert "Invite them" not in browser.get("/people/amina").get_data(as_text=True)
    assert "Invite them" not in sign_in("bakari").get("/people/chidi").get_data(as_text=True)


def test_saying_no_is_not_told(place, database, sign_in):
    sign_in("chidi").submit(f"{HOME}/person", {"who": "bakari"}, page=HOME)
    code, asked = rows(database)[0].code, sign_in("bakari")
    assert asked.submit(f"/join/{code}/decline", {}, page=f"/join/{code}").status_code == 303
    assert not belongs(database, "bakari")
    assert rows(database)[0].accepted is False
    assert asked.get(f"/join/{code}").status_code == 404
    with database.reading() as session:
        kinds = [j.payload["kind"] for j in session.query(Job).filter_by(name="notifications.tell")]
    assert kinds == ["community_invited"]


def told(database):
    with database.reading() as session:
        return [j.payload["kind"] for j in session.query(Job).filter_by(name="notifications.tell")]


def test_asking_and_taking_back_tells_once_and_a_no_holds(place, database, sign_in):
    chidi, bakari = sign_in("chidi"), sign_in("bakari")
    for _time in range(2):
        assert chidi.submit(f"{HOME}/person", {"who": "bakari"}, page=HOME).status_code == 303
        (row,) = rows(database)
        assert bakari.get(f"/join/{row.code}").status_code == 200
        chidi.submit(f"{HOME}/{row.id}/withdraw", {}, page=HOME)
        assert bakari.get(f"/join/{row.code}").status_code == 404
    chidi.submit(f"{HOME}/person", {"who": "bakari"}, page=HOME)
    bakari.submit(f"/join/{row.code}/decline", {}, page=f"/join/{row.code}")
    assert chidi.submit(f"{HOME}/person", {"who": "bakari"}, page=HOME).status_code == 303
    assert len(rows(database)) == 1 and told(database) == ["community_invited"]


def test_nobody_is_asked_into_everything_in_a_day(place, database, sign_in):
    with database.transaction() as session:
        amina = session.query(Person).filter_by(handle="amina").one()
        for number in range(3):
            make_community(session, f"circle-{number}", founder=amina)
    amina, homes = sign_in("amina"), [HOME, *(f"/communities/circle-{n}/invitations" for n in range(3))]
    answers = [amina.submit(f"{home}/person", {"who": "bakari"}, page=home) for home in homes]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 422]
    assert "several times today" in answers[-1].get_data(as_text=True)
    assert len(told(database)) == 3


def test_whoever_was_removed_does_not_come_back_by_a_link(place, database, sign_in):
    _page, code = make_link(sign_in("amina"))
    with database.transaction() as session:
        member = session.query(Member).filter_by(role="member").one()
        member.state, member.measure_reason = "removed", "Unkind words."
    browser = sign_in("chidi")
    page = browser.get(f"/join/{code}").get_data(as_text=True)
    assert "Unkind words." in page
    token = browser.token("/profile/texts")
    assert browser.post(f"/join/{code}", data={"csrf_token": token, **AGREE}).status_code == 403


def test_a_hidden_community_is_not_reached_by_a_link(place, database, client, sign_in):
    _page, code = make_link(sign_in("amina"))
    with database.transaction() as session:
        session.query(Community).one().hidden_at = now()
    assert client.get(f"/join/{code}").status_code == 404
