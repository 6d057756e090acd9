"""Meetings and resources over HTTP."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from app.core.clock import now
from app.features.communities.models import Community
from app.features.events.models import Event, EventAnswer
from app.features.resources.models import Resource
from tests.integration.api.places import LINK, make_event, person
from tests.support.resources import make_resource, make_review
from tests.support.statements import count_statements

pytestmark = pytest.mark.usefixtures("places")
EVENTS = "/communities/maths-east/events"
SHARED = "/communities/maths-east/resources"
LD = {"Accept": "application/ld+json"}


def test_meetings_come_in_order_and_past_ones_are_kept(program, database):
    with database.transaction() as session:
        community = session.scalar(select(Community))
        for hours in (48, 72, -30, -60):
            make_event(session, community, "Then", hours)
    amina = program("amina")
    coming, cursor = [], None
    for _ in range(3):
        page = amina.get(EVENTS, query_string={"limit": 1, **({"cursor": cursor} if cursor else {})}).json
        coming += [row["uid"] for row in page["events"]]
        cursor = page["next"]
    assert coming == ["our-hour-24", "then-48", "then-72"] and cursor is None
    past = amina.get(f"{EVENTS}?past=true").json["events"]
    assert [(row["uid"], row["over"]) for row in past] == [("then--30", True), ("then--60", True)]
    assert amina.get(f"{EVENTS}?cursor=x").json["errors"].keys() == {"cursor"}


def test_the_room_is_for_members_and_the_rest_for_readers(program, database):
    with database.transaction() as session:
        event = session.scalar(select(Event))
        event.description, event.agenda, event.yes_count = "We meet.", "* Hello", 1
        session.add(EventAnswer(event_id=event.id, person_id=person(session, "baraka").id, answer="yes"))
    inside = program("baraka").get(f"{EVENTS}/1").json
    assert inside["room"] == LINK and inside["answer"] == "yes" and inside["yes"] == 1
    assert inside["agenda"] == "* Hello" and inside["languages"] == ["en", "sw"] and inside["notes"] is None
    for handle in ("dalia", None):
        outside = program(handle).get(f"{EVENTS}/1")
        assert outside.json["room"] is None and LINK not in outside.text and outside.json["answer"] is None
    assert program("baraka").get(f"{EVENTS}/99").status_code == 404
    with database.transaction() as session:
        session.execute(update(Event).values(hidden_at=now()))
    assert program("baraka").get(f"{EVENTS}/1").status_code == 404
    assert program("baraka").get(EVENTS).json["events"] == []


def test_resources_are_found_by_the_filters_of_the_page(program, database):
    with database.transaction() as session:
        values = {"lang": "fr", "languages": ("fr",), "subjects": ("0533",), "licence": "CC-BY-ND-4.0", "type": "video"}
        make_resource(session, person(session, "dalia"), "La lumière", **values)
    guest = program()

    def titles(query, path="/resources"):
        answer = guest.get(f"{path}?{query}")
        assert answer.status_code == 200, answer.json
        return [row["title"] for row in answer.json["resources"]]

    assert titles("") == ["La lumière", "Algebra for all"]
    assert titles("subject=05&language=fr") == ["La lumière"]
    assert titles("use=adaptable") == titles("type=textbook") == titles("q=algebra") == ["Algebra for all"]
    assert titles("", SHARED) == ["Algebra for all"]
    counted = guest.get("/resources?facets=true&language=fr").json
    assert counted["total"] == 1 and {"code": "video", "count": 1} in counted["facets"]["type"]
    for query, field in (("subject=x", "subject"), ("level=", "level"), ("use=x", "use-0"), ("cursor=x", "cursor")):
        assert guest.get(f"/resources?{query}").json["errors"].keys() == {field}
    first = guest.get("/resources?limit=1").json
    assert [row["title"] for row in guest.get(f"/resources?limit=1&cursor={first['next']}").json["resources"]] == [
        "Algebra for all"
    ]


def test_a_resource_with_its_lineage_and_what_peers_say(program, database):
    with database.transaction() as session:
        amina, resource = person(session, "amina"), session.scalar(select(Resource))
        made = {"made_from": [resource.url, "https://elsewhere.example.org/old"], "formats": ("application/pdf",)}
        number = make_resource(session, amina, "Aljebra", session.scalar(select(Community)), **made).id
        for handle in ("baraka", "dalia", "chen"):
            make_review(session, resource, person(session, handle), 3)
    source = program("baraka").get("/resources/1").json
    assert source["community"] == "maths-east" and source["added_by"]["id"] == "amina"
    assert source["opinion"]["reviews"] == 3 and source["opinion"]["averages"]["quality"] == 3.0
    assert [(branch["id"], branch["title"]) for branch in source["made"]] == [(number, "Aljebra")]
    made_of = program().get(f"/resources/{number}").json
    assert {(branch["id"], branch["relation"]) for branch in made_of["sources"]} == {
        (1, "adaptation"), (None, "adaptation"),
    }  # fmt: skip
    assert made_of["printable"] == "yes" and made_of["opinion"] is None
    assert program().get("/resources/99").status_code == 404


def test_what_is_for_members_is_not_there_for_others(program, database):
    with database.transaction() as session:
        session.execute(update(Community).values(reading="members"))
    assert program("dalia").get("/resources/1").status_code == 404
    assert program("dalia").get("/resources").json["resources"] == []
    assert program("dalia").get(SHARED).status_code == 403
    assert program("baraka").get("/resources/1").status_code == 200


def test_the_same_as_lrmi(program, database):
    for path in ("/resources", SHARED):
        answer = program().get(f"{path}?limit=1&subject=0541", headers=LD)
        assert answer.mimetype == "application/ld+json" and "Accept" in answer.headers["Vary"]
        document = json.loads(answer.text)
        assert document["@context"] == "https://schema.org/" and document["@graph"][1]["name"]["@value"]
        assert "subject=0541" in document["@graph"][0]["@id"]
    one = json.loads(program().get("/resources/1", headers=LD).text)
    assert one["name"] == {"@value": "Algebra for all", "@language": "en"}
    assert one["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert program().get("/resources/1", headers={"Accept": "*/*"}).mimetype == "application/json"


def _add(session, numbers):
    community, amina = session.scalar(select(Community)), person(session, "amina")
    for number in numbers:
        make_event(session, community, f"Further {number}", lang="fr")
        made_from = [f"https://elsewhere.example.org/{number}"]
        make_resource(session, amina, f"Further {number}", community, lang="fr", made_from=made_from)


@pytest.mark.parametrize("path, headers", [(EVENTS, {}), ("/resources", {}), (SHARED, {}), ("/resources", LD)])
def test_the_number_of_queries_does_not_grow_with_the_list(program, database, path, headers):
    baraka = program("baraka")
    with database.transaction() as session:
        _add(session, [1])
    baraka.get(path, headers=headers)
    with count_statements(database) as few:
        baraka.get(path, headers=headers)
    with database.transaction() as session:
        _add(session, range(2, 9))
    with count_statements(database) as many:
        assert len(baraka.get(path, headers=headers).data) > 2000
    assert len(few) == len(many)
