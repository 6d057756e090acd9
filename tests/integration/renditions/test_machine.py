"""Machine translation: plugged in by a setting, marked as such, never in the place of a person's words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_socket import enable_socket
from sqlalchemy import select

from app.core.actor import Actor
from app.core.jobs import Job, work
from app.core.settings import Settings, SettingsError
from app.features.renditions import tasks
from app.features.renditions.models import Rendition
from app.features.renditions.queries import list_best
from tests.integration.renditions.test_translating import EDIT, SHOW, words, write
from tests.support.translating import Translator, translator

MACHINE = SHOW + "/machine"


@pytest.fixture
def server() -> Iterator[Translator]:
    """A server that puts everything in capitals, which is its idea of English."""
    enable_socket()
    with translator() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, server: Translator) -> Settings:
    """The same settings with the server plugged in."""
    return settings.model_copy(update={"translate_url": server.url, "translate_key": "k-1", "fetch_loopback": True})


def let_it(browser, path: str = MACHINE, page: str = "/translations/note/7"):
    """Let the machine translate."""
    return browser.submit(path, {}, page=page)


def rows(database) -> list[Rendition]:
    """Every rendition."""
    with database.reading() as session:
        found = list(session.scalars(select(Rendition).order_by(Rendition.id)))
        session.expunge_all()
        return found


def test_a_machine_translates_and_is_marked(notes, people, sign_in, database, server):
    browser = sign_in("wei")
    assert "Let a machine try until then" in words(browser.get(SHOW))
    assert let_it(browser).status_code == 303
    assert "A machine is at work" in words(browser.get(SHOW))
    work(database, until_empty=True)
    page = words(browser.get(SHOW))
    assert "LES FRACTIONS" in page and "Translated by A machine" in page and "A machine wrote this." in page
    assert server.asked[0] == {"q": "Les fractions", "source": "fr", "target": "en", "format": "text", "api_key": "k-1"}
    with database.reading() as session:
        shown = list_best(session, Actor(locale="en"), "note", {7: "fr"})[7]
    assert shown.machine and not shown.reviewed
    assert "Les fractions" in words(sign_in("amina").get("/translations")), "the wish for a person's stays open"


def test_a_person_takes_the_machines_place_and_never_the_other_way(notes, people, sign_in, database, server):
    reader = sign_in("wei")
    let_it(reader)
    work(database, until_empty=True)
    writer = sign_in("amina")
    assert "A machine wrote what stands here" in words(writer.get(EDIT))
    assert write(writer, version=1).status_code == 303
    assert "Translated by Amina · A machine" in words(reader.get(SHOW))
    assert "Let a machine" not in words(reader.get(SHOW))
    assert let_it(reader).status_code == 403
    assert rows(database)[0].fields["title"] == "Fractions"


def test_a_person_who_was_quicker_is_not_overwritten(notes, people, sign_in, database, server):
    let_it(sign_in("wei"))
    write(sign_in("amina"))
    work(database, until_empty=True)
    assert [(row.machine, row.fields["title"]) for row in rows(database)] == [(False, "Fractions")]


def test_a_person_who_writes_while_the_machine_thinks_is_not_overwritten(notes, people, sign_in, database, server):
    writer = sign_in("amina")
    writer.get(EDIT)

    def slow(text: str) -> str:
        if not rows(database):
            assert write(writer).status_code == 303
        return text.upper()

    server.word = slow
    let_it(sign_in("wei"))
    work(database, until_empty=True)
    assert [(row.machine, row.fields["title"]) for row in rows(database)] == [(False, "Fractions")]


def test_what_a_person_found_right_stays(notes, people, sign_in, database, server):
    reader = sign_in("wei")
    let_it(reader)
    work(database, until_empty=True)
    assert sign_in("kofi").submit(SHOW + "/review", {"version": 1}, page=SHOW).status_code == 303
    assert "a person who has both languages found it right" in words(reader.get(SHOW))
    assert let_it(reader).status_code == 403


MARKDOWN = """# Deux moitiés

Bonjour à *tous*, voir https://example.org/Carte pour la carte.

