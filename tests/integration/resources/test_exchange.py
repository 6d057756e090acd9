"""Import and export of LRMI: what repositories write, what comes back from what we write."""

from __future__ import annotations

import json
import random
from io import BytesIO

import pytest

from app.features.profiles.models import Person
from app.features.resources.models import Resource
from tests.support.communities import make_community
from tests.support.people import make_person
from tests.support.resources import make_resource

FOREIGN = {
    "@context": {"schema": "http://schema.org/"},
    "@graph": [
        {"@type": "schema:WebPage", "schema:name": "A page around it"},
        {
            "@type": ["schema:Course", "LearningResource"],
            "schema:name": {"@value": "Curso de álgebra", "@language": "es"},
            "schema:url": "https://repository.example.org/algebra",
            "license": {"@id": "http://creativecommons.org/licenses/by-nc-sa/3.0/igo/deed.es"},
            "author": [{"@type": "Person", "givenName": "Ana", "familyName": "Ruiz"}, "UNAM (sample)"],
            "inLanguage": "es-MX",
            "educationalAlignment": [
                {"@type": "AlignmentObject", "alignmentType": "educationalSubject", "targetName": "Matemáticas"},
                {"@type": "AlignmentObject", "alignmentType": "educationalLevel", "targetName": "upper secondary"},
            ],
            "encoding": {"@type": "MediaObject", "encodingFormat": "application/pdf"},
            "audience": {"@type": "EducationalAudience", "educationalRole": ["teacher", "astronaut"]},
            "isBasedOn": "https://example.org/english-algebra",
        },
        {"@type": "Book", "name": "Nothing but a name"},
        {"@type": "Book", "name": "Says no language", "url": "https://example.org/silent"},
    ],
}


@pytest.fixture
def world(database):
    """Somebody who brings lists, and a community."""
    with database.transaction() as session:
        amina = make_person(session, "amina")
        make_community(session, "maths-east", amina)


def _tokens(browser, response):
    inputs = {e.get("name"): e.get("value") for e in browser.last_page.iter("input") if e.get("type") == "hidden"}
    text = next(e.text or "" for e in browser.last_page.iter("textarea") if e.get("name") == "text")
    return {"csrf_token": inputs["csrf_token"], "token": inputs["token"], "text": text.lstrip("\n"), "confirm": "1"}


@pytest.mark.parametrize("path", ["/resources/import", "/communities/maths-east/resources/import"])
def test_a_foreign_list_is_shown_first_and_then_taken_in_once(world, sign_in, client, database, path):
    amina = sign_in("amina")
    response = amina.submit(path, {"text": json.dumps(FOREIGN)})
    page = response.get_data(as_text=True)
    assert response.status_code == 200 and "3 resources were understood" in page
    for words in ("Curso de álgebra", "CC BY-NC-SA 3.0 IGO", "Mathematics", "Ana Ruiz", "astronaut"):
        assert words in page
    assert "can’t be taken in like this" in page  # the book without an address
    with database.reading() as session:
        assert session.query(Resource).count() == 0
    said = {**_tokens(amina, response), "take": ["0"]}
    for _time in range(2):
        assert amina.post(path, data=said).status_code == 303
    with database.reading() as session:
        row = session.query(Resource).one()
        assert (row.lang, row.licence, row.type) == ("es", "CC-BY-NC-SA-3.0-IGO", "course")
        assert (row.codes("subject"), row.codes("level"), row.codes("language")) == (("0541",), ("3",), ("es-MX",))
        assert row.authors == ["Ana Ruiz", "UNAM (sample)"] and row.formats == ["application/pdf"]
        assert row.origins[0].url == "https://example.org/english-algebra"
    again = amina.submit(path, {"text": json.dumps(FOREIGN)})
    said = {**_tokens(amina, again), "take": ["0", "1"]}
    assert amina.post(path, data=said).status_code == 303
    assert "was here already" in amina.get("/resources").get_data(as_text=True)


