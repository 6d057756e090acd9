"""Community health: the figures are right, asked for in a fixed number of statements, and point at nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core.actor import Actor
from app.core.clock import now
from app.features.communities.models import Community, Member
from app.features.communities.queries import get_standing
from app.features.communities.queries.health_report import load_report
from app.features.profiles.models import Person
from app.features.renditions.models import RenditionRequest
from app.features.threads.models import Post
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.statements import count_statements

PLACE = "/communities/maths-east/health"


def text(response):
    return response.get_data(as_text=True)


def days_ago(days):
    return now() - timedelta(days=days, minutes=5)


def settle(session, community, country, number, start=0, lang="en", **values):
    """Members of one country who work in one language."""
    found = []
    for place in range(start, start + number):
        handle = f"{country.lower()}{place}"
        person = make_person(session, handle, country=country, languages=[(lang, 6)], **values)
        add_member(session, community, person, joined_at=days_ago(100))
        found.append(person)
    return found


@pytest.fixture
def world(database):
    """Carla coordinates 8 people in Kenya, 6 in France and 2 in Brazil; Kenya writes most."""
    with database.transaction() as session:
        carla = make_person(session, "carla", country="KE", languages=[("en", 6)])
        community = make_community(session, "maths-east", founder=carla, facets={"language": ["en", "sw", "pt-BR"]})
        kenya = settle(session, community, "KE", 8)
        france = settle(session, community, "FR", 6, lang="fr")
        brazil = settle(session, community, "BR", 2, lang="pt")
        first = make_thread(session, community, kenya[0], at=days_ago(20))
        for person in kenya[1:]:
            for _time in range(3):
                make_post(session, first, person, at=days_ago(10))
        for person in france:
            make_post(session, first, person, lang="fr", at=days_ago(9))
        make_post(session, first, brazil[0], lang="pt-BR", at=days_ago(2))
        # What was hidden, taken back, written long ago or elsewhere counts nothing.
        make_post(session, first, kenya[1], at=days_ago(5), hidden_at=now())
        make_post(session, first, kenya[1], at=days_ago(5), withdrawn_at=now())
        make_post(session, first, kenya[1], at=days_ago(400))
        other = make_thread(session, make_community(session, "elsewhere"), kenya[1])
        return {"community": community.id, "thread": first.id, "elsewhere": other.id, "carla": carla.id}


def report(database, world, days=90):
    with database.reading() as session:
        standing = get_standing(session, Actor(person_id=world["carla"], account_id=1), "maths-east")
        return load_report(session, standing, days)


def test_who_is_heard_and_what_crosses(world, database):
    found = report(database, world)
    assert (found.members, found.authors, found.posts) == (17, 15, 1 + 21 + 6 + 1)
    # Two from Brazil are too few: France, the smallest that is not, stands with them, or they could be worked out.
    assert [(group.key, group.counts) for group in found.countries.shown] == [("KE", (9, 22))]
    assert found.countries.joined == ("FR", "019") and found.countries.others.counts == (8, 7)
    # One who keeps order is one person.
    assert found.roles.tells_nothing
    # Everybody but the one who asked answers her, 7 from Kenya with 21 posts, 7 from elsewhere with 7.
    assert found.answers == 28
    assert found.across_borders == pytest.approx(7 / 28)
    assert found.across_languages == pytest.approx(7 / 28)
    assert 0 < found.gini < 0.5 and found.half == 5
    assert found.threads.number == 1 and not found.threads.told


def test_countries_of_few_stand_together_by_continent(world, database, sign_in):
    with database.transaction() as session:
        community = session.get(Community, world["community"])
        for place, country in enumerate(("TZ", "UG", "RW", "TZ", "BI")):
            settle(session, community, country, 1, start=50 + place)
    found = report(database, world).countries
    assert [(group.key, group.people) for group in found.shown] == [("KE", 9), ("FR", 6)]
    assert found.joined == ("002", "019")
    with database.transaction() as session:
        community = session.get(Community, world["community"])
        for place, country in enumerate(("PE", "CL", "AR")):
            settle(session, community, country, 1, start=60 + place)
    found = report(database, world).countries
    assert found.others is None
    assert {group.key: group.people for group in found.shown} == {"KE": 9, "FR": 6, "002": 5, "019": 5}
    assert "Africa, other countries" in text(sign_in("carla").get(PLACE))


def test_the_page_says_it_in_words_and_what_one_can_do(world, sign_in):
    carla = sign_in("carla")
    page = text(carla.get(PLACE))
    assert "Kenya" in page and "Others, together" in page
    assert "France" not in page and "Brazil" not in page
    assert "25% of the answers go to somebody in another country" in page
    assert "Half of the posts come from 5 of the 15 people who wrote" in page
    assert "What you can do:" in page and "/communities/maths-east/invitations" in page
    assert page.count('<svg class="bar') >= 5
    # The page begins with what calls for something, each with the way to the part that says more.
    first = page[page.index("What matters most now") : page.index('id="heard"')]
    assert 1 <= first.count("<li>") <= 2 and all(f'id="{name}"' in page for name in re.findall(r'href="#(\w+)"', first))
    for days in (30, 365, 7, "x", -1):
        assert carla.get(f"{PLACE}?days={days}").status_code == 200


def test_only_those_who_keep_order_see_it(world, sign_in, client):
    assert sign_in("ke1").get(PLACE).status_code == 403
    assert client.get(PLACE).status_code in (302, 303, 401)
    assert "maths-east/health" not in text(sign_in("ke1").get("/communities/maths-east/log"))


def test_where_the_few_come_from_shows_nowhere(world, sign_in, database):
    """The page is the same, letter for letter, wherever the two of the small group come from."""
    carla = sign_in("carla")
    strip = re.compile(r"csrf_token[^>]*>|nonce=\S+")
    before = strip.sub("", text(carla.get(PLACE)))
    with database.transaction() as session:
        for person in session.query(Person).filter(Person.handle.in_(["br0", "br1"])):
            person.country = "PT"
    assert strip.sub("", text(carla.get(PLACE))) == before


def test_languages_offered_and_present(world, database):
    found = report(database, world).languages
    assert found.offered == ("en", "pt", "sw")
    assert found.missing == ("pt", "sw")
    assert found.unoffered == ("fr",)
    assert [(group.key, group.counts) for group in found.read.shown] == [("en", (9, 22))]
    assert set(found.read.joined) == {"fr", "pt"}


def test_newcomers_and_threads_are_answered_or_wait(world, sign_in, database):
    with database.transaction() as session:
        community = session.get(Community, world["community"])
        new = settle(session, community, "TZ", 6)
        for place, person in enumerate(new):
            row = session.get(Member, (community.id, person.id))
            row.first_post_at = days_ago(10)
            row.first_answer_at = row.first_post_at + timedelta(hours=place + 1) if place < 5 else None
            thread = make_thread(session, community, person, at=days_ago(10))
            # An answer to oneself is none.
            make_post(session, thread, person, at=days_ago(10) + timedelta(minutes=1))
            if place < 5:
                make_post(session, thread, new[place - 1], at=thread.created_at + timedelta(days=place + 1))
    found = report(database, world)
    assert (found.newcomers.number, found.newcomers.answered, found.newcomers.waiting) == (6, 5, 1)
    assert found.newcomers.typical == timedelta(hours=3)
    assert (found.threads.number, found.threads.answered) == (7, 6)
    assert timedelta(days=2) < found.threads.typical < timedelta(days=4)
    page = text(sign_in("carla").get(PLACE))
    assert "was never answered" in page and "/communities/maths-east/newcomers?unanswered=1" in page
    assert "5 of 6 were answered" in page and "3 hours" in page


def test_weeks_are_whole_and_the_quiet_ones_stand_there(world, database):
    weeks = report(database, world, 30).weeks
    assert [week.posts for week in weeks] == [0, 1, 27, 1]
    assert [week.people for week in weeks] == [0, 1, 13, 1]
    assert len(report(database, world, 365).weeks) == 52


def test_wishes_of_this_community_alone_are_counted(world, database, sign_in):
    with database.transaction() as session:
        community = session.get(Community, world["community"])
        thread = make_thread(session, community, make_person(session, "dora"))
        for kind, thing, lang, answered in (
            ("post", thread.last_post_id, "sw", None), ("thread", thread.id, "sw", None),
            ("community", world["community"], "fr", None), ("post", thread.last_post_id, "ar", now()),
            ("thread", world["elsewhere"], "hi", None), ("community", world["community"] + 1, "hi", None),
        ):  # fmt: skip
            session.add(RenditionRequest(kind=kind, thing_id=thing, lang=lang, lang_base=lang, source_base="en",
                                         open_key=f"{kind}:{thing}:{lang}", answered_at=answered))  # fmt: skip
    assert report(database, world).wishes == (("sw", 2), ("fr", 1))
    assert "3 translations are wished for" in text(sign_in("carla").get(PLACE))


def test_a_closed_account_leaves_its_posts_to_the_whole_and_to_no_country(world, database):
    with database.transaction() as session:
        gone = session.query(Person).filter_by(handle="ke3").one()
        session.query(Post).filter_by(author_id=gone.id).update({"author_id": None})
        session.query(Member).filter_by(person_id=gone.id).delete()
    found = report(database, world)
    assert (found.members, found.authors, found.posts) == (16, 14, 29)
    assert sum(group.counts[1] for group in (*found.countries.shown, found.countries.others)) == 29


def test_a_community_of_few_shows_no_figures(database, sign_in):
    with database.transaction() as session:
        carla = make_person(session, "carla", country="KE")
        community = make_community(session, "maths-east", founder=carla)
        amina = make_person(session, "amina", country="TZ")
        add_member(session, community, amina)
    carla = sign_in("carla")
    assert "Too early for figures" in text(carla.get(PLACE))
    with database.transaction() as session:
        make_thread(session, session.get(Community, 1), session.merge(amina))
    page = text(carla.get(PLACE))
    assert "Fewer than 5 people wrote" in page and "Tanzania" not in page and "person wrote" not in page
    assert "too few people to show this" in page


def test_it_costs_the_same_number_of_statements_however_much_was_written(world, sign_in, database):
    carla = sign_in("carla")

    def statements():
        with count_statements(database) as sent:
            assert carla.get(PLACE).status_code == 200
        return len(sent)

    few = statements()
    with database.transaction() as session:
        community = session.get(Community, world["community"])
        people = settle(session, community, "IN", 20, lang="hi")
        for number in range(300):
            thread = make_thread(session, community, people[number % 20], at=days_ago(number % 80))
            make_post(session, thread, people[(number + 1) % 20], at=days_ago(number % 80))
    assert statements() == few