- une moitié
- [un quart](https://example.org/Quart)
  1. un huitième

> cité

```python
print("ne pas traduire")
```

fin"""


def test_markdown_keeps_its_shape(notes, people, sign_in, database, server):
    notes.add(7, text=MARKDOWN)
    let_it(sign_in("wei"))
    work(database, until_empty=True)
    got = rows(database)[0].fields["text"]
    assert got.splitlines()[0] == "# DEUX MOITIÉS"
    assert "- UNE MOITIÉ" in got and "  1. UN HUITIÈME" in got and "> CITÉ" in got
    assert '```python\nprint("ne pas traduire")\n```' in got
    assert "https://example.org/Carte" in got and "https://example.org/Quart" in got
    assert len(got.splitlines()) == len(MARKDOWN.splitlines())


def test_long_texts_go_in_pieces_and_lose_nothing(notes, people, sign_in, database, server):
    paragraphs = [f"Paragraphe {number}. " + "mot " * 200 for number in range(10)] + ["Une phrase longue. " * 200]
    notes.add(7, text="\n\n".join(paragraphs))
    let_it(sign_in("wei"))
    work(database, until_empty=True)
    assert all(len(asked["q"]) <= 1800 for asked in server.asked)
    assert len(server.asked) > 4
    got = rows(database)[0].fields["text"]
    assert all(f"PARAGRAPHE {number}." in got for number in range(10))
    assert got.count("UNE PHRASE LONGUE.") == 200


def test_a_machine_that_loses_count_of_lines_gets_them_one_by_one(notes, people, sign_in, database, server):
    notes.add(7, text="- une\n- deux\n- trois")
    server.word = lambda text: text.upper().replace("\n", " ")
    let_it(sign_in("wei"))
    work(database, until_empty=True)
    assert rows(database)[0].fields["text"] == "- UNE\n- DEUX\n- TROIS"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"status": 500}, "did not give an answer"),
        ({"status": 403}, "did not give an answer"),
        ({"status": 429}, "too much to do"),
        ({"raw": b"<html>"}, "did not give an answer"),
        ({"word": lambda _text: ""}, "did not give an answer"),
        ({"languages": {"error": "no"}}, "did not give an answer"),
        ({"languages": [{"code": "en"}, {"code": "de"}]}, "does not have these two languages"),
        ({"languages": [{"code": "fr", "targets": ["de"]}, {"code": "en"}]}, "does not have these two languages"),
    ],
)
def test_a_failure_is_said_and_can_be_tried_again(setting, said, notes, people, sign_in, database, server):
    browser = sign_in("wei")
    good = dict(server.__dict__)
    server.__dict__.update(setting)
    let_it(browser)
    work(database, until_empty=True)
    page = words(browser.get(SHOW))
    assert "A machine tried." in page and said in page
    assert rows(database) == []
    server.__dict__.update(good)
    assert let_it(browser).status_code == 303
    work(database, until_empty=True)
    assert "LES FRACTIONS" in words(browser.get(SHOW))
    assert "A machine tried." not in words(browser.get(SHOW))


def test_a_server_that_is_away_is_said(notes, people, sign_in, database, settings):
    tasks.use_settings(settings.model_copy(update={"translate_url": "http://127.0.0.1:9"}))
    browser = sign_in("wei")
    let_it(browser)
    work(database, until_empty=True)
    assert "could not be reached" in words(browser.get(SHOW))


def test_an_address_on_this_machine_is_refused_without_the_setting_of_the_tests(
    notes, people, sign_in, database, settings, server
):
    tasks.use_settings(settings.model_copy(update={"fetch_loopback": False}))
    browser = sign_in("wei")
    let_it(browser)
    work(database, until_empty=True)
    assert "could not be reached" in words(browser.get(SHOW))
    assert server.asked == []


def test_languages_are_found_under_the_servers_own_names(notes, people, sign_in, database, server):
    notes.add(7, lang="pt", title="Frações", text="Olá")
    browser = sign_in("wei")
    let_it(browser, "/translations/note/7/zh/machine")
    work(database, until_empty=True)
    assert {(asked["source"], asked["target"]) for asked in server.asked} == {("pt-BR", "zh-Hans")}
    assert [(row.lang, row.machine) for row in rows(database)] == [("zh", True)]


def test_asking_twice_is_one_job(notes, people, sign_in, database, server):
    let_it(sign_in("wei"))
    let_it(sign_in("ines"))
    with database.reading() as session:
        assert len(session.scalars(select(Job).where(Job.name == "renditions.translate")).all()) == 1


def test_whoever_may_not_read_it_gets_no_machine_either(notes, people, sign_in, client, server):
    notes.only[7] = {people["kofi"]}
    assert let_it(sign_in("wei"), page="/account/password").status_code == 404
    assert client.post(MACHINE).status_code in (302, 303, 400, 401)


def test_production_wants_a_safe_address():
    with pytest.raises(SettingsError, match="TRANSLATE_URL"):
        Settings(app_env="production", translate_url="http://translate.example.org").check()
