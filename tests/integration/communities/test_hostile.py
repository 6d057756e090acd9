"""What nobody may do in communities, tried by guests, strangers, and those who were muted, taken out or left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.features.communities.models import COORDINATOR, FACILITATOR, LEFT, MEMBERS, REMOVED, HouseLog, Member
from app.features.renditions.models import Rendition
from app.features.resources.models import Resource, Review
from app.features.threads.models import CommunityThread, Draft, Reaction
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.resources import make_resource

SECRET = "The words that were taken away."


class World:
    """Two communities, one for everyone and one for its members; bela belongs to both, dina to none."""

    def __init__(self, database) -> None:
        with database.transaction() as session:
            self.amina = make_person(session, "amina", languages=[("en", 7), ("fr", 7)])
            self.bela = make_person(session, "bela", languages=[("en", 7), ("fr", 7)])
            self.chloe = make_person(session, "chloe", languages=[("en", 7), ("fr", 7)])
            make_person(session, "dina")
            self.maths = make_community(session, "maths", founder=self.amina)
            self.circle = make_community(session, "circle", founder=self.amina, reading=MEMBERS)
            for person, role in ((self.bela, "member"), (self.chloe, FACILITATOR)):
                add_member(session, self.maths, person, role)
            add_member(session, self.circle, self.bela)
            self.thread = make_thread(session, self.maths, self.bela, "A title", SECRET)
            self.inside = make_thread(session, self.circle, self.bela, "Inside", SECRET)
            self.post = make_post(session, self.thread, self.amina, "An answer.")
            self.resource = make_resource(session, self.bela, community=self.maths)
            self.others = make_resource(session, self.amina, "Geometry", community=self.maths)


@pytest.fixture
def world(database):
    """The world of these tests."""
    return World(database)


def silence(database, world, how, person="bela"):
    """Mute somebody in the community for everyone, take them out, or let them have left."""
    with database.transaction() as session:
        member = session.get_one(Member, (world.maths.id, getattr(world, person).id))
        if how == "muted":
            member.muted_until, member.measure_reason = now() + timedelta(days=3), "Please rest."
        else:
            member.state, member.left_at = (REMOVED if how == "removed" else LEFT), now()


def hide(database, table, number, by=None):
    """Take something out of sight, as those who keep order do."""
    with database.transaction() as session:
        row = session.get_one(table, number)
        row.hidden_at = now()
        session.add(
            HouseLog(
                community_id=row.community_id, by_person_id=by, action="hide", kind="thread", thing_id=number,
                reason="Not here.",
            )
        )  # fmt: skip


@pytest.mark.parametrize("text", ["", "Let me in."])
@pytest.mark.parametrize("who", ["bela", "dina"])
def test_a_hidden_thread_is_not_shown_to_whoever_answers_in_it(world, database, sign_in, who, text):
    hide(database, CommunityThread, world.thread.id, world.amina.id)
    browser, url = sign_in(who), f"/communities/maths/threads/{world.thread.id}"
    answer = browser.submit(url, {"text": text, "lang": "en", "token": "a" * 32}, page="/communities/maths/threads")
    assert answer.status_code == 403 and "Not here." in answer.get_data(as_text=True)
    assert SECRET not in answer.get_data(as_text=True) and "An answer." not in answer.get_data(as_text=True)
    with database.reading() as session:
        assert bool(session.query(Draft).count()) == bool(text), "what somebody wrote is kept"


def test_where_a_thread_stands_that_one_may_not_read_is_not_told(world, sign_in, client):
    for browser in (client, sign_in("dina")):
        answer = browser.get(f"/communities/maths/threads/{world.inside.id}")
        assert answer.status_code == 404 and "circle" not in answer.get_data(as_text=True)
    assert sign_in("bela").get(f"/communities/maths/threads/{world.inside.id}").status_code == 303


def test_a_stranger_learns_nothing_from_drafts_and_following(world, sign_in):
    browser = sign_in("dina")
    for number in (world.inside.id, 4711):
        here = f"/communities/circle/threads/{number}"
        for deed, data in (("draft", {"text": "x"}), ("follow", {"follow": "0"})):
            assert browser.submit(f"{here}/{deed}", data, page="/communities").status_code == 403


@pytest.mark.parametrize("how", ["muted", "removed", "left"])
def test_nobody_who_may_not_write_gives_a_thread_another_title(world, database, sign_in, how):
    silence(database, world, how)
    url = f"/communities/maths/threads/{world.thread.id}/tools/rename"
    answer = sign_in("bela").submit(url, {"title": "Shouting"}, page="/communities/maths")
    assert answer.status_code == 403
    with database.reading() as session:
        assert session.get_one(CommunityThread, world.thread.id).title == "A title"


def test_a_facilitator_does_not_show_their_own_hidden_thread_again(world, database, sign_in):
    with database.transaction() as session:
        own = make_thread(session, world.maths, world.chloe, "Mine")
    hide(database, CommunityThread, own.id, world.amina.id)
    url = f"/communities/maths/threads/{own.id}/tools/return"
    assert sign_in("chloe").submit(url, {"reason": "I like it."}, page="/communities/maths").status_code == 403
    assert sign_in("amina").submit(url, {"reason": "Well."}, page="/communities/maths").status_code == 303


def test_nobody_reacts_in_a_hidden_thread(world, database, sign_in):
    hide(database, CommunityThread, world.thread.id, world.amina.id)
    url = f"/communities/maths/posts/{world.post.id}/react"
    assert sign_in("bela").submit(url, {"kind": "thanks"}, page="/communities/maths").status_code == 404
    with database.reading() as session:
        assert not session.query(Reaction).count()


def database_version(database, number):
    """The version of a resource now."""
    with database.reading() as session:
        return str(session.get_one(Resource, number).version)


@pytest.mark.parametrize("how", ["muted", "removed", "left"])
def test_who_brought_a_resource_changes_it_only_while_they_may_write(world, database, sign_in, how):
    browser, here = sign_in("bela"), f"/resources/{world.resource.id}"
    assert browser.get(f"{here}/edit").status_code == 200
    silence(database, world, how)
    assert browser.get(f"{here}/edit").status_code == 403
    answer = browser.submit(f"{here}/edit", {"title": "Shouting"}, page="/communities/maths")
    assert answer.status_code == 403
    version = database_version(database, world.resource.id)
    assert browser.submit(f"{here}/withdraw", {"version": version}).status_code == 303, "one's own goes with one"
    with database.reading() as session:
        kept = session.get_one(Resource, world.resource.id)
        assert kept.title == "Algebra for all" and kept.withdrawn_at is not None


@pytest.mark.parametrize("how", ["muted", "removed"])
def test_nobody_reviews_where_they_are_to_be_quiet(world, database, sign_in, how):
    silence(database, world, how)
    said = {"quality": "1", "inclusion": "1", "suitability": "1", "text": "Shouting", "lang": "en"}
    url = f"/resources/{world.others.id}/review"
    assert sign_in("bela").submit(url, said, page="/communities/maths").status_code == 403
    with database.reading() as session:
        assert not session.query(Review).count()


@pytest.mark.parametrize("how", ["muted", "removed"])
def test_nobody_translates_where_they_are_to_be_quiet(world, database, sign_in, how):
    browser = sign_in("bela")
    things = (
        ("post", world.post.id), ("thread", world.thread.id), ("charter", world.maths.id),
        ("community", world.maths.id), ("resource", world.others.id),
    )  # fmt: skip
    assert all(browser.get(f"/translations/{kind}/{number}/fr/edit").status_code == 200 for kind, number in things)
    silence(database, world, how)
    for kind, number in things:
        here = f"/translations/{kind}/{number}"
        assert browser.get(f"{here}/fr/edit").status_code == 403
        said = {"t_text": "Criez", "t_title": "Criez", "version": "0", "of_version": "1"}
        assert browser.submit(f"{here}/fr/edit", said, page="/communities/maths").status_code == 403
        assert browser.submit(f"{here}/ask", {"lang": "de"}, page="/communities/maths").status_code == 403
    with database.reading() as session:
        assert not session.query(Rendition).count()


def test_a_harvester_does_not_learn_which_communities_are_closed_to_it(world, client, database):
    with database.transaction() as session:
        session.merge(world.circle).hidden_at = now()
    ask = "/oai?verb=ListRecords&metadataPrefix=oai_dc&set=community:"
    said = [client.get(ask + slug).get_data(as_text=True).partition("<error")[2] for slug in ("circle", "nowhere")]
    assert said[0] == said[1] and "noRecordsMatch" in said[0]


def test_numbers_of_one_community_open_nothing_in_another(world, database, sign_in):
    """Everything that takes a community and a number, with the number of a thing that stands elsewhere."""
    with database.transaction() as session:
        other = make_community(session, "other", founder=world.bela)
        add_member(session, other, world.chloe, COORDINATOR)
    browser, thread, post = sign_in("bela"), world.thread.id, world.post.id
    for path in (
        f"posts/{post}", f"posts/{post}/edit", f"posts/{post}/history", f"posts/{post}/order",
        f"threads/{thread}/tools",
        f"report/post/{post}", f"report/person/{world.amina.id}", "order/people/amina", "members/amina/role",
        "events/1", "practice/1", "invitations/1", "order/1", "charter/offers/1",
    ):  # fmt: skip
        assert browser.get(f"/communities/other/{path}").status_code in (403, 404), path
    for path, data in (
        (f"posts/{post}/react", {"kind": "thanks"}), (f"posts/{post}/withdraw", {}),
        (f"posts/{post}/order", {"reason": "x"}),
        (f"threads/{thread}", {"text": "x", "lang": "en", "token": "a" * 32}),
        (f"threads/{thread}/draft", {"text": "x"}),
        (f"threads/{thread}/follow", {"follow": "1"}), (f"threads/{thread}/tools/hide", {"reason": "x"}),
        (f"requests/{world.chloe.id}/accept", {}), ("invitations/1/withdraw", {}),
        ("events/1/answer", {"answer": "yes"}),
    ):  # fmt: skip
        answer = browser.submit(f"/communities/other/{path}", data, page="/communities")
        assert answer.status_code in (403, 404) or "accept" in path, (path, answer.status_code)
    with database.reading() as session:
        assert session.get(Member, (other.id, world.amina.id)) is None
