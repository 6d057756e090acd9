"""The directory finds who it should, and nobody by what they keep to themselves."""

from __future__ import annotations

import re

import pytest

from app.core.database import Database
from app.features.profiles.models import PARTS
from app.features.relations.services import block, connect
from tests.support.pages import CheckingClient
from tests.support.people import make_institution, make_person

OPEN = dict.fromkeys(PARTS, "everyone")


def names_on(client: CheckingClient, address: str) -> list[str]:
    """The names on the cards of a page, in their order."""
    response = client.get(address)
    assert response.status_code == 200
    html = response.get_data(as_text=True)
    return [re.sub(r"<[^>]+>", "", m) for m in re.findall(r"<h3>(.*?)</h3>", html) if "<bdi" in m]


def text_of(client: CheckingClient, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).get_data(as_text=True)))


@pytest.fixture
def world(database: Database):
    with database.transaction() as session:
        make_person(
            session,
            "amina",
            name="Amina Otieno",
            country="KE",
            subjects=["0541"],
            levels=["2"],
            languages=[("sw", 7, True), ("en", 5)],
            offers=[("translate", "0541", "sw")],
            needs=[("review",)],
            about={"en": "I write open mathematics textbooks."},
            audiences=OPEN,
        )
        make_person(
            session,
            "li",
            name="李明",
            country="CN",
            subjects=["0114", "0511"],
            levels=["3"],
            languages=[("zh", 7), ("en", 3)],
            about={"zh": "教育发展与开放资源"},
            audiences=OPEN,
        )
        make_person(
            session,
            "zoe",
            name="Zoé Désirée",
            country="FR",
            subjects=["05"],
            levels=["1"],
            languages=[("fr", 7), ("pt-BR", 4)],
            about={"fr": "الرياضيات للجميع"},
            audiences=OPEN,
        )
        make_institution(
            session, "nairobi", name="University of Nairobi", country="KE", type="university", claimed=False
        )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/directory?subject=05", {"Amina Otieno", "李明", "Zoé Désirée"}),
        ("/directory?subject=0541", {"Amina Otieno"}),
        ("/directory?subject=0541&subject=0511", {"Amina Otieno", "李明"}),
        ("/directory?level=1", {"Zoé Désirée"}),
        ("/directory?language=en", {"Amina Otieno", "李明"}),
        ("/directory?language=en&at_least=B2", {"Amina Otieno"}),
        ("/directory?language=pt", {"Zoé Désirée"}),
        ("/directory?place=KE", {"Amina Otieno", "University of Nairobi"}),
        ("/directory?place=002", {"Amina Otieno", "University of Nairobi"}),
        ("/directory?place=001", {"Amina Otieno", "University of Nairobi", "李明", "Zoé Désirée"}),
        ("/directory?kind=institution", {"University of Nairobi"}),
        ("/directory?type=university", {"University of Nairobi"}),
        ("/directory?offer=translate", {"Amina Otieno"}),
        ("/directory?need=review", {"Amina Otieno"}),
        ("/directory?need=translate", set()),
        ("/directory?q=发展", {"李明"}),
        ("/directory?q=展", {"李明"}),
        ("/directory?q=明", {"李明"}),
        ("/directory?q=zoe desir", {"Zoé Désirée"}),
        ("/directory?q=للجميع", {"Zoé Désirée"}),
        ("/directory?q=رياضيات", {"Zoé Désirée", "Amina Otieno"}),
        ("/directory?q=الرياضيات شرق أفريقيا", {"Amina Otieno"}),
        ("/directory?q=TEXTBOOK", {"Amina Otieno"}),
        ("/directory?q=nairobi", {"University of Nairobi"}),
        ("/directory?q=otieno&place=CN", set()),
        ("/directory?q=maths", {"Amina Otieno"}),
        ("/directory?q=maths kenya", {"Amina Otieno"}),
        ("/directory?q=kiswahili", {"Amina Otieno"}),
        ("/directory?q=biology otieno", set()),
        ("/directory?q=...", set()),
        ("/directory?q=%00%27%22%29 OR *", set()),
    ],
)
def test_filters_find(client: CheckingClient, world, address, expected):
    assert set(names_on(client, address)) == expected


def test_a_name_comes_before_a_text_and_the_unclaimed_come_last(client: CheckingClient, database: Database):
    with database.transaction() as session:
        make_person(session, "first", name="Kofi Mensah", about={"en": "Works with Nairobi."}, audiences=OPEN)
        make_person(session, "second", name="Nairobia Ade", audiences=OPEN)
        make_person(session, "third", name="Nairobi Ade", audiences=OPEN)
        make_institution(session, "uni", name="Nairobi", claimed=False)
    assert names_on(client, "/directory?q=nairobi") == ["Nairobi Ade", "Nairobi", "Nairobia Ade", "Kofi Mensah"]
    assert names_on(client, "/directory")[-1] == "Nairobi"


