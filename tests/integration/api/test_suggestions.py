"""Suggestions over HTTP: the same list as on the command line and on the page."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.profiles.models import Institution, Person
from app.features.relations.services import block, connect
from app.features.suggestions.models import SuggestionAppearance, SuggestionShown
from app.matching.query import KINDS
from tests.support.communities import make_community

pytestmark = pytest.mark.usefixtures("world")


def ids(response):
    assert response.status_code == 200, response.json
    return [item["id"] for item in response.json["suggestions"]]


@pytest.mark.parametrize("kind", KINDS)
def test_api_and_command_line_say_the_same(program, runner, kind):
    told = program("amina").get(f"/suggestions?kind={kind}&limit=10").json
    result = runner.invoke(args=["suggestions", "for", "amina", "--kind", kind, "--limit", "10", "--json"])
    assert told == json.loads(result.stdout)
    for item in told["suggestions"]:
        assert sum(reason["contribution"] for reason in item["reasons"]) == item["score"]


@pytest.mark.usefixtures("places")
def test_communities_are_suggested_as_on_the_command_line(program, runner):
    told = program("baraka").get("/suggestions?kind=communities").json
    result = runner.invoke(args=["suggestions", "for", "baraka", "--kind", "communities", "--json"])
    assert told == json.loads(result.stdout)
    assert told["suggestions"] or told["hidden_by_language"] or told["gaps"]


def test_an_institution_asks_through_those_who_act_for_it(program, runner):
    told = program("amina").get("/suggestions?as=college&kind=institutions").json
    result = runner.invoke(args=["suggestions", "for", "college", "--kind", "institutions", "--json"])
    assert told == json.loads(result.stdout)
    for handle in ("college", "school", "amina", "nobody"):
        assert program("baraka").get(f"/suggestions?as={handle}").status_code == 404, handle


def test_bridges_lead_to_somebody(program):
    amina = program("amina")
    assert ids(amina.get("/suggestions?kind=bridges&with=chen")) == ["lin"]
    assert amina.get("/suggestions?kind=bridges&with=nobody").status_code == 404
    assert amina.get("/suggestions?kind=peers&with=chen").json["errors"].keys() == {"with"}
    assert amina.get("/suggestions?kind=friends").json["errors"].keys() == {"kind"}
    assert amina.get("/suggestions?limit=0").json["errors"].keys() == {"limit"}


def test_whom_one_puts_aside_is_gone_from_the_next_list_until_taken_back(program):
    amina = program("amina")
    assert "baraka" in ids(amina.get("/suggestions"))
    made = amina.post("/suggestions/dismissals", json={"id": "baraka", "reason": "known"})
    assert made.status_code == 201 and made.json["id"] == "baraka"
    assert "baraka" not in ids(amina.get("/suggestions"))
    assert "baraka" in ids(program("chausiku").get("/suggestions"))
    listed = amina.get("/suggestions/dismissals").json
    assert [(row["id"], row["reason"]) for row in listed["dismissals"]] == [("baraka", "known")]
    assert listed["next"] is None
    gone = amina.delete("/suggestions/dismissals/baraka")
    assert gone.status_code == 204 and gone.data == b""
    assert "baraka" in ids(amina.get("/suggestions"))


def test_putting_aside_is_refused_where_it_means_nothing(program):
    amina = program("amina")
    assert amina.post("/suggestions/dismissals", json={"id": "nobody", "reason": "known"}).status_code == 404
    assert amina.post("/suggestions/dismissals", json={"id": "amina", "reason": "known"}).status_code == 404
    answer = amina.post("/suggestions/dismissals", json={"reason": "ugly"})
    assert answer.json["errors"].keys() == {"id", "reason"}
    foreign = {"id": "lin", "reason": "known", "as": "school"}
    assert amina.post("/suggestions/dismissals", json=foreign).status_code == 404
    for odd in ("x_1", "0001-01-01T00:00:00%2B14:00_1", "2026-01-01T00:00:00%2B00:00_1e3"):
        assert amina.get(f"/suggestions/dismissals?cursor={odd}").json["errors"].keys() == {"cursor"}


def test_blocks_and_connections_are_looked_at_again(program, database):
    amina = program("amina")
    assert {"baraka", "chausiku"} <= set(ids(amina.get("/suggestions")))
    with database.transaction() as session:
        numbers = dict(session.execute(select(Person.handle, Person.id)).all())
        block(session, numbers["baraka"], numbers["amina"])
        connect(session, numbers["chausiku"], numbers["amina"])
    assert not {"baraka", "chausiku"} & set(ids(amina.get("/suggestions")))


def test_a_changed_profile_is_in_the_next_answer(program):
    amina, baraka = program("amina"), program("baraka")
    before = {i["id"]: i["score"] for i in amina.get("/suggestions").json["suggestions"]}
    assert baraka.patch("/profile", json={"subjects": ["0111"], "levels": ["6"]}).status_code == 200
    after = {i["id"]: i["score"] for i in amina.get("/suggestions").json["suggestions"]}
    assert after.get("baraka", 0) < before["baraka"]


def test_what_was_shown_is_noted(program, database):
    program("amina").get("/suggestions")
    with database.reading() as session:
        assert session.scalar(select(SuggestionShown.kind)) == "peers"


def test_without_a_confirmed_address_there_are_none(program, database):
    with database.transaction() as session:
        from app.features.accounts.queries import find_account

        find_account(session, "amina@example.org").verified_at = None
    assert program("amina").get("/suggestions").status_code == 403


def test_appearances_are_told_to_oneself_and_to_those_who_act(program, database):
    told = program("amina").get("/suggestions/appearances").json
    numbers = {"last_30_days": 0, "last_90_days": 0, "kinds": {}, "criteria": {}}
    assert told == {"suggestible": True, "not_suggested_as": [], **numbers}
    with database.transaction() as session:
        baraka = session.scalar(select(Person.id).where(Person.handle == "baraka"))
        college = session.scalar(select(Institution.id).where(Institution.handle == "college"))
        for key in (baraka, college):
            row = SuggestionAppearance(profile_id=key, kind="peers", times=3, criteria={"subject": 3, "level": 2})
            row.day = now().date() - timedelta(days=40)
            session.add(row)
    for told in (
        program("baraka").get("/suggestions/appearances").json,
        program("amina").get("/suggestions/appearances?as=college").json,
    ):
        assert (told["last_30_days"], told["last_90_days"]) == (0, 3)
        assert told["kinds"] == {"peers": {"last_30_days": 0, "last_90_days": 3}}
        assert told["criteria"] == {"subject": 3, "level": 2}
    assert program("baraka").get("/suggestions/appearances?as=college").status_code == 404


def test_a_program_sees_and_sets_as_what_one_is_suggested(program):
    me = program("baraka")
    assert me.patch("/profile", json={"not_suggested_as": ["peers", "guests"]}).status_code == 200
    assert sorted(me.get("/suggestions/appearances").json["not_suggested_as"]) == ["guests", "peers"]
    assert sorted(me.get("/profile").json["not_suggested_as"]) == ["guests", "peers"]
    assert "baraka" not in [one["id"] for one in program("amina").get("/suggestions").json["suggestions"]]
    assert me.patch("/profile", json={"not_suggested_as": ["kings"]}).status_code == 422
    assert me.patch("/profile", json={"not_suggested_as": []}).status_code == 200
    assert "baraka" in [one["id"] for one in program("amina").get("/suggestions").json["suggestions"]]


def test_a_program_puts_communities_and_networks_aside(program, database):
    with database.transaction() as session:
        founder = session.scalar(select(Person).where(Person.handle == "baraka"))
        make_community(session, "maths", founder, {"subject": ["0541"], "language": ["sw"]}, name="Maths together")
    me = program("amina")

    def listed():
        return [one["id"] for one in me.get("/suggestions?kind=communities").json["suggestions"]]

    assert listed() == ["maths"]
    answer = me.post("/suggestions/dismissals", json={"id": "maths", "kind": "community", "reason": "level"})
    assert answer.status_code == 201
    row = {"id": "maths", "name": "Maths together", "kind": "community", "url": "/communities/maths", "reason": "level"}
    assert answer.json == row and listed() == []
    assert me.get("/suggestions/dismissals?kind=communities").json == {"dismissals": [row], "next": None}
    assert me.get("/suggestions/dismissals").json["dismissals"] == []
    for body in ({"id": "maths", "kind": "king", "reason": "level"}, {"id": "maths", "kind": "community"}):
        assert me.post("/suggestions/dismissals", json=body).status_code == 422
    gone = {"id": "nothing", "kind": "network", "reason": "level"}
    assert me.post("/suggestions/dismissals", json=gone).status_code == 404
    assert me.delete("/suggestions/dismissals/maths?kind=community").status_code == 204
    assert listed() == ["maths"]
