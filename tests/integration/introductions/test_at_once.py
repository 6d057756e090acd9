"""Several requests at the same moment: one result, and nobody sees an error."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from app.features.introductions.models import Introduction
from app.features.relations.models import Connection
from app.features.threads.models import Message, Thread
from tests.support.people import make_person

NOTE = "Habari, I teach mathematics too. Shall we compare our plans for fractions?"


def at_once(*calls):
    """Make the calls at the same moment; what each gave."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(20)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def asking(browser, handle):
    """A call that asks ``handle``, with the page already open."""
    data = {"csrf_token": browser.token(f"/introductions/ask/{handle}"), "note": NOTE, "lang": "en"}
    return lambda: browser.post(f"/introductions/ask/{handle}", data=data).status_code


def count(database, table):
    with database.reading() as session:
        return session.query(table).count()


def test_the_last_place_of_a_month_is_given_once(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina", monthly_contacts=2)
        for number in range(5):
            make_person(session, f"other{number}")
    answers = at_once(*(asking(sign_in(f"other{number}"), "amina") for number in range(5)))
    assert sorted(answers) == [303, 303, 422, 422, 422]
    assert count(database, Introduction) == 2


def test_two_who_ask_each_other_have_one_introduction(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina")
        make_person(session, "bakari")
    answers = at_once(asking(sign_in("amina"), "bakari"), asking(sign_in("bakari"), "amina"))
    assert answers == [303, 303]
    assert count(database, Introduction) == 1


def test_a_form_sent_twice_at_once_is_one_introduction(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina")
        make_person(session, "bakari")
    answers = at_once(*(asking(sign_in("amina"), "bakari") for _time in range(3)))
    assert answers == [303, 303, 303]
    assert count(database, Introduction) == 1


def test_many_yeses_at_once_are_one_connection(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina")
        make_person(session, "bakari")
    path = sign_in("amina").submit("/introductions/ask/bakari", {"note": NOTE, "lang": "en"}).location

    def accepting():
        browser = sign_in("bakari")
        data = {"csrf_token": browser.token(path), "reply": "Yes", "lang": "en"}
        return lambda: browser.post(f"{path}/accept", data=data).status_code

    assert at_once(*(accepting() for _time in range(3))) == [303, 303, 303]
    assert (count(database, Connection), count(database, Thread), count(database, Message)) == (1, 1, 2)
