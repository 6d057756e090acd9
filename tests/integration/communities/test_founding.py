"""Founding a community step by step, from a suggestion too; whatever is interrupted, sent twice or wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.features.communities.models import (
    ACTIVE,
    CANVAS_PARTS,
    COORDINATOR,
    Charter,
    Community,
    CommunityDraft,
    HouseLog,
    Invitation,
    Member,
)
from app.features.communities.services.founding import plant_seed
from app.features.profiles.models import Person
from tests.support.communities import make_community
from tests.support.people import make_person

STEPS = ("domain", "people", "practice", "rhythm", "success", "charter", "joining")


@pytest.fixture
def amina(database, sign_in):
    """A browser of someone who may found."""
    with database.transaction() as session:
        make_person(session, "amina", country="KE", subjects=["0541"], levels=["2"], languages=[("sw", 7, True)])
    return sign_in("amina")


def begin(browser, template="subject", **more):
    """Begin a draft; the address of its first step."""
    answer = browser.submit("/communities/new", {"template": template, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:500]
    return answer.location.rsplit("/", 1)[0]


def form_on(browser):
    """What would be sent with the form on the page just opened."""
    form = next(e for e in browser.last_page.iter("form") if e.find(".//button[@name='go']") is not None)
    data = {}
    for e in form.iter():
        name = e.get("name")
        if e.tag == "textarea":
            data[name] = "".join(e.itertext())
        elif e.tag == "select":
            data[name] = next((o.get("value") for o in e.iter("option") if o.get("selected") is not None), "")
        elif e.tag == "input" and name and e.get("type") in ("checkbox", "radio"):
            if e.get("checked") is not None:
                data.setdefault(name, []).append(e.get("value"))
        elif e.tag == "input" and name:
            data[name] = e.get("value") or ""
    return data


def answer(browser, address, step, go="on", **changes):
    """Open a step, change some fields, send it."""
    browser.get(f"{address}/{step}")
    return browser.post(f"{address}/{step}", data={**form_on(browser), "go": go, **changes})


DOMAIN = {"name": "Hisabati pamoja", "summary": "For maths teachers.", "subjects": ["0541"], "levels": ["2"]}


def fill(browser, address, **domain):
    """Answer every step with what stands there already."""
    assert answer(browser, address, "domain", **{**DOMAIN, **domain}).status_code == 303
    for step in STEPS[1:]:
        response = answer(browser, address, step)
        assert response.status_code == 303, (step, response.get_data(as_text=True)[:2000])


def found(browser, address):
    """Send the last page."""
    return browser.submit(f"{address}/check", {})


def test_each_kind_explains_itself_and_brings_words_to_begin_with(amina):
    html = amina.get("/communities/new").get_data(as_text=True)
    assert html.count("Begin like this") == 6 and "An intercultural circle" in html
    address = begin(amina, "circle")
    amina.get(f"{address}/practice")
    assert "answered by everyone from their own experience" in form_on(amina)["canvas_practice"]


def test_a_community_is_founded_step_by_step(amina, database):
    address = begin(amina)
    fill(amina, address)
    answer_ = found(amina, address)
    assert answer_.status_code == 303 and answer_.location.endswith("/communities/hisabati-pamoja")
    with database.reading() as session:
        community = session.query(Community).one()
        assert (community.name, community.template, community.lang) == ("Hisabati pamoja", "subject", "en")
        assert community.codes("subject") == ("0541",) and community.codes("language") == ("en",)
        assert all(community.canvas[part] for part in CANVAS_PARTS)
        member = session.query(Member).one()
        assert (member.role, member.state, member.charter_version) == (COORDINATOR, ACTIVE, 1)
        charter = session.query(Charter).one()
        assert charter.version == 1 and charter.licence == "CC-BY-4.0" and charter.parts["talk"]
        assert session.query(HouseLog).one().action == "founded"
        assert community.member_count == 1
    html = amina.get("/communities/hisabati-pamoja").get_data(as_text=True)
    assert "For maths teachers." in html and "Founded." in html
    assert "Hisabati pamoja" not in amina.get("/communities/new").get_data(as_text=True)


def test_a_draft_waits_and_back_and_forward_keep_everything(amina, sign_in):
    address = begin(amina)
    answer(amina, address, "domain", **DOMAIN, places=["014"])
    response = answer(amina, address, "people", go="back", canvas_people="Everyone who counts.")
    assert response.location.endswith("/domain")
    amina.get(f"{address}/people")
    assert form_on(amina)["canvas_people"] == "Everyone who counts."
    response = answer(amina, address, "people", go="later")
    assert response.location.endswith("/communities/new")
    # Another day, another browser.
    later = sign_in("amina")
    assert "Hisabati pamoja" in later.get("/communities/new").get_data(as_text=True)
    html = later.get(f"{address}/check").get_data(as_text=True)
    assert "Eastern Africa" in html and "Everyone who counts." in html


def test_what_is_wrong_is_said_beside_the_field_and_kept(amina):
    address = begin(amina)
    response = answer(amina, address, "domain", name="", summary="x" * 401, lang="qqq", subjects=["zz"])
    html = response.get_data(as_text=True)
    assert response.status_code == 422
    for words in ("Please give the community a name.", "This has 401 characters", "We do not know this language"):
        assert words in html
    assert "x" * 401 in html
    questions = "\n".join(f"Question {number}?" for number in range(6))
    response = answer(amina, address, "joining", joining="request", questions=questions)
    assert response.status_code == 422 and "at most 5 questions" in response.get_data(as_text=True)


def test_it_is_not_founded_while_something_is_missing(amina, database):
    address = begin(amina)
    response = found(amina, address)
    assert response.status_code == 422 and "Something is still missing here." in response.get_data(as_text=True)
    with database.reading() as session:
        assert session.query(Community).count() == 0
        assert session.query(CommunityDraft).one().founded_at is None


def test_sent_twice_it_is_founded_once(amina, database):
    address = begin(amina)
    fill(amina, address)
    token = amina.token(f"{address}/check")
    first, second = (amina.post(f"{address}/check", data={"csrf_token": token}) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303) and first.location == second.location
    assert amina.get(f"{address}/domain", follow_redirects=True).request.path == "/communities/hisabati-pamoja"
    with database.reading() as session:
        assert session.query(Community).count() == 1


def test_sent_twice_at_once_it_is_founded_once(amina, database, sign_in):
    address = begin(amina)
    fill(amina, address)
    browsers = [sign_in("amina"), sign_in("amina")]
    tokens = [browser.token(f"{address}/check") for browser in browsers]
    barrier = Barrier(2)

    def send(number):
        barrier.wait(20)
        return browsers[number].post(f"{address}/check", data={"csrf_token": tokens[number]})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert [one.status_code for one in answers] == [303, 303]
    with database.reading() as session:
        assert session.query(Community).count() == 1 and session.query(Member).count() == 1


@pytest.mark.parametrize("name", ["رياضيات للجميع", "数学教师", "गणित शिक्षक", "New", "Elsewhere"])
def test_every_script_makes_a_name_and_an_address(amina, database, name):
    address = begin(amina)
    fill(amina, address, name=name)
    location = found(amina, address).location
    assert amina.get(location).status_code == 200
    with database.reading() as session:
        community = session.query(Community).one()
        assert community.name == name and community.slug not in ("new", "elsewhere")


def test_two_of_the_same_name_have_two_addresses(amina, database):
    with database.transaction() as session:
        make_community(session, "hisabati-pamoja")
    address = begin(amina)
    fill(amina, address)
    assert found(amina, address).location.endswith("/communities/hisabati-pamoja-2")


def test_the_words_to_begin_with_follow_the_language_chosen(amina):
    address = begin(amina)
    answer(amina, address, "domain", **DOMAIN, lang="fr")
    amina.get(f"{address}/rhythm")
    before = form_on(amina)["canvas_rhythm"]
    answer(amina, address, "rhythm", canvas_rhythm="Mine.")
    answer(amina, address, "domain", **DOMAIN, lang="en")
    amina.get(f"{address}/rhythm")
    assert before and form_on(amina)["canvas_rhythm"] == "Mine."


def test_from_a_suggestion_it_arrives_filled_in_and_those_people_are_invited(amina, database):
    with database.transaction() as session:
        founder = session.query(Person).one().id
        peers = [make_person(session, f"peer{n}", audiences={"name": "everyone"}).id for n in range(3)]
        facets = {"subject": ["0541"], "level": ["2"], "language": ["sw", "en"], "place": ["014"]}
        seed_id = plant_seed(session, founder, facets, peers).id
    assert "Mathematics" in amina.get(f"/communities/new?seed={seed_id}").get_data(as_text=True)
    address = begin(amina, seed=seed_id)
    amina.get(f"{address}/domain")
    values = form_on(amina)
    assert values["subjects"] == ["0541"] and values["levels"] == ["2"] and values["places"] == ["014"]
    assert values["name"] == "Mathematics · Lower secondary"
    for step in STEPS:
        assert answer(amina, address, step).status_code == 303
    html = amina.get(f"{address}/check").get_data(as_text=True)
    assert "Whom to invite" in html and "Peer1" in html
    data = {"invited": [str(peers[0]), str(peers[2]), "999999"], "invitation_note": "Shall we?"}
    assert amina.submit(f"{address}/check", data).status_code == 303
    with database.reading() as session:
        invited = session.query(Invitation).order_by(Invitation.person_id).all()
        assert [row.person_id for row in invited] == [peers[0], peers[2]]
        assert {row.note for row in invited} == {"Shall we?"}
        assert session.query(Member).count() == 1


def test_a_suggestion_without_a_level_leaves_no_hole_in_its_words(amina, database):
    with database.transaction() as session:
        founder = session.query(Person).one().id
        seed_id = plant_seed(session, founder, {"subject": ["0541"], "language": ["sw", "en"]}, []).id
    amina.get(f"{begin(amina, seed=seed_id)}/domain")
    values = form_on(amina)
    assert values["name"] == "Mathematics"
    assert values["summary"] == "For those who teach Mathematics and work in Swahili, English."


def test_a_group_is_met_in_its_own_language_and_the_words_follow_when_another_is_chosen(database, sign_in):
    with database.transaction() as session:
        hala = make_person(session, "hala", languages=[("ar", 7), ("en", 4)], account={"locale": "ar"})
        greta = make_person(session, "greta", languages=[("de", 7), ("en", 5)], audiences={"name": "everyone"})
        facets = {"subject": ["0541"], "level": ["2"], "language": ["en"]}
        seed_id = plant_seed(session, hala.id, facets, [greta.id]).id
    browser = sign_in("hala")
    address = begin(browser, seed=seed_id)
    page = browser.get(f"{address}/domain").get_data(as_text=True)
    values = form_on(browser)
    assert '<html lang="ar"' in page and values["lang"] == "en"
    assert values["name"] == "Mathematics · Lower secondary" and values["summary"].endswith("work in English.")
    assert values["canvas_domain"].startswith("We care about")
    unread = browser.get(f"{address}/check").get_data(as_text=True).count('class="notice warning"')
    answer(browser, address, "domain", lang="ar", summary="For us.")
    browser.get(f"{address}/domain")
    changed = form_on(browser)
    assert changed["name"].startswith("الرياضيات") and changed["summary"] == "For us."
    for step in STEPS[1:]:
        answer(browser, address, step)
    # The texts are now in Arabic, the community works in English: that is said before it is founded.
    assert browser.get(f"{address}/check").get_data(as_text=True).count('class="notice warning"') == unread + 1
    browser.get("/?lang=en")
    done = browser.submit(f"{address}/check", {"invited": [str(greta.id)]})
    html = browser.get(done.location).get_data(as_text=True)
    assert "1 person is invited now" in html
    # As long as there is hardly anybody, bringing others is the first thing to do.
    assert "Invite somebody" in html


def test_who_does_not_know_the_language_of_a_group_begins_in_their_own(database, sign_in):
    with database.transaction() as session:
        hala = make_person(session, "hala", languages=[("ar", 7)], account={"locale": "ar"})
        seed_id = plant_seed(session, hala.id, {"subject": ["0541"], "language": ["fr"]}, []).id
    browser = sign_in("hala")
    browser.get(f"{begin(browser, seed=seed_id)}/domain")
    assert form_on(browser)["lang"] == "ar"


def test_somebody_elses_draft_and_seed_are_not_there(amina, database, sign_in):
    address = begin(amina)
    with database.transaction() as session:
        other = make_person(session, "bakari")
        seed_id = plant_seed(session, other.id, {"subject": ["0541"]}, []).id
    bakari = sign_in("bakari")
    assert bakari.get(f"{address}/domain").status_code == 404
    assert bakari.get(f"{address}/check").status_code == 404
    assert "From a suggestion" not in amina.get(f"/communities/new?seed={seed_id}").get_data(as_text=True)


def test_without_a_confirmed_address_nobody_founds(database, sign_in, client):
    with database.transaction() as session:
        make_person(session, "new", account={"verified_at": None})
    browser = sign_in("new")
    assert "Two things first" in browser.get("/communities/new").get_data(as_text=True)
    token = browser.token("/communities/new")
    assert browser.post("/communities/new", data={"csrf_token": token, "template": "subject"}).status_code == 403
    assert client.get("/communities/new").status_code == 303


def test_a_draft_can_be_put_away_and_old_ones_give_way(amina, database):
    address = begin(amina)
    amina.submit(f"{address}/discard", {}, page="/communities/new")
    assert amina.get(f"{address}/domain").status_code == 404
    for _number in range(12):
        begin(amina)
    with database.reading() as session:
        assert session.query(CommunityDraft).count() == 10


def test_a_picker_finds_without_scripts_and_keeps_the_rest(amina):
    address = begin(amina)
    response = answer(amina, address, "domain", **DOMAIN, places_q="Kenya", find="places")
    html = response.get_data(as_text=True)
    assert response.status_code == 200 and 'value="KE"' in html and "Hisabati pamoja" in html


def test_a_text_of_a_megabyte_is_refused_and_not_kept_in_a_draft(amina, database):
    address = begin(amina)
    long = "ا" * 400_000
    response = answer(amina, address, "practice", canvas_practice=long)
    assert response.status_code == 422 and "This has 400000 characters" in response.get_data(as_text=True)
    assert answer(amina, address, "practice", go="back", canvas_practice=long).status_code == 303
    with database.reading() as session:
        assert len(session.query(CommunityDraft).one().data["canvas_practice"]) == 20_000
