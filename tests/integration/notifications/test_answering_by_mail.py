"""Answers by mail: in the thread when they come from the right person, politely answered when not, never a loop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.core.clock import now
from app.core.database import Database
from app.core.jobs import Job
from app.features.accounts.models import Account
from app.features.communities.models import LEFT, Member
from app.features.notifications.words import GOOD_FOR, write_reply_word
from app.features.threads.models import CommunityThread, Post
from tests.integration.notifications.world import World, hand_over, letter
from tests.support.communities import make_post

QUOTED = "\n\nOn Mon, 3 Mar 2025 at 10:00, Commonweave <noreply@localhost> wrote:\n> Amina named you\n"


@pytest.fixture
def address(world: World, app: Flask) -> str:
    """The reply address that bela has for amina's post in the thread."""
    with world.database.transaction() as session:
        thread = session.get_one(CommunityThread, world.thread.id)
        world.post = make_post(session, thread, world.amina, "And you, @bela?")
    return reply_address(world, app, world.bela.id)


def reply_address(world: World, app: Flask, person_id: int, moment=None) -> str:
    secret = app.extensions["settings"].secret_key
    word = write_reply_word(secret, person_id, world.thread.id, world.post.id, moment or now())
    return f"reply+{word}@talk.example"


def posts(world: World) -> list[Post]:
    with world.database.transaction() as session:
        return list(session.scalars(select(Post).where(Post.via == "mail").order_by(Post.id)))


def test_an_answer_stands_in_the_thread_and_is_told(world: World, address: str, runner: FlaskCliRunner, sign_in):
    found = hand_over(runner, letter("Bela <Bela@Example.org>", address, "With *songs*." + QUOTED))
    (post,) = posts(world)
    assert found == {"state": "posted", "why": "posted", "post": post.id}
    assert (post.text, post.lang, post.author_id) == ("With *songs*.", "en", world.bela.id)
    assert post.answers_id == world.post.id and post.thread_id == world.thread.id
    assert "With <em>songs</em>." in sign_in("amina").get(world.url).get_data(as_text=True)
    world.work()
    assert [mail.template for mail in world.mails("amina")] == ["notice"]
    assert world.mails("bela") == []


def test_the_same_mail_is_taken_once(world: World, address: str, runner: FlaskCliRunner):
    raw = letter("bela@example.org", address, "With songs.")
    first, again = hand_over(runner, raw), hand_over(runner, raw)
    assert first["post"] == again["post"] and again["why"] == "taken before" and len(posts(world)) == 1


def test_capitals_and_the_envelope_count_too(world: World, address: str, runner: FlaskCliRunner):
    assert hand_over(runner, letter("bela@example.org", address.upper(), "One."))["state"] == "posted"
    raw = letter("bela@example.org", "everybody@school.example", "Two.", message_id="<2@x>")
    assert hand_over(runner, raw)["state"] == "ignored"
    assert hand_over(runner, raw, "--to", address)["state"] == "posted"


def test_another_address_posts_nothing_and_only_the_account_hears_of_it(
    world: World, address: str, runner: FlaskCliRunner
):
    found = hand_over(runner, letter("somebody@else.example", address, "As if I were Bela."))
    assert found["state"] == "answered" and posts(world) == []
    (mail,) = world.mails()
    assert mail.to_address == "bela@example.org"
    message = world.message(mail)
    assert message["Auto-Submitted"] == "auto-replied" and message["In-Reply-To"] == "<1@school.example>"
    assert "another address" in world.text(mail) and "As if I were" not in world.text(mail)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "bulk"},
        {"List_Id": "<teachers.school.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_automatic_mail_is_neither_posted_nor_answered(world, address, runner, headers: dict[str, str]):
    for sender in ("bela@example.org", "somebody@else.example"):
        found = hand_over(runner, letter(sender, address, "I am away.", **headers))
        assert found == {"state": "ignored", "why": "automatic mail", "post": None}
    assert posts(world) == [] and world.mails() == []


def test_our_own_mail_coming_back_is_left_alone(world: World, address: str, runner: FlaskCliRunner):
    assert hand_over(runner, letter("noreply@localhost", address, "Hello."))["state"] == "ignored"
    assert world.mails() == []


def test_a_forged_word_is_dropped_for_strangers_and_answered_for_members(world, address, runner):
    forged = address.replace("reply+", "reply+aaaa", 1)
    assert hand_over(runner, letter("somebody@else.example", forged, "Hello."))["state"] == "ignored"
    assert world.mails() == []
    assert hand_over(runner, letter("chloe@example.org", forged, "Bonjour à tous."))["state"] == "answered"
    (mail,) = world.mails()
    assert mail.to_address == "chloe@example.org" and "Bonjour" not in world.text(mail)
    assert posts(world) == []


def test_nobody_has_us_carry_their_words_under_a_borrowed_name(world, address, app, runner):
    forged = address.replace("reply+", "reply+aaaa", 1)
    old = reply_address(world, app, world.bela.id, now() - GOOD_FOR - timedelta(days=2))
    for worn in (forged, old):
        hand_over(runner, letter("chloe@example.org", worn, "Your account is locked: https://evil.example"))
    assert [("evil" in world.text(mail), mail.to_address) for mail in world.mails()] == [
        (False, "chloe@example.org"),
        (False, "chloe@example.org"),
    ]


def test_an_old_address_gives_the_words_back(world: World, address: str, app: Flask, runner: FlaskCliRunner):
    old = reply_address(world, app, world.bela.id, now() - GOOD_FOR - timedelta(days=2))
    assert hand_over(runner, letter("bela@example.org", old, "Too late?"))["state"] == "answered"
    assert posts(world) == [] and "Too late?" in world.text(world.mails("bela")[0])


def muted(session, world: World) -> None:
    member = session.get_one(Member, (world.community.id, world.bela.id))
    member.muted_until, member.measure_reason = now() + timedelta(days=3), "Please listen first."


def gone(session, world: World) -> None:
    session.get_one(Member, (world.community.id, world.bela.id)).state = LEFT


def locked(session, world: World) -> None:
    session.get_one(CommunityThread, world.thread.id).locked_at = now()


def private(session, world: World) -> None:
    gone(session, world)
    community = session.get_one(type(world.community), world.community.id)
    community.reading = "members"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (muted, "Please listen first."),
        (gone, "Members write here"),
        (locked, "This thread is closed"),
        (private, "not there for you any more"),
    ],
)
def test_what_cannot_be_posted_comes_back_with_the_reason(world, address, runner, change, reason: str):
    with world.database.transaction() as session:
        change(session, world)
    found = hand_over(runner, letter("bela@example.org", address, "My long thoughts." + QUOTED))
    assert found["state"] == "answered" and posts(world) == []
    (mail,) = world.mails("bela")
    assert reason in world.text(mail) and "My long thoughts." in world.text(mail)