def test_what_was_not_taken_is_told_however_long_and_many(world, sign_in):
    amina, letters = sign_in("amina"), random.Random(5)
    names = ["".join(chr(letters.randrange(0x4E00, 0x9FA5)) for _letter in range(280)) for _name in range(9)]
    graph = [*FOREIGN["@graph"], *({"@type": "Book", "name": name} for name in names)]
    response = amina.submit("/resources/import", {"text": json.dumps({**FOREIGN, "@graph": graph})})
    said = {**_tokens(amina, response), "take": [str(number) for number in range(len(graph))]}
    answer = amina.post("/resources/import", data=said)
    # What a browser takes of one cookie.
    assert answer.status_code == 303 and all(len(cookie) < 4093 for cookie in answer.headers.getlist("Set-Cookie"))
    page = amina.get(answer.location).get_data(as_text=True)
    assert "were added." in page and names[0][:50] in page and "could not be added." in page


def test_a_file_and_the_source_of_a_page_are_read(world, sign_in):
    amina = sign_in("amina")
    html = f'<html><script type="application/ld+json">{json.dumps(FOREIGN)}</script></html>'
    for text in (html, "\ufeff" + json.dumps(FOREIGN)):
        data = {"file": (BytesIO(text.encode()), "list.jsonld")}
        assert "3 resources were understood" in amina.submit("/resources/import", data).get_data(as_text=True)


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", "{}", "null", '"x"', "[" * 100_000, '{"a":' * 500 + "1" + "}" * 500, '{"@type":"Recipe"}',
     json.dumps({"@type": "Book", "name": "x" * 1_000_001}),
     json.dumps([{"@type": "Book", "name": str(n)} for n in range(101)]),
     "NaN", '{"@type":"Book","name":{"@value":1},"url":[[]],"license":[{}],"author":{"name":{}},"about":[[1]]}'],
)  # fmt: skip
def test_what_cannot_be_read_is_said(world, sign_in, text):
    response = sign_in("amina").submit("/resources/import", {"text": text})
    assert response.status_code == 422
    assert 'id="text-error"' in response.get_data(as_text=True)


def test_what_says_no_language_is_in_the_one_that_whoever_brings_it_names(world, sign_in, database):
    amina = sign_in("amina")
    response = amina.submit("/resources/import", {"text": json.dumps(FOREIGN), "lang": "sw"})
    said = {**_tokens(amina, response), "take": ["2"], "lang": "sw"}
    assert 'name="lang" value="sw"' in response.get_data(as_text=True)
    assert amina.post("/resources/import", data=said).status_code == 303
    with database.reading() as session:
        row = session.query(Resource).one()
        assert (row.lang, row.codes("language"), row.licence, row.type) == ("sw", ("sw",), "NOASSERTION", "textbook")


def test_a_file_in_another_encoding_is_said(world, sign_in):
    data = {"file": (BytesIO("é".encode("latin-1") * 5), "x.json")}
    response = sign_in("amina").submit("/resources/import", data)
    assert response.status_code == 422 and "UTF-8" in response.get_data(as_text=True)


def test_what_is_exported_can_be_brought_elsewhere_whole(world, sign_in, client, database):
    with database.transaction() as session:
        amina = session.query(Person).filter_by(handle="amina").one()
        from app.features.communities.models import Community

        community = session.query(Community).one()
        for number in range(60):
            make_resource(session, amina, f"Book {number}", community=community, levels=("1",), authors=("A", "B"))
    address, found = "/communities/maths-east/resources.jsonld", []
    while address:
        document = client.get(address).get_json(force=True)
        assert document["@context"] == "https://schema.org/"
        page, *records = document["@graph"]
        found += records
        address = (page.get("relatedLink") or "").removeprefix("http://localhost") or None
    assert len({record["@id"] for record in found}) == 60
    amina = sign_in("amina")
    response = amina.submit("/resources/import", {"text": json.dumps({"@graph": found})})
    said = {**_tokens(amina, response), "take": [str(n) for n in range(60)]}
    assert amina.post("/resources/import", data=said).status_code == 303
    with database.reading() as session:
        of_all = session.query(Resource).filter_by(community_id=None).all()
        assert {row.title for row in of_all} == {f"Book {number}" for number in range(60)}
        assert all(row.codes("level") == ("1",) and row.authors == ["A", "B"] for row in of_all)


def test_the_page_carries_its_description_for_search_engines(world, client, database):
    with database.transaction() as session:
        amina = session.query(Person).filter_by(handle="amina").one()
        number = make_resource(session, amina, "Algebra </script><script>alert(1)</script>").id
    client.get(f"/resources/{number}")
    script = next(e for e in client.last_page.iter("script") if e.get("type") == "application/ld+json")
    document = json.loads(script.text)
    assert document["name"]["@value"] == "Algebra </script><script>alert(1)</script>"
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
