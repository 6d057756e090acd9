"""The command line: the list, its reasons, its refusals."""

from __future__ import annotations

import json

import pytest

from app.features.profiles.models import Person
from app.matching.query import KINDS
from tests.integration.suggestions.world import make_world
from tests.support.people import make_institution


@pytest.fixture
def world(database):
    with database.transaction() as session:
        return {name: profile.id for name, profile in make_world(session).items()}


@pytest.fixture
def ask(runner, world):
    def asked(*arguments: str):
        result = runner.invoke(args=["suggestions", "for", *arguments, "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["suggestions"]

    return asked


def ids(found):
    return [item["id"] for item in found]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("handle", ["amina", "college", "lin"])
def test_the_contributions_add_up_to_the_score(ask, handle, kind):
    for item in ask(handle, "--kind", kind):
        assert sum(reason["contribution"] for reason in item["reasons"]) == item["score"]
        assert all(reason["evidence"] for reason in item["reasons"])


def test_peers_are_alike_and_share_a_language(ask):
    found = ask("amina", "--kind", "peers")
    assert ids(found)[0] == "baraka"
    assert "chen" not in ids(found) and "amina" not in ids(found)
    assert {item["kind"] for item in found} == {"person"}
    evidence = {r["criterion"]: r["evidence"] for r in found[0]["reasons"]}
    assert evidence["subject"] == "You both work on Mathematics"
    assert "Swahili: you native, they native" in evidence["language"]


def test_collaborators_are_across_a_border_and_complement_each_other(ask):
    found = ask("amina", "--kind", "collaborators")
    assert ids(found)[0] == "dalia"
    assert not {"baraka", "college"} & set(ids(found))
    assert "they_offer" in {reason["criterion"] for reason in found[0]["reasons"]}


def test_institutions_that_nobody_acts_for_are_never_suggested(ask):
    found = ask("baraka", "--kind", "institutions")
    assert set(ids(found)) == {"college", "school"}


def test_what_the_same_people_act_for_is_not_suggested_to_them(ask, database):
    assert ids(ask("amina", "--kind", "institutions")) == ["school"]
    with database.transaction() as session:
        amina = session.query(Person).filter_by(handle="amina").one()
        like = {"country": "KE", "subjects": ["0541"], "levels": ["2"], "languages": [("sw", 7, True)]}
        make_institution(session, "second", owner=amina, **like)
        make_institution(session, "third", **like)
    found = ids(ask("college", "--kind", "institutions"))
    assert "third" in found
    assert not {"second", "amina"} & set(found)


def test_a_bridge_speaks_with_both(ask):
    assert ids(ask("amina", "--kind", "bridges")) == ["lin"]
    assert ids(ask("amina", "--kind", "bridges", "--with", "chen")) == ["lin"]
    assert ask("amina", "--kind", "bridges", "--with", "baraka") == []


def test_the_limit_is_kept(ask):
    assert len(ask("amina", "--limit", "1")) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nobody"], 1),
        (["amina", "--kind", "bridges", "--with", "nobody"], 1),
        (["empty"], 1),
        (["amina", "--kind", "friends"], 2),
        (["amina", "--with", "chen"], 2),
        (["amina", "--limit", "0"], 2),
        ([], 2),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(runner, world, arguments, code):
    result = runner.invoke(args=["suggestions", "for", *arguments, "--json"])
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.strip()
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1


def test_without_json_people_can_read_it(runner, world):
    result = runner.invoke(args=["suggestions", "for", "amina"])
    assert "baraka" in result.stdout and "You both work on Mathematics" in result.stdout


def test_nobody_anywhere(runner, database):
    with database.transaction() as session:
        from tests.integration.suggestions.world import teacher

        teacher(session, "amina")
    result = runner.invoke(args=["suggestions", "for", "amina", "--json"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"suggestions": [], "gaps": [], "partial": False})


def test_a_rebuild_says_how_many_are_in_it(runner, world):
    result = runner.invoke(args=["suggestions", "rebuild"])
    assert result.exit_code == 0
    assert "8 profiles" in result.stderr