def test_every_name_of_an_institution_finds_it(client: CheckingClient, database: Database):
    from app.features.profiles.models import InstitutionName
    from app.features.profiles.services.changes import note_change

    with database.transaction() as session:
        cairo = make_institution(session, "cairo", name="Cairo University")
        cairo.names.append(InstitutionName(name="جامعة القاهرة", lang="ar"))
        cairo.names.append(InstitutionName(name="CU", kind="acronym"))
        note_change(session, cairo)
    for word in ("القاهره", "CAIRO", "cu", "قاهرة"):
        assert names_on(client, f"/directory?q={word}") == ["Cairo University"]


def test_hindi_words_stay_whole(client: CheckingClient, database: Database):
    with database.transaction() as session:
        make_person(session, "asha", name="आशा", about={"hi": "हिन्दी की पढ़ाई"}, audiences=OPEN)
    assert names_on(client, "/directory?q=हिन्दी") == ["आशा"]
    assert names_on(client, "/directory?q=न्दी") == []


def test_nobody_is_found_by_what_they_keep(client: CheckingClient, sign_in, database: Database):
    with database.transaction() as session:
        kept = {
            "name": "members",
            "texts": "connections",
            "teaching": "members",
            "languages": "connections",
            "exchange": "me",
        }
        amina = make_person(
            session,
            "amina",
            name="Amina Otieno",
            country="KE",
            subjects=["0541"],
            levels=["2"],
            languages=[("sw", 7)],
            offers=[("translate",)],
            about={"en": "Volcanoes"},
            audiences=kept,
        )
        friend = make_person(session, "friend", audiences=OPEN)
        make_person(session, "stranger", audiences=OPEN)
        connect(session, amina.id, friend.id)
    stranger, connected = sign_in("stranger"), sign_in("friend")
    cases = {
        "/directory?q=otieno": (False, True, True),
        "/directory?subject=05": (False, True, True),
        "/directory?level=2": (False, True, True),
        "/directory?q=hisabati": (False, True, True),
        "/directory?q=swahili": (False, False, True),
        "/directory?q=volcanoes": (False, False, True),
        "/directory?q=otieno volcanoes": (False, False, True),
        "/directory?language=sw": (False, False, True),
        "/directory?offer=translate": (False, False, False),
    }
    for address, expected in cases.items():
        found = tuple(bool(names_on(browser, address)) for browser in (client, stranger, connected))
        assert found == expected, address
        facet = text_of(client, "/directory")
        assert "Mathematics" not in facet
        assert "Swahili" not in facet
    assert names_on(client, "/directory?place=KE") == ["A teacher – Kenya"]


def test_the_blocked_and_the_hidden_are_not_there(sign_in, client: CheckingClient, database: Database):
    from app.core.clock import now

    with database.transaction() as session:
        amina = make_person(session, "amina", country="KE", audiences=OPEN)
        other = make_person(session, "other", country="KE", audiences=OPEN)
        make_person(session, "gone", country="KE", audiences=OPEN, hidden_at=now())
        block(session, amina.id, other.id)
    assert set(names_on(client, "/directory?place=KE")) == {"Amina", "Other"}
    assert names_on(sign_in("other"), "/directory?place=KE") == ["Other"]


def test_counts_leave_out_their_own_filter(client: CheckingClient, world):
    page = text_of(client, "/directory?place=KE")
    assert re.search(r"People 1 ", page)
    assert re.search(r"Institutions 1 ", page)
    page = text_of(client, "/directory?kind=person&language=sw")
    assert re.search(r"English 2 ", page)
    assert re.search(r"Swahili 1 ", page)


def test_what_is_hidden_is_said(client: CheckingClient, sign_in, database: Database):
    with database.transaction() as session:
        for number in range(7):
            make_person(session, f"p{number}", country="KE", subjects=["0541"], languages=[("en", 3)],
                        audiences={**OPEN, "teaching": "members"})  # fmt: skip
        make_person(session, "best", country="KE", languages=[("en", 7)], audiences=OPEN)
    assert "At least 5 more people fit" in text_of(client, "/directory?subject=0541")
    assert "At least" not in text_of(sign_in("best"), "/directory?subject=0541")
    assert "7 more know the language less well" in text_of(client, "/directory?language=en&at_least=C1")
    assert "8 more do not say to know this language" in text_of(client, "/directory?language=fr")
    # A name that finds nobody does not tell whether somebody of that name keeps it closed.
    assert "At least" not in text_of(client, "/directory?q=p1&subject=0541")


