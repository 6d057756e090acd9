"""Reviews by peers, and reports of what should not stand here."""

from __future__ import annotations

import pytest

from app.core.registries import erasers
from app.features.profiles.models import Person
from app.features.resources.models import Resource, Review
from tests.support.people import make_person
from tests.support.resources import make_resource, make_review

SAID = {"quality": "4", "inclusion": "3", "suitability": "2", "country": "KE", "language": "sw", "text": "Nzuri sana.",
        "lang": "sw", "version": "0"}  # fmt: skip


@pytest.fixture
def number(database):
    """A resource of Amina, seen by four others."""
    with database.transaction() as session:
        amina = make_person(session, "amina")
        for handle in ("li", "olga", "sara"):
            make_person(session, handle, country="CN", languages=[("en", 6, True)])
        return make_resource(session, amina).id


def test_a_peer_says_what_they_think_and_everyone_reads_it(number, sign_in, client):
    li = sign_in("li")
    page = li.get(f"/resources/{number}/review").get_data(as_text=True)
    assert 'value="CN" selected' in page.replace('selected value="CN"', 'value="CN" selected') or "China" in page
    assert li.submit(f"/resources/{number}/review", SAID).status_code == 303
    page = client.get(f"/resources/{number}").get_data(as_text=True)
    assert "Nzuri sana." in page and "Kenya" in page and "Quality: Very well" in page and 'lang="sw"' in page
    assert "1 review by a peer" in page


def test_averages_stand_in_words_from_three_voices_on(number, client, database):
    with database.transaction() as session:
        resource = session.get_one(Resource, number)
        people = [session.query(Person).filter_by(handle=h).one() for h in ("li", "olga", "sara")]
        for person, answer in zip(people[:2], (4, 4), strict=True):
            make_review(session, resource, person, answer)
    page = client.get("/resources").get_data(as_text=True)
    assert "2 reviews by peers" in page and "Quality:" not in page
    with database.transaction() as session:
        make_review(session, session.get_one(Resource, number), session.get_one(Person, people[2].id), 1)
    page = client.get("/resources").get_data(as_text=True)
    assert "3 reviews by peers" in page and "Quality: Well" in page
    assert "3.0" not in page


def test_nobody_reviews_their_own_and_guests_are_asked_in(number, sign_in, client):
    assert sign_in("amina").get(f"/resources/{number}/review").status_code == 403
    assert client.get(f"/resources/{number}/review").status_code == 303


def test_bad_answers_are_said_beside_the_question(number, sign_in):
    li = sign_in("li")
    response = li.submit(f"/resources/{number}/review", {**SAID, "quality": "9", "inclusion": "", "text": "x" * 2001})
    page = response.get_data(as_text=True)
    assert response.status_code == 422 and "one of the four answers" in page and "2001" in page


def test_one_review_each_however_often_it_is_sent_and_no_tab_overwrites_another(number, sign_in, database):
    li = sign_in("li")
    path = f"/resources/{number}/review"
    for _time in range(2):
        assert li.submit(path, SAID).status_code == 303
    with database.reading() as session:
        assert session.query(Review).one().version == 1
    assert li.submit(path, {**SAID, "quality": "1", "version": "1"}).status_code == 303
    response = li.submit(path, {**SAID, "quality": "2", "version": "1"})
    assert response.status_code == 409 and "elsewhere meanwhile" in response.get_data(as_text=True)
    with database.reading() as session:
        assert session.query(Review).one().quality == 1
    assert li.submit(path, {**SAID, "quality": "2", "version": "2"}).status_code == 303
    assert li.submit(f"{path}/take-back", {}, page=path).status_code == 303
    with database.reading() as session:
        assert session.query(Review).count() == 0


def test_a_moderator_takes_a_reported_resource_out_of_sight(number, sign_in, client, database):
    with database.transaction() as session:
        make_person(session, "mo", roles=["moderator"])
        review = make_review(
            session,
            session.get_one(Resource, number),
            session.query(Person).filter_by(handle="li").one(),
            text="Bad",
            lang="en",
        ).id
    olga = sign_in("olga")
    for kind, thing in (("resource", number), ("review", review)):
        path = f"/report/{kind}/{thing}"
        assert olga.submit(path, {"reason": "selling", "note": "An advertisement.", "lang": "en"}).status_code == 303
    mo = sign_in("mo")
    for report in (1, 2):
        assert mo.submit(f"/reports/{report}", {"action": "hide", "reason": "Advertising."}).status_code == 303
    assert client.get(f"/resources/{number}").status_code == 404
    page = sign_in("amina").get(f"/resources/{number}").get_data(as_text=True)
    assert "taken out of sight" in page and "Bad" not in page


def test_what_was_brought_comes_with_the_download_and_stays_without_a_name(number, sign_in, client, database):
    li = sign_in("li")
    li.submit(f"/resources/{number}/review", SAID)
    li.submit(
        "/resources/new",
        {"url": "https://example.org/li", "title": "From Li", "lang": "zh", "type": "video", "languages": ["zh"],
         "licence": "CC0-1.0", "token": "1" * 32},
    )  # fmt: skip
    brought = li.get("/account/download").get_json(force=True)["resources"]
    assert brought["resources"][0]["title"] == "From Li" and brought["reviews"][0]["text"] == "Nzuri sana."
    with database.transaction() as session:
        account = session.query(Person).filter_by(handle="li").one().account_id
        dict(erasers())["resources"](session, account)
    page = client.get(f"/resources/{number}").get_data(as_text=True)
    assert "Nzuri sana." in page and "A person who left" in page
    assert "From Li" in client.get("/resources").get_data(as_text=True)
