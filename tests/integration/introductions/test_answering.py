"""Answering introductions, through the front door."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from app.core import jobs
from app.core.clock import now
from app.core.mail import Mail
from app.core.signals import introduction_answered, introduction_asked
from app.features.accounts.models import Account
from app.features.introductions.models import PENDING, Introduction
from app.features.profiles.models import Delegation
from app.features.relations.queries import are_connected
from app.features.threads.models import Message
from tests.support.people import make_institution, make_person
from tests.support.statements import count_statements

NOTE = "Habari, I teach mathematics too. Shall we compare our plans for fractions?"


@pytest.fixture
def waiting(database):
    """Amina asked Bakari; the number of the introduction."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7)])
        bakari = make_person(session, "bakari", languages=[("sw", 6)])
        make_person(session, "chausiku", languages=[("sw", 6)])
        return add(session, amina.id, bakari.id)


def add(session, asker, to, **values):
    """An introduction that waits, as a row; its number."""
    row = Introduction(
        from_profile_id=asker, to_profile_id=to, by_person_id=asker, note=NOTE, note_lang="sw", state=PENDING,
        open_key=f"{min(asker, to)}:{max(asker, to)}", expires_at=now() + timedelta(days=30),
    )  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    return row.id


def get(database, number):
    with database.reading() as session:
        row = session.get(Introduction, number)
        session.expunge_all()
        return row


def connected(database, one="amina", other="bakari"):
    from app.features.profiles.queries.profiles import get_profile

    with database.reading() as session:
        return are_connected(session, get_profile(session, one).id, get_profile(session, other).id)


def test_a_yes_without_words_stands_on_the_first_page_until_it_is_looked_at(waiting, sign_in):
    amina, page = sign_in("amina"), f"/introductions/{waiting}"
    assert "said yes" not in amina.get("/").get_data(as_text=True)
    thread = sign_in("bakari").submit(f"{page}/accept", {"reply": "", "lang": "sw"}, page=page).location
    first = amina.get("/").get_data(as_text=True)
    assert "1 person said yes to your hello." in first and f'href="{thread}"' in first
    assert "said yes" not in sign_in("bakari").get("/").get_data(as_text=True)
    amina.get(thread)
    assert "said yes" not in amina.get("/").get_data(as_text=True)


def test_a_yes_connects_and_begins_a_thread(waiting, sign_in, database):
    bakari = sign_in("bakari")
    response = bakari.submit(
        f"/introductions/{waiting}/accept", {"reply": "Karibu sana!", "lang": "sw"}, page=f"/introductions/{waiting}"
    )
    assert response.status_code == 303
    assert connected(database)
    thread = bakari.get(response.location).get_data(as_text=True)
    assert thread.index("fractions") < thread.index("Karibu sana")
    assert "@example.org" not in thread
    amina = sign_in("amina")
    assert "Karibu sana" in amina.get(response.location.split("#")[0]).get_data(as_text=True)
    listed = amina.get("/connections").get_data(as_text=True)
    assert "Bakari" in listed and response.location.split("#")[0] in listed
    assert "@example.org" not in listed


