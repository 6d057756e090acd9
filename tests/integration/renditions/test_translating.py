"""Writing translations: who may, what is kept, what is said beside them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.database import Database
from app.core.registries import Original, version_of
from app.features.renditions.models import Rendition, RenditionVersion
from app.features.renditions.queries import list_best, list_languages
from app.features.renditions.services.asking import forget_thing
from app.features.renditions.services.writing import save_machine_rendition
from tests.support.pages import CheckingClient
from tests.support.people import PASSWORD, make_person
from tests.support.statements import count_statements

EDIT = "/translations/note/7/en/edit"
SHOW = "/translations/note/7/en"


def words(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def write(browser: CheckingClient, path: str = EDIT, version: int = 0, of_version: int = 1, **texts: str) -> Any:
    """Send the form of a translation."""
    texts = texts or {"t_title": "Fractions", "t_text": "Hello **everybody**."}
    return browser.submit(path, {"version": version, "of_version": of_version, **texts})


def test_somebody_with_both_languages_translates_and_is_thanked(notes, people, sign_in, client):
    browser = sign_in("amina")
    page = browser.get(EDIT)
    assert "Bonjour à" in words(page) and 'lang="fr"' in page.get_data(as_text=True)
    assert write(browser).status_code == 303
    shown = sign_in("wei").get(SHOW)
    assert "Translated by Amina" in words(shown)
    assert "<strong>everybody</strong>" in shown.get_data(as_text=True)
    assert "Hello" in words(client.get(SHOW)), "a guest reads it, too"


@pytest.mark.parametrize("name", ["wei", "ines"])
def test_one_language_or_a_beginners_is_not_enough(name, notes, people, sign_in):
    browser = sign_in(name)
    refused = browser.get(EDIT)
    assert refused.status_code == 403
    assert "both languages" in words(refused)


def test_the_form_is_judged_like_the_page(notes, people, sign_in, database):
    browser = sign_in("wei")
    token = browser.token("/translations/note/7")
    sent = browser.post(EDIT, data={"csrf_token": token, "version": 0, "of_version": 1, "t_text": "Hello"})
    assert sent.status_code == 403
    with database.reading() as session:
        assert session.scalar(select(Rendition)) is None


def test_whoever_has_no_confirmed_address_does_not_write(notes, database, sign_in):
    with database.transaction() as session:
        make_person(session, "new", languages=[("fr", 7), ("en", 7)], account={"verified_at": None})
    assert sign_in("new").get(EDIT).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/translations/note/8/en", "/translations/nothing/7/en", "/translations/note/7/fr",
        "/translations/note/7/fr-CA",
        "/translations/note/7/qqq", "/translations/note/7/EN", "/translations/note/99999999999999999999/en",
    ],
)  # fmt: skip
def test_what_is_no_translation_is_not_there(path, notes, people, sign_in):
    assert sign_in("amina").get(path).status_code == 404


def test_what_one_may_not_read_one_does_not_translate(notes, people, sign_in):
    notes.only[7] = {people["kofi"]}
    browser = sign_in("amina")
    assert browser.get(SHOW).status_code == browser.get(EDIT).status_code == 404
    assert browser.get("/translations/note/7").status_code == 404
    assert sign_in("kofi").get(EDIT).status_code == 200


def test_a_part_may_be_left_for_later_but_not_everything(notes, people, sign_in, database):
    browser = sign_in("amina")
    empty = write(browser, t_title=" ", t_text="")
    assert empty.status_code == 422 and "Please write something" in words(empty)
    assert write(browser, t_title="Fractions", t_text="").status_code == 303
    assert "Not translated yet." in words(browser.get(SHOW))
    with database.reading() as session:
        assert session.scalars(select(Rendition)).one().fields == {"title": "Fractions"}


def test_too_long_a_text_is_refused_and_kept(notes, people, sign_in):
    refused = write(sign_in("amina"), t_title="Fractions", t_text="so long " * 200)
    assert refused.status_code == 422
    assert "please keep it to 500" in words(refused)
    assert "so long so long" in refused.get_data(as_text=True)


def test_what_was_typed_is_cleaned(notes, people, sign_in, database):
    write(sign_in("amina"), t_title="Frac\u202etions\n<script>", t_text="<script>alert(1)</script> \x00fine")
    with database.reading() as session:
        fields = session.scalars(select(Rendition)).one().fields
    assert fields == {"title": "Fractions <script>", "text": "<script>alert(1)</script> fine"}
    page = sign_in("wei").get(SHOW).get_data(as_text=True)
    assert "<script>alert" not in page


def test_a_correction_keeps_the_earlier_wording_and_thanks_both(notes, people, sign_in, database):
    write(sign_in("amina"))
    second = sign_in("kofi")
    assert write(second, version=1, t_title="Fractions", t_text="Good morning **everybody**.").status_code == 303
    page = sign_in("wei").get(SHOW)
    assert "Translated by Kofi · Amina" in words(page)
    before = sign_in("wei").get(SHOW + "?before=1")
    assert "<del>" in before.get_data(as_text=True) and "Hello" in words(before)
    with database.reading() as session:
        assert session.scalars(select(RenditionVersion)).one().fields["text"] == "Hello **everybody**."


def test_two_tabs_do_not_overwrite_each_other(notes, people, sign_in, database):
    one, other = sign_in("amina"), sign_in("kofi")
    assert write(one).status_code == 303
    late = write(other, t_title="Fractions!", t_text="My own words")
    assert late.status_code == 409
    assert "Nothing was overwritten" in words(late)
    assert "My own words" in late.get_data(as_text=True) and "Hello **everybody**." in words(late)
    assert 'name="version" type="hidden" value="1"' in late.get_data(as_text=True)
    assert write(other, version=1, t_title="Fractions!", t_text="My own words").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Rendition)).one().fields["text"] == "My own words"


def test_an_original_that_changes_meanwhile_is_shown_before_it_is_saved(notes, people, sign_in):
    browser = sign_in("amina")
    browser.get(EDIT)
    notes.change(7, text="Bonjour à tous et à toutes.")
    late = write(browser)
    assert late.status_code == 409
    assert "The original changed while you were writing" in words(late)
    assert "et à toutes" in words(late) and "Hello **everybody**." in late.get_data(as_text=True)
    assert write(browser, of_version=2).status_code == 303


def test_a_translation_grows_stale_and_says_what_changed(notes, people, sign_in, database):
    browser = sign_in("amina")
    write(browser)
    notes.change(7, text="Bonsoir à **tous**.")
    page = sign_in("wei").get(SHOW)
    assert "The original changed since this was translated" in words(page)
    marked = page.get_data(as_text=True)
    assert re.search(r"<del>.*Bonjour.*</del>", marked) and re.search(r"<ins>.*Bonsoir.*</ins>", marked)
    assert "Yours, where the original changed" in words(browser.get("/translations"))
    with database.reading() as session:
        guest = Actor(locale="en")
        assert list_best(session, guest, "note", {7: "fr"}, {7: 2})[7].stale
        assert not list_best(session, guest, "note", {7: "fr"}, {7: 1})[7].stale
    # The same words still hold: saved again, they belong to the original as it is now.
    assert write(browser, version=1, of_version=2).status_code == 303
    assert "changed since" not in words(browser.get(SHOW))
    assert "Translated by Amina" in words(browser.get(SHOW))


def test_another_reader_finds_it_right(notes, people, sign_in):
    writer = sign_in("amina")
    write(writer)
    assert "I read it, and it is right" not in words(writer.get(SHOW))
    assert writer.submit(SHOW + "/review", {"version": 1}, page=EDIT).status_code == 403
    assert sign_in("wei").submit(SHOW + "/review", {"version": 1}, page="/translations/note/7").status_code == 403
    second = sign_in("kofi")
    assert second.submit(SHOW + "/review", {"version": 1}, page=SHOW).status_code == 303
    assert "read and found right by Kofi" in words(writer.get(SHOW))
    # New words are to be read anew.
    write(writer, version=2, t_title="Fractions", t_text="Hi")
    assert "read and found right" not in words(writer.get(SHOW))


def test_a_review_is_of_the_wording_that_was_read(notes, people, sign_in):
    writer, second = sign_in("amina"), sign_in("kofi")
    write(writer)
    second.get(SHOW)
    write(writer, version=1, t_title="Fractions", t_text="Other words")
    answer = second.submit(SHOW + "/review", {"version": 1}, page=SHOW, follow_redirects=True)
    assert "The wording changed since you read it" in words(answer)
    assert "found right by" not in words(answer)


def test_the_best_rendition_for_a_reader(notes, people, sign_in, database):
    amina = sign_in("amina")
    write(amina)
    write(amina, path="/translations/note/7/sw/edit", t_title="Sehemu", t_text="Habari")
    with database.transaction() as session:
        save_machine_rendition(session, notes.rows[7], "zh", {"title": "分数", "text": "大家好"})
        save_machine_rendition(session, notes.rows[7], "en", {"title": "Breaks", "text": "Good day"})
    with database.reading() as session:
        english = list_best(session, Actor(locale="en"), "note", {7: "fr", 8: "fr"}, reading=["en"])
        assert list(english) == [7]
        shown = english[7]
        assert (shown.lang, shown.from_lang, shown.machine, shown.text("text")) == (
            "en",
            "fr",
            False,
            "Hello **everybody**.",
        )
        assert shown.by is not None and shown.by.name is None, (
            "a guest is not told the name of a person who shows it to members"
        )
        assert set(shown.others) == {"sw", "zh"}
        wei = Actor(account_id=9, person_id=people["wei"], locale="zh", languages=("zh", "en"), verified=True)
        chinese = list_best(session, wei, "note", {7: "fr"})[7]
        assert chinese.machine and chinese.text("title") == "分数" and chinese.text("nothing") is None
        assert list_best(session, Actor(locale="fr", languages=("fr-CA",)), "note", {7: "fr"}) == {}
        assert list_best(session, Actor(locale="ru"), "note", {7: "fr"}) == {}
        assert list_languages(session, "note", [7, 8])[7] == ("en", "sw", "zh")


def test_many_cost_what_few_cost(notes, people, database: Database):
    actor = Actor(account_id=9, person_id=people["wei"], locale="en", languages=("en",), verified=True)
    with database.transaction() as session:
        for number in range(1, 41):
            fields = {"text": "Bonjour"}
            session.add(
                Rendition(
                    kind="note", thing_id=number, lang="en", fields={"text": "Hello"}, source=fields, source_lang="fr",
                    of_version=1, by_person_id=people["amina"],
                )
            )  # fmt: skip
    with database.reading() as session, count_statements(database) as few:
        assert len(list_best(session, actor, "note", {1: "fr"})) == 1
    with database.reading() as session, count_statements(database) as many:
        assert len(list_best(session, actor, "note", dict.fromkeys(range(1, 41), "fr"))) == 40
    assert len(many) == len(few)
    with database.reading() as session, count_statements(database) as none:
        assert list_best(session, actor, "note", {1: "en"}) == {}
    assert none == []


def test_a_reported_translation_goes_out_of_sight(notes, people, sign_in, database):
    write(sign_in("amina"))
    with database.transaction() as session:
        make_person(session, "mod", roles=["moderator"], languages=[("en", 7)])
        number = session.scalars(select(Rendition.id)).one()
    reader = sign_in("wei")
    form = {"reason": "untrue", "note": "It says something else", "lang": "en"}
    assert reader.submit(f"/report/rendition/{number}", form).status_code == 303
    moderator = sign_in("mod")
    page = moderator.get("/reports")
    case = re.search(r"/reports/(\d+)", page.get_data(as_text=True))
    assert case
    done = moderator.submit(case.group(0), {"action": "hide", "reason": "It was not a translation."})
    assert done.status_code == 303
    assert "There is no translation" in words(reader.get(SHOW))
    assert sign_in("kofi").get(EDIT).status_code == 403
    with database.reading() as session:
        assert list_best(session, Actor(locale="en"), "note", {7: "fr"}) == {}


def test_what_is_gone_leaves_nothing(notes, people, sign_in, database):
    browser = sign_in("amina")
    write(browser)
    write(browser, version=1, t_title="Fractions", t_text="Again")
    browser.submit("/translations/note/7/ask", {"lang": "ar"}, page="/translations/note/7")
    with database.transaction() as session:
        forget_thing(session, "note", 7)
    assert "There is no translation" in words(browser.get(SHOW))
    with database.reading() as session:
        assert session.scalar(select(RenditionVersion)) is None


def test_going_takes_the_name_and_leaves_the_words(notes, people, sign_in):
    browser = sign_in("amina")
    write(browser)
    browser.submit("/translations/note/7/ask", {"lang": "ar"}, page="/translations/note/7")
    kept = browser.get("/account/download")
    data = kept.get_json() if kept.is_json else None
    assert data is not None and data["translations"]["written"][0]["texts"]["title"] == "Fractions"
    assert data["translations"]["asked_for"][0]["language"] == "ar"
    gone = browser.submit("/account/delete", {"current": PASSWORD})
    assert gone.status_code == 303, words(gone)
    page = words(sign_in("wei").get(SHOW))
    assert "A person who left" in page and "Hello" in page


def test_a_version_follows_from_the_words():
    one = version_of({"a": "x", "b": "y"})
    assert one == version_of({"b": "y", "a": "x"}) != version_of({"a": "x", "b": "z"})
    assert 0 <= one < 2**31
    assert isinstance(Original("k", 1, "t", "en", one, {}, {}, "home.index"), Original)
