"""Feeds: valid Atom of what everybody may read, and nothing else; told once, when nothing changed in a few bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.features.communities.models import Community
from app.features.events.models import Event
from app.features.threads.models import CommunityThread, Post
from tests.integration.notifications.world import World
from tests.support.communities import make_community, make_post, make_thread
from tests.support.resources import make_resource
from tests.support.statements import count_statements

A = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
THREADS = "/communities/maths-east/threads.atom"


def read(client, path: str) -> ElementTree.Element:
    """The feed at a path, checked by what RFC 4287 asks for."""
    response = client.get(path)
    assert response.status_code == 200 and response.mimetype == "application/atom+xml", response.status
    feed = ElementTree.fromstring(response.data)
    ids = []
    for part in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            (found,) = part.findall(f"{A}{name}")
            assert (found.text or "").strip(), f"empty {name}"
        assert datetime.fromisoformat(part.findtext(f"{A}updated") or "").tzinfo is not None
        assert part.get(LANG)
        assert len(part.findall(f"{A}link[@rel='alternate']")) == 1
        ids.append(part.findtext(f"{A}id"))
    assert len(ids) == len(set(ids)) and all(number.startswith("tag:localhost,2025:") for number in ids)
    assert feed.find(f"{A}author/{A}name") is not None
    assert feed.find(f"{A}link[@rel='self']").get("href") == f"http://localhost{path}"
    return feed


def titles(feed: ElementTree.Element) -> list[str | None]:
    return [entry.findtext(f"{A}title") for entry in feed.findall(f"{A}entry")]


def test_the_threads_of_a_community(world: World, client):
    with world.database.transaction() as session:
        later = now() + timedelta(minutes=1)
        make_thread(session, world.community, world.chloe, "Pain & <sel>\x0b", "Avec *du* pain ]]> \x0c", "fr", later)
    feed = read(client, THREADS)
    assert titles(feed) == ["Pain & <sel>", "How do you begin?"]
    first = feed.find(f"{A}entry")
    assert first.get(LANG) == "fr" and "<em>du</em>" in first.findtext(f"{A}content")
    assert first.findtext(f"{A}author/{A}name").startswith("A teacher"), "the name is open to members only"
    assert first.find(f"{A}link").get("href").startswith("http://localhost/communities/maths-east/threads/")


def test_a_thread_and_its_posts(world: World, client):
    with world.database.transaction() as session:
        thread = session.get_one(CommunityThread, world.thread.id)
        make_post(session, thread, world.chloe, "Avec du pain.", "fr")
        make_post(session, thread, world.bela, "Secret.", hidden_at=now())
        make_post(session, thread, world.bela, "Taken back.", withdrawn_at=now())
    feed = read(client, f"{world.url}.atom")
    assert [entry.get(LANG) for entry in feed.findall(f"{A}entry")] == ["fr", "en"]


def test_new_communities_and_what_they_share(world: World, client):
    with world.database.transaction() as session:
        community = session.get_one(Community, world.community.id)
        make_community(session, "hidden-one", hidden_at=now())
        make_community(session, "closed-one", state="closed")
        make_resource(session, world.bela, "For everyone", authors=["A. Author"])
        make_resource(session, world.bela, "In maths", community)
        session.add(
            Event(
                community_id=community.id, uid="u1", token="t", title="Bread", lang="hu", zone="UTC",
                description="*Kenyér*", link="https://room.example", starts_at=datetime(2027, 3, 3, 10, tzinfo=UTC),
            )
        )  # fmt: skip
    assert titles(read(client, "/communities.atom")) == ["Maths East"]
    assert set(titles(read(client, "/resources.atom"))) == {"For everyone", "In maths"}
    assert titles(read(client, "/communities/maths-east/resources.atom")) == ["In maths"]
    response = client.get("/communities/maths-east/events.atom").get_data(as_text=True)
    assert titles(read(client, "/communities/maths-east/events.atom")) == ["Bread"]
    assert "2027-03-03 10:00 UTC" in response and "room.example" not in response


def test_what_is_not_for_everyone_is_in_no_feed(world: World, client, sign_in):
    with world.database.transaction() as session:
        session.get_one(CommunityThread, world.thread.id).hidden_at = now()
    assert titles(read(client, THREADS)) == []
    assert client.get(f"{world.url}.atom").status_code == 404
    with world.database.transaction() as session:
        session.get_one(Community, world.community.id).reading = "members"
    for browser in (client, sign_in("amina")):
        for path in (THREADS, f"{world.url}.atom", "/communities/maths-east/events.atom"):
            assert browser.get(path).status_code == 403
    with world.database.transaction() as session:
        session.get_one(Community, world.community.id).hidden_at = now()
    assert client.get(THREADS).status_code == 404 and titles(read(client, "/communities.atom")) == []


def test_a_first_post_out_of_sight_leaves_its_thread_without_its_words(world: World, client):
    with world.database.transaction() as session:
        thread = session.get_one(CommunityThread, world.thread.id)
        make_post(session, thread, world.amina, "The second.")
        first = session.scalars(select(Post).order_by(Post.id)).first()
        first.hidden_at = now()
    text = client.get(THREADS).get_data(as_text=True)
    assert "bread" not in text and "The second." in text


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_what_did_not_change_is_not_sent_again(world: World, client, header: str):
    first = client.get(THREADS)
    value = first.headers["ETag" if header == "If-None-Match" else "Last-Modified"]
    again = client.get(THREADS, headers={header: value})
    assert again.status_code == 304 and again.data == b""
    with world.database.transaction() as session:
        later = now() + timedelta(minutes=1)
        make_thread(session, world.community, world.bela, "A new one", at=later)
    assert client.get(THREADS, headers={header: value}).status_code == 200


def test_a_feed_costs_the_same_however_long(world: World, client):
    client.get(THREADS)
    with count_statements(world.database) as few:
        client.get(THREADS)
    with world.database.transaction() as session:
        for number in range(40):
            make_thread(session, world.community, world.bela, f"T{number}")
    with count_statements(world.database) as many:
        assert len(titles(read(client, THREADS))) == 30
    assert len(many) == len(few)


def test_pages_lead_to_their_feeds(world: World, client):
    client.get(world.url)
    feeds = {e.get("href") for e in client.last_page.iter("link") if e.get("type") == "application/atom+xml"}
    assert THREADS in feeds and f"{world.url}.atom" in feeds
    for page, feed in (("/communities", "/communities.atom"), ("/resources", "/resources.atom")):
        client.get(page)
        assert feed in {e.get("href") for e in client.last_page.iter("link")}
