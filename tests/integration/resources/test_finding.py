"""Finding resources: words in every script, filters as links, pages, what is open to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.renditions.models import Rendition
from tests.support.communities import make_community
from tests.support.people import make_person
from tests.support.resources import make_resource, make_review
from tests.support.statements import count_statements


@pytest.fixture
def people(database):
    """Two teachers."""
    with database.transaction() as session:
        make_person(session, "amina", languages=[("sw", 7, True), ("en", 5, False)])
        make_person(session, "li", languages=[("zh", 7, True)])


def _person(session, handle):
    from app.features.profiles.models import Person

    return session.query(Person).filter_by(handle=handle).one()


@pytest.mark.parametrize(
    ("title", "lang", "words"),
    [
        ("Mathématiques pour l’école", "fr", "mathematiques"),
        ("الرياضيات للجميع", "ar", "رياضيات"),
        ("हिन्दी की पढ़ाई", "hi", "पढाई"),
        ("数学游戏：分数", "zh", "游戏"),
        ("คณิตศาสตร์เบื้องต้น", "th", "คณิตศาสตร์"),
        ("Алгебра для всех", "ru", "алгеб"),
        ("𞤀𞤣𞤤𞤢𞤥", "ff", "𞤀𞤣𞤤𞤢𞤥"),
        ("Teachers and learners", "en", "teacher learn"),
    ],
)
def test_words_are_found_in_every_script(people, client, database, title, lang, words):
    with database.transaction() as session:
        make_resource(session, _person(session, "amina"), title, lang=lang, languages=(lang,))
        make_resource(session, _person(session, "amina"), "Something quite different", subjects=("0222",))
    page = client.get("/resources", query_string={"q": words}).get_data(as_text=True)
    assert title in page and "quite different" not in page
    assert "Nothing fits" in client.get("/resources", query_string={"q": words + " zzzz"}).get_data(as_text=True)


def test_words_that_name_a_subject_or_a_language_find_what_has_it(people, client, database):
    with database.transaction() as session:
        amina = _person(session, "amina")
        make_resource(session, amina, "Fractions", subjects=("0541",), languages=("sw",))
        make_resource(session, amina, "Rivers", subjects=("0532",))
    for words in ("mathématiques", "hisabati", "Kiswahili"):
        page = client.get("/resources", query_string={"q": words}).get_data(as_text=True)
        assert "Fractions" in page and "Rivers" not in page


def test_filters_are_links_with_counts(people, client, database):
    with database.transaction() as session:
        amina = _person(session, "amina")
        make_resource(session, amina, "Free book", levels=("1",), licence="CC-BY-4.0")
        make_resource(session, amina, "Fixed film", type="video", licence="CC-BY-NC-ND-4.0", languages=("fr",))
        make_resource(session, amina, "Closed text", licence="NOASSERTION", subjects=("0222",))
    page = client.get("/resources").get_data(as_text=True)
    assert "3 resources" in page and "use=adaptable" in page and "type=video" in page
    for query, found in (
        ({"use": "adaptable"}, {"Free book"}),
        ({"use": "copy"}, {"Free book", "Fixed film"}),
        ({"type": "video"}, {"Fixed film"}),
        ({"subject": "05"}, {"Free book", "Fixed film"}),
        ({"level": "1"}, {"Free book"}),
        ({"language": "fr"}, {"Fixed film"}),
        ({"language": ["fr", "en"], "use": "commercial"}, {"Free book"}),
        ({"type": "nonsense"}, {"Free book", "Fixed film", "Closed text"}),
    ):
        page = client.get("/resources", query_string=query).get_data(as_text=True)
        assert {t for t in ("Free book", "Fixed film", "Closed text") if t in page} == found, query
    assert "is not known here" in client.get("/resources?type=nonsense").get_data(as_text=True)
    assert "Nothing fits all of this" in client.get("/resources?level=8").get_data(as_text=True)


def test_the_page_of_filters_finds_and_shows(people, client, database):
    page = client.get("/resources/filters?find=subject&subject_q=biology").get_data(as_text=True)
    assert 'value="0511"' in page
    response = client.get("/resources/filters?show=1&subject=0511&q=x")
    assert response.status_code == 303 and "subject=0511" in response.location


def test_pages_go_on_without_gaps_and_cost_the_same(people, client, database):
    with database.transaction() as session:
        amina, li = _person(session, "amina"), _person(session, "li")
        community = make_community(session, "maths-east", amina)
        for number in range(45):
            # Several of the same moment: the number decides.
            at = now() - timedelta(minutes=number // 3)
            resource = make_resource(session, amina, f"Book {number:03d}", at=at, community=community, lang="fr")
            make_review(session, resource, li)
            fields = {"title": f"Livre {number}", "description": "x"}
            session.add(
                Rendition(
                    kind="resource", thing_id=resource.id, lang="en", fields=fields, source_lang="fr", of_version=1
                )
            )
    seen, address, counts = [], "/resources", []
    while address:
        with count_statements(database) as sent:
            page = client.get(address).get_data(as_text=True)
        counts.append(len(sent))
        seen += [n for n in range(45) if f">Livre {n}<" in page]
        link = next((e for e in client.last_page.iter("a") if e.get("rel") == "next"), None)
        address = link.get("href") if link is not None else None
        if address and len(seen) >= 45:
            assert "Nothing" not in page
    assert sorted(seen) == list(range(45)) and len(set(seen)) == 45
    assert max(counts[:2]) <= 12 and len(set(counts[:2])) == 1
    with count_statements(database) as sent:
        client.get("/communities/maths-east/resources")
    assert len(sent) <= 14


def test_what_a_community_keeps_to_its_members_stands_nowhere_else(people, client, sign_in, database):
    with database.transaction() as session:
        amina = _person(session, "amina")
        closed = make_community(session, "inner", amina, reading="members")
        resource = make_resource(session, amina, "Only for us", community=closed)
        hidden = make_resource(session, amina, "Taken out of sight")
        hidden.hidden_at = now()
        number, hidden_number = resource.id, hidden.id
    for browser in (client, sign_in("li")):
        assert "Only for us" not in browser.get("/resources").get_data(as_text=True)
        assert browser.get(f"/resources/{number}").status_code == 404
        assert browser.get(f"/resources/{number}.jsonld").status_code == 404
        assert browser.get("/communities/inner/resources").status_code == 403
        assert browser.get("/communities/inner/resources.jsonld").status_code == 403
        assert browser.get(f"/resources/{hidden_number}").status_code == 404
    amina = sign_in("amina")
    assert "Only for us" in amina.get("/communities/inner/resources").get_data(as_text=True)
    assert amina.get(f"/resources/{number}").status_code == 200
    assert "taken out of sight" in amina.get(f"/resources/{hidden_number}").get_data(as_text=True)
    assert "Taken out of sight" not in amina.get("/resources").get_data(as_text=True)


def test_a_reader_gets_title_and_text_in_their_language(people, client, database):
    with database.transaction() as session:
        resource = make_resource(session, _person(session, "amina"), "Hisabati", lang="sw", description="Kitabu.")
        fields = {"title": "Mathematics book", "description": "A *book*."}
        session.add(
            Rendition(
                kind="resource", thing_id=resource.id, lang="en", fields=fields, source_lang="sw",
                of_version=resource.version, by_person_id=None,
            )
        )  # fmt: skip
        number = resource.id
    page = client.get(f"/resources/{number}").get_data(as_text=True)
    assert "Mathematics book" in page and "A <em>book</em>" in page and "Translated from Swahili" in page
    assert "Mathematics book" in client.get("/resources").get_data(as_text=True)
    document = client.get(f"/resources/{number}.jsonld").get_json(force=True)
    assert {"@value": "Mathematics book", "@language": "en"} in document["name"]


@pytest.mark.parametrize(
    "address",
    ["/resources?at=%00", "/resources?subject=%00&level=-1&language=%ff", "/resources/999999999999",
     "/resources?q=%00%0a", "/communities/none/resources", "/resources?at=YS4wLjEuMQ", "/communities/%00/resources",
     "/communities/%00/practice", "/communities/%00/resources.jsonld", "/communities/x/practice/999999999999999999",
     "/resources.jsonld?q=%00",
     "/oai?verb=GetRecord&identifier=oai:localhost:999999999999999999&metadataPrefix=oai_dc",
     "/oai?verb=ListRecords&metadataPrefix=oai_dc&from=0001-01-01&until=9999-12-31",
     "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=community:%00"],
)  # fmt: skip
def test_odd_addresses_are_answered(people, client, address):
    assert client.get(address).status_code in (200, 404)