def mails(app, database, runner):
    """Every mail that went out: (receiver, subject, text)."""
    jobs.work(database, until_empty=True)
    found = []
    for path in sorted((app.extensions["settings"].instance_path / "outbox").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        found.append((message["To"], message["Subject"], message.get_content()))
    return found


def test_both_get_a_mail_in_their_own_language(waiting, sign_in, database, app, runner):
    with database.transaction() as session:
        session.query(Account).filter_by(email="amina@example.org").one().locale = "fr"
    sign_in("bakari").submit(f"/introductions/{waiting}/accept", {}, page=f"/introductions/{waiting}")
    with database.reading() as session:
        rows = {(m.to_address, m.locale, m.template) for m in session.query(Mail)}
    assert rows == {
        ("amina@example.org", "fr", "introduction_accepted"),
        ("bakari@example.org", "en", "introduction_made"),
    }
    for receiver, subject, text in mails(app, database, runner):
        other = "amina" if receiver.startswith("bakari") else "bakari"
        assert other.title() in subject + text
        assert f"{other}@example.org" not in text
        assert f"http://localhost/introductions/{waiting}" in text


def test_who_is_asked_gets_a_mail_with_the_note(waiting, sign_in, database, app, runner):
    note = "<b>Hello</b> from a & b, could we work on fractions?"
    sign_in("chausiku").submit("/introductions/ask/bakari", {"note": note, "lang": "en"})
    ((receiver, subject, text),) = mails(app, database, runner)
    assert receiver == "bakari@example.org"
    assert subject == "Chausiku would like to get to know you"
    assert note in text


def test_a_no_is_polite_and_tells_why(waiting, sign_in, database):
    bakari = sign_in("bakari")
    response = bakari.submit(
        f"/introductions/{waiting}/decline", {"reason": "busy", "reply": "Maybe in spring.", "lang": "en"}
    )
    assert response.status_code == 303
    page = sign_in("amina").get(f"/introductions/{waiting}").get_data(as_text=True)
    assert "Declined" in page and "Too much to do" in page and "Maybe in spring." in page
    assert not connected(database)


def test_a_no_needs_a_reason_and_keeps_the_words(waiting, sign_in, database):
    for reason in ("", "rude"):
        response = sign_in("bakari").submit(
            f"/introductions/{waiting}/decline", {"reason": reason, "reply": "Kept words", "lang": "en"}
        )
        assert response.status_code == 422
        assert "Kept words" in response.get_data(as_text=True)
    assert get(database, waiting).state == PENDING


@pytest.mark.parametrize("first", ["accept", "decline", "withdraw"])
@pytest.mark.parametrize("second", ["accept", "decline", "withdraw"])
def test_two_answers_have_one_result(waiting, sign_in, database, first, second):
    people = {"accept": sign_in("bakari"), "decline": sign_in("bakari"), "withdraw": sign_in("amina")}
    tokens = {verb: browser.token(f"/introductions/{waiting}") for verb, browser in people.items()}
    answers = [
        people[verb].post(f"/introductions/{waiting}/{verb}", data={"csrf_token": tokens[verb], "reason": "busy"})
        for verb in (first, second)
    ]
    assert [a.status_code for a in answers] == [303, 303]
    ended = {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"}
    assert get(database, waiting).state == ended[first]
    assert connected(database) == (first == "accept")
    assert "already" in people[second].get(answers[1].location).get_data(as_text=True) or first == "withdraw"
    with database.reading() as session:
        assert session.query(Message).count() == (1 if first == "accept" else 0)


def test_two_at_once_have_one_result(waiting, sign_in, database):
    """Somebody else answers between what this request read and what it writes."""
    from app.features.introductions import services

    one = sign_in("bakari")
    token = one.token(f"/introductions/{waiting}")
    real, done = services.is_blocked, []

    def overtaken(session, *arguments):
        if not done:
            done.append(True)
            session.rollback()
            with database.transaction() as other:
                row = other.get(Introduction, waiting)
                row.state, row.open_key, row.decided_at = "declined", None, now()
        return real(session, *arguments)

    services.is_blocked = overtaken
    try:
        response = one.post(f"/introductions/{waiting}/accept", data={"csrf_token": token})
    finally:
        services.is_blocked = real
    assert response.status_code == 303
    assert "declined already" in one.get(response.location).get_data(as_text=True)
    assert not connected(database)


def test_a_late_answer_is_told_so(waiting, sign_in, database):
    with database.transaction() as session:
        session.get(Introduction, waiting).expires_at = now() - timedelta(minutes=1)
    bakari = sign_in("bakari")
    page = bakari.get(f"/introductions/{waiting}").get_data(as_text=True)
    assert "No answer in time" in page and "Yes, connect" not in page
    response = bakari.submit(f"/introductions/{waiting}/accept", {}, page="/introductions")
    assert "expired" in bakari.get(response.location).get_data(as_text=True)
    assert not connected(database)


def test_the_job_ends_what_is_too_old_once(waiting, sign_in, database, runner):
    with database.transaction() as session:
        session.get(Introduction, waiting).expires_at = now() - timedelta(hours=1)
    jobs.work(database, until_empty=True)
    row = get(database, waiting)
    assert row.state == "expired" and row.open_key is None
    decided = row.decided_at
    with database.transaction() as session:
        jobs.enqueue(session, "introductions.expire")
    jobs.work(database, until_empty=True)
    assert get(database, waiting).decided_at == decided


def test_after_the_time_is_over_one_may_ask_again(waiting, sign_in, database):
    with database.transaction() as session:
        session.get(Introduction, waiting).expires_at = now() - timedelta(hours=1)
    response = sign_in("amina").submit("/introductions/ask/bakari", {"note": NOTE, "lang": "sw"})
    assert response.status_code == 303
    assert response.location != f"/introductions/{waiting}"


def test_what_is_taken_back_waits_no_more(waiting, sign_in, database):
    amina = sign_in("amina")
    amina.submit(f"/introductions/{waiting}/withdraw", {}, page=f"/introductions/{waiting}")
    bakari = sign_in("bakari")
    response = bakari.submit(f"/introductions/{waiting}/accept", {}, page="/introductions")
    assert "taken back" in bakari.get(response.location).get_data(as_text=True)


def test_others_find_nothing(waiting, sign_in, database):
    stranger = sign_in("chausiku")
    token = stranger.token("/introductions")
    assert stranger.get(f"/introductions/{waiting}").status_code == 404
    assert stranger.get(f"/introductions/{waiting}/decline").status_code == 404
    for verb in ("accept", "decline", "withdraw"):
        response = stranger.post(f"/introductions/{waiting}/{verb}", data={"csrf_token": token, "reason": "busy"})
        assert response.status_code == 404
    assert get(database, waiting).state == PENDING


def test_nobody_answers_for_the_other_side(waiting, sign_in, database):
    amina, bakari = sign_in("amina"), sign_in("bakari")
    for verb in ("accept", "decline"):
        data = {"csrf_token": amina.token("/introductions"), "reason": "busy"}
        assert amina.post(f"/introductions/{waiting}/{verb}", data=data).status_code == 404
    data = {"csrf_token": bakari.token("/introductions")}
    assert bakari.post(f"/introductions/{waiting}/withdraw", data=data).status_code == 404
    assert get(database, waiting).state == PENDING


@pytest.mark.parametrize("role", ["owner", "editor", "representative"])
def test_whoever_acts_for_an_institution_answers(waiting, sign_in, database, role):
    with database.transaction() as session:
        school = make_institution(session, "shule", name="Shule ya Msingi")
        chausiku = make_person(session, "dalila")
        session.add(Delegation(institution_id=school.id, person_id=chausiku.id, role=role, accepted_at=now()))
        row = session.get(Introduction, waiting)
        number = add(session, row.from_profile_id, school.id)
    browser = sign_in("dalila")
    assert "Shule ya Msingi" in browser.get("/introductions").get_data(as_text=True)
    response = browser.submit(f"/introductions/{number}/accept", {}, page=f"/introductions/{number}")
    assert response.status_code == 303
    assert connected(database, "amina", "shule")
    assert "fractions" in browser.get(response.location).get_data(as_text=True)
    assert "Amina" in browser.get("/connections?as=shule").get_data(as_text=True)
    assert sign_in("bakari").get("/connections?as=shule").status_code == 404


def test_the_signals_are_sent_after_the_commit(waiting, sign_in, database):
    heard = []

    def asked(_sender, **facts):
        heard.append(("asked", facts["introduction_id"]))

    def answered(_sender, **facts):
        heard.append(("answered", facts["state"]))

    introduction_asked.connect(asked)
    introduction_answered.connect(answered)
    sign_in("chausiku").submit("/introductions/ask/bakari", {"note": NOTE, "lang": "sw"})
    sign_in("bakari").submit(f"/introductions/{waiting}/accept", {}, page=f"/introductions/{waiting}")
    assert heard == [("asked", waiting + 1), ("answered", "accepted")]


def test_waiting_ones_come_first_and_the_list_is_paged(waiting, sign_in, database):
    with database.transaction() as session:
        bakari = session.get(Introduction, waiting).to_profile_id
        for number in range(25):
            other = make_person(session, f"other{number}", languages=[("sw", 5)])
            add(session, other.id, bakari, state="declined", open_key=None, decided_at=now())
    browser = sign_in("bakari")
    with count_statements(database) as sent:
        first = browser.get("/introductions").get_data(as_text=True)
    assert first.index("Amina") < first.index("Other24")
    assert "Other0<" not in first
    rest = browser.get(browser.last_page.find(".//a[@rel='next']").get("href")).get_data(as_text=True)
    assert "Other0<" in rest and "Other24<" not in rest
    assert len(sent) <= 25
    for mark in ("x", "9-9-9", "-1", "1-99999999999999999999999"):
        assert browser.get(f"/introductions?after={mark}").status_code == 200


def test_what_waits_for_a_merged_institution_is_answered_by_the_kept_one(waiting, sign_in, database):
    from app.features.relations.services import move_connections
    from app.features.threads.services import open_thread

    with database.transaction() as session:
        dalila = make_person(session, "dalila")
        keep = make_institution(session, "shule", dalila, name="Shule ya Msingi")
        duplicate = make_institution(session, "shule-2", merged_into_id=keep.id)
        amina = session.get(Introduction, waiting).from_profile_id
        number = add(session, amina, duplicate.id)
        # An older connection of the duplicate, moved by the merge; its thread stays with the duplicate.
        bakari = session.get(Introduction, waiting).to_profile_id
        from app.features.relations.services import connect

        connect(session, bakari, duplicate.id)
        open_thread(session, bakari, duplicate.id)
        move_connections(session, duplicate.id, keep.id)
    browser = sign_in("dalila")
    response = browser.submit(f"/introductions/{number}/accept", {}, page=f"/introductions/{number}")
    assert "fractions" in browser.get(response.location).get_data(as_text=True)
    assert connected(database, "amina", "shule")
    page = browser.get("/connections?as=shule").get_data(as_text=True)
    assert "Amina" in page and "Bakari" in page
    talk = browser.submit("/connections/bakari/talk", {"as": "shule"}, page="/connections?as=shule")
    assert browser.get(talk.location).status_code == 200
    assert "Send" in browser.get(talk.location).get_data(as_text=True)


def test_nobody_begins_a_thread_without_a_connection(waiting, sign_in):
    amina = sign_in("amina")
    token = amina.token("/introductions")
    for data in ({}, {"as": "bakari"}, {"as": "nobody"}):
        assert amina.post("/connections/bakari/talk", data={"csrf_token": token, **data}).status_code == 404
