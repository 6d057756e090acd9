"""Who could introduce groups: found from who knows whom, shown to coordinators, and between languages to members."""

from __future__ import annotations

from itertools import combinations

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.communities.models import Introducer
from app.features.profiles.models import Person
from app.features.relations.services import block, connect
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.statements import count_statements


@pytest.fixture
def world(database):
    """Two circles of teachers, one in Swahili and one in French; Zuri knows people of both and works in both."""
    with database.transaction() as session:
        circles = {}
        for name, tag, country in (("maths", "sw", "KE"), ("calcul", "fr", "SN")):
            people = [
                make_person(session, f"{name}{n}", country=country, subjects=["0541"], levels=["2"],
                            languages=[(tag, 7, True)])
                for n in range(6)
            ]  # fmt: skip
            circle = make_community(session, name, people[0], {"subject": ["0541"], "language": [tag]})
            for person in people[1:]:
                add_member(session, circle, person)
            for one, other in combinations(people, 2):
                connect(session, one.id, other.id)
            circles[name] = people
        tongues = [("sw", 6, True), ("fr", 5, False)]
        zuri = make_person(session, "zuri", country="RW", subjects=["0541"], levels=["2"], languages=tongues)
        for people in circles.values():
            for person in people[1:4]:
                connect(session, zuri.id, person.id)
        both = make_person(session, "both", country="RW", languages=tongues)
        for circle in ("maths", "calcul"):
            from app.features.communities.models import Community

            found = session.scalar(select(Community).where(Community.slug == circle))
            add_member(session, found, both)
        make_community(session, "far", make_person(session, "far"), {"subject": ["0541"]})
        # Knows one person only on the other side: telling of it would point at that one.
        connect(session, circles["maths"][5].id, circles["calcul"][5].id)
        return {
            "zuri": zuri.id,
            "both": both.id,
            **{person.handle: person.id for p in circles.values() for person in p},
        }


@pytest.fixture
def found(world, runner):
    result = runner.invoke(args=["suggestions", "find-groups", "--json"])
    assert result.exit_code == 0, result.output
    return world


def main_of(response):
    assert response.status_code == 200
    return response.get_data(as_text=True).split("<main")[1].split("</main")[0]


def test_whoever_was_planted_between_is_found(found, database):
    with database.reading() as session:
        rows = session.scalars(
            select(Introducer).where(Introducer.kind == "community").order_by(Introducer.place)
        ).all()
        assert [(row.person_id, row.role) for row in rows] == [(found["zuri"], "liaison"), (found["both"], "both")]
        assert (rows[0].known_one, rows[0].known_other) == (3, 3)
        rows = session.scalars(select(Introducer).where(Introducer.kind == "language")).all()
        assert [(row.one, row.other, row.person_id) for row in rows] == [("fr", "sw", found["zuri"])]


def test_coordinators_see_who_could_introduce_them_and_nobody_else_does(found, sign_in, client):
    coordinator = sign_in("maths0")
    panel = main_of(coordinator.get("/communities/maths"))
    assert "People who could introduce you to others" in panel and ">Zuri<" in panel and ">Calcul<" in panel
    page = main_of(coordinator.get("/communities/maths/between"))
    assert page.index(">Zuri<") < page.index(">Both<")
    assert "Knows people of both communities." in page and "Belongs to both communities." in page
    assert "/introductions" in page and "Far" not in page
    assert "People who could introduce you" not in main_of(sign_in("maths1").get("/communities/maths"))
    assert sign_in("maths1").get("/communities/maths/between").status_code == 403
    assert client.get("/communities/maths/between").status_code in (302, 303, 403)
    assert "Nobody stands between yet" in main_of(sign_in("far").get("/communities/far/between"))


def test_whoever_does_not_want_to_be_suggested_is_gone_at_once(found, database, sign_in):
    with database.transaction() as session:
        session.get(Person, found["zuri"]).suggestible = False
        block(session, found["both"], found["maths0"])
    coordinator = sign_in("maths0")
    assert "Nobody stands between yet" in main_of(coordinator.get("/communities/maths/between"))
    # The other coordinator is not blocked.
    assert ">Both<" in main_of(sign_in("calcul0").get("/communities/calcul/between"))
    assert "Nobody stands between yet" in main_of(coordinator.get("/communities/between"))