def test_a_suspended_account_posts_nothing(world: World, address: str, runner: FlaskCliRunner):
    with world.database.transaction() as session:
        session.get_one(Account, world.bela.account_id).suspended_at = now()
    assert hand_over(runner, letter("bela@example.org", address, "Hello."))["state"] == "ignored"
    assert posts(world) == [] and world.mails() == []


def test_nothing_but_a_quotation_is_answered(world: World, address: str, runner: FlaskCliRunner):
    assert hand_over(runner, letter("bela@example.org", address, QUOTED))["why"] == "empty"
    assert "no words of your own" in world.text(world.mails("bela")[0])


def test_a_large_mail_is_answered_and_a_long_text_comes_back(world: World, address: str, runner: FlaskCliRunner):
    assert hand_over(runner, letter("bela@example.org", address, "word " * 300_000))["why"] == "too large"
    long = letter("bela@example.org", address, "word " * 6_000, message_id="<2@x>")
    assert hand_over(runner, long)["why"] == "refused"
    first, second = world.mails("bela")
    assert "too large" in world.text(first) and "characters; please keep it to" in world.text(second)


def test_attachments_are_left_out_and_that_is_said(world: World, address: str, runner: FlaskCliRunner):
    from email import message_from_bytes
    from email.policy import default

    message = message_from_bytes(letter("bela@example.org", address, "See the picture."), policy=default)
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    assert hand_over(runner, message.as_bytes())["why"] == "without attachments"
    assert [post.text for post in posts(world)] == ["See the picture."]
    assert "without the files" in world.text(world.mails("bela")[0])


def test_nobody_gets_more_than_a_few_polite_answers_a_day(world: World, address: str, runner: FlaskCliRunner):
    states = [
        hand_over(runner, letter("x@else.example", address, "Hello.", message_id=f"<{n}@x>"))["state"] for n in range(8)
    ]
    assert states == ["answered"] * 5 + ["ignored"] * 3 and len(world.mails()) == 5


def test_two_senders_are_none(world: World, address: str, runner: FlaskCliRunner):
    found = hand_over(runner, letter("bela@example.org, x@else.example", address, "Hello."))
    assert found["why"] == "another address" and posts(world) == []


def test_the_answer_is_in_the_language_it_answers_then_in_that_written_before(world, address, app, runner):
    with world.database.transaction() as session:
        thread = session.get_one(CommunityThread, world.thread.id)
        world.post = make_post(session, thread, world.amina, "Et toi ?", "fr")
    to = reply_address(world, app, world.chloe.id)
    hand_over(runner, letter("chloe@example.org", to, "Avec du pain."))
    hand_over(runner, letter("chloe@example.org", to, "Et du sel.", message_id="<2>"))
    assert [post.lang for post in posts(world)] == ["fr", "fr"]


def test_with_the_setting_off_nothing_is_taken(world: World, address: str, app: Flask, runner: FlaskCliRunner):
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"mail_reply_domain": ""})
    assert hand_over(runner, letter("bela@example.org", address, "Hello."))["state"] == "ignored"


def test_trouble_with_the_database_keeps_the_mail_for_later(
    world: World, address: str, runner: FlaskCliRunner, database: Database
):
    raw = letter("bela@example.org", address, "With songs.")
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE posts RENAME TO posts_away")
    assert runner.invoke(args=["mail", "receive"], input=raw).exit_code == 75
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE posts_away RENAME TO posts")
    result = runner.invoke(args=["mail", "receive"], input=raw)
    assert result.exit_code == 0 and result.output.startswith("posted as post ")


def test_no_message_is_a_wrong_call(runner: FlaskCliRunner, world: World):
    assert runner.invoke(args=["mail", "receive"], input=b"").exit_code == 2
    assert runner.invoke(args=["mail", "receive"], input=b"\xff\xfe\x00garbage").exit_code == 0


def test_a_notice_brings_the_address_that_works(world: World, runner: FlaskCliRunner, sign_in):
    from tests.integration.notifications.test_notices import answer

    answer(world, sign_in("amina"), "What about you, @bela?")
    world.work()
    hand_over(runner, letter("bela@example.org", world.reply_address("bela"), "With songs."))
    assert [post.text for post in posts(world)] == ["With songs."]
    with world.database.reading() as session:
        told = select(Job.payload).where(Job.name == "notifications.tell").order_by(Job.id)
        kinds = [payload["kind"] for payload in session.scalars(told)]
    assert kinds == ["mentioned", "quoted"]
