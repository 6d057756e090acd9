"""OAI-PMH: against the protocol by hand, and against a real harvester over a real connection."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from lxml import etree
from oaipmh_scythe import Scythe, exceptions
from oaipmh_scythe.config import HTTPConfig
from sqlalchemy import update
from werkzeug.serving import make_server

from app.core import jobs
from app.core.settings import ROOT
from app.features.communities.models import Community
from app.features.profiles.models import Person
from app.features.resources.models import Resource
from app.features.resources.services.resources import hide_resource
from app.features.resources.views import harvesting
from tests.support.communities import make_community
from tests.support.people import make_person
from tests.support.resources import make_resource
from tests.support.statements import count_statements

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
COUNT = 50
BEGIN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def _stamp(session, number: int, moment: datetime) -> None:
    session.execute(update(Resource).where(Resource.id == number).values(changed_at=moment))


@pytest.fixture
def world(database, monkeypatch):
    """Resources of different seconds, in an open community, in a closed one and for everyone; small pages."""
    monkeypatch.setattr(harvesting, "PAGE", 20)
    with database.transaction() as session:
        amina = make_person(session, "amina")
        open_one = make_community(session, "maths-east", amina, name="Maths & <East>")
        closed = make_community(session, "inner", amina, reading="members")
        numbers = []
        for number in range(COUNT):
            place = open_one if number % 3 == 0 else None
            title = f"Book {number} \U0001f4d6 & <b>"
            resource = make_resource(session, amina, title, community=place, levels=("1",), authors=("Amina",))
            _stamp(session, resource.id, BEGIN + timedelta(seconds=number // 2))
            numbers.append(resource.id)
        secret = make_resource(session, amina, "Secret", community=closed).id
        return {"numbers": numbers, "secret": secret, "open": open_one.id, "amina": amina.id}


@pytest.fixture
def server(app):
    """The application behind a real socket on this machine."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}/oai"
    running.shutdown()
    thread.join()


