"""Communities and networks over HTTP: found, read, joined and left by the rules of the pages."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from app.features.communities.models import Charter, Community, Member
from tests.integration.api.places import make_network, person
from tests.support.communities import make_community
from tests.support.statements import count_statements

pytestmark = pytest.mark.usefixtures("places")
EAST = "/communities/maths-east"


def _ids(response, name="communities"):
    assert response.status_code == 200, response.json
    return [row["id"] for row in response.json[name]]


@pytest.fixture
def more(database):
    """Two further communities: one that asks before it lets in and is closed to readers, one by invitation."""
    with database.transaction() as session:
        baraka = person(session, "baraka")
        questions = ["What do you teach?"]
        values = {"joining": "request", "reading": "members", "questions": questions}
        make_community(session, "physics-circle", baraka, {"subject": ["0533"]}, **values)
        make_community(session, "quiet-room", baraka, {"language": ["fr"]}, joining="invitation", template="circle")


def test_communities_are_found_by_the_filters_of_the_page(program, more):
    amina = program("amina")
    assert set(_ids(amina.get("/communities"))) == {"maths-east", "physics-circle", "quiet-room"}
    assert _ids(amina.get("/communities?subject=0541&place=KE&language=sw")) == ["maths-east"]
    assert _ids(amina.get("/communities?q=physics")) == ["physics-circle"]
    assert _ids(amina.get("/communities?template=circle")) == ["quiet-room"]
    found = amina.get("/communities?facets=true&subject=0541").json
    assert found["total"] == 1 and {"code": "subject", "count": 1, "on": False} in found["facets"]["template"]
    for query, field in (
        ("subject=x", "subject"),
        ("template=x", "template-0"),
        ("cursor=x", "cursor"),
        ("place=", "place"),
    ):
        assert amina.get(f"/communities?{query}").json["errors"].keys() == {field}


def test_pages_follow_each_other(program, more):
    amina, seen, cursor = program("amina"), [], None
    for _ in range(3):
        page = amina.get("/communities", query_string={"limit": 1, **({"cursor": cursor} if cursor else {})})
        seen += _ids(page)
        cursor = page.json["next"]
    assert sorted(seen) == ["maths-east", "physics-circle", "quiet-room"]


def test_a_community_says_what_it_is_and_who_reads_which_language(program):
    whole = program("baraka").get(EAST).json
    assert whole["lang"] == "sw" and whole["languages"] == ["en", "sw"] and whole["places"] == ["014"]
    assert whole["canvas"] == {"domain": "*Numbers*"} and whole["charter_version"] == 1
    assert [one["id"] for one in whole["coordinators"]] == ["amina"]
    assert whole["readers"] == {"sw": 2, "en": 2}
    assert whole["members"] == 2 and whole["joined"] is True and whole["obstacle"] is None
    assert whole["membership"]["role"] == "member" and whole["membership"]["charter_version"] == 1
    guest = program().get(EAST).json
    assert guest["membership"] is None and guest["joined"] is False and guest["obstacle"]
    assert guest["coordinators"][0]["name"].startswith("A teacher")
    assert program().get("/communities/nowhere").status_code == 404


def test_a_hidden_community_is_not_there(program, database):
    with database.transaction() as session:
        from app.core.clock import now

        session.execute(update(Community).values(hidden_at=now()))
    for path in ("", "/charter", "/charter/versions", "/threads", "/events", "/resources"):
        assert program("dalia").get(f"{EAST}{path}").status_code == 404, path
    assert _ids(program("dalia").get("/communities")) == []


def test_the_charter_and_its_versions(program, database):
    with database.transaction() as session:
        number = session.scalar(select(Community.id))
        for version in range(2, 34):
            session.add(Charter(community_id=number, version=version, lang="sw", parts={"purpose": f"{version}"}))
    amina = program("amina")
    newest = amina.get(f"{EAST}/charter").json
    assert newest["version"] == 33 and newest["in_force"] and newest["parts"] == {"purpose": "33"}
    assert newest["licence"] == "CC-BY-4.0" and newest["divergence"] == {}
    first = amina.get(f"{EAST}/charter?version=1").json
    assert first["in_force"] is False and first["parts"]["purpose"] == "Our purpose."
    assert amina.get(f"{EAST}/charter?version=34").status_code == 404
    page = amina.get(f"{EAST}/charter/versions").json
    rest = amina.get(f"{EAST}/charter/versions?cursor={page['next']}").json
    assert [row["version"] for row in page["versions"] + rest["versions"]] == list(range(33, 0, -1))
    assert rest["next"] is None


def test_coming_in_takes_the_charter_and_going_leaves_nothing_open(program):
    dalia = program("dalia")
    refused = dalia.post(f"{EAST}/membership")
    assert refused.status_code == 422 and refused.json["errors"].keys() == {"charter"}
    assert dalia.post(f"{EAST}/membership", json={"charter": 7}).json["errors"].keys() == {"charter"}
    for _twice in range(2):
        joined = dalia.post(f"{EAST}/membership", json={"charter": 1})
        assert joined.status_code == 200, joined.json
        assert joined.json["state"] == "active" and joined.json["role"] == "member"
    mine = dalia.get("/memberships").json["communities"]
    assert [(row["id"], row["membership"]["role"], row["joined"]) for row in mine] == [("maths-east", "member", True)]
    assert dalia.get(EAST).json["members"] == 3
    assert dalia.delete(f"{EAST}/membership").status_code == 204
    assert dalia.get("/memberships").json["communities"] == []
    assert dalia.get(EAST).json["membership"]["state"] == "left"
    assert dalia.delete(f"{EAST}/membership").status_code == 409


def test_the_only_one_who_coordinates_says_so_twice(program, database):
    amina = program("amina")
    alone = amina.delete(f"{EAST}/membership")
    assert alone.status_code == 409 and "only one who coordinates" in alone.json["detail"]
    assert amina.delete(f"{EAST}/membership?even_so=true").status_code == 204
    with database.reading() as session:
        assert session.scalar(select(Community.orphaned_at)) is not None


def test_asking_to_be_let_in_and_taking_it_back(program, more, database):
    dalia, path = program("dalia"), "/communities/physics-circle/membership"
    refused = dalia.post(path, json={"charter": 1})
    assert refused.json["errors"].keys() == {"answers-0", "lang"}
    asked = dalia.post(path, json={"charter": 1, "answers": ["Physics."], "lang": "en"})
    assert asked.status_code == 200 and asked.json["state"] == "asked" and asked.json["role"] is None
    with database.reading() as session:
        row = session.scalar(select(Member).where(Member.state == "asked"))
        assert row.answers == ["Physics."] and row.answers_lang == "en"
    assert dalia.get("/memberships").json["communities"] == []
    assert dalia.delete(path).status_code == 204
    assert dalia.get("/communities/physics-circle").json["membership"]["state"] == "left"


def test_who_may_not_come_in_is_told(program, more):
    dalia = program("dalia")
    invited = dalia.post("/communities/quiet-room/membership", json={"charter": 1})
    assert invited.status_code == 403
    assert program().post(f"{EAST}/membership", json={"charter": 1}).status_code == 401
    assert program().get("/memberships").status_code == 401
    assert dalia.post(f"{EAST}/membership", json={"version": 1}).json["errors"].keys() == {"version"}


def test_members_only_means_members_only(program, more):
    for path in ("threads", "events", "resources", "threads/1", "events/1"):
        for handle in ("dalia", None):
            assert program(handle).get(f"/communities/physics-circle/{path}").status_code == 403, path
    assert program("baraka").get("/communities/physics-circle/threads").status_code == 200
    assert program("dalia").get("/communities/physics-circle/charter").status_code == 200


def test_networks_elsewhere(program, database):
    with database.transaction() as session:
        make_network(session, "health-campus", name="Campus of health", lang="fr", reach="regional")
    guest = program()
    assert set(_ids(guest.get("/networks"), "networks")) == {"oer-network", "health-campus"}
    assert _ids(guest.get("/networks?q=health"), "networks") == ["health-campus"]
    assert _ids(guest.get("/networks?reach=regional&subject=0541&place=KE"), "networks") == ["health-campus"]
    assert guest.get("/networks?facets=true").json["facets"]["place"] == [{"code": "002", "count": 2, "on": False}]
    one = guest.get("/networks/oer-network").json
    assert one["link"] == "https://oer-network.example.org" and one["subjects"] == ["0541"] and one["old"] is False
    assert guest.get("/networks/nowhere").status_code == 404
    for query in ("subject=x", "level=", "reach=x", "cursor=x"):
        assert guest.get(f"/networks?{query}").json["errors"].keys() == {query.partition("=")[0]}


def _add(session, numbers):
    founder = person(session, "baraka")
    for number in numbers:
        make_community(session, f"further-{number}", founder, {"subject": ["0541"], "language": ["ar"]}, lang="ar")
        make_network(session, f"network-{number}", added_by=founder.id, lang="ar")


def test_pages_of_ones_own_communities_follow_each_other_both_ways(program, more):
    """Also where several were active at the very same moment."""
    baraka = program("baraka")
    everything = _ids(baraka.get("/memberships"))
    assert sorted(everything) == ["maths-east", "physics-circle", "quiet-room"]
    seen, cursor, pages = [], None, []
    while not pages or cursor:
        pages.append(baraka.get("/memberships", query_string={"limit": 1, **({"cursor": cursor} if cursor else {})}))
        seen += _ids(pages[-1])
        cursor = pages[-1].json["next"]
    assert seen == everything and pages[0].json["previous"] is None
    back = baraka.get("/memberships", query_string={"limit": 1, "cursor": pages[2].json["previous"]})
    assert _ids(back) == everything[1:2]
    assert baraka.get("/memberships?cursor=x").json["errors"].keys() == {"cursor"}
    assert baraka.get("/memberships?limit=0").json["errors"].keys() == {"limit"}


@pytest.mark.parametrize("path", ["/communities", "/networks", "/memberships"])
def test_the_number_of_queries_does_not_grow_with_the_list(program, database, path):
    baraka = program("baraka")
    name = "communities" if path == "/memberships" else path[1:]
    with database.transaction() as session:
        _add(session, [1])
    baraka.get(path)
    with count_statements(database) as few:
        assert len(baraka.get(path).json[name]) == 2
    with database.transaction() as session:
        _add(session, range(2, 9))
    with count_statements(database) as many:
        assert len(baraka.get(path).json[name]) == 9
    assert len(few) == len(many)
