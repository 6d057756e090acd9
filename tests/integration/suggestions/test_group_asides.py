"""Not for me, because …: communities and networks put aside stay away, and come back when that is taken back."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.communities.models import Community, ExternalNetwork, GroupAside
from app.features.profiles.models import Person
from app.features.renditions.models import Rendition
from app.features.suggestions.contributions import export_suggestions
from tests.integration.suggestions.test_communities import MATHS, make_network
from tests.integration.suggestions.world import make_world, teacher
from tests.support.communities import make_community

LIST = "/suggestions?kind=communities"


@pytest.fixture
def world(database):
    with database.transaction() as session:
        people = make_world(session)
        founder = teacher(session, "founder")
        make_community(session, "maths", founder, MATHS, name="Maths together")
        make_community(session, "numbers", founder, MATHS, name="Numbers")
        make_network(session, "icme", {"subject": ["0541"]})
        return {name: profile.id for name, profile in people.items()}


@pytest.fixture
def listed(runner):
    def read(handle: str = "amina") -> list[str]:
        result = runner.invoke(args=["suggestions", "for", handle, "--kind", "communities", "--json"])
        assert result.exit_code == 0, result.output
        return [item["id"] for item in json.loads(result.stdout)["suggestions"]]

    return read


def put_aside(browser, reason: str = "subject", **named: str):
    (kind, slug), *_rest = named.items()
    page = f"/suggestions/communities/dismiss?{kind}={slug}" + (f"&as={named['for_']}" if "for_" in named else "")
    more = {"as": named["for_"]} if "for_" in named else {}
    return browser.submit("/suggestions/communities/dismiss", {kind: slug, "reason": reason, **more}, page=page)


def test_each_card_leads_to_the_question_and_back(world, sign_in, listed):
    browser = sign_in("amina")
    page = browser.get(LIST).get_data(as_text=True)
    assert 'href="/suggestions/communities/dismiss?community=maths"' in page
    assert 'href="/suggestions/communities/dismiss?network=icme"' in page
    question = browser.get("/suggestions/communities/dismiss?network=icme").get_data(as_text=True)
    assert "Icme" in question and "I know it already" in question and "nobody there is told" in question
    answer = put_aside(browser, network="icme")
    assert answer.status_code == 303 and answer.location.endswith("/suggestions?kind=communities")
    assert "It is not suggested to you any more" in browser.get(answer.location).get_data(as_text=True)
    assert set(listed()) == {"maths", "numbers"}


def test_it_is_named_as_on_its_card_where_the_name_is_translated(world, sign_in, database):
    with database.transaction() as session:
        maths = session.scalars(select(Community).where(Community.slug == "maths")).one()
        maths.lang, fields = "zu", {"name": "Hisabati pamoja"}
        session.add(
            Rendition(kind="community", thing_id=maths.id, lang="sw", source_lang="zu", of_version=1, fields=fields)
        )
    browser = sign_in("amina")
    question = browser.get("/suggestions/communities/dismiss?community=maths").get_data(as_text=True)
    assert ">Hisabati pamoja<" in browser.get(LIST).get_data(as_text=True) and ">Hisabati pamoja<" in question
    put_aside(browser, community="maths")
    assert "Hisabati pamoja" in browser.get("/suggestions/communities/aside").get_data(as_text=True)


def test_what_was_put_aside_stays_away_everywhere_and_only_for_oneself(world, sign_in, listed):
    browser = sign_in("amina")
    # It stands under what is for the reader, and among all there are.
    assert browser.get("/communities").get_data(as_text=True).count(">Maths together<") == 2
    assert put_aside(browser, community="maths").status_code == 303
    assert set(listed()) == {"numbers", "icme"} and set(listed("baraka")) == {"maths", "numbers", "icme"}
    assert browser.get("/communities").get_data(as_text=True).count(">Maths together<") == 1
    # It is put aside among suggestions, not hidden: its page is there.
    assert browser.get("/communities/maths").status_code == 200


def test_it_can_be_taken_back(world, sign_in, listed):
    browser = sign_in("amina")
    put_aside(browser, community="maths")
    put_aside(browser, "known", network="icme")
    page = browser.get("/suggestions/communities/aside").get_data(as_text=True)
    assert page.index("Icme") < page.index("Maths together") and "I know it already" in page
    for kind, slug in (("community", "maths"), ("network", "icme")):
        answer = browser.submit("/suggestions/communities/restore", {kind: slug}, page="/suggestions/communities/aside")
        assert answer.status_code == 303
    assert set(listed()) == {"maths", "numbers", "icme"}
    assert "You put no community aside" in browser.get("/suggestions/communities/aside").get_data(as_text=True)
    assert 'href="/suggestions/communities/aside"' in browser.get("/suggestions/aside").get_data(as_text=True)


def test_for_an_institution_it_is_put_aside_by_those_who_act_for_it(world, sign_in, listed, database):
    answer = put_aside(sign_in("amina"), community="maths", for_="college")
    assert answer.status_code == 303 and "as=college" in answer.location
    assert "maths" not in listed("college") and "maths" in listed("amina")
    with database.reading() as session:
        row = session.scalars(select(GroupAside)).one()
        assert (row.profile_id, row.by_person_id) == (world["college"], world["amina"])
    assert sign_in("baraka").get("/suggestions/communities/aside?as=college").status_code == 404


def test_without_a_reason_nothing_happens_and_another_reason_replaces_the_first(world, sign_in, database):
    browser = sign_in("amina")
    for reason in ("", "kings"):
        answer = put_aside(browser, reason, community="maths")
        assert answer.status_code == 422 and "Please choose one of the reasons." in answer.get_data(as_text=True)
    put_aside(browser, "level", community="maths")
    put_aside(browser, "language", community="maths")
    with database.reading() as session:
        assert [row.reason for row in session.scalars(select(GroupAside))] == ["language"]


def test_what_is_not_there_cannot_be_put_aside(world, sign_in, client, database):
    browser = sign_in("amina")
    for address in ("?community=nothing", "?network=nothing", ""):
        assert browser.get(f"/suggestions/communities/dismiss{address}").status_code == 404
    assert client.get("/suggestions/communities/dismiss?community=maths").status_code in (302, 303)
    put_aside(browser, community="maths")
    with database.transaction() as session:
        session.scalar(select(Community).where(Community.slug == "maths")).hidden_at = now()
    assert "Maths together" not in browser.get("/suggestions/communities/aside").get_data(as_text=True)


def test_a_long_list_has_pages(world, sign_in, database):
    with database.transaction() as session:
        for number in range(35):
            network = make_network(session, f"net{number:02}", {"subject": ["0541"]})
            session.add(GroupAside(profile_id=world["amina"], network_id=network.id, reason="other"))
    browser = sign_in("amina")
    first = browser.get("/suggestions/communities/aside").get_data(as_text=True)
    assert first.count(">Suggest it again<") == 30
    following = first.partition("/suggestions/communities/aside?after=")[2].partition('"')[0]
    second = browser.get(f"/suggestions/communities/aside?after={following}").get_data(as_text=True)
    assert second.count(">Suggest it again<") == 5
    assert browser.get("/suggestions/communities/aside?after=x").status_code == 200


def test_it_is_in_ones_download_and_goes_with_oneself(world, sign_in, database):
    put_aside(sign_in("amina"), "time", network="icme")
    with database.transaction() as session:
        amina = session.get_one(Person, world["amina"])
        told = export_suggestions(session, amina.account_id)["communities_put_aside"]
        assert [(one["community"], one["reason"]) for one in told] == [("icme", "time")]
        session.delete(amina)
    with database.reading() as session:
        assert session.scalars(select(GroupAside)).all() == []
        assert session.scalar(select(ExternalNetwork.slug)) == "icme"


def test_those_out_of_sight_hide_none_of_the_others(world, sign_in, database):
    with database.transaction() as session:
        for number in range(32):
            one = make_community(session, f"group-{number}")
            session.add(GroupAside(profile_id=world["amina"], community_id=one.id, reason="other"))
            one.hidden_at = now() if number else None
            session.flush()
    assert ">Group 0<" in sign_in("amina").get("/suggestions/communities/aside").get_data(as_text=True)
