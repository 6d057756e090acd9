"""Communities and networks elsewhere as suggestions: page, command and API say the same, and nobody is shut in."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.communities.models import DORMANT, INVITATION, LEFT, REMOVED, ExternalNetwork, NetworkFacet
from tests.integration.suggestions.world import make_world, teacher
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.statements import count_statements

MATHS = {"subject": ["0541"], "language": ["sw"]}


def make_network(session, slug, facets, **values):
    network = ExternalNetwork(
        slug=slug, name=slug.title(), url=f"https://{slug}.example.org/", lang="en", summary="Elsewhere.", **values
    )
    network.facets = [NetworkFacet(kind=kind, code=code) for kind, codes in facets.items() for code in codes]
    session.add(network)
    session.flush()
    return network


@pytest.fixture
def world(database):
    with database.transaction() as session:
        people = make_world(session)
        founder = teacher(session, "founder")
        make_community(session, "maths", founder, {**MATHS, "place": ["202"]}, name="Maths together")
        make_community(session, "sciences", founder, {"subject": ["05"], "language": ["en", "fr"]})
        make_community(session, "contes", founder, {"subject": ["0541"], "language": ["fr"]})
        make_community(session, "upper", founder, {**MATHS, "level": ["6"]}, name="College maths")
        make_community(session, "asleep", founder, MATHS, state=DORMANT)
        make_community(session, "door", founder, MATHS, joining=INVITATION)
        make_community(session, "unseen", founder, MATHS, hidden_at=now())
        for slug, values in {
            "mine": {},
            "left": {"state": LEFT},
            "out": {"state": REMOVED},
            "quieted": {"muted_until": now() + timedelta(days=3)},
        }.items():
            add_member(session, make_community(session, slug, founder, MATHS), people["amina"], **values)
        make_network(session, "icme", {"subject": ["0541"]})
        make_network(session, "old", {"subject": ["0541"]}, checked_at=now() - timedelta(days=500))
        make_network(session, "colleges", {"subject": ["0541"]}, who_can_join="institutions")
        make_network(session, "closed", {"subject": ["0541"]}, who_can_join="invited")


def ask(runner, *arguments):
    result = runner.invoke(args=["suggestions", "for", *arguments, "--kind", "communities", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def ids(found):
    return [item["id"] for item in found["suggestions"]]


def test_those_that_suit_come_with_reasons_that_add_up_and_nothing_else_comes(world, runner):
    found = ask(runner, "amina")
    assert ids(found) == ["maths", "sciences", "icme"]
    for item in found["suggestions"]:
        assert sum(reason["contribution"] for reason in item["reasons"]) == item["score"]
        assert all(reason["evidence"] for reason in item["reasons"])
    assert [item["kind"] for item in found["suggestions"]] == ["community", "community", "network"]
    maths = {reason["criterion"]: reason["evidence"] for reason in found["suggestions"][0]["reasons"]}
    assert maths["subject"] == "It is about Mathematics, which you teach"
    assert maths["place"] == "It is for Sub-Saharan Africa, where you are"
    assert found["suggestions"][1]["gaps"][0]["text"] == "it also works in French, which you don't read"


def test_what_is_missing_is_counted_and_named(world, runner):
    found = ask(runner, "amina")
    assert found["hidden_by_language"] == 1
    (gap,) = found["gaps"]
    assert gap["text"] == "Add the level Bachelor’s or equivalent: 1 more"
    assert gap["change"] == {"facet": "level", "code": "6"}
    assert gap["who"] == [{"id": "upper", "name": "College maths", "kind": "community"}]


def test_a_change_that_was_proposed_brings_what_it_said(world, runner, sign_in):
    browser = sign_in("amina")
    page = browser.get("/suggestions?kind=communities").get_data(as_text=True)
    assert "Add the level Bachelor’s or equivalent: 1 more" in page and "College maths" in page
    answer = browser.submit("/suggestions/widen", {"facet": "level", "code": "6"}, page="/suggestions?kind=communities")
    assert answer.status_code == 303
    assert "upper" in ids(ask(runner, "amina"))


def test_an_institution_is_suggested_networks_of_institutions(world, runner):
    found = ids(ask(runner, "college"))
    assert "colleges" in found and "icme" in found and "closed" not in found
    # Whoever asks for it belongs there already, or was taken out.
    assert not {"mine", "out", "left", "quieted"} & set(found)


def test_page_command_and_api_agree(world, runner, sign_in):
    page = sign_in("amina").get("/suggestions?kind=communities").get_data(as_text=True)
    places = [page.index(f">{name}<") for name in ("Maths together", "Sciences", "Icme")]
    assert places == sorted(places)
    assert "3 suit you" in page and "1 more in languages you don" in page
    for hidden in ("Asleep", "Unseen", "Contes", "Colleges"):
        assert hidden not in page


def test_nobody_else_asks_for_somebody(world, sign_in, client):
    assert sign_in("baraka").get("/suggestions?kind=communities&as=college").status_code == 404
    assert client.get("/suggestions?kind=communities").status_code in (302, 303)


def test_the_number_of_questions_does_not_grow(world, database, sign_in):
    browser = sign_in("baraka")
    browser.get("/suggestions?kind=communities")
    with count_statements(database) as few:
        browser.get("/suggestions?kind=communities")
    with database.transaction() as session:
        for number in range(15):
            make_community(session, f"more-{number}", None, MATHS)
            make_network(session, f"net-{number}", {"subject": ["0541"]})
    with count_statements(database) as many:
        page = browser.get("/suggestions?kind=communities").get_data(as_text=True)
    assert "the best 20 first" in page
    assert len(many) <= len(few)


def test_nobody_suits_yet(database, sign_in):
    with database.transaction() as session:
        teacher(session, "alone")
    page = sign_in("alone").get("/suggestions?kind=communities").get_data(as_text=True)
    assert "No community suits you yet" in page and "Start a community" in page


def test_who_has_said_neither_subject_nor_level_is_asked_for_both(database, sign_in):
    with database.transaction() as session:
        founder = teacher(session, "founder")
        make_community(session, "upper", founder, {**MATHS, "level": ["6"]})
        make_person(session, "new", languages=[("sw", 7)], country="KE")
    page = sign_in("new").get("/suggestions?kind=communities").get_data(as_text=True)
    assert "No community suits you yet" in page
    assert "Say what you teach or work on" in page and "Say at which level you work" in page
    assert page.count('href="/profile/teaching"') == 2
