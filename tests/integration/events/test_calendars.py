"""Calendars that programs read, taken in again with a library of their own kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar

from app.core.jobs import Job
from app.features.communities.models import Community
from app.features.events.models import Event
from tests.integration.events.steps import plan, said

TITLE = "Les fractions; à l’école, « ½ » \\ 分数 الكسور"


def entries(response) -> dict[str, object]:
    """The events of a calendar by their title, after what every calendar must be."""
    assert response.status_code == 200 and response.mimetype == "text/calendar"
    body = response.get_data()
    assert b"\n" not in body.replace(b"\r\n", b""), "lines end with CRLF"
    assert all(len(line) <= 75 for line in body.split(b"\r\n")), "long lines are folded"
    calendar = Calendar.from_ical(body)
    assert str(calendar["version"]) == "2.0" and calendar["prodid"] and calendar.subcomponents
    assert "method" not in calendar, "without an organiser nobody is invited"
    found = list(calendar.walk("VEVENT"))
    for one in found:
        assert all(not isinstance(one[name], list) for name in ("uid", "dtstamp", "dtstart", "dtend", "sequence"))
        assert one["dtstart"].to_ical().endswith(b"Z") and one["dtend"].dt > one["dtstart"].dt
    assert len({str(one["uid"]) for one in found}) == len(found)
    assert all(one["dtstamp"].dt.tzinfo for one in found)
    return {str(one["summary"]): one for one in found}


def feed_of(browser) -> str:
    """A new secret address."""
    page = browser.submit("/calendar", {})
    assert page.status_code == 200
    shown = next(e.get("value") for e in browser.last_page.iter("input") if e.get("id") == "link-to-copy")
    return shown.removeprefix("http://localhost")


def test_text_of_every_kind_comes_back_whole(world, client, make_event, database):
    make_event(title=TITLE, description="Line one\nline two, with; signs", place="Aula 2, Bogotá")
    (entry,) = entries(client.get("/communities/maths/events.ics")).values()
    assert str(entry["summary"]) == TITLE and "Line one\nline two, with; signs" in str(entry["description"])
    assert str(entry["location"]) == "Aula 2, Bogotá" and str(entry["status"]) == "CONFIRMED"
    assert str(entry["url"]).startswith("http://localhost/communities/maths/events/")


def test_a_series_across_a_change_of_the_clocks(world, sign_in, client):
    year = datetime.now(UTC).year + 1
    plan(sign_in("luc"), day=f"{year}-03-08", every="1", times="5")
    calendar = Calendar.from_ical(client.get("/communities/maths/events.ics").get_data())
    starts = sorted(one["dtstart"].dt for one in calendar.walk("VEVENT"))
    assert len(starts) == 5 and {start.utcoffset() for start in starts} == {timedelta(0)}
    assert {start.hour for start in starts} == {8, 7}, "winter time, then summer time"
    assert {start.astimezone(ZoneInfo("Europe/Paris")).hour for start in starts} == {9}
    ends = {one["dtend"].dt - one["dtstart"].dt for one in calendar.walk("VEVENT")}
    assert ends == {timedelta(minutes=60)}


def test_a_change_and_a_cancellation_follow_under_the_same_uid(world, sign_in, client, make_event, day):
    number, mei = make_event(title="Moved"), sign_in("mei")
    address = f"/communities/maths/events/{number}"
    before = entries(client.get("/communities/maths/events.ics"))["Moved"]
    form = {"title": "Moved", "lang": "en", "clock": "11:30", "zone": "Asia/Tokyo", "minutes": "90", "day": day(8)}
    assert mei.submit(f"{address}/edit", {**form, "version": "1"}).status_code == 303
    after = entries(client.get("/communities/maths/events.ics"))["Moved"]
    assert after["uid"] == before["uid"] and after["sequence"] == before["sequence"] + 1
    assert after["dtstart"].dt.astimezone(ZoneInfo("Asia/Tokyo")).strftime("%H:%M") == "11:30"
    assert after["dtstamp"].dt >= before["dtstamp"].dt
    assert mei.submit(f"{address}/cancel", {"reason": "Storm"}).status_code == 303
    gone = entries(client.get("/communities/maths/events.ics"))["Moved"]
    assert str(gone["status"]) == "CANCELLED" and gone["sequence"] == after["sequence"] + 1
    assert gone["uid"] == before["uid"] and "Storm" in str(gone["description"])


def test_calendars_hear_of_a_new_agenda_and_those_who_come_need_not(world, sign_in, client, make_event, database):
    number, mei = make_event(title="Talk", agenda="One"), sign_in("mei")
    said(sign_in("diego"), number, "yes")
    before = entries(client.get("/communities/maths/events.ics"))["Talk"]
    starts = before["dtstart"].dt.astimezone(ZoneInfo("Africa/Nairobi"))
    form = {"title": "Talk", "lang": "en", "zone": "Africa/Nairobi", "minutes": "60", "agenda": "Two", "version": "1"}
    times = {"day": starts.date().isoformat(), "clock": starts.strftime("%H:%M")}
    saved = mei.submit(f"/communities/maths/events/{number}/edit", {**form, **times})
    assert saved.status_code == 303
    after = entries(client.get("/communities/maths/events.ics"))["Talk"]
    assert after["sequence"] == before["sequence"] + 1 and "Two" in str(after["description"])
    assert after["description"].params["LANGUAGE"] == "en"
    with database.reading() as session:
        assert session.query(Job).filter_by(name="notifications.tell").count() == 0


def test_a_calendar_without_events_is_one_all_the_same(world, client):
    assert entries(client.get("/communities/maths/events.ics")) == {}


def test_lines_are_folded_between_characters(world, client, make_event):
    make_event(title="分数" * 60, description="الكسور في الصف " * 40)
    body = client.get("/communities/maths/events.ics").get_data()
    assert [line.decode() for line in body.split(b"\r\n")], "no character is cut in two"


def test_one_meeting_alone(world, client, make_event):
    number = make_event(title="Alone")
    make_event(title="Other")
    assert list(entries(client.get(f"/communities/maths/events/{number}/event.ics"))) == ["Alone"]


def test_ones_own_feed_has_what_one_did_not_decline(world, sign_in, client, make_event, database):
    make_event(title="Yes", link="https://rooms.example.org/42")
    make_event(days=4, title="Gone", state="cancelled", sequence=1)
    declined, diego = make_event(days=5, title="No"), sign_in("diego")
    with database.transaction() as session:
        other = Community(slug="other", name="Other", lang="en")
        session.add(other)
        session.flush()
        starts = datetime.now(UTC) + timedelta(days=2)
        session.add(
            Event(community_id=other.id, uid="o", token="o", title="Theirs", lang="en", starts_at=starts, zone="UTC")
        )
    said(diego, declined, "no")
    said(diego, make_event(days=6, title="Sure"), "yes")
    address = feed_of(diego)
    found = entries(client.get(address))
    assert sorted(found) == ["Gone", "Sure", "Yes"] and str(found["Gone"]["status"]) == "CANCELLED"
    assert "rooms.example.org/42" in str(found["Yes"]["location"])
    assert {name: str(one["transp"]) for name, one in found.items()} == {
        "Gone": "TRANSPARENT", "Sure": "OPAQUE", "Yes": "TRANSPARENT",
    }  # fmt: skip


def test_a_program_that_has_it_all_is_told_so_in_a_word(world, client, make_event):
    make_event()
    first = client.get("/communities/maths/events.ics")
    again = client.get("/communities/maths/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.get_data()


def test_the_secret_address_can_be_renewed_and_made_void(world, sign_in, client, make_event, database):
    diego = sign_in("diego")
    old = feed_of(diego)
    assert client.get(old).status_code == 200
    new = feed_of(diego)
    assert client.get(old).status_code == 404 and client.get(new).status_code == 200
    assert new.split("/")[-1].removesuffix(".ics") not in diego.get("/calendar").get_data(as_text=True)
    assert diego.submit("/calendar/revoke", {}, page="/calendar").status_code == 303
    assert client.get(new).status_code == 404
    assert client.get("/calendar/made-up.ics").status_code == 404


def test_no_public_calendar_where_only_members_read(world, sign_in, client, make_event, database):
    make_event(title="Inside")
    with database.transaction() as session:
        session.get_one(Community, world["community"]).reading = "members"
    assert client.get("/communities/maths/events.ics").status_code == 404
    assert "Inside" in entries(client.get(feed_of(sign_in("diego"))))
