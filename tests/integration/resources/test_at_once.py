"""The same form sent twice, or two people at the same moment: one result, and nobody sees an error."""

from __future__ import annotations

import pytest

from app.core.registries import community_exporters
from app.features.communities.models import Community
from app.features.profiles.models import Person
from app.features.resources.models import Origin, PracticeNote, Resource, Review
from tests.integration.introductions.test_at_once import at_once, count
from tests.integration.profiles.test_at_once import posting
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.resources import make_resource

SHARED = {"url": "https://example.org/a", "title": "A", "lang": "en", "type": "video", "languages": ["en"],
          "licence": "CC0-1.0", "token": "a" * 32}  # fmt: skip
TRIED = {"title": "A", "tried": "B", "happened": "C", "lang": "en", "again": "yes", "token": "b" * 32}
SAID = {"quality": "4", "inclusion": "3", "suitability": "2", "version": "0"}


@pytest.fixture
def number(database):
    """A resource of a community of three."""
    with database.transaction() as session:
        amina = make_person(session, "amina")
        community = make_community(session, "maths-east", amina)
        for handle in ("li", "olga"):
            add_member(session, community, make_person(session, handle))
        return make_resource(session, amina, community=community).id


def test_the_same_form_three_times_is_one_thing(number, database, sign_in):
    for path, said, table in (
        ("/communities/maths-east/resources/new", SHARED, Resource),
        ("/communities/maths-east/practice/new", TRIED, PracticeNote),
        (f"/resources/{number}/review", SAID, Review),
    ):
        before = count(database, table)
        browsers = [sign_in("li") for _ in range(3)]
        assert at_once(*(posting(one, path, said, page=path) for one in browsers)) == [303, 303, 303], path
        assert count(database, table) == before + 1


def test_two_people_share_the_same_address(number, database, sign_in):
    path = "/communities/maths-east/resources/new"
    said = [{**SHARED, "token": letter * 32} for letter in "cd"]
    browsers = [sign_in(handle) for handle in ("li", "olga")]
    pairs = zip(browsers, said, strict=True)
    assert sorted(at_once(*(posting(one, path, values, page=path) for one, values in pairs))) == [303, 422]


def test_of_two_who_change_it_at_once_the_second_is_told(number, database, sign_in):
    with database.transaction() as session:
        community = session.query(Community).one()
        make_resource(session, session.query(Person).filter_by(handle="li").one(), "Of Li", community=community)
        version = session.get_one(Resource, number).version
    path = f"/resources/{number}/edit"
    browsers = [sign_in("amina") for _ in range(2)]
    said = [{**SHARED, "title": title, "version": str(version)} for title in ("One", "Other")]
    pairs = zip(browsers, said, strict=True)
    assert sorted(at_once(*(posting(one, path, values, page=path) for one, values in pairs))) == [303, 409]


def test_a_circle_that_two_made_at_the_same_moment_is_drawn_once(number, database, client):
    with database.transaction() as session:
        other = make_resource(session, session.query(Person).filter_by(handle="li").one(), "Other").id
        for child, parent in ((number, other), (other, number)):
            url = session.get_one(Resource, parent).url
            session.add(
                Origin(resource_id=child, parent_id=parent, url=url, url_hash=f"{child}", relation="adaptation")
            )
    page = client.get(f"/resources/{number}").get_data(as_text=True)
    assert page.count(f'href="/resources/{other}"') == 2  # once as an original, once as what came of it


def test_a_community_takes_its_resources_and_notes_along(number, database, sign_in):
    li = sign_in("li")
    assert li.submit("/communities/maths-east/practice/new", TRIED).status_code == 303
    exporters = dict(community_exporters())
    with database.reading() as session:
        community = session.query(Community).one().id
        assert exporters["resources"](session, community)[0]["name"]["@value"] == "Algebra for all"
        assert exporters["practice"](session, community)[0]["tried"] == "B"
