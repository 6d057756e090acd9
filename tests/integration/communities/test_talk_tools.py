"""Order in threads: hidden and shown again, pinned, closed, split, moved, joined; and what becomes of posts."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.database import Database
from app.features.communities.models import COORDINATOR, FACILITATOR, MEMBERS, HouseLog, Member
from app.features.threads.models import CommunityThread, Draft, Post, Reaction, ThreadFollow, ThreadRead
from app.features.threads.services.search_rows import reindex_posts
from tests.integration.communities.test_talk import field, text_of, told
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import PASSWORD, make_person


class World:
    """A community with a coordinator, a facilitator and a member who wrote; a thread of five posts and another."""

    def __init__(self, database: Database) -> None:
        with database.transaction() as session:
            self.amina = make_person(session, "amina", languages=[("en", 5)])
            self.bela = make_person(session, "bela", languages=[("en", 5)])
            self.chloe = make_person(session, "chloe", languages=[("en", 4)])
            self.dina = make_person(session, "dina", roles=["moderator"], languages=[("en", 4)])
            self.community = make_community(session, "maths-east", founder=self.amina)
            self.other = make_community(session, "maths-west", founder=self.amina)
            add_member(session, self.community, self.bela, FACILITATOR)
            add_member(session, self.community, self.chloe)
            thread = make_thread(session, self.community, self.chloe, "How do you begin?", "With bread.")
            people = [self.amina, self.chloe, self.bela, self.chloe]
            self.posts = [thread.last_post_id]
            for number, person in enumerate(people):
                self.posts.append(make_post(session, thread, person, f"Thought {number}.").id)
            self.thread = thread
            self.second = make_thread(session, self.community, self.bela, "Another one", "Other words.")
            reindex_posts(session)
        self.url = f"/communities/maths-east/threads/{self.thread.id}"


@pytest.fixture
def world(database: Database) -> World:
    """The world of these tests."""
    return World(database)


def use(browser, world: World, tool: str, **data):
    """Use a tool by its page."""
    url = f"{world.url}/tools/{tool}"
    assert browser.get(url).status_code == 200
    if tool == "split":
        data["token"] = field(browser, "token")
    return browser.post(url, data={"csrf_token": field(browser, "csrf_token"), **data})


def deeds(database: Database) -> list[tuple[str, str, str]]:
    """What stands in the log."""
    with database.reading() as session:
        return [(row.action, row.kind, row.reason) for row in session.scalars(select(HouseLog).order_by(HouseLog.id))]


def test_facilitators_leave_what_coordinators_wrote_to_the_coordinators(world, sign_in, client, database):
    with database.transaction() as session:
        thread = make_thread(session, world.community, world.amina, "From the coordinator", "Only mine.")
        post, own = thread.last_post_id, f"/communities/maths-east/threads/{thread.id}/tools/hide"
    url = f"/communities/maths-east/posts/{post}/order"
    assert sign_in("bela").submit(url, {"reason": "I do not like it."}).status_code == 403
    browser = sign_in("bela")
    browser.get(own)
    refused = browser.post(own, data={"csrf_token": field(browser, "csrf_token"), "reason": "I do not like it."})
    assert refused.status_code == 403
    assert "Only mine." in text_of(client.get(f"/communities/maths-east/threads/{thread.id}"))
    assert deeds(database) == []
    # Another coordinator may.
    with database.transaction() as session:
        session.get(Member, (world.community.id, world.bela.id)).role = COORDINATOR
    assert sign_in("bela").submit(url, {"reason": "It names a child."}).status_code == 303


def test_a_hidden_post_leaves_a_line_with_its_reason(world, sign_in, client, database):
    browser = sign_in("bela")
    url = f"/communities/maths-east/posts/{world.posts[2]}/order"
    assert browser.submit(url, {"reason": " "}).status_code == 422
    assert browser.submit(url, {"reason": "It names a child."}).status_code == 303
    page = text_of(client.get(world.url))
    assert "Hidden by the coordinators: It names a child." in page and "Thought 1." not in page and "4 posts" in page
    assert "Thought 1" not in text_of(client.get("/communities/maths-east/search?q=thought"))
    assert deeds(database) == [("hide", "post", "It names a child.")]
    assert told(database) == {"hide_post": [world.chloe.id]}
    # Who wrote it cannot bring it back by editing.
    author = sign_in("chloe")
    assert author.get(f"/communities/maths-east/posts/{world.posts[2]}/edit").status_code == 200
    answer = author.submit(
        f"/communities/maths-east/posts/{world.posts[2]}/edit", {"text": "Other.", "lang": "en", "version": "1"}
    )
    assert answer.status_code == 403
    browser.submit(url, {"reason": "", "return": "1"})
    assert "Thought 1." in text_of(client.get(world.url))
    assert "Thought" in text_of(client.get("/communities/maths-east/search?q=thought"))
    with database.reading() as session:
        assert session.get(Post, world.posts[2]).version == 1  # what is done about a post is no other wording


def test_members_have_no_tools_but_the_title_of_their_own_thread(world, sign_in, client, database):
    browser = sign_in("chloe")
    assert browser.get(f"/communities/maths-east/posts/{world.posts[1]}/order").status_code == 403
    assert browser.submit(f"{world.url}/tools/pin", {"reason": ""}, page=world.url).status_code == 403
    assert use(browser, world, "rename", title="How do you begin a lesson?").status_code == 303
    assert "How do you begin a lesson?" in text_of(client.get("/communities/maths-east/threads"))
    assert "begin a lesson" in text_of(client.get("/communities/maths-east/search?q=lesson"))
    assert browser.get(f"/communities/maths-east/threads/{world.second.id}/tools").status_code == 403
    assert deeds(database) == []


def test_pinned_closed_and_hidden_threads(world, sign_in, client, database):
    browser = sign_in("bela")
    use(browser, world, "pin", reason="")
    listed = text_of(client.get("/communities/maths-east/threads"))
    assert listed.index("How do you begin?") < listed.index("Another one") and "Pinned" in listed
    assert use(browser, world, "lock", reason="").status_code == 422
    use(browser, world, "lock", reason="All is said.")
    assert "This thread is closed." in text_of(sign_in("chloe").get(world.url))
    use(browser, world, "unlock", reason="")
    use(browser, world, "hide", reason="It is an advertisement.")
    page = text_of(client.get(world.url))
    assert "It is an advertisement." in page and "With bread." not in page
    assert "A thread that was taken out of sight" in text_of(client.get("/communities/maths-east/threads"))
    assert "Nothing was found" in text_of(client.get("/communities/maths-east/search?q=bread"))
    assert client.get(f"/communities/maths-east/posts/{world.posts[0]}/history").status_code == 404
    use(browser, world, "return", reason="It was none.")
    assert "With bread." in text_of(client.get(world.url))
    assert "bread" in text_of(client.get("/communities/maths-east/search?q=bread"))
    assert [deed for deed, _kind, _reason in deeds(database)] == ["pin", "lock", "unlock", "hide", "return"]
    assert set(told(database)) == {"lock_thread", "unlock_thread_plainly", "hide_thread", "return_thread"}
    assert browser.get(f"{world.url}/tools/explode").status_code == 404


def test_some_posts_become_a_thread_of_their_own(world, sign_in, client, database):
    with database.transaction() as session:
        session.get(Post, world.posts[3]).answers_id = world.posts[0]
        session.get(Post, world.posts[4]).answers_id = world.posts[3]
        session.add(ThreadRead(thread_id=world.thread.id, person_id=world.amina.id, last_read_id=world.posts[4]))
        session.add(Reaction(post_id=world.posts[3], person_id=world.amina.id, kind="thanks"))
    browser = sign_in("bela")
    page = use(browser, world, "split", title="", reason="", posts=[str(world.posts[3])])
    assert page.status_code == 422 and "checked" in page.get_data(as_text=True)
    assert use(browser, world, "split", title="New", reason="Apart.", posts=[]).status_code == 422
    assert use(browser, world, "split", title="New", reason="Apart.", posts=[*map(str, world.posts)]).status_code == 422
    chosen = [*map(str, world.posts[3:])]
    done = use(browser, world, "split", title="Thoughts apart", reason="A topic of its own.", posts=chosen)
    assert done.status_code == 303
    assert "Thought 2." in text_of(client.get(done.location)) and "Thought 2." not in text_of(client.get(world.url))
    with database.reading() as session:
        made = session.scalar(select(CommunityThread).where(CommunityThread.title == "Thoughts apart"))
        old = session.get(CommunityThread, world.thread.id)
        number = made.id
        assert (made.post_count, made.opened_by, made.last_post_id) == (2, world.bela.id, world.posts[4])
        assert (old.post_count, old.last_post_id, old.last_author_id) == (3, world.posts[2], world.chloe.id)
        assert session.get(Post, world.posts[3]).answers_id is None
        assert session.get(Post, world.posts[4]).answers_id == world.posts[3]
        assert session.get(ThreadRead, (made.id, world.amina.id)).last_read_id == world.posts[4]
        assert session.get(ThreadFollow, (made.id, world.chloe.id)).following
    moved = client.get(f"/communities/maths-east/posts/{world.posts[3]}")
    assert f"/threads/{number}?" in moved.location
    assert told(database) == {"split_thread": [world.chloe.id]}


def test_a_thread_moves_to_another_community(world, sign_in, client, database):
    with database.transaction() as session:
        session.add(
            Draft(person_id=world.chloe.id, community_id=world.community.id, thread_id=world.thread.id, text="x")
        )
    assert "in this community only" in text_of(sign_in("bela").get(f"{world.url}/tools/move"))
    browser = sign_in("amina")
    assert use(browser, world, "move", community="nowhere", reason="West.").status_code == 404
    done = use(browser, world, "move", community="maths-west", reason="It is about the west.")
    assert done.location == f"/communities/maths-west/threads/{world.thread.id}"
    assert "With bread." in text_of(client.get(done.location))
    old = client.get(world.url)
    assert old.status_code == 303 and old.location == done.location
    assert "bread" in text_of(client.get("/communities/maths-west/search?q=bread"))
    assert "Nothing was found" in text_of(client.get("/communities/maths-east/search?q=bread"))
    assert deeds(database) == [("move", "thread", "It is about the west.")] * 2
    with database.reading() as session:
        assert session.scalar(select(Draft.community_id)) == world.other.id


def test_what_only_members_read_does_not_move_to_where_everyone_does(world, sign_in, database):
    with database.transaction() as session:
        session.merge(world.community).reading = MEMBERS
    page = use(sign_in("amina"), world, "move", community="maths-west", reason="West.")
    assert page.status_code == 422 and "everyone would read it there" in text_of(page)
    with database.reading() as session:
        assert session.get(CommunityThread, world.thread.id).community_id == world.community.id


def test_a_thread_becomes_part_of_another(world, sign_in, client, database):
    browser = sign_in("amina")
    assert use(browser, world, "join", target=str(world.thread.id), reason="Same.").status_code == 422
    assert use(browser, world, "join", target="99999", reason="Same.").status_code == 422
    done = use(browser, world, "join", target=str(world.second.id), reason="The same question.")
    page = text_of(client.get(done.location))
    assert "With bread." in page and "Other words." in page and "6 posts" in page
    old = client.get(world.url)
    assert old.status_code == 303 and old.location.startswith(f"/communities/maths-east/threads/{world.second.id}")
    assert "How do you begin?" not in text_of(client.get("/communities/maths-east/threads"))
    assert told(database) == {"join_thread": sorted([world.bela.id, world.chloe.id])}
    # What is written to the old address by somebody who has its page open still arrives.
    late = sign_in("chloe")
    late.get(done.location)
    data = {"csrf_token": field(late, "csrf_token"), "text": "Late.", "lang": "en", "token": field(late, "token")}
    assert late.post(world.url, data=data).status_code == 303
    assert "Late." in text_of(client.get(done.location))


def test_moderators_of_the_platform_hide_and_the_house_cannot_undo_it(world, sign_in, client, database):
    reporter = sign_in("chloe")
    url = f"/report/post/{world.posts[1]}"
    assert reporter.get(url).status_code == 200
    with database.transaction() as session:
        session.get(Post, world.posts[2]).hidden_at = now()
    assert "A moderator took this post out of sight." in text_of(client.get(world.url))
    browser = sign_in("amina")
    order = f"/communities/maths-east/posts/{world.posts[2]}/order"
    page = browser.submit(order, {"reason": "", "return": "1"})
    assert page.status_code == 403 and "only they can return it" in text_of(page)


def test_posts_stay_without_their_author_and_drafts_go(world, sign_in, client, database):
    with database.transaction() as session:
        session.add(
            Draft(person_id=world.chloe.id, community_id=world.community.id, thread_id=world.thread.id, text="x")
        )
        session.add(Reaction(post_id=world.posts[0], person_id=world.chloe.id, kind="thanks"))
        session.add(ThreadFollow(thread_id=world.thread.id, person_id=world.chloe.id))
    browser = sign_in("chloe")
    taken = json.loads(browser.get("/account/download").get_data(as_text=True))
    assert [post["text"] for post in taken["posts"]["posts"]] == ["With bread.", "Thought 1.", "Thought 3."]
    assert taken["posts"]["drafts"][0]["text"] == "x" and taken["posts"]["signs"][0]["sign"] == "thanks"
    closed = browser.submit("/account/delete", {"current": PASSWORD})
    assert closed.status_code == 303, text_of(closed)
    page = text_of(client.get(world.url))
    assert "With bread." in page and "A person who left" in page
    with database.reading() as session:
        assert session.scalar(select(Draft)) is None and session.scalar(select(Reaction)) is None
        assert session.get(CommunityThread, world.thread.id).opened_by is None


def test_search_can_be_filled_anew(world, client, runner, database):
    from app.features.threads.search_table import post_search

    with database.engine.begin() as connection:
        post_search.forget(connection, world.posts)
    assert "Nothing was found" in text_of(client.get("/communities/maths-east/search?q=bread"))
    result = runner.invoke(args=["threads", "reindex"])
    assert result.exit_code == 0 and "6 posts indexed" in result.output
    assert "bread" in text_of(client.get("/communities/maths-east/search?q=bread"))
