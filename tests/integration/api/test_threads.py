"""Threads and posts over HTTP, each in its language."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from app.core.clock import now
from app.features.communities.models import Community, HouseLog, Member
from app.features.threads.models import CommunityThread, Post
from tests.integration.api.places import person
from tests.support.communities import make_post, make_thread
from tests.support.statements import count_statements

pytestmark = pytest.mark.usefixtures("places")
THREADS = "/communities/maths-east/threads"


def test_threads_are_listed_with_their_languages(program, database):
    listed = program("amina").get(THREADS).json
    assert listed["languages"] == {"sw": 1} and listed["next"] is None
    (row,) = listed["threads"]
    assert (row["title"], row["lang"], row["post_count"], row["unread"]) == ("Kuhusu sehemu", "sw", 2, True)
    assert (row["opened_by"]["id"], row["last_by"]["id"]) == ("amina", "dalia")
    assert row["translation"] is None and row["translated_into"] == ["zh"]
    chen = program("chen").get(THREADS).json["threads"][0]["translation"]
    assert chen["lang"] == "zh" and chen["texts"] == {"title": "关于分数"} and chen["by"]["id"] == "dalia"
    assert program().get(THREADS).status_code == 200
    assert program("amina").get(f"{THREADS}?language=en").json["threads"] == []
    for query in ("language=x-", "cursor=x", "limit=0"):
        assert program().get(f"{THREADS}?{query}").json["errors"].keys() == {query.partition("=")[0]}


def test_a_thread_is_read_page_by_page_in_both_directions(program, database):
    with database.transaction() as session:
        thread = session.scalar(select(CommunityThread))
        for number in range(5):
            make_post(session, thread, person(session, "amina"), f"Post {number}")
    amina = program("amina")
    first = amina.get(f"{THREADS}/1?limit=3").json
    assert first["community"] == "maths-east" and first["languages"] == {"en": 6, "sw": 1}
    assert [post["text"] for post in first["posts"]] == ["Mnaanzaje?", "With **beans**.", "Post 0"]
    assert first["posts"][0]["lang"] == "sw" and first["previous"] is None
    second = amina.get(f"{THREADS}/1?limit=3&cursor={first['next']}").json
    assert [post["text"] for post in second["posts"]] == ["Post 1", "Post 2", "Post 3"]
    assert amina.get(f"{THREADS}/1?limit=3&cursor={second['previous']}").json["posts"] == first["posts"]
    newest = amina.get(f"{THREADS}/1?limit=3&newest=true").json["posts"]
    assert [post["text"] for post in newest] == ["Post 2", "Post 3", "Post 4"]
    begun = amina.get(f"{THREADS}/1?limit=1&post={newest[1]['id']}").json["posts"]
    assert begun == [newest[1]]
    for cursor in ("x", "c1", "a", "a" + "9" * 19):
        assert amina.get(f"{THREADS}/1?cursor={cursor}").status_code == 422
    assert amina.get(f"{THREADS}/99").status_code == 404
    assert amina.get("/communities/nowhere/threads/1").status_code == 404


def test_opening_and_answering(program, database):
    amina, baraka = program("amina"), program("baraka")
    made = amina.post(THREADS, json={"title": "Fractions", "text": "Who has *one*?", "lang": "en"})
    assert made.status_code == 201, made.json
    number = made.json["id"]
    assert made.headers["Location"].endswith(f"/api/v1{THREADS}/{number}")
    (begun,) = made.json["posts"]
    answered = baraka.post(
        f"{THREADS}/{number}/posts", json={"text": "Nina.", "lang": "sw", "answers": begun["id"]}
    )  # fmt: skip
    assert answered.status_code == 201, answered.json
    assert answered.json["author"]["id"] == "baraka" and answered.json["answers"] == begun["id"]
    shown = amina.get(answered.headers["Location"].partition("/api/v1")[2]).json
    assert [post["id"] for post in shown["posts"]] == [answered.json["id"]]
    assert amina.get(THREADS).json["threads"][0]["id"] == number


def test_what_is_sent_twice_is_written_once_and_a_word_is_everybodys_own(program, database):
    amina, baraka = program("amina"), program("baraka")
    body = {"title": "Fractions", "text": "Who has one?", "lang": "en", "token": "monday"}
    once, twice = amina.post(THREADS, json=body), amina.post(THREADS, json=body)
    assert once.json["id"] == twice.json["id"] != baraka.post(THREADS, json=body).json["id"]
    answer = {"text": "Me.", "lang": "en", "token": "monday"}
    path = f"{THREADS}/{once.json['id']}/posts"
    assert amina.post(path, json=answer).json["id"] == amina.post(path, json=answer).json["id"]
    assert baraka.post(path, json=answer).json["author"]["id"] == "baraka"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 6


@pytest.mark.parametrize(
    "body, fields",
    [
        ({}, {"title", "text", "lang"}),
        ({"title": " ", "text": " ", "lang": "en"}, {"title", "text"}),
        ({"title": "x", "text": "x" * 20_001, "lang": "en"}, {"text"}),
        ({"title": "x" * 201, "text": "x", "lang": "nonsense-"}, {"title", "lang"}),
        ({"title": "x", "text": "x\0", "lang": "en"}, {"text"}),
        ({"title": "x", "text": "x", "lang": "en", "pinned": True}, {"pinned"}),
    ],
)
def test_what_cannot_be_written_is_said_field_by_field(program, database, body, fields):
    response = program("amina").post(THREADS, json=body)
    assert response.status_code == 422 and response.json["errors"].keys() == fields, response.json
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 2


def test_members_write_while_they_are_not_muted_and_the_thread_is_open(program, database):
    body = {"text": "Hello.", "lang": "en"}
    assert program().post(f"{THREADS}/1/posts", json=body).status_code == 401
    stranger = program("dalia").post(f"{THREADS}/1/posts", json=body)
    assert stranger.status_code == 403 and "Members write here" in stranger.json["detail"]
    with database.transaction() as session:
        session.execute(update(CommunityThread.__table__).values(locked_at=now()))
    baraka = program("baraka")
    assert "closed" in baraka.post(f"{THREADS}/1/posts", json=body).json["detail"]
    shown = baraka.get(f"{THREADS}/1").json
    assert shown["locked"] is True and "closed" in shown["obstacle"]
    with database.transaction() as session:
        session.execute(update(CommunityThread.__table__).values(locked_at=None))
        until = now().replace(year=now().year + 1)
        session.execute(update(Member).values(muted_until=until, measure_reason="Too loud."))
    refused = baraka.post(f"{THREADS}/1/posts", json=body)
    assert refused.status_code == 403 and "Too loud." in refused.json["detail"]
    assert baraka.get("/communities/maths-east").json["membership"]["reason"] == "Too loud."


def test_what_is_out_of_sight_keeps_its_place_and_shows_no_words(program, database):
    with database.transaction() as session:
        first, second = session.scalars(select(Post).order_by(Post.id))
        first.withdrawn_at, second.hidden_at = now(), now()
        values = {"community_id": first.community_id, "kind": "post", "thing_id": second.id}
        session.add(HouseLog(action="hide", reason="Not kind.", **values))
    shown = program("amina").get(f"{THREADS}/1").json["posts"]
    assert [(post["state"], post["text"], post["reason"]) for post in shown] == [
        ("withdrawn", None, None), ("hidden", None, "Not kind."),
    ]  # fmt: skip
    with database.transaction() as session:
        session.execute(update(CommunityThread.__table__).values(hidden_at=now()))
    seen = program("baraka").get(f"{THREADS}/1").json
    assert seen["hidden"] is True and seen["title"] is None and seen["posts"] == [] and seen["opened_by"] is None
    listed = program("baraka").get(THREADS)
    assert listed.json["threads"][0]["title"] is None and "sehemu" not in listed.text
    assert program("amina").get(f"{THREADS}/1").json["title"] == "Kuhusu sehemu"


def _add(session, number):
    community, thread = session.scalar(select(Community)), session.get(CommunityThread, 1)
    for handle in ("baraka", "dalia"):
        for _ in range(number):
            make_post(session, thread, person(session, handle), "Bonjour.", "fr")
            make_thread(session, community, person(session, handle), "Encore", lang="fr")


@pytest.mark.parametrize("path, name", [(THREADS, "threads"), (f"{THREADS}/1", "posts")])
def test_the_number_of_queries_does_not_grow_with_threads_and_posts(program, database, path, name):
    amina = program("amina")
    with database.transaction() as session:
        _add(session, 1)
    amina.get(path)
    with count_statements(database) as few:
        before = len(amina.get(path).json[name])
    with database.transaction() as session:
        _add(session, 5)
    with count_statements(database) as many:
        assert len(amina.get(path).json[name]) == before + 10
    assert len(few) == len(many)
