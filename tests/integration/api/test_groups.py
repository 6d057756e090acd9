"""What the network lacks, over HTTP."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.features.communities.models import BETWEEN_COMMUNITIES, Community, Introducer, MissingCommunity, MissingMember
from app.features.profiles.models import Person
from tests.integration.suggestions.world import teacher
from tests.support.communities import add_member, make_community


@pytest.fixture
def found(world, database):
    """Six who would be in a community with Amina, and somebody between two communities."""
    with database.transaction() as session:
        people = [session.scalar(select(Person).where(Person.handle == "amina"))]
        people += [teacher(session, f"peer{number}") for number in range(6)]
        row = MissingCommunity(
            facets={"subject": ["0541"], "level": ["2"], "language": ["sw"], "place": ["KE"]}, countries=["KE"],
            people=7, institutions=0, stability=93,
        )  # fmt: skip
        session.add(row)
        session.flush()
        for place, person in enumerate(people):
            session.add(MissingMember(missing_id=row.id, profile_id=person.id, place=place))
        near, far = (make_community(session, slug, people[at], {"subject": ["0541"]}) for at, slug in enumerate("ab"))
        for community in (near, far):
            add_member(session, community, people[3])
        session.add(
            Introducer(kind=BETWEEN_COMMUNITIES, one=str(near.id), other=str(far.id), person_id=people[3].id,
                       role="both", known_one=0, known_other=0, place=0)
        )  # fmt: skip


def test_communities_that_should_exist(found, program):
    told = program("amina").get("/suggestions/missing-communities").json
    (one,) = told["communities"]
    assert (one["subjects"], one["languages"], one["people"], one["stability"]) == (["0541"], ["sw"], 7, 93)
    assert one["with_you"] and len(one["some"]) == 6 and told["next"] is None
    assert not program("baraka").get("/suggestions/missing-communities").json["communities"][0]["with_you"]
    assert program(None).get("/suggestions/missing-communities").status_code == 401


def test_coordinators_learn_who_could_introduce_them(found, program, database):
    told = program("amina").get("/communities/a/introducers").json
    assert [(one["id"], [p["id"] for p in one["people"]]) for one in told["communities"]] == [("b", ["peer2"])]
    assert told["communities"][0]["people"][0]["role"] == "both"
    assert program("baraka").get("/communities/a/introducers").status_code == 403
    with database.transaction() as session:
        session.scalar(select(Community).where(Community.slug == "b")).state = "dormant"
    assert program("amina").get("/communities/a/introducers").json == {"communities": []}
