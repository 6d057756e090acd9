"""Finding communities: filters with exact counts, what suits, what is missing, the page of one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.communities.models import CLOSED, DORMANT, INVITATION, Community, CommunitySeed
from app.features.renditions.models import Rendition
from tests.support.communities import add_member, make_community
from tests.support.pages import parse
from tests.support.people import make_person
from tests.support.statements import count_statements


def names_on(response, heading="all-communities"):
    """The names of the communities in a section of the list."""
    page = parse(response.get_data(as_text=True))
    section = next((e for e in page.iter("section") if e.get("aria-labelledby") == heading), None)
    if section is None:
        return []
    cards = [e for e in section.iter("article") if "card" in (e.get("class") or "").split()]
    return ["".join(card.find(".//h3").itertext()).strip() for card in cards]


@pytest.fixture
def world(database):
    """Five communities of different kinds."""
    with database.transaction() as session:
        moment = now()
        make_community(
            session,
            "maths-east",
            name="Mathematics in East Africa",
            template="subject",
            active_at=moment,
            facets={"subject": ["0541"], "level": ["2"], "language": ["sw", "en"], "place": ["014"]},
        )
        make_community(
            session,
            "sciences",
            name="علوم للجميع",
            lang="ar",
            template="subject",
            active_at=moment - timedelta(1),
            summary="معلمو العلوم",
            facets={"subject": ["05"], "language": ["ar"]},
        )
        make_community(
            session,
            "kiswahili",
            name="Walimu wa Kiswahili",
            lang="sw",
            template="language",
            active_at=moment - timedelta(2),
            facets={"language": ["sw"], "place": ["KE", "TZ"]},
        )
        make_community(
            session,
            "asleep",
            name="Old friends",
            template="circle",
            state=DORMANT,
            active_at=moment - timedelta(200),
        )
        make_community(session, "over", name="Finished project", template="project", state=CLOSED)
        make_community(session, "hidden", name="Out of sight", hidden_at=moment)
    return database


def test_a_guest_sees_what_there_is_by_activity_and_how_many_are_closed(client, world):
    page = client.get("/communities")
    assert names_on(page) == ["Mathematics in East Africa", "علوم للجميع", "Walimu wa Kiswahili", "Old friends"]
    html = page.get_data(as_text=True)
    assert "4 communities" in html and "1 closed community is not in this list" in html
    assert "Out of sight" not in html and "Finished project" not in html
    assert names_on(client.get("/communities?state=closed")) == ["Finished project"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("subject=0541", {"Mathematics in East Africa", "علوم للجميع"}),
        ("subject=05", {"Mathematics in East Africa", "علوم للجميع"}),
        ("subject=0542", {"علوم للجميع"}),
        ("language=sw", {"Mathematics in East Africa", "Walimu wa Kiswahili"}),
        ("level=2", {"Mathematics in East Africa"}),
        ("place=KE", {"Mathematics in East Africa", "Walimu wa Kiswahili"}),
        ("place=UG", {"Mathematics in East Africa"}),
        ("place=002", {"Mathematics in East Africa", "Walimu wa Kiswahili"}),
        ("template=circle", {"Old friends"}),
        ("state=dormant", {"Old friends"}),
        ("q=east", {"Mathematics in East Africa"}),
        ("q=للجميع", {"علوم للجميع"}),
        ("q=mathématiques", {"Mathematics in East Africa", "علوم للجميع"}),
        ("q=walim", {"Walimu wa Kiswahili"}),
        ("q=%25", set()),
        ("subject=0541&language=en", {"Mathematics in East Africa"}),
    ],
)
def test_filters_find_what_is_for_somebody(client, world, query, expected):
    assert set(names_on(client.get(f"/communities?{query}"))) == expected


def test_each_choice_says_exactly_how_many_it_finds(client, world):
    for page in ("/communities", "/communities?language=sw", "/communities?subject=05&place=002"):
        client.get(page)
        links = [e for e in client.last_page.iter("a") if e.get("href", "").startswith("/communities?")]
        counted = [(e.get("href"), e.find("span[@class='count']")) for e in links]
        checked = [(href, int(count.text)) for href, count in counted if count is not None]
        assert checked
        for href, count in checked:
            if href.count("=") == page.count("=") + 1 and "state=" not in href:
                body = client.get(href).get_data(as_text=True)
                if "aria-current" not in body.split(href)[0][-50:]:
                    single = href.split("?")[1].split("&")
                    names = [pair.split("=")[0] for pair in single]
                    if len(set(names)) == len(names):
                        assert f"{count} communit" in body, (page, href)


def test_what_is_not_known_is_said(client, world):
    assert "“nonsense” is not known here" in client.get("/communities?subject=nonsense").get_data(as_text=True)


def test_pages_go_on_without_leaving_any_out(client, database):
    with database.transaction() as session:
        for number in range(45):
            make_community(session, f"c{number:02}", name=f"Community {number:02}", active_at=now() - timedelta(number))
    seen, address = [], "/communities"
    while address:
        seen += names_on(client.get(address))
        link = next((e for e in client.last_page.iter("a") if e.get("rel") == "next"), None)
        address = link.get("href") if link is not None else None
    assert seen == [f"Community {number:02}" for number in range(45)]
    back = next(e for e in client.last_page.iter("a") if e.get("rel") == "prev")
    assert names_on(client.get(back.get("href")))[0] == "Community 20"


def test_for_you_gives_the_reasons_and_leaves_out_what_does_not_fit(world, sign_in):
    with world.transaction() as session:
        amina = make_person(
            session, "amina", country="KE", subjects=["0541"], levels=["2"], languages=[("sw", 7, True), ("en", 4)]
        )
        closed_door = make_community(
            session, "invited", name="Only invited", joining=INVITATION, facets={"subject": ["0541"]}
        )
        mine = make_community(session, "mine", name="Mine already", facets={"subject": ["0541"], "language": ["sw"]})
        add_member(session, mine, amina)
        assert closed_door.id
    page = sign_in("amina").get("/communities")
    assert names_on(page, "for-you") == ["Mathematics in East Africa", "Walimu wa Kiswahili"]
    html = page.get_data(as_text=True)
    assert "It is about Mathematics, which you teach" in html
    assert "It is for Eastern Africa, where you are" in html
    # Filters ask for something else than what suits.
    assert names_on(sign_in("amina").get("/communities?level=2"), "for-you") == []


def people_alike(session, count):
    for number in range(count):
        make_person(
            session, f"peer{number}", country=("TZ", "UG")[number % 2], subjects=["0541"], levels=["2"],
            languages=[("sw", 6, True)],
        )  # fmt: skip


def test_a_missing_community_is_offered_and_opens_filled_in(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina", country="KE", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)])
        people_alike(session, 6)
        make_person(session, "private", country="TZ", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)],
                    audiences={"teaching": "me"})  # fmt: skip
        make_person(session, "unseen", country="TZ", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)],
                    suggestible=False)  # fmt: skip
    browser = sign_in("amina")
    html = browser.get("/communities").get_data(as_text=True)
    assert "A community that could exist" in html and "6 people besides you" in html and "3 countries" in html
    answer = browser.submit("/communities/missing", {}, page="/communities")
    assert answer.status_code == 303
    with database.reading() as session:
        seed = session.query(CommunitySeed).one()
        assert seed.facets == {"subject": ["0541"], "level": ["2"], "language": ["sw"]}
        assert len(seed.person_ids) == 6
    assert "Mathematics" in browser.get(answer.location).get_data(as_text=True)


def test_where_a_community_exists_none_is_missing(database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina", country="KE", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)])
        people_alike(session, 6)
        make_community(session, "maths", facets={"subject": ["0541"], "language": ["sw"]}, state=DORMANT)
    browser = sign_in("amina")
    assert "A community that could exist" not in browser.get("/communities").get_data(as_text=True)
    assert browser.submit("/communities/missing", {}, page="/communities").status_code == 404


def statements_for(database, browser, address):
    browser.get(address)
    with count_statements(database) as sent:
        assert browser.get(address).status_code == 200
    return len(sent)


def test_the_list_asks_as_often_however_many_there_are(database, sign_in):
    def fill(session, start, stop):
        for number in range(start, stop):
            facets = {"subject": ["0541", "054"], "language": ["sw", "en"], "place": ["KE", "202"], "level": ["2"]}
            make_community(session, f"c{number}", facets=facets)
            make_person(
                session, f"peer{number}", country="TZ", subjects=["0541"], levels=["2"], languages=[("sw", 6, True)]
            )

    with database.transaction() as session:
        make_person(session, "amina", country="KE", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)])
        fill(session, 0, 3)
    browser = sign_in("amina")
    few = statements_for(database, browser, "/communities")
    with database.transaction() as session:
        fill(session, 3, 30)
    assert statements_for(database, browser, "/communities") == few
    assert few <= 40


def test_the_page_of_a_community_shows_its_canvas_languages_and_coordinators(database, client, sign_in):
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7, True)], audiences={"name": "everyone"})
        juma = make_person(session, "juma", languages=[("sw", 6), ("en", 5)])
        secret = make_person(session, "secret", languages=[("fr", 7)], audiences={"languages": "me"})
        community = make_community(
            session, "maths-east", amina, facets={"subject": ["0541"], "language": ["sw", "en"]},
            canvas={"domain": "We care about **numbers**.", "success": "Ten have written."},
        )  # fmt: skip
        add_member(session, community, juma)
        add_member(session, community, secret)
    html = client.get("/communities/maths-east").get_data(as_text=True)
    assert "<strong>numbers</strong>" in html and "What success looks like" in html
    assert "2 members read it" in html and "1 member reads it" in html
    assert "Français</bdi></span>" not in html
    assert "Amina" in html and "<dt>Members</dt><dd>3</dd>" in html
    assert client.get("/communities/nowhere").status_code == 404


def test_of_many_languages_the_most_read_of_its_own_stand_open(database, client):
    tags = ["en", "fr", "es", "ar", "sw", "hi", "pt", "zh"]
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("zh", 7), ("ru", 7)])
        make_community(session, "maths-east", amina, facets={"language": tags})
    html = client.get("/communities/maths-east").get_data(as_text=True)
    shown, folded = html[html.index('id="who-reads"') :].split("3 more languages")
    assert "中文" in shown and shown.count('class="chip') == 6
    assert "Русский" in folded


def test_dormant_and_closed_say_so(client, world):
    assert "quiet here for a while" in client.get("/communities/asleep").get_data(as_text=True)
    assert "closed" in client.get("/communities/over").get_data(as_text=True)
    assert client.get("/communities/hidden").status_code == 404


def test_the_page_of_filters_searches_without_scripts(client, world):
    page = client.get("/communities/filters?subject_q=mathematics&find=subject").get_data(as_text=True)
    assert 'value="0541"' in page
    answer = client.get("/communities/filters?subject=0541&show=1")
    assert answer.status_code == 303 and answer.location.endswith("/communities?subject=0541")


def test_own_communities_stand_on_the_first_page(database, sign_in):
    with database.transaction() as session:
        amina = make_person(session, "amina")
        make_community(session, "maths-east", amina, name="Mathematics in East Africa")
        assert session.query(Community).count() == 1
    assert "Mathematics in East Africa" in sign_in("amina").get("/").get_data(as_text=True)


def test_translations_stand_in_the_list_and_on_the_page(database, sign_in):
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7), ("en", 5)], audiences={"name": "everyone"})
        community = make_community(
            session, "walimu", amina, name="Walimu", lang="sw", summary="Walimu wa hesabu.",
            canvas={"domain": "Tunajali hesabu.", "rhythm": "Kila wiki."},
        )  # fmt: skip
        fields = {"name": "Teachers", "summary": "Teachers of mathematics.", "domain": "We care about *sums*."}
        session.add(
            Rendition(
                kind="community", thing_id=community.id, lang="en", source_lang="sw", source={}, fields=fields,
                of_version=1, by_person_id=amina.id,
            )
        )  # fmt: skip
        make_person(session, "reader", languages=[("en", 7)])
    reader = sign_in("reader")
    html = reader.get("/communities").get_data(as_text=True)
    assert "Teachers of mathematics." in html and "translated from Swahili" in html
    html = reader.get("/communities/walimu").get_data(as_text=True)
    assert "We care about <em>sums</em>." in html and "Kila wiki." in html and "Translated from Swahili by" in html
    # Who reads the original gets the original.
    assert "Tunajali hesabu." in sign_in("amina").get("/communities/walimu").get_data(as_text=True)


def test_a_moderator_takes_a_community_out_of_sight(world, client, sign_in):
    with world.transaction() as session:
        make_person(session, "juma")
        make_person(session, "mo", roles=["moderator"])
        number = session.query(Community).filter(Community.slug == "kiswahili").one().id
    answer = sign_in("juma").submit(f"/report/community/{number}", {"reason": "selling", "note": "", "lang": "en"})
    assert answer.status_code == 303
    moderator = sign_in("mo")
    assert "Walimu wa Kiswahili" in moderator.get("/reports/1").get_data(as_text=True)
    data = {"action": "hide", "reason": "It sells things."}
    assert moderator.submit("/reports/1", data).status_code == 303
    assert client.get("/communities/kiswahili").status_code == 404
    assert "Walimu wa Kiswahili" not in client.get("/communities").get_data(as_text=True)
    assert moderator.get("/communities/kiswahili").status_code == 200


def test_other_programs_can_read_what_a_community_is(client, world):
    client.get("/communities/maths-east")
    script = next(e for e in client.last_page.iter("script") if e.get("type") == "application/ld+json")
    data = json.loads(script.text)
    assert data["@type"] == "Organization" and data["knowsAbout"] == ["Mathematics"]
    assert data["areaServed"] == ["Eastern Africa"]
