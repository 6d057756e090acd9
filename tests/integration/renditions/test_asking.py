"""Wishing for translations: who is asked, who hears of it, what waits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.core.clock import now
from app.core.jobs import Job, work
from app.features.accounts.models import Account
from app.features.profiles.models import Person
from app.features.relations.services import block
from app.features.renditions.models import RenditionAsker, RenditionRequest, TranslatorAsked
from tests.integration.renditions.test_translating import words, write
from tests.support.people import make_person
from tests.support.statements import count_statements

CHOOSE, ASK = "/translations/note/7", "/translations/note/7/ask"


def ask(browser, lang="en", number=7):
    """Ask for a translation, from the page of languages."""
    page = f"/translations/note/{number}"
    return browser.submit(f"{page}/ask", {"lang": lang}, page=page)


def told(database, kind="translation_wanted"):
    """Whom the notices of a kind went to, in order."""
    with database.reading() as session:
        rows = session.scalars(select(Job).where(Job.name == "notifications.tell").order_by(Job.id))
        return [row.payload["person_ids"] for row in rows if row.payload["kind"] == kind]


def test_a_wish_finds_those_who_have_both_languages(notes, people, sign_in, database):
    assert ask(sign_in("wei")).status_code == 303
    work(database, until_empty=True)
    assert told(database) == [sorted([people["amina"], people["kofi"]])]
    waiting = sign_in("kofi").get("/translations")
    assert "Les fractions" in words(waiting) and "French to English" in words(waiting)
    assert "Les fractions" not in words(sign_in("ines").get("/translations"))


def test_many_ask_for_the_same_and_are_all_told(notes, people, sign_in, database):
    first, second = sign_in("wei"), sign_in("ines")
    ask(first)
    ask(first)
    ask(second)
    with database.reading() as session:
        assert len(session.scalars(select(RenditionRequest)).all()) == 1
        assert len(session.scalars(select(RenditionAsker)).all()) == 2
    assert "2 people would like it" in words(sign_in("amina").get("/translations"))
    writer = sign_in("amina")
    write(writer)
    assert told(database, "translation_made") == [sorted([people["wei"], people["ines"]])]
    assert "It is there" in words(first.get("/translations"))
    assert "Les fractions" not in words(writer.get("/translations"))
    answer = first.submit(ASK, {"lang": "en"}, page=CHOOSE, follow_redirects=True)
    assert "This translation is there already" in words(answer)


def test_a_part_of_a_translation_leaves_the_wish_open(notes, people, sign_in):
    ask(sign_in("wei"))
    browser = sign_in("amina")
    write(browser, t_title="Fractions", t_text="")
    assert "Les fractions" in words(browser.get("/translations"))


def test_nobody_is_asked_twice_a_day_nor_across_a_block(notes, people, sign_in, database):
    notes.add(8, title="Une autre")
    with database.transaction() as session:
        block(session, people["kofi"], people["wei"])
    browser = sign_in("wei")
    ask(browser)
    ask(browser, number=8)
    work(database, until_empty=True)
    assert told(database) == [[people["amina"]]]
    with database.transaction() as session:
        session.get(TranslatorAsked, people["amina"]).at = now() - timedelta(days=2)
    ask(browser, "sw")
    ask(browser, "fr-BE")
    work(database, until_empty=True)
    assert told(database) == [[people["amina"]], [people["amina"]]]


def test_at_most_five_hear_of_it_the_latest_seen_first(notes, people, sign_in, database):
    with database.transaction() as session:
        several = [make_person(session, f"p{at}", languages=[("ar", 7), ("fr", 6)]) for at in range(8)]
        for at, person in enumerate(several):
            session.get(Account, person.account_id).last_seen_at = now() - timedelta(days=at)
        session.get(Account, several[0].account_id).suspended_at = now()
        session.get(Person, several[1].id).hidden_at = now()
        expected = [person.id for person in several[2:7]]
    ask(sign_in("wei"), "ar")
    work(database, until_empty=True)
    assert told(database) == [sorted(expected)]


def test_only_those_who_may_read_it_hear_of_it(notes, people, sign_in, database):
    notes.only[7] = {people["wei"], people["kofi"]}
    ask(sign_in("wei"))
    work(database, until_empty=True)
    assert told(database) == [[people["kofi"]]]
    assert "Les fractions" not in words(sign_in("amina").get("/translations"))
    assert "Les fractions" in words(sign_in("kofi").get("/translations"))


def test_where_nobody_has_both_it_says_so(notes, people, sign_in):
    browser = sign_in("wei")
    ask(browser, "hi")
    page = words(browser.get("/translations"))
    assert "Nobody here has both languages yet" in page and "French to Hindi – 1 text waits" in page
    ask(browser, "sw")
    assert "French to Swahili – " not in words(browser.get("/translations")), "Amina has both"


def test_a_language_must_be_one_and_another(notes, people, sign_in):
    browser = sign_in("wei")
    same = ask(browser, "fr-CA")
    assert same.status_code == 422 and "written in this language already" in words(same)
    assert ask(browser, "english please").status_code == 422
    assert ask(browser, "").status_code == 422


def test_guests_and_those_without_a_profile_are_shown_the_way(notes, people, client, sign_in, database):
    assert "Sign in with a confirmed address" in words(client.get(CHOOSE))
    assert client.get("/translations").status_code in (302, 303)
    with database.transaction() as session:
        make_person(session, "new", languages=[("fr", 7)], account={"verified_at": None})
    browser = sign_in("new")
    assert browser.submit(ASK, {"lang": "en"}, page="/account/password").status_code == 403
    assert "no two languages" in words(browser.get("/translations"))


def test_a_page_of_the_queue_costs_the_same_however_long_it_is(notes, people, sign_in, database):
    with database.transaction() as session:
        for number in range(100, 160):
            notes.add(number, title=f"Numéro {number}")
            session.add(
                RenditionRequest(
                    kind="note", thing_id=number, lang="en", lang_base="en", source_base="fr",
                    open_key=f"note:{number}:en",
                )
            )  # fmt: skip
    browser = sign_in("amina")
    with count_statements(database) as many:
        page = browser.get("/translations")
    assert "Numéro 119" in words(page) and "Numéro 120" not in words(page)
    following = browser.get("/translations?after=" + page.get_data(as_text=True).split("after=")[1].split('"')[0])
    assert "Numéro 120" in words(following) and "Numéro 119" not in words(following)
    with database.transaction() as session:
        for request in session.scalars(select(RenditionRequest).where(RenditionRequest.thing_id > 101)):
            session.delete(request)
    with count_statements(database) as few:
        browser.get("/translations")
    assert len(many) == len(few)


def test_the_first_page_tells_those_who_could_help(notes, people, sign_in):
    browser = sign_in("amina")
    assert "waits for a translation" not in words(browser.get("/"))
    ask(sign_in("wei"))
    assert "1 text waits for a translation that you could make" in words(browser.get("/"))
    assert "waits for a translation" not in words(sign_in("ines").get("/"))
