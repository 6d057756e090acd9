"""Planning meetings and series, changing and cancelling them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.core.jobs import Job
from app.features.communities.models import Community, HouseLog
from app.features.events.models import Event, EventAnswer
from tests.integration.events.steps import FORM, NEW, plan, said, token_of


def events(database) -> list[Event]:
    with database.sessions() as session:
        return list(session.scalars(select(Event).order_by(Event.starts_at)))


def told(database) -> list[tuple[str, list[int]]]:
    with database.reading() as session:
        rows = session.scalars(select(Job).where(Job.name == "notifications.tell").order_by(Job.id))
        return [(row.payload["kind"], row.payload["person_ids"]) for row in rows]


def test_a_member_plans_a_meeting_and_the_others_are_told(world, sign_in, database, day):
    mei = sign_in("mei")
    answer = plan(mei, day=day(5), languages=["en", "sw"], from_1="sw", to_1="en")
    assert answer.status_code == 303
    (event,) = events(database)
    local = event.starts_at.astimezone(ZoneInfo("Europe/Paris"))
    assert (local.hour, local.minute) == (9, 0) and event.languages == ["en", "sw"]
    assert event.interpretation == [["sw", "en"]] and event.series is None
    assert told(database) == [("event_planned", sorted(world[p] for p in ("amina", "luc", "diego")))]
    page = mei.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Your time (Tokyo" in page and "Where it was set (Paris" in page and "UTC" in page
    assert "Kiswahili" in page


def test_a_series_keeps_its_local_time_when_the_clocks_change(world, sign_in, database):
    """In Paris summer time ends on the last Sunday of October."""
    year = datetime.now(UTC).year + 1
    answer = plan(sign_in("luc"), day=f"{year}-10-13", every="1", times="4")
    assert answer.status_code == 303
    found = events(database)
    assert len(found) == 4 and len({event.series for event in found}) == 1 and found[0].series
    assert [event.starts_at.hour for event in found] in ([7, 7, 8, 8], [7, 7, 7, 8])
    assert {event.starts_at.astimezone(ZoneInfo("Europe/Paris")).hour for event in found} == {9}
    assert len({event.uid for event in found}) == 4


def test_a_time_that_the_clocks_leave_out_is_said(world, sign_in, database):
    """On the last Sunday of March the clocks of Paris go from 2 to 3."""
    browser = sign_in("luc")
    last = date(datetime.now(UTC).year + 1, 3, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    answer = plan(browser, day=sunday.isoformat(), clock="02:30")
    assert answer.status_code == 422 and not events(database)
    text = answer.get_data(as_text=True)
    assert "the clocks go forward" in text and "Fractions in class" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": " \u202e"}, "Please give it a title"),
        ({"title": "x" * 201}, "201 characters"),
        ({"day": "2020-01-01"}, "lies in the past"),
        ({"day": "next week"}, "like this: 2027-03-15"),
        ({"clock": "25:99"}, "like this: 14:30"),
        ({"zone": "Mars/Olympus"}, "do not know this time zone"),
        ({"minutes": "99999"}, "how long it takes"),
        ({"capacity": "many"}, "whole number"),
        ({"link": "javascript:alert(1)"}, "cannot be opened|not an address"),
        ({"every": "1", "times": "13"}, "at most 12"),
        ({"description": "y" * 10_001}, "10001 characters"),
        ({"from_1": "sw"}, "both languages"),
        ({"lang": "xx-notalanguage"}, "choose a language"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_kept(world, sign_in, database, day, change, message):
    answer = plan(sign_in("mei"), **{"day": day(5), "agenda": "First we greet.", **change})
    assert answer.status_code == 422 and not events(database)
    text = answer.get_data(as_text=True)
    assert any(part in text for part in message.split("|")) and "First we greet." in text


@pytest.mark.parametrize("title", ["分数と小数", "الكسور في الصف", "भिन्न कक्षा में", "Дроби", "ክፍልፋዮች", "អង្គប្រជុំ 🙂"])
def test_every_script_in_a_title(world, sign_in, database, day, title):
    browser = sign_in("mei")
    answer = plan(browser, day=day(5), title=title)
    assert answer.status_code == 303
    assert title in browser.get("/communities/maths/events").get_data(as_text=True)


def test_sending_the_form_twice_plans_once(world, sign_in, database, day):
    mei = sign_in("mei")
    csrf = mei.token(NEW)
    fields = {"csrf_token": csrf, "token": token_of(mei), **FORM, "day": day(5), "every": "2", "times": "3"}
    assert mei.post(NEW, data=fields).status_code == 303
    assert mei.post(NEW, data=fields).status_code == 303
    assert len(events(database)) == 3 and len(told(database)) == 1
    assert mei.post(NEW, data={**fields, "token": "made up"}).status_code == 422


def test_two_tabs_do_not_overwrite_each_other(world, sign_in, make_event, database, day):
    number = make_event()
    address = f"/communities/maths/events/{number}/edit"
    mei = sign_in("mei")
    fields = {**FORM, "day": day(6), "version": "1"}
    assert mei.submit(address, {**fields, "title": "First tab"}).status_code == 303
    late = mei.submit(address, {**fields, "title": "Second tab", "version": "1"})
    assert late.status_code == 409 and "Second tab" in late.get_data(as_text=True)
    assert events(database)[0].title == "First tab"
    assert mei.submit(address, {**fields, "title": "Second tab", "version": "2"}).status_code == 303
    assert events(database)[0].title == "Second tab"


def test_those_who_come_are_told_of_a_new_time_and_calendars_too(world, sign_in, make_event, database, day):
    number = make_event()
    with database.transaction() as session:
        for handle, said in (("amina", "yes"), ("diego", "maybe"), ("luc", "no")):
            session.add(EventAnswer(event_id=number, person_id=world[handle], answer=said))
    mei, address = sign_in("mei"), f"/communities/maths/events/{number}/edit"
    assert mei.submit(address, {**FORM, "day": day(9), "version": "1"}).status_code == 303
    assert told(database) == [("event_moved", sorted([world["amina"], world["diego"]]))]
    assert events(database)[0].sequence == 1
    # Languages stand in no calendar: nobody is disturbed for them.
    assert mei.submit(address, {**FORM, "day": day(9), "version": "2", "languages": ["fr"]}).status_code == 303
    assert len(told(database)) == 1 and events(database)[0].sequence == 1


def test_a_series_is_cancelled_from_one_meeting_on(world, sign_in, database):
    mei = sign_in("mei")
    year = datetime.now(UTC).year + 1
    plan(mei, day=f"{year}-05-04", every="1", times="4")
    second = events(database)[1]
    page = mei.submit(f"/communities/maths/events/{second.id}/cancel", {"reason": "Exams", "following": "y"})
    assert page.status_code == 303
    assert [event.state for event in events(database)] == ["planned", "cancelled", "cancelled", "cancelled"]
    text = mei.get(page.headers["Location"]).get_data(as_text=True)
    assert "This event is cancelled" in text and "Exams" in text
    assert said(mei, second.id, "yes").status_code == 403


def test_what_a_facilitator_cancels_for_somebody_is_logged(world, sign_in, make_event, database):
    number = make_event()
    assert sign_in("luc").submit(f"/communities/maths/events/{number}/cancel", {"reason": "Clash"}).status_code == 303
    with database.reading() as session:
        (row,) = session.scalars(select(HouseLog).where(HouseLog.kind == "event"))
        assert (row.action, row.person_id, row.reason) == ("cancel", world["mei"], "Clash")


def test_who_may_do_what(world, sign_in, client, make_event, database):
    number = make_event()
    zoe, diego = sign_in("zoe"), sign_in("diego")
    assert client.get("/communities/maths/events").status_code == 200
    assert client.get(f"/communities/maths/events/{number}").status_code == 200
    assert client.get(NEW).status_code == 303, "asks to sign in"
    assert zoe.get(NEW).status_code == 403 and zoe.get("/communities/maths/meet").status_code == 403
    assert diego.get(f"/communities/maths/events/{number}/edit").status_code == 403
    assert diego.get(f"/communities/maths/events/{number}/cancel").status_code == 403
    assert diego.get("/communities/maths/events/999999").status_code == 404
    with database.transaction() as session:
        session.get_one(Community, world["community"]).reading = "members"
    assert client.get("/communities/maths/events").status_code == 303
    assert zoe.get(f"/communities/maths/events/{number}").status_code == 403
    assert diego.get(f"/communities/maths/events/{number}").status_code == 200


def test_the_room_is_for_members(world, sign_in, client, make_event):
    number = make_event(link="https://rooms.example.org/secret-room")
    address = f"/communities/maths/events/{number}"
    assert "secret-room" in sign_in("diego").get(address).get_data(as_text=True)
    for browser in (client, sign_in("zoe")):
        for path in (address, f"{address}/event.ics", "/communities/maths/events.ics"):
            assert "secret-room" not in browser.get(path).get_data(as_text=True)


def test_notes_and_a_recording_afterwards(world, sign_in, client, make_event):
    number = make_event(days=-2)
    mei, address = sign_in("mei"), f"/communities/maths/events/{number}"
    assert "Add notes or a recording" in mei.get(address).get_data(as_text=True)
    fields = {"recording": "https://video.example.org/1", "notes": "**We agreed** <script>x</script>", "version": "1"}
    wrong = mei.submit(f"{address}/afterwards", {**fields, "notes_lang": "en", "recording": "not an address"})
    assert wrong.status_code == 422 and "We agreed" in wrong.get_data(as_text=True)
    assert mei.submit(f"{address}/afterwards", {**fields, "notes_lang": "en"}).status_code == 303
    text = client.get(address).get_data(as_text=True)
    assert "<strong>We agreed</strong>" in text and "<script>x" not in text and "video.example.org/1" in text
