"""Reminders of events: to whom, in which words, once, and what becomes of them when the event changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.core.clock import now
from app.features.communities.models import LEFT, Member
from app.features.events.models import Event, EventAnswer
from app.features.notifications.models import CommunityFollow, Notice
from app.features.notifications.services import send_reminders
from app.features.relations.models import Block
from tests.integration.notifications.world import World
from tests.support.statements import count_statements

PEOPLE = ("amina", "bela", "chloe")


@pytest.fixture
def event(world: World) -> Event:
    """A meeting in three days at noon of the world; all three members come since yesterday."""
    starts = (now() + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    with world.database.transaction() as session:
        row = Event(
            community_id=world.community.id, uid="u", token="t", title="Fractions", lang="en", starts_at=starts,
            zone="Asia/Tokyo", yes_count=3, created_by=world.bela.id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        at = now() - timedelta(days=1)
        session.add_all(
            EventAnswer(event_id=row.id, person_id=getattr(world, handle).id, answer="yes", at=at) for handle in PEOPLE
        )
        return row


def remind(world: World, moment: datetime) -> int:
    return send_reminders(world.database, moment)


def told(world: World) -> dict[str, int]:
    """How many reminders each got by mail."""
    mails = [mail for mail in world.mails(template="notice") if mail.values["kind"] == "event_reminder"]
    return {handle: sum(mail.to_address == f"{handle}@example.org" for mail in mails) for handle in PEOPLE}


def test_each_is_reminded_once_in_their_language_and_time(world: World, event: Event):
    assert remind(world, event.starts_at - timedelta(hours=25)) == 0
    assert remind(world, event.starts_at - timedelta(hours=24)) == 3
    for later in (23, 2, 0.5):
        assert remind(world, event.starts_at - timedelta(hours=later)) == 0
    assert told(world) == {"amina": 1, "bela": 1, "chloe": 1}
    amina, chloe = world.mails("amina")[-1], world.mails("chloe")[-1]
    assert "You cannot come after all?" in world.text(amina)
    subject = str(world.message(amina)["Subject"])
    assert "Reminder: “Fractions” in Maths East" in subject and "3:00" in subject and "Nairobi, UTC+3" in subject
    french = world.text(chloe)
    assert "Paris, UTC" in french and ("13:00" in french or "14:00" in french)
    assert f"/communities/maths-east/events/{event.id}" in french


def test_who_wants_it_is_reminded_an_hour_before_too_and_who_does_not_never(world: World, event: Event):
    world.wish("amina", reminders="both")
    world.wish("bela", reminders="none")
    world.wish("chloe", direct=False)
    assert remind(world, event.starts_at - timedelta(hours=20)) == 2
    assert remind(world, event.starts_at - timedelta(minutes=50)) == 1
    assert remind(world, event.starts_at - timedelta(minutes=40)) == 0
    assert told(world) == {"amina": 2, "bela": 0, "chloe": 0}
    with world.database.reading() as session:
        assert session.query(Notice).filter_by(person_id=world.chloe.id, kind="event_reminder").count() == 1


def test_nothing_after_the_beginning_and_no_mail_that_was_held_up(world: World, event: Event, monkeypatch):
    assert remind(world, event.starts_at) == 0
    assert remind(world, event.starts_at - timedelta(minutes=5)) == 3
    monkeypatch.setattr("app.core.mail.now", lambda: event.starts_at + timedelta(minutes=1))
    world.work()
    assert [mail.sent_at for mail in world.mails("amina", "notice")] == [None]


@pytest.mark.parametrize("why", ["left", "declined", "blocked", "cancelled", "hidden", "silent"])
def test_who_is_not_reminded(world: World, event: Event, why):
    """Only bela is left out, or everybody, of what does not take place; a silent community is in no mail."""
    with world.database.transaction() as session:
        row, bela = session.get_one(Event, event.id), world.chloe.id
        if why == "left":
            session.get_one(Member, (world.community.id, bela)).state = LEFT
        elif why == "declined":
            session.get_one(EventAnswer, (event.id, bela)).answer = "no"
        elif why == "blocked":
            session.add(Block(blocker_id=bela, blocked_id=world.bela.id))
        elif why == "cancelled":
            row.state = "cancelled"
        elif why == "hidden":
            row.hidden_at = now()
        else:
            session.add(CommunityFollow(person_id=bela, community_id=world.community.id, level="none"))
    remind(world, event.starts_at - timedelta(hours=20))
    others = 0 if why in ("cancelled", "hidden") else 1
    assert told(world) == {"amina": others, "bela": others, "chloe": 0}


def test_moved_it_is_reminded_of_at_the_new_time_and_the_old_word_is_void(world: World, event: Event, sign_in):
    assert remind(world, event.starts_at - timedelta(hours=20)) == 3
    browser = sign_in("bela")
    day = (event.starts_at + timedelta(days=2)).date().isoformat()
    here = f"/communities/maths-east/events/{event.id}"
    form = {"title": "Fractions", "lang": "en", "day": day, "clock": "21:00", "zone": "Asia/Tokyo", "minutes": "60"}
    assert browser.submit(f"{here}/edit", {**form, "version": "1"}).status_code == 303
    world.work()
    assert remind(world, event.starts_at - timedelta(hours=1)) == 0
    with world.database.reading() as session:
        unread = session.query(Notice).filter_by(kind="event_reminder", person_id=world.amina.id, read_at=None)
        assert unread.count() == 0
    moved = event.starts_at + timedelta(days=2)
    assert remind(world, moved - timedelta(hours=20)) == 3
    assert told(world) == {"amina": 2, "bela": 2, "chloe": 2}


def test_a_digest_tells_of_it_only_while_it_is_to_come(world: World, event: Event):
    world.wish("amina", direct=False, digest="daily", hour=7)
    remind(world, event.starts_at - timedelta(hours=20))
    morning = event.starts_at.replace(hour=4)
    world.digests(morning + timedelta(days=1))
    assert "Reminder" not in "".join(world.text(mail) for mail in world.mails("amina", "digest"))
    world.wish("amina", direct=False, digest="daily", hour=7, digest_on=None, digest_at=None)
    world.digests(morning)
    assert "Reminder: “Fractions”" in world.text(world.mails("amina", "digest")[-1])


def test_it_is_chosen_on_the_page_and_ended_by_the_link_in_the_mail(world: World, event: Event, sign_in, client):
    browser = sign_in("amina")
    wanted = {"digest": "weekly", "weekday": "0", "hour": "7", "direct": "y"}
    refused = browser.submit("/notices/settings", {**wanted, "reminders": "often"})
    assert refused.status_code == 422
    assert browser.submit("/notices/settings", {**wanted, "reminders": "both"}).status_code == 303
    assert 'value="both" checked' in browser.get("/notices/settings").get_data(as_text=True).replace(
        'checked value="both"', 'value="both" checked'
    )
    remind(world, event.starts_at - timedelta(hours=20))
    stop = world.mails("amina", "notice")[-1].values["stop"]
    assert "End the reminders of events?" in client.get(stop).get_data(as_text=True)
    assert "We will not remind you of events" in client.post(stop).get_data(as_text=True)
    assert remind(world, event.starts_at - timedelta(minutes=30)) == 0
    with world.database.reading() as session:
        from app.features.notifications.queries import find_settings

        kept = find_settings(session, world.amina.id)
        assert kept.reminders == "none" and kept.direct


def test_on_the_page_it_stands_by_the_clocks_of_the_reader(world: World, event: Event, sign_in):
    remind(world, event.starts_at - timedelta(hours=20))
    text = sign_in("amina").get("/notices").get_data(as_text=True)
    assert "Reminder: “" in text and "Nairobi, UTC+3" in text and '<bdi lang="en">Fractions</bdi>' in text


def test_many_are_reminded_with_few_queries(world: World, event: Event):
    """Whoever lives by the same clocks is told together."""
    with count_statements(world.database) as before:
        remind(world, event.starts_at - timedelta(hours=30))
    assert len(before) <= 2
    remind(world, event.starts_at - timedelta(hours=20))
    with count_statements(world.database) as again:
        remind(world, event.starts_at - timedelta(hours=19))
    assert len(again) <= 6