def test_pages_meet_without_gaps_in_both_directions(client: CheckingClient, database: Database):
    with database.transaction() as session:
        for number in range(45):
            make_person(session, f"p{number:02d}", audiences=OPEN)
    seen, address, before = [], "/directory", None
    while address:
        seen += names_on(client, address)
        links = dict(re.findall(r'href="([^"]+)" rel="(\w+)"', client.get(address).get_data(as_text=True)))
        rel = {r: href.replace("&amp;", "&") for href, r in links.items()}
        before, address = rel.get("prev"), rel.get("next")
    assert len(seen) == len(set(seen)) == 45
    assert before is not None
    assert names_on(client, before) == seen[20:40]


def test_strange_addresses_are_answered(client: CheckingClient, world):
    page = text_of(client, "/directory?subject=9x9&language=klingon&place=ZZ&kind=dog&at_least=Q9&at=AAAA&level=77")
    assert "“9x9” is not known here" in page
    for at in ("", "%00", "a" * 500, "YS4xLjEuMQ", "🙂"):
        assert client.get(f"/directory?at={at}").status_code == 200
    assert client.get("/directory?" + "&".join(["subject=0541"] * 500)).status_code == 200
    assert client.get("/directory?q=" + "x" * 3000).status_code == 200


def test_guessed_addresses_lead_here(client: CheckingClient):
    assert client.get("/people").location == "/directory?kind=person"
    assert client.get("/institutions").location == "/directory?kind=institution"


def test_typed_words_lead_to_filters(client: CheckingClient, world):
    html = client.get("/directory?q=maths Kenya").get_data(as_text=True)
    assert "/directory?q=Kenya&amp;subject=0541" in html
    assert "/directory?q=maths&amp;place=KE" in html
    assert "/directory?q=maths&amp;place=ZA" in client.get("/directory?q=maths south africa").get_data(as_text=True)


def test_the_filters_page_works_without_scripts(client: CheckingClient, world):
    page = client.get("/directory/filters?subject=0511&subject_q=maths&find=subject&place_q=")
    # What was found takes the place of what was typed: "show" then shows, without a second search.
    assert 'name="subject_q" value=""' in page.get_data(as_text=True)
    html = page.get_data(as_text=True)
    assert 'value="0541"' in html
    assert re.search(r'value="0511" checked', html)
    shown = client.get("/directory/filters?subject=0541&at_least=&kind=&show=1&subject_q=")
    assert shown.status_code == 303
    assert shown.location == "/directory?subject=0541"
    # Enter in the words field presses the first button, which is that of a picker.
    assert client.get("/directory/filters?q=otieno&find=subject&subject_q=").location == "/directory?q=otieno"
    # A word left in a picker is looked up instead of lost.
    assert 'value="0541"' in client.get("/directory/filters?subject_q=maths&show=1").get_data(as_text=True)


def test_the_number_of_queries_does_not_grow(client: CheckingClient, database: Database):
    from sqlalchemy import event

    def count(address: str) -> int:
        statements: list[str] = []

        def note(_c, _cursor, statement, *_more):
            statements.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        client.get(address)
        event.remove(database.engine, "before_cursor_execute", note)
        return len(statements)

    with database.transaction() as session:
        make_person(session, "one", subjects=["0541"], languages=[("en", 7)], audiences=OPEN)
    few = count("/directory?subject=05")
    with database.transaction() as session:
        for number in range(30):
            make_person(
                session, f"p{number}", subjects=["0541", "0511"], languages=[("en", 7), ("fr", 3)], audiences=OPEN
            )
        for number in range(5):
            make_institution(session, f"i{number}", subjects=["0541"])
    assert count("/directory?subject=05") <= few + 1  # institutions have names to load
    assert few <= 25


def test_reindex_and_delete(client: CheckingClient, runner, database: Database):
    from sqlalchemy import text

    from app.features.profiles.models import Person

    with database.transaction() as session:
        make_person(session, "amina", name="Amina Otieno", audiences=OPEN)
        make_person(session, "zoe", name="Zoe", audiences=OPEN)
        session.execute(text("DELETE FROM search_fts"))
    assert names_on(client, "/directory?q=otieno") == []
    result = runner.invoke(args=["directory", "reindex"])
    assert result.exit_code == 0
    assert "2 profiles indexed" in result.stderr
    assert names_on(client, "/directory?q=otieno") == ["Amina Otieno"]
    with database.transaction() as session:
        session.delete(session.query(Person).filter_by(handle="amina").one())
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM search_fts")) == 1


def test_a_restored_backup_is_searchable(client: CheckingClient, runner, database: Database, tmp_path):
    from sqlalchemy import text

    with database.transaction() as session:
        make_person(session, "amina", name="Amina Otieno", audiences=OPEN)
    file = str(tmp_path / "backup.gz")
    assert runner.invoke(args=["backup", file]).exit_code == 0
    with database.transaction() as session:
        session.execute(text("DELETE FROM search_fts"))
    result = runner.invoke(args=["restore", file])
    assert result.exit_code == 0, result.stderr
    assert names_on(client, "/directory?q=otieno") == ["Amina Otieno"]
