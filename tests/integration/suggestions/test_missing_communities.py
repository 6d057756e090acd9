"""Communities that should exist: found by the job, shown to whoever may found, begun with one click."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.jobs import work
from app.features.communities.models import CommunityDraft, CommunitySeed, Invitation, MissingCommunity, MissingMember
from app.features.profiles.models import Person
from app.features.profiles.services.changes import note_change
from app.features.relations.services import block
from tests.support.communities import add_member, make_community
from tests.support.people import make_institution, make_person
from tests.support.statements import count_statements

COUNTRIES = ("KE", "TZ", "UG")
GROUPS = {"maths": ("0541", "2", "sw"), "contes": ("0232", "3", "fr"), "care": ("0922", "6", "ar")}
MORE = {"more": ("0541", "2", "sw")}


def make_group(session, name, size=16, **values):
    """People alike in subject, level and language, in three countries."""
    subject, level, tag = {**GROUPS, **MORE}[name]
    return [
        make_person(
            session, f"{name}{number}", country=COUNTRIES[number % 3], subjects=[subject], levels=[level],
            languages=[(tag, 7, True)], **values,
        )
        for number in range(size)
    ]  # fmt: skip


@pytest.fixture
def world(database):
    """Three groups, and some people who are like nobody."""
    with database.transaction() as session:
        groups = {name: make_group(session, name) for name in GROUPS}
        for number in range(14):
            make_person(session, f"other{number}", country="FR", subjects=[f"10{number % 4 + 1}4"], levels=["8"],
                        languages=[("en", 3 + number % 4)])  # fmt: skip
        make_institution(session, "school", owner=groups["maths"][3], country="KE", subjects=["0541"], levels=["2"],
                         languages=[("sw", 7)], type="school")  # fmt: skip
        return {name: [person.id for person in people] for name, people in groups.items()}


@pytest.fixture
def find(runner):
    def found() -> dict[str, int]:
        result = runner.invoke(args=["suggestions", "find-groups", "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return found


def titles(response):
    assert response.status_code == 200
    html = response.get_data(as_text=True)
    return [name for name in ("Mathematics", "Literature", "Child care") if f"{name}" in html.split("<main")[1]]


def test_the_groups_are_found_and_named_by_what_they_share(world, find, sign_in):
    assert find()["communities"] == 3
    page = sign_in("maths0").get("/communities/missing").get_data(as_text=True)
    assert "15 people besides you and 1 institution, in Swahili." in page
    assert "16 people, in French." in page and "3 countries" in page
    assert "Mathematics · Lower secondary" in page
    assert page.index("With you") < page.index("Mathematics ·") < page.index("Others")
    # A name stands there because its owner shows it; others are left out.
    assert ">Maths1" in page and "Among them:" in page


def test_one_click_begins_it_and_founding_it_invites_whoever_is_left(world, find, sign_in, database):
    find()
    with database.transaction() as session:
        block(session, world["maths"][1], world["maths"][0])
        shy = session.get(Person, world["maths"][2])
        shy.suggestible = False
        note_change(session, shy)
    browser = sign_in("maths0")
    with database.reading() as session:
        number = session.scalar(select(MissingMember.missing_id).where(MissingMember.profile_id == world["maths"][0]))
    answer = browser.submit(f"/communities/missing/{number}", {}, page="/communities/missing")
    assert answer.status_code == 303
    page = browser.get(answer.location).get_data(as_text=True)
    assert "From a suggestion" in page and "Mathematics" in page
    with database.reading() as session:
        seed = session.scalars(select(CommunitySeed)).one()
        seed_id = seed.id
        assert seed.facets["subject"] == ["0541"] and seed.facets["language"] == ["sw"]
        assert seed.facets["place"] == ["014"]
        # Neither oneself nor who is blocked nor who left; the school's owner is among the people already.
        assert set(seed.person_ids) == set(world["maths"]) - set(world["maths"][:3])
        assert session.scalars(select(Invitation)).all() == []
    browser.submit("/communities/new", {"template": "subject", "seed": str(seed_id)}, page=answer.location)
    with database.reading() as session:
        draft_id = session.scalars(select(CommunityDraft.id)).one()
    browser.submit(f"/communities/new/{draft_id}/check", {"invited": [str(world["maths"][5])]}, page=None)
    with database.reading() as session:
        asked = session.scalars(select(Invitation)).all()
        assert [row.person_id for row in asked] == [world["maths"][5]]


def test_a_group_that_has_a_community_is_not_shown(world, find, database, sign_in):
    with database.transaction() as session:
        people = [session.get(Person, number) for number in world["maths"]]
        club = make_community(session, "club", people[0], {"subject": ["0222"]})
        for person in people[1:10]:
            add_member(session, club, person)
        make_community(session, "recits", None, {"subject": ["0232"], "language": ["fr"]})
    assert find()["communities"] == 1
    with database.reading() as session:
        assert [row.facets["language"] for row in session.scalars(select(MissingCommunity))] == [["ar"]]


def test_found_again_it_keeps_its_number_and_gone_it_is_gone(world, find, database, sign_in):
    with database.transaction() as session:
        make_group(session, "more", 16)
    find()
    with database.reading() as session:
        before = {row.facets["subject"][0]: row.id for row in session.scalars(select(MissingCommunity))}
    with database.transaction() as session:
        for number in world["maths"][:2]:
            session.get(Person, number).suggestible = False
        for number in world["contes"]:
            session.get(Person, number).hidden_at = now()
    # Until it is looked for again, nobody who is out of sight counts.
    page = sign_in("care0").get("/communities/missing").get_data(as_text=True)
    assert "30 people" in page and "in French" not in page
    find()
    with database.reading() as session:
        after = {row.facets["subject"][0]: row.id for row in session.scalars(select(MissingCommunity))}
    assert after == {code: number for code, number in before.items() if code != "0232"}


def test_names_that_are_not_open_are_not_told(database, find, sign_in):
    with database.transaction() as session:
        for name in GROUPS:
            make_group(session, name, 22, audiences={"name": "contacts"})
    assert find()["communities"] == 3
    page = sign_in("maths0").get("/communities/missing").get_data(as_text=True)
    assert "21 people besides you" in page and "Maths1" not in page and "Contes" not in page


def test_who_may_not_found_sees_none_and_small_groups_are_no_groups(world, find, database, sign_in, client):
    with database.transaction() as session:
        make_group(session, "more", 16)
        for number in world["care"][4:]:
            session.get(Person, number).suggestible = False
    find()
    browser = sign_in("contes0")
    assert titles(browser.get("/communities/missing")) == ["Mathematics", "Literature"]
    assert browser.submit("/communities/missing/999999", {}, page="/communities/missing").status_code == 404
    assert client.get("/communities/missing").status_code in (302, 303)
    for after in ("1-1", "x", "9" * 40, "-", "٣-٤"):
        assert browser.get(f"/communities/missing?after={after}").status_code == 200


def test_the_job_finds_the_same_and_the_list_asks_as_often(world, find, database, sign_in):
    browser = sign_in("maths0")
    work(database, until_empty=True)
    with database.reading() as session:
        assert len(session.scalars(select(MissingCommunity)).all()) == 3
    browser.get("/communities")
    with count_statements(database) as listed:
        assert "With you" in browser.get("/communities/missing").get_data(as_text=True)
    assert len(listed) < 30
    with database.transaction() as session:
        for number in range(12):
            row = MissingCommunity(facets={"subject": ["0541"], "level": ["2"], "language": ["sw"]}, countries=["KE"],
                                   people=9, institutions=0, stability=90)  # fmt: skip
            session.add(row)
            session.flush()
            for place, person_id in enumerate(world["care"][:9]):
                session.add(MissingMember(missing_id=row.id, profile_id=person_id, place=place))
            del number
    with count_statements(database) as many:
        page = browser.get("/communities/missing").get_data(as_text=True)
    assert "9 people, in Swahili" in page and len(many) <= len(listed)


def test_on_the_list_of_communities_ones_own_stand_first(world, find, sign_in):
    find()
    page = sign_in("maths0").get("/communities").get_data(as_text=True)
    assert "Communities that could exist" in page and "15 people besides you and 1 institution" in page
    assert "Français" not in page.split("All communities that could exist")[0].split('id="for-you"')[1]


def members(database, subject="0541"):
    """Who is in the group of a subject, as found last."""
    with database.reading() as session:
        group = next(row for row in session.scalars(select(MissingCommunity)) if row.facets["subject"] == [subject])
        return set(session.scalars(select(MissingMember.profile_id).where(MissingMember.missing_id == group.id)))


def test_who_refuses_groups_is_in_none_at_once_and_when_they_are_found_anew(world, find, database, sign_in):
    find()
    kinds = ["peers", "collaborators", "bridges", "introducers", "guests"]
    answer = sign_in("maths5").submit("/suggestions/me/kinds", {"kinds": kinds}, page="/suggestions/me")
    assert answer.status_code == 303
    page = sign_in("maths0").get("/communities/missing").get_data(as_text=True)
    assert "14 people besides you and 1 institution" in page and "Maths5" not in page
    find()
    assert members(database) & set(world["maths"]) == set(world["maths"]) - {world["maths"][5]}


def test_who_refuses_lists_of_peers_may_still_be_one_of_a_group(world, find, database, sign_in):
    kinds = ["collaborators", "groups"]
    answer = sign_in("maths5").submit("/suggestions/me/kinds", {"kinds": kinds}, page="/suggestions/me")
    assert answer.status_code == 303
    find()
    assert world["maths"][5] in members(database)
