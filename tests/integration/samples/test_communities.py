"""The sample communities in the database: counts that are true, nothing that leads nowhere, pages that open."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.features.communities.models import ACTIVE, Charter, CharterOffer, Community, ExternalNetwork, HouseLog, Member
from app.features.events.models import Event, EventAnswer, EventLoad
from app.features.profiles.models import Person, ProfileHours
from app.features.renditions.models import Rendition, RenditionRequest
from app.features.resources.models import DEAD, Origin, PracticeNote, Resource, Review
from app.features.threads.models import CommunityThread, Mention, Post, PostVersion, Reaction

PEOPLE = 120


@pytest.fixture
def loaded(runner):
    """A loaded sample world."""
    result = runner.invoke(args=["sample", "load", "--people", str(PEOPLE)])
    assert result.exit_code == 0, result.output


def _enter(app, handle: str):
    """A browser signed in as a sample person."""
    browser = app.test_client()
    assert browser.submit("/sample/sign-in", {"handle": handle}).status_code == 303
    return browser


def _count(session, what, *where) -> int:
    return session.scalar(select(func.count()).select_from(what).where(*where)) or 0


@pytest.mark.parametrize("people", [20, 600])
def test_worlds_of_other_sizes_load(runner, database, people):
    result = runner.invoke(args=["sample", "load", "--people", str(people)])
    assert result.exit_code == 0, result.output
    with database.reading() as session:
        assert _count(session, Community, Community.sample) == 20
        assert _count(session, Post) > 150


def test_everything_promised_is_there(loaded, database):
    with database.reading() as session:
        assert _count(session, Community, Community.sample) == 20
        for table in (
            CharterOffer, EventAnswer, EventLoad, ExternalNetwork, HouseLog, Mention, Origin, PostVersion, ProfileHours,
            Reaction, RenditionRequest, Review,
        ):  # fmt: skip
            assert _count(session, table), table
        assert _count(session, Resource, Resource.sample) >= 25
        assert _count(session, Resource, Resource.link_state == DEAD) == 1
        assert _count(session, PracticeNote) >= 6
        assert _count(session, Event, Event.sample) >= 15
        assert _count(session, Rendition) >= 30
        assert _count(session, Rendition, Rendition.reviewed_by.is_not(None))
        assert _count(session, Origin, Origin.parent_id.is_not(None)) >= 4


def test_counts_and_last_posts_are_true(loaded, database):
    with database.reading() as session:
        for community in session.scalars(select(Community)):
            here = (Member.community_id == community.id, Member.state == ACTIVE)
            assert community.member_count == _count(session, Member, *here)
            newest = session.scalar(select(func.max(Post.created_at)).where(Post.community_id == community.id))
            assert newest is None or newest <= community.active_at or community.state != "live"
        for thread in session.scalars(select(CommunityThread)):
            shown = (Post.thread_id == thread.id, Post.hidden_at.is_(None), Post.withdrawn_at.is_(None))
            assert thread.post_count == _count(session, Post, *shown)
            last = session.get_one(Post, session.scalar(select(func.max(Post.id)).where(*shown)))
            assert (thread.last_post_id, thread.last_post_at, thread.last_author_id) == (
                last.id, last.created_at, last.author_id
            )  # fmt: skip


def test_numbers_of_posts_follow_their_times(loaded, database):
    with database.reading() as session:
        times = list(session.scalars(select(Post.created_at).order_by(Post.id)))
    assert times == sorted(times)


def test_no_mention_is_left_in_braces_and_quotes_stay_in_their_thread(loaded, database):
    with database.reading() as session:
        posts = {post.id: post for post in session.scalars(select(Post))}
        assert not [post.text for post in posts.values() if "@{" in post.text]
        for post in posts.values():
            if post.answers_id is not None:
                assert posts[post.answers_id].thread_id == post.thread_id


def test_chapters_stand_beside_their_parents(loaded, database):
    with database.reading() as session:
        chapters = list(session.scalars(select(Community).where(Community.parent_id.is_not(None))))
        assert len(chapters) == 3
        for chapter in chapters:
            charter = session.scalar(
                select(Charter).where(Charter.community_id == chapter.id).order_by(Charter.version.desc())
            )
            base = session.get_one(Charter, charter.base_id)
            assert base.community_id == chapter.parent_id
            assert any(charter.parts[part] != anchor["text"] for part, anchor in charter.anchors.items())


def test_posts_are_found_by_their_words(loaded, client):
    page = client.get("/communities/fractions-on-paper/search?q=mayai").get_data(as_text=True)
    assert "majani" not in page
    page = client.get("/communities/fractions-on-paper/search?q=majani").get_data(as_text=True)
    assert "<mark>majani</mark> ya ndizi" in page


def _slugs(database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [
            (community.slug, session.get_one(Person, community.created_by).handle)
            for community in session.scalars(select(Community).order_by(Community.id))
        ]


def test_the_pages_of_every_community_open(loaded, app, database):
    for slug, founder in _slugs(database):
        browser = _enter(app, founder)
        for page in ("", "/threads", "/events", "/resources", "/practice", "/members", "/charter", "/order", "/health"):
            answer = browser.get(f"/communities/{slug}{page}")
            assert answer.status_code == 200, (slug, page)


def test_every_thread_event_and_resource_opens(loaded, app, database):
    with database.reading() as session:
        rows = session.execute(
            select(Community.slug, Person.handle, Community.id).join(Person, Person.id == Community.created_by)
        ).all()
        threads = session.execute(select(CommunityThread.id, CommunityThread.community_id)).all()
        events = session.execute(select(Event.id, Event.community_id)).all()
        resources = session.execute(select(Resource.id, Resource.community_id)).all()
    for slug, founder, number in rows:
        browser = _enter(app, founder)
        pages = [f"/communities/{slug}/threads/{one}" for one, place in threads if place == number][:2]
        pages += [f"/communities/{slug}/events/{one}" for one, place in events if place == number]
        pages += [f"/resources/{one}" for one, place in resources if place == number]
        for page in pages:
            assert browser.get(page).status_code == 200, page