def ask(client, method: str = "get", **arguments: str) -> etree._Element:
    """An answer, parsed strictly; its parts in the order of the protocol's schema."""
    names = {key.rstrip("_"): value for key, value in arguments.items()}
    response = client.get("/oai", query_string=names) if method == "get" else client.post("/oai", data=names)
    assert response.status_code == 200 and response.content_type == "text/xml; charset=utf-8"
    root = etree.fromstring(response.data)
    assert root.tag == f"{OAI}OAI-PMH"
    names = [etree.QName(child).localname for child in root]
    assert names[:2] == ["responseDate", "request"] and len(names) >= 3
    datetime.strptime(root[0].text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return root


def error_of(root: etree._Element) -> str:
    """The code of the error, or an empty text."""
    found = root.find(f"{OAI}error")
    return found.get("code") if found is not None else ""


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_real_harvester_takes_everything_once(world, server, method):
    with Scythe(server, http_config=HTTPConfig(http_method=method)) as scythe:
        identify = scythe.identify()
        assert identify.repositoryName == "Commonweave" and identify.deletedRecord == "persistent"
        assert identify.granularity == "YYYY-MM-DDThh:mm:ssZ"
        assert {f.metadataPrefix for f in scythe.list_metadata_formats()} == {"oai_dc", "lrmi"}
        assert {s.setSpec for s in scythe.list_sets()} == {"community", "community:maths-east"}
        for prefix in ("oai_dc", "lrmi"):
            records = list(scythe.list_records(metadata_prefix=prefix))
            found = [record.header.identifier for record in records]
            assert len(found) == COUNT and set(found) == {f"oai:localhost:{n}" for n in world["numbers"]}
        record = scythe.get_record(identifier=found[5], metadata_prefix="oai_dc")
        assert record.metadata["title"] == ["Book 5 \U0001f4d6 & <b>"]
        assert "https://creativecommons.org/licenses/by/4.0/" in record.metadata["rights"]
        of_set = list(scythe.list_identifiers(metadata_prefix="oai_dc", set_="community:maths-east"))
        assert len(of_set) == 17 and all(h.setSpecs == ["community:maths-east"] for h in of_set)
        some = list(
            scythe.list_identifiers(
                metadata_prefix="oai_dc", from_="2026-03-01T12:00:10Z", until="2026-03-01T12:00:19Z"
            )
        )
        assert len(some) == 20
        with pytest.raises(exceptions.NoRecordsMatch):
            list(scythe.list_records(metadata_prefix="oai_dc", from_="2027-01-01"))
        with pytest.raises(exceptions.IdDoesNotExist):
            scythe.get_record(identifier=f"oai:localhost:{world['secret']}", metadata_prefix="oai_dc")


def test_what_went_stays_as_deleted(world, client, database, sign_in):
    amina = sign_in("amina")
    withdrawn, hidden, closed = world["numbers"][1], world["numbers"][2], world["numbers"][0]
    amina.get(f"/resources/{withdrawn}/withdraw")
    version = next(e.get("value") for e in amina.last_page.iter("input") if e.get("name") == "version")
    assert amina.submit(f"/resources/{withdrawn}/withdraw", {"version": version}).status_code == 303
    with database.transaction() as session:
        hide_resource(session, hidden, True)
        session.get_one(Community, world["open"]).reading = "members"
    before = ask(client, verb="GetRecord", identifier=f"oai:localhost:{closed}", metadataPrefix="lrmi")
    assert before.find(f".//{OAI}header").get("status") == "deleted" and before.find(f".//{OAI}metadata") is None
    with database.transaction() as session:
        jobs.enqueue(session, "resources.settle_listing")
    while jobs.run_one(database, "test"):
        pass
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    root = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", from_=today)
    gone = {h.findtext(f"{OAI}identifier"): h.get("status") for h in root.iter(f"{OAI}header")}
    for number in (withdrawn, hidden, closed):
        assert gone[f"oai:localhost:{number}"] == "deleted"
    assert f"oai:localhost:{world['secret']}" not in gone
    assert "Book 1 " not in client.get(f"/oai?verb=ListRecords&metadataPrefix=oai_dc&from={today}").get_data(
        as_text=True
    )


WRONG = [
    ({}, "badVerb"),
    ({"verb": "Nonsense"}, "badVerb"),
    ({"verb": "identify"}, "badVerb"),
    ({"verb": "Identify", "more": "x"}, "badArgument"),
    ({"verb": "ListRecords"}, "badArgument"),
    ({"verb": "GetRecord", "identifier": "oai:localhost:1"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-03-02", "until": "2026-03-01"}, "badArgument"),
    (
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-03-01", "until": "2026-03-02T00:00:00Z"},
        "badArgument",
    ),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-03-01T12:00:00"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a b"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "community:none"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "community:inner"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "else"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "1999-01-01"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "resumptionToken": "nonsense"}, "badResumptionToken"),
    ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
    ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
    ({"verb": "GetRecord", "identifier": "oai:other:1", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "oai:localhost:99999", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
    ({"verb": "GetRecord", "identifier": "\x00\ufffe", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
    ({"verb": "ListMetadataFormats", "identifier": "oai:localhost:0"}, "idDoesNotExist"),
]  # fmt: skip


def test_every_wrong_request_has_its_code(world, client):
    for arguments, code in WRONG:
        for method in ("get", "post"):
            root = ask(client, method, **arguments)
            assert error_of(root) == code, arguments
            shown = dict(root.find(f"{OAI}request").attrib)
            if code in ("badVerb", "badArgument"):
                assert shown == {}


def test_repeated_arguments_are_wrong(world, client):
    for query, code in (("verb=Identify&verb=Identify", "badVerb"),
                        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument")):  # fmt: skip
        root = etree.fromstring(client.get(f"/oai?{query}").data)
        assert error_of(root) == code


def test_tokens_go_on_while_records_change_and_serve_their_verb_only(world, client, database):
    root = ask(client, verb="ListIdentifiers", metadataPrefix="lrmi", set="community:maths-east", until="2030-01-01")
    assert root.find(f".//{OAI}resumptionToken") is None  # all of the set fit on one page
    root = ask(client, verb="ListIdentifiers", metadataPrefix="lrmi")
    token = root.find(f".//{OAI}resumptionToken")
    assert (token.get("completeListSize"), token.get("cursor")) == ("50", "0")
    assert error_of(ask(client, verb="ListRecords", resumptionToken=token.text)) == "badResumptionToken"
    assert error_of(ask(client, verb="ListIdentifiers", resumptionToken=token.text[:-1] + "x")) == "badResumptionToken"
    first = {h.findtext(f"{OAI}identifier") for h in root.iter(f"{OAI}header")}
    # One that comes later moves to the end, one that was given changes: nothing is left out.
    with database.transaction() as session:
        _stamp(session, world["numbers"][35], BEGIN + timedelta(days=9))
        _stamp(session, world["numbers"][0], BEGIN + timedelta(days=9))
    root = ask(client, verb="ListIdentifiers", resumptionToken=token.text)
    second = root.find(f".//{OAI}resumptionToken")
    assert second.get("cursor") == "20"
    rest = {h.findtext(f"{OAI}identifier") for h in root.iter(f"{OAI}header")}
    root = ask(client, verb="ListIdentifiers", resumptionToken=second.text)
    last = root.find(f".//{OAI}resumptionToken")
    assert not last.text and last.get("cursor") == "40"
    rest |= {h.findtext(f"{OAI}identifier") for h in root.iter(f"{OAI}header")}
    assert first | rest == {f"oai:localhost:{n}" for n in world["numbers"]}


def test_a_page_costs_the_same_however_many_there_are(world, client, database):
    with count_statements(database) as small:
        ask(client, verb="ListRecords", metadataPrefix="lrmi", until="2026-03-01T12:00:01Z")
    with count_statements(database) as large:
        ask(client, verb="ListRecords", metadataPrefix="lrmi")
    assert len(large) <= len(small) + 1 <= 8


def test_records_follow_their_schema(world, client, database):
    with database.transaction() as session:
        amina = session.get_one(Person, world["amina"])
        full = make_resource(
            session, amina, "Kitabu \x00\ufffe\ud83d".encode("utf-8", "ignore").decode(), lang="sw", levels=("1", "2"),
            audiences=("teacher",), formats=("application/pdf",), made_from=("https://example.org/a", "https://example.org/b"),
        ).id  # fmt: skip
    response = client.get("/oai/lrmi.xsd")
    source = response.data.replace(b'<xs:import namespace="http://www.w3.org/XML/1998/namespace"/>', b"")
    schema = etree.XMLSchema(etree.parse(BytesIO(source)))
    assert (ROOT / "app/features/resources/oai/lrmi.xsd").read_bytes() == response.data
    for number in (full, world["numbers"][0]):
        root = ask(client, verb="GetRecord", identifier=f"oai:localhost:{number}", metadataPrefix="lrmi")
        record = root.find(f".//{OAI}metadata")[0]
        schema.assertValid(etree.ElementTree(etree.fromstring(etree.tostring(record))))
        header = root.find(f".//{OAI}header")
        assert [etree.QName(e).localname for e in header][:2] == ["identifier", "datestamp"]
    root = ask(client, verb="GetRecord", identifier=f"oai:localhost:{full}", metadataPrefix="oai_dc")
    assert {e.text for e in root.iter(f"{DC}source")} == {"https://example.org/a", "https://example.org/b"}
    assert root.find(f".//{DC}title").get("{http://www.w3.org/XML/1998/namespace}lang") == "sw"
