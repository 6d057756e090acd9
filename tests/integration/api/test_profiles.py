"""Reading and changing profiles."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.features.profiles.models import Delegation, Person
from app.features.relations.services import block, connect
from tests.support.people import make_person

pytestmark = pytest.mark.usefixtures("world")


def test_ones_own_profile_can_be_read_changed_and_sent_back(program):
    amina = program("amina")
    read = amina.get("/profile")
    assert read.json["id"] == "amina"
    assert read.json["languages"][0] == {"tag": "sw", "cefr": "native", "teaches": True, "accepts": "B1"}
    assert read.json["needs"] == [{"code": "translate", "subject": "0541", "language": None}]
    changed = amina.patch(
        "/profile",
        json={
            "about": {"sw": "Ninafundisha hisabati.", "fr": "J’enseigne les mathématiques."},
            "languages": [{"tag": "SWA", "cefr": "C2", "accepts": "A2"}, {"tag": "fr", "cefr": "B1"}],
            "audiences": {"texts": "everyone"},
            "city": None,
            "monthly_contacts": 3,
        },
    )
    assert changed.status_code == 200, changed.json
    assert changed.json["about"] == {"sw": "Ninafundisha hisabati.", "fr": "J’enseigne les mathématiques."}
    assert [x["tag"] for x in changed.json["languages"]] == ["sw", "fr"]
    assert changed.json["languages"][0]["accepts"] == "A2"
    assert changed.json["subjects"] == ["0541"]
    assert changed.json["version"] > read.json["version"]
    again = {k: v for k, v in changed.json.items() if k not in ("id", "kind", "url", "confirmed_at", "sample")}
    back = amina.patch("/profile", json=again)
    assert back.status_code == 200, back.json
    assert back.json["languages"] == changed.json["languages"]


def test_of_two_programs_that_change_the_same_profile_the_second_is_told(program):
    amina = program("amina")
    etag, version = amina.get("/profile").headers["ETag"], amina.get("/profile").json["version"]
    assert amina.patch("/profile", json={"city": "Kisumu"}, headers={"If-Match": etag}).status_code == 200
    assert amina.patch("/profile", json={"city": "Nakuru"}, headers={"If-Match": etag}).status_code == 412
    assert amina.patch("/profile", json={"city": "Nakuru", "version": version}).status_code == 409
    assert amina.get("/profile").json["city"] == "Kisumu"
    for match in ("{}", "W/{}", "*"):
        fresh = match.format(amina.get("/profile").headers["ETag"])
        assert amina.patch("/profile", json={}, headers={"If-Match": fresh}).status_code == 200, fresh


@pytest.mark.parametrize(
    "body, fields",
    [
        ({"handle": "queen"}, {"handle"}),
        ({"country": "XX"}, {"country"}),
        ({"subjects": ["1234"]}, {"subjects"}),
        ({"subjects": "0541"}, {"subjects"}),
        ({"subjects": ["0541"] * 16}, {"subjects"}),
        ({"languages": [{"tag": "sw"}]}, {"languages-0-cefr"}),
        ({"languages": [{"tag": "qqq", "cefr": "B1"}]}, {"languages-0-tag"}),
        ({"languages": [{"tag": "sw", "cefr": 7}]}, {"languages-0-cefr"}),
        ({"offers": [{"code": "nothing"}]}, {"offers"}),
        ({"about": {"en": "x" * 5001}}, {"texts-0-about"}),
        ({"about": {"en": 3}}, {"about-en"}),
        ({"name": ""}, {"name"}),
        ({"name": None}, {"name"}),
        ({"name": "\ud800"}, {"name"}),
        ({"name": "a\0b"}, {"name"}),
        ({"suggestible": "yes"}, {"suggestible"}),
        ({"monthly_contacts": 101}, {"monthly_contacts"}),
        ({"monthly_contacts": 1.5}, {"monthly_contacts"}),
        ({"audiences": {"name": "nobody"}}, {"audiences-name"}),
        ({"audiences": {"soul": "me"}}, {"audiences-soul"}),
        ({"version": "1"}, {"version"}),
    ],
)
def test_what_cannot_be_taken_is_said_field_by_field_and_nothing_is_changed(program, body, fields):
    amina = program("amina")
    before = amina.get("/profile").json
    response = amina.patch("/profile", json=body)
    assert response.status_code == 422, response.json
    assert set(response.json["errors"]) == fields
    assert all(response.json["errors"].values())
    assert amina.get("/profile").json == before


def test_a_person_is_shown_as_far_as_they_are_open(program, database):
    with database.transaction() as session:
        make_person(
            session, "shy", name="Shy Person", country="KE", city="Kitale", about={"en": "Secret words"},
            subjects=["0541"], audiences={"name": "connections", "place": "me", "texts": "connections"},
        )  # fmt: skip
    amina = program("amina")
    shown = amina.get("/people/shy")
    assert shown.status_code == 200
    assert shown.json["name"] == "A teacher in Kenya"
    assert shown.json["city"] is None and shown.json["about"] == {} and shown.json["subjects"] == ["0541"]
    assert "Secret" not in shown.text and "Shy" not in shown.text and "Kitale" not in shown.text
    with database.transaction() as session:
        ids = dict(session.execute(select(Person.handle, Person.id)).all())
        connect(session, ids["amina"], ids["shy"])
    near = amina.get("/people/shy")
    assert near.json["name"] == "Shy Person" and near.json["about"] == {"en": "Secret words"}
    assert near.json["city"] is None and near.json["connected"] is True


def test_an_account_without_a_verified_address_sees_what_guests_see(program, database):
    with database.transaction() as session:
        make_person(session, "fresh", account={"verified_at": None})
    shown = program("fresh").get("/people/baraka")
    assert shown.json["name"].startswith("A teacher")
    assert program("amina").get("/people/baraka").json["name"] == "Baraka"


def test_there_is_nobody_behind_a_block_and_no_institution_among_people(program, database):
    with database.transaction() as session:
        ids = dict(session.execute(select(Person.handle, Person.id)).all())
        block(session, ids["baraka"], ids["amina"])
    amina = program("amina")
    assert amina.get("/people/baraka").status_code == 404
    assert amina.get("/people/college").status_code == 404
    assert amina.get("/institutions/amina").status_code == 404
    assert amina.get("/people/nobody").status_code == 404


def test_an_institution_is_read_by_all_and_changed_by_those_who_edit_it(program, database):
    amina, baraka = program("amina"), program("baraka")
    read = baraka.get("/institutions/college")
    assert read.json["names"] == [{"name": "College", "lang": "en", "kind": "label"}]
    assert read.json["type"] == "teacher-college" and read.json["verified_by"] is None
    assert [(p["id"], p["role"]) for p in read.json["people"]] == [("amina", "owner")]
    names = [{"name": "Chuo", "lang": "sw"}, {"name": "College", "lang": "en"}]
    assert baraka.patch("/institutions/college", json={"names": names}).status_code == 403
    old = read.headers["ETag"]
    changed = amina.patch("/institutions/college", json={"names": names, "about": {"sw": "Chuo chetu"}})
    assert changed.status_code == 200, changed.json
    assert {n["name"] for n in changed.json["names"]} == {"Chuo", "College"}
    assert changed.json["about"] == {"sw": "Chuo chetu"}
    assert amina.patch("/institutions/college", json={}, headers={"If-Match": old}).status_code == 412
    assert amina.patch("/institutions/college", json={"audiences": {}}).status_code == 422
    assert amina.patch("/institutions/college", json={"names": []}).json["errors"].keys() == {"names"}
    with database.transaction() as session:
        session.scalar(select(Delegation)).role = "representative"
    assert amina.patch("/institutions/college", json={}).status_code == 403
