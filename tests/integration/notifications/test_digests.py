"""Digests: at everybody's own hour, once, in their language, what they can't read counted; nothing new, no mail."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.notices import tell
from app.features.communities.models import LEFT, Member
from app.features.notifications.models import CommunityFollow
from app.features.relations.models import Block
from app.features.threads.models import CommunityThread, Post
from tests.integration.notifications.world import World
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.statements import count_statements


def next_at(hour: int, weekday: int | None = None) -> datetime:
    """The next moment at which it is that hour in Nairobi, on a weekday if named."""
    moment = now().replace(minute=20, second=0, microsecond=0)
    while True:
        moment += timedelta(hours=1)
        local = moment + timedelta(hours=3)
        if local.hour == hour and weekday in (None, local.weekday()):
            return moment


@pytest.fixture
def daily(world: World) -> World:
    """Only amina gets digests: daily at seven, on her clock in Nairobi."""
    world.wish("amina", digest="daily", hour=7)
    for handle in ("bela", "chloe", "dina"):
        world.wish(handle, digest="none")
    return world


def test_what_is_new_comes_at_the_hour_once_a_day(daily: World):
    assert daily.digests(next_at(6)) == 0 and daily.mails() == []
    assert daily.digests(next_at(7)) == 1
    (mail,) = daily.mails("amina", "digest")
    text = daily.text(mail)
    assert "== Maths East ==" in text and "How do you begin?" in text and "I begin with bread." in text
    assert f"http://localhost{daily.url}" in text
    assert daily.digests(next_at(7)) == 0 and daily.digests(next_at(8)) == 0
    assert daily.digests(next_at(7) + timedelta(days=1)) == 0, "nothing new, no mail"


def test_only_what_is_new_since_the_last_one(daily: World):
    daily.digests(next_at(7))
    with daily.database.transaction() as session:
        at = next_at(7) + timedelta(hours=2)
        make_thread(session, daily.community, daily.bela, "A new one", "Fresh words.", at=at)
    assert daily.digests(next_at(7) + timedelta(days=1)) == 1
    text = daily.text(daily.mails("amina", "digest")[-1])
    assert "A new one" in text and "How do you begin?" not in text


def test_notices_are_in_it_until_read_or_mailed(daily: World):
    with daily.database.transaction() as session:
        tell(session, [daily.amina.id], "community_let_in", community="Bread & Salt", slug="maths-east")
        tell(session, [daily.amina.id], "role_given", community="Maths East", slug="maths-east")
    daily.work()
    assert [mail.template for mail in daily.mails("amina")] == ["notice"]
    assert daily.digests(next_at(7)) == 1
    text = daily.text(daily.mails("amina", "digest")[0])
    assert "You belong to “Bread & Salt” now" in text and "new role" not in text
    assert daily.digests(next_at(7) + timedelta(days=1)) == 0


def test_what_they_do_not_read_is_marked_and_counted(daily: World):
    with daily.database.transaction() as session:
        thread = make_thread(session, daily.community, daily.chloe, "Du pain", "Avec du pain.", "fr")
        make_post(session, thread, daily.chloe, "Et du sel.", "fr")
    daily.digests(next_at(7))
    text = daily.text(daily.mails("amina", "digest")[0])
    assert "* Du pain [français]" in text.replace("Français", "français") and "Avec du pain" not in text
    assert "3 new posts" in text and "2 posts in languages you don't read" in text


@pytest.mark.parametrize("why", ["mine", "none", "left", "hidden", "blocked", "own", "withdrawn"])
def test_what_is_not_for_them_stays_out(daily: World, why: str):
    with daily.database.transaction() as session:
        thread = session.get_one(CommunityThread, daily.thread.id)
        post = session.get_one(Post, thread.last_post_id)
        if why in ("mine", "none"):
            follow = {"person_id": daily.amina.id, "community_id": daily.community.id}
            session.add(CommunityFollow(level=why, **follow))
        elif why == "left":
            session.get_one(Member, (daily.community.id, daily.amina.id)).state = LEFT
        elif why == "hidden":
            thread.hidden_at = now()
        elif why == "blocked":
            session.add(Block(blocker_id=daily.amina.id, blocked_id=daily.bela.id))
        elif why == "own":
            thread.opened_by = post.author_id = daily.amina.id
        else:
            post.withdrawn_at, thread.post_count = now(), 0
    assert daily.digests(next_at(7)) == 0


def test_once_a_week_on_the_day_and_in_the_language_of_the_account(world: World):
    world.wish("chloe", digest="weekly", weekday=4, hour=7)
    for handle in ("amina", "bela", "dina"):
        world.wish(handle, digest="none")
    friday = next_at(8, 4)
    while friday.astimezone(UTC).weekday() != 4:
        friday += timedelta(hours=1)
    assert sum(world.digests(friday - timedelta(days=1) + timedelta(hours=h)) for h in range(12)) == 0
    assert sum(world.digests(friday + timedelta(hours=h)) for h in range(12)) == 1
    message = world.message(world.mails("chloe", "digest")[0])
    assert message["Content-Language"] == "fr" and message["List-Unsubscribe"].startswith("<http://localhost/notices/")


def test_without_a_choice_it_comes_on_monday_morning(world: World):
    for handle in ("bela", "chloe", "dina"):
        world.wish(handle, digest="none")
    assert world.digests(next_at(7, 1)) == 0
    assert world.digests(next_at(7, 0)) == 1


def test_two_workers_at_once_write_one(daily: World):
    moment, sent = next_at(7), []
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        sent.append(daily.digests(moment))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == [0, 1] and len(daily.mails("amina", "digest")) == 1


def test_a_person_of_many_communities_costs_the_same(daily: World):
    with count_statements(daily.database) as one:
        assert daily.digests(next_at(7)) == 1
    with daily.database.transaction() as session:
        for number in range(12):
            community = make_community(session, f"more-{number}", founder=daily.bela)
            add_member(session, community, daily.amina, joined_at=now() - timedelta(days=9))
            for _ in range(9):
                make_thread(session, community, daily.bela, at=next_at(7) + timedelta(hours=1))
    with count_statements(daily.database) as many:
        assert daily.digests(next_at(7) + timedelta(days=1)) == 1
    assert len(many) == len(one)
    assert "And 3 more threads" in daily.text(daily.mails("amina", "digest")[-1])


def test_more_people_than_fit_in_one_batch_all_get_theirs(daily: World, monkeypatch):
    monkeypatch.setattr("app.features.notifications.services.digests.BATCH", 2)
    with daily.database.transaction() as session:
        for number in range(5):
            person = make_person(session, f"p{number}", timezone="Africa/Nairobi")
            add_member(session, daily.community, person, joined_at=now() - timedelta(days=9))
    assert daily.digests(next_at(7, 0)) == 6
    assert len({mail.to_address for mail in daily.mails()}) == 6


def test_the_jobs_are_there_by_themselves(daily: World):
    jobs.schedule_recurring(daily.database)
    with daily.database.transaction() as session:
        waiting = session.scalars(select(jobs.Job).where(jobs.Job.name.startswith("notifications."))).all()
        assert {job.name for job in waiting} == {"notifications.digest", "notifications.remind"}
        for job in session.scalars(select(jobs.Job).where(~jobs.Job.name.startswith("notifications."))):
            session.delete(job)
    assert daily.work() == 2
