"""Reporting and deciding, through the front door."""

from __future__ import annotations

import pytest

from app.core.mail import Mail
from app.features.accounts.models import Account
from app.features.introductions.models import Introduction
from app.features.moderation.models import ModerationLog, Report
from app.features.profiles.models import Person, ProfileChange
from app.features.relations.services import connect
from app.features.threads.models import Post
from app.features.threads.services import add_message, open_thread
from tests.support.communities import make_community, make_thread
from tests.support.people import make_person


@pytest.fixture
def world(database):
    """Amina and Bakari are connected; Bakari wrote a message. Moses moderates, Olga operates."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7)])
        bakari = make_person(session, "bakari", about={"en": "<b>Bad</b> words"})
        make_person(session, "chausiku")
        make_person(session, "moses", roles=["moderator"])
        make_person(session, "olga", roles=["operator"])
        connect(session, amina.id, bakari.id)
        thread = open_thread(session, amina.id, bakari.id)
        message = add_message(session, thread, bakari.id, bakari.id, "Rude <i>words</i>", "en", "t")
        return {"amina": amina.id, "bakari": bakari.id, "thread": thread.id, "message": message}


def send(browser, kind, number, reason="unkind", note="Please look", **more):
    return browser.submit(f"/report/{kind}/{number}", {"reason": reason, "note": note, "lang": "en", **more})


def decide(browser, number, action, reason="Against the rules"):
    return browser.submit(f"/reports/{number}", {"action": action, "reason": reason})


def reports(database):
    with database.reading() as session:
        found = list(session.query(Report).order_by(Report.id))
        session.expunge_all()
        return found


def test_a_message_is_reported_and_taken_out_of_sight(world, sign_in, database):
    amina = sign_in("amina")
    assert f"/report/message/{world['message']}" in amina.get(f"/threads/{world['thread']}").get_data(as_text=True)
    response = send(amina, "message", world["message"])
    assert "Thank you" in amina.get(response.location).get_data(as_text=True)
    moses = sign_in("moses")
    assert "unkind" in moses.get("/reports").get_data(as_text=True)
    page = moses.get("/reports/1").get_data(as_text=True)
    assert "Rude &lt;i&gt;words" in page and "Please look" in page and "Amina" not in page
    assert decide(moses, 1, "hide").status_code == 303
    for reader in (amina, sign_in("bakari")):
        thread = reader.get(f"/threads/{world['thread']}").get_data(as_text=True)
        assert "Rude" not in thread and "out of sight" in thread
    with database.reading() as session:
        row = session.query(ModerationLog).one()
        assert (row.action, row.kind, row.reason) == ("hide", "message", "Against the rules")
    assert decide(moses, 1, "unhide", "It was a quotation").status_code == 303
    assert "Rude" in amina.get(f"/threads/{world['thread']}").get_data(as_text=True)
    assert "It was a quotation" in moses.get("/reports/1").get_data(as_text=True)


def test_a_profile_is_hidden_and_what_is_computed_follows(world, sign_in, database):
    send(sign_in("amina"), "profile", world["bakari"])
    with database.reading() as session:
        before = session.query(ProfileChange).filter_by(profile_id=world["bakari"]).count()
    moses = sign_in("moses")
    assert "&lt;b&gt;Bad" in moses.get("/reports/1").get_data(as_text=True)
    decide(moses, 1, "hide")
    assert sign_in("amina").get("/people/bakari").status_code == 404
    assert "This page is hidden" in sign_in("bakari").get("/profile").get_data(as_text=True)
    with database.reading() as session:
        assert session.query(ProfileChange).filter_by(profile_id=world["bakari"]).count() == before + 1
    decide(moses, 1, "unhide")
    assert sign_in("amina").get("/people/bakari").status_code == 200
    assert "This page is hidden" not in sign_in("bakari").get("/profile").get_data(as_text=True)


def test_an_introduction_is_hidden_and_waits_no_more(world, sign_in, database):
    chausiku = sign_in("chausiku")
    response = chausiku.submit(
        "/introductions/ask/amina", {"note": "Something that should not be said here", "lang": "en"}
    )
    amina, number = sign_in("amina"), int(response.location.rsplit("/", 1)[1])
    assert f"/report/introduction/{number}" in amina.get(response.location).get_data(as_text=True)
    send(amina, "introduction", number)
    decide(sign_in("moses"), 1, "hide")
    assert "should not be said" not in amina.get(response.location).get_data(as_text=True)
    assert "should not be said" not in amina.get("/introductions").get_data(as_text=True)
    with database.reading() as session:
        assert session.get(Introduction, number).state == "withdrawn"


def test_suspending_ends_the_session_hides_and_tells(world, sign_in, database, client):
    bakari = sign_in("bakari")
    assert bakari.get("/introductions").status_code == 200
    send(sign_in("amina"), "message", world["message"])
    olga = sign_in("olga")
    decide(olga, 1, "suspend", "Threats in messages")
    assert bakari.get("/introductions").status_code == 303
    assert sign_in("amina").get("/people/bakari").status_code == 404
    with database.reading() as session:
        account = session.query(Account).filter_by(email="bakari@example.org").one()
        assert account.suspended_at is not None
        (mail,) = session.query(Mail).filter_by(to_address="bakari@example.org")
        assert "Threats in messages" in str(mail.values)
    assert decide(olga, 1, "lift", "It was a mistake").status_code == 303
    assert sign_in("bakari").get("/introductions").status_code == 200
    assert sign_in("amina").get("/people/bakari").status_code == 200


def test_a_suspended_persons_profile_is_not_shown_before_they_are_back(world, sign_in, database):
    send(sign_in("amina"), "profile", world["bakari"])
    olga = sign_in("olga")
    decide(olga, 1, "suspend", "Pretends to be somebody else")
    assert decide(olga, 1, "unhide").status_code == 422
    assert sign_in("amina").get("/people/bakari").status_code == 404
    assert decide(olga, 1, "lift").status_code == 303
    assert sign_in("amina").get("/people/bakari").status_code == 200


def test_a_note_hidden_later_is_hidden_in_the_thread_too(world, sign_in, database):
    path = (
        sign_in("chausiku")
        .submit("/introductions/ask/amina", {"note": "Something that should not be said here", "lang": "en"})
        .location
    )
    amina = sign_in("amina")
    thread = amina.submit(f"{path}/accept", {}, page=path).location
    assert "should not be said" in amina.get(thread).get_data(as_text=True)
    send(amina, "introduction", int(path.rsplit("/", 1)[1]))
    moses = sign_in("moses")
    decide(moses, 1, "hide")
    assert "should not be said" not in amina.get(thread).get_data(as_text=True)
    decide(moses, 1, "unhide")
    assert "should not be said" in amina.get(thread).get_data(as_text=True)


@pytest.mark.parametrize("action", ["hide", "suspend", "dismiss"])
def test_a_decision_needs_a_reason(world, sign_in, database, action):
    send(sign_in("amina"), "message", world["message"])
    assert decide(sign_in("olga"), 1, action, "  ").status_code == 422
    assert reports(database)[0].state == "open"


def test_leaving_it_as_it_is_changes_nothing(world, sign_in, database):
    amina = sign_in("amina")
    send(amina, "message", world["message"])
    decide(sign_in("moses"), 1, "dismiss", "Blunt, but no more")
    assert "Rude" in amina.get(f"/threads/{world['thread']}").get_data(as_text=True)
    assert reports(database)[0].decision == "dismiss"


def test_reporting_again_adds_to_the_first(world, sign_in, database):
    amina = sign_in("amina")
    send(amina, "message", world["message"], note="First")
    send(amina, "message", world["message"], reason="unsafe", note="Second")
    (row,) = reports(database)
    assert row.reason == "unsafe" and "First" in row.note and "Second" in row.note
    decide(sign_in("moses"), 1, "dismiss")
    send(amina, "message", world["message"], note="Again")
    assert [r.state for r in reports(database)] == ["decided", "open"]


def test_two_reports_of_one_thing_are_decided_together(world, sign_in, database):
    send(sign_in("amina"), "profile", world["bakari"])
    send(sign_in("chausiku"), "profile", world["bakari"])
    moses = sign_in("moses")
    assert "Reported 2 times" in moses.get("/reports").get_data(as_text=True)
    decide(moses, 1, "hide")
    assert [r.state for r in reports(database)] == ["decided", "decided"]


def test_a_second_decision_is_told(world, sign_in, database):
    send(sign_in("amina"), "message", world["message"])
    moses, olga = sign_in("moses"), sign_in("olga")
    decide(moses, 1, "dismiss")
    response = decide(olga, 1, "hide")
    assert response.status_code == 409
    assert "meanwhile" in response.get_data(as_text=True)
    assert reports(database)[0].decision == "dismiss"


def test_nobody_reports_what_is_not_there_for_them(world, sign_in, database):
    stranger = sign_in("chausiku")
    token = stranger.token("/introductions")
    for path in (f"message/{world['message']}", "message/999999", "introduction/1", "profile/999999", "account/1"):
        assert stranger.get(f"/report/{path}").status_code == 404, path
        answer = stranger.post(f"/report/{path}", data={"csrf_token": token, "reason": "unkind"})
        assert answer.status_code == 404, path
    assert reports(database) == []


def test_nobody_reports_their_own(world, sign_in, database):
    bakari = sign_in("bakari")
    assert bakari.get(f"/report/message/{world['message']}").status_code == 403
    assert bakari.get(f"/report/profile/{world['bakari']}").status_code == 403


@pytest.mark.parametrize("reason", ["", "made-up"])
def test_a_report_needs_a_reason_and_keeps_the_words(world, sign_in, database, reason):
    response = send(sign_in("amina"), "message", world["message"], reason=reason, note="Kept <b>words</b>")
    assert response.status_code == 422
    assert "Kept &lt;b&gt;words" in response.get_data(as_text=True)
    assert reports(database) == []


def test_nobody_else_sees_or_decides_reports(world, sign_in, database, client):
    amina = sign_in("amina")
    send(amina, "message", world["message"])
    token = amina.token("/introductions")
    assert amina.get("/reports").status_code == 403
    assert amina.get("/reports/1").status_code == 403
    assert amina.post("/reports/1", data={"csrf_token": token, "action": "hide", "reason": "x"}).status_code == 403
    assert "/sign-in" in client.get("/reports").location
    assert reports(database)[0].state == "open"


def test_nobody_decides_in_their_own_matter(world, sign_in, database):
    with database.transaction() as session:
        moses = session.query(Person).filter_by(handle="moses").one().id
    send(sign_in("amina"), "profile", moses)
    browser = sign_in("moses")
    assert "your own matter" in browser.get("/reports/1").get_data(as_text=True)
    token = browser.token("/introductions")
    answer = browser.post("/reports/1", data={"csrf_token": token, "action": "dismiss", "reason": "I am fine"})
    assert answer.status_code == 403
    assert reports(database)[0].state == "open"


def test_a_moderator_does_not_suspend_an_operator(world, sign_in, database):
    with database.transaction() as session:
        olga = session.query(Person).filter_by(handle="olga").one().id
    send(sign_in("amina"), "profile", olga)
    moses = sign_in("moses")
    assert "Suspend the account" not in moses.get("/reports/1").get_data(as_text=True)
    assert decide(moses, 1, "suspend").status_code == 403
    assert reports(database)[0].state == "open"


def test_a_report_of_something_gone_can_be_closed(world, sign_in, database):
    send(sign_in("amina"), "profile", world["bakari"])
    with database.transaction() as session:
        session.delete(session.get(Person, world["bakari"]))
    moses = sign_in("moses")
    assert "no longer there" in moses.get("/reports/1").get_data(as_text=True)
    assert decide(moses, 1, "hide").status_code == 409
    assert decide(moses, 1, "dismiss").status_code == 303


def test_who_leaves_takes_their_words_from_the_reports(world, sign_in, database):
    from app.core.registries import erasers, exporters

    send(sign_in("amina"), "message", world["message"], note="Only I know this")
    with database.transaction() as session:
        account = session.query(Person).filter_by(handle="amina").one().account_id
        assert dict(exporters())["reports"](session, account)[0]["note"] == "Only I know this"
        dict(erasers())["moderation"](session, account)
    (row,) = reports(database)
    assert row.reporter_account_id is None and row.note == "" and row.state == "open"


def test_who_moderates_finds_the_way_to_where_a_post_stands(world, sign_in, database):
    with database.transaction() as session:
        community = make_community(session, "maths-east", founder=session.get_one(Person, world["bakari"]))
        talk = make_thread(session, community, session.get_one(Person, world["bakari"]), "Halves", "Rude words", "en")
        post = session.query(Post).filter_by(thread_id=talk.id).one()
        number, place = post.id, f"/communities/maths-east/threads/{talk.id}"
    assert send(sign_in("amina"), "post", number).status_code == 303
    moses = sign_in("moses")
    page = moses.get("/reports/1").get_data(as_text=True)
    assert f'href="{place}' in page and "See it where it stands" in page
    assert moses.get(place).status_code == 200
    assert decide(moses, 1, "dismiss").status_code == 303
    done = moses.get("/reports/1").get_data(as_text=True)
    assert "Change it again" not in done and "There is nothing more to do." in done


def test_who_moderates_reads_what_was_reported_and_nothing_else(world, sign_in):
    for reader in ("moses", "olga", "chausiku"):
        browser = sign_in(reader)
        assert browser.get(f"/report/message/{world['message']}").status_code == 404, reader
    send(sign_in("amina"), "message", world["message"])
    moses = sign_in("moses")
    assert moses.get(f"/report/message/{world['message']}").status_code == 404
    assert "Rude" in moses.get("/reports/1").get_data(as_text=True)