def test_a_community_that_is_out_of_sight_is_not_named(found, database, sign_in):
    from app.features.communities.models import Community

    with database.transaction() as session:
        session.scalar(select(Community).where(Community.slug == "calcul")).hidden_at = now()
    assert "Calcul" not in main_of(sign_in("maths0").get("/communities/maths/between"))


def test_nobody_is_told_who_belongs_where_only_members_read_that(found, database, sign_in):
    from app.features.communities.models import Community

    with database.transaction() as session:
        session.scalar(select(Community).where(Community.slug == "calcul")).reading = "members"
    page = main_of(sign_in("maths0").get("/communities/maths/between"))
    assert ">Zuri<" in page and ">Both<" not in page
    assert ">Both<" in main_of(sign_in("calcul0").get("/communities/calcul/between"))
    with database.transaction() as session:
        # Who reads there knows it anyway.
        circle = session.scalar(select(Community).where(Community.slug == "calcul"))
        add_member(session, circle, session.get(Person, found["maths0"]))
    assert ">Both<" in main_of(sign_in("maths0").get("/communities/maths/between"))


def test_between_languages(found, sign_in, client):
    page = main_of(sign_in("maths2").get("/communities/between"))
    assert ">Zuri<" in page and "Kiswahili" in page and "Français" in page
    assert "Works in both languages and knows people on either side." in page and "Both" not in page
    other = main_of(sign_in("maths2").get("/communities/between?language=fr"))
    assert ">Zuri<" in other
    assert main_of(sign_in("maths2").get("/communities/between?language=xx%00")) == page
    assert client.get("/communities/between").status_code in (302, 303)


def test_found_again_the_answer_is_the_same_and_the_page_asks_as_often(found, runner, database, sign_in):
    def kept():
        with database.reading() as session:
            columns = (Introducer.kind, Introducer.one, Introducer.other, Introducer.person_id, Introducer.place)
            return sorted(map(tuple, session.execute(select(*columns)).all()))

    before = kept()
    coordinator = sign_in("maths0")
    coordinator.get("/communities/maths/between")
    with count_statements(database) as few:
        coordinator.get("/communities/maths/between")
    assert runner.invoke(args=["suggestions", "find-groups"]).exit_code == 0
    assert kept() == before
    with database.transaction() as session:
        both = session.get(Person, found["both"])
        for number in range(6):
            add_member(session, make_community(session, f"more{number}", None, {"subject": ["0541"]}), both)
    runner.invoke(args=["suggestions", "find-groups"])
    with count_statements(database) as many:
        page = main_of(coordinator.get("/communities/maths/between"))
    assert "More5" in page and len(many) <= len(few)


def test_who_refuses_to_introduce_is_named_nowhere_at_once_and_when_found_anew(found, database, sign_in, runner):
    kinds = ["peers", "collaborators", "bridges", "groups", "guests"]
    answer = sign_in("zuri").submit("/suggestions/me/kinds", {"kinds": kinds}, page="/suggestions/me")
    assert answer.status_code == 303
    coordinator = sign_in("maths0")
    page = main_of(coordinator.get("/communities/maths/between"))
    assert ">Zuri<" not in page and ">Both<" in page
    assert runner.invoke(args=["suggestions", "find-groups", "--json"]).exit_code == 0
    with database.reading() as session:
        assert set(session.scalars(select(Introducer.person_id))) == {found["both"]}


def test_one_sees_between_whom_one_is_named_and_only_oneself(found, database, sign_in):
    def told(handle: str) -> str:
        return main_of(sign_in(handle).get("/suggestions/me")).replace("\u2068", "").replace("\u2069", "")

    assert "At present: Français – Kiswahili · Maths – Calcul." in told("zuri")
    assert "At present: Maths – Calcul." in told("both")
    assert "At present:" not in told("maths1")
    # Who is named nowhere any more isn't told that they are, though nothing was found anew yet.
    kinds = ["peers", "collaborators", "bridges", "groups", "guests"]
    assert sign_in("both").submit("/suggestions/me/kinds", {"kinds": kinds}, page="/suggestions/me").status_code == 303
    assert "At present:" not in told("both")
    from app.features.communities.models import Community

    with database.transaction() as session:
        session.scalar(select(Community).where(Community.slug == "calcul")).hidden_at = now()
    assert "Calcul" not in told("zuri")
