"""Talk when several act at the same moment, when it comes by mail, and in translation."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import Database
from app.core.errors import Forbidden
from app.features.communities.models import LEFT, Member
from app.features.communities.queries import get_standing
from app.features.communities.services import talk
from app.features.renditions.models import Rendition
from app.features.threads.models import CommunityThread, Post, Reaction
from tests.integration.communities.test_talk import World, field, text_of
from tests.integration.introductions.test_at_once import at_once
from tests.support.communities import make_post


@pytest.fixture
def world(database: Database) -> World:
    """The world of these tests."""
    return World(database)


def answering(browser, url: str, text: str):
    """A call that answers, with the page already open."""
    browser.get(url)
    data = {"csrf_token": field(browser, "csrf_token"), "text": text, "lang": "en", "token": field(browser, "token")}
    return lambda: browser.post(url, data=data).status_code


def test_answers_at_the_same_moment_are_all_counted(world, sign_in, database):
    calls = [answering(sign_in(name), world.url, f"{name} at once") for name in ("amina", "bela", "chloe", "amina")]
    assert at_once(*calls) == [303] * 4
    with database.reading() as session:
        thread = session.get(CommunityThread, world.thread.id)
        assert thread.post_count == 5
        assert thread.last_post_id == session.scalar(select(func.max(Post.id)))


def test_a_form_sent_twice_at_once_writes_one_post(world, sign_in, database):
    call = answering(sign_in("chloe"), world.url, "Once.")
    assert at_once(call, call, call) == [303] * 3
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Post.text == "Once.")) == 1
        assert session.get(CommunityThread, world.thread.id).post_count == 2


def test_the_same_sign_at_once_stands_once_or_not_at_all(world, sign_in, database):
    browser = sign_in("chloe")
    browser.get(world.url)
    data = {"csrf_token": field(browser, "csrf_token"), "kind": "thanks"}
    url = f"/communities/maths-east/posts/{world.thread.last_post_id}/react"
    assert at_once(*[lambda: browser.post(url, data=data).status_code] * 3) == [303] * 3
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reaction)) <= 1


def actor_of(person, languages=("en",)) -> Actor:
    """The person as services know them."""
    return Actor(
        account_id=person.account_id, person_id=person.id, handle=person.handle, verified=True, languages=languages
    )


def test_a_reply_by_mail_stands_in_the_thread_once(world, client, database):
    token = "ab" * 32
    for _time in (1, 2):
        with database.transaction() as session:
            standing = get_standing(session, actor_of(world.chloe), "maths-east")
            talk.answer(session, standing, world.thread.id, "By mail.", "en", token, via="mail")
    page = text_of(client.get(world.url))
    assert page.count("By mail.") == 1 and "· by mail" in page and "2 posts" in page


@pytest.mark.parametrize("state", ["left", "muted", "closed"])
def test_a_reply_by_mail_that_may_not_be_is_refused_in_words(world, database, state):
    with database.transaction() as session:
        member = session.get(Member, (world.community.id, world.chloe.id))
        if state == "left":
            member.state = LEFT
        elif state == "muted":
            member.muted_until = now().replace(year=now().year + 1)
        else:
            session.get(CommunityThread, world.thread.id).locked_at = now()
    with database.transaction() as session:
        standing = get_standing(session, actor_of(world.chloe), "maths-east")
        with pytest.raises(Forbidden) as refused:
            talk.answer(session, standing, world.thread.id, "By mail.", "en", "ab" * 16, via="mail")
        assert len(str(refused.value.text)) > 20
        session.rollback()


def test_a_translation_of_a_member_stands_at_once_with_credit(world, sign_in, database):
    with database.transaction() as session:
        thread = session.get(CommunityThread, world.thread.id)
        post = make_post(session, thread, world.chloe, "Je **commence** par le pain.", "fr")
        words = {"text": "I *begin* with the loaf."}
        session.add(
            Rendition(
                kind="post", thing_id=post.id, lang="en", source_lang="fr", fields=words, of_version=1,
                by_person_id=world.bela.id,
            )
        )  # fmt: skip
        thread = session.get(CommunityThread, world.thread.id)
        thread.title, thread.lang = "Comment commencer ?", "fr"
        session.add(
            Rendition(
                kind="thread", thing_id=thread.id, lang="en", source_lang="fr", fields={"title": "How to begin"},
                of_version=1, by_person_id=world.bela.id,
            )
        )  # fmt: skip
    page = sign_in("amina").get(world.url)
    html, words_shown = page.get_data(as_text=True), text_of(page)
    assert "I <em>begin</em> with the loaf." in html and "Translated from French by Bela" in words_shown
    assert "The original in French" in words_shown and "<strong>commence</strong>" in html
    assert re.search(r'<h2><bdi lang="en">How to begin</bdi></h2>', html) and "Comment commencer ?" in words_shown
    assert "How to begin" in text_of(sign_in("amina").get("/communities/maths-east/threads"))
    # Who asks for everything gets the original words.
    everything = sign_in("amina").get(f"{world.url}?show=all").get_data(as_text=True)
    assert "<strong>commence</strong>" in everything and "with the loaf" not in everything
