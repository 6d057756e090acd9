"""When a digest or a reminder is due, over the changes of the clocks and the nights."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.features.notifications.models import DAILY, NEVER, WEEKLY, NoticeSettings
from app.features.notifications.policies import ONE_DAY, ONE_HOUR, is_due, reminder_due, zone_of


def run_year(zone: str, hour: int, digest: str = DAILY, weekday: int = 0, year: int = 2026) -> list[datetime]:
    """The moments at which an hourly job, always a little late, would send."""
    wanted = NoticeSettings(digest=digest, hour=hour, weekday=weekday)
    moment, sent = datetime(year, 1, 1, 0, 40, tzinfo=UTC), []
    while moment.year == year:
        if is_due(wanted, zone, moment):
            sent.append(moment)
            wanted.digest_on, wanted.digest_at = moment.astimezone(zone_of(zone)).date(), moment
        moment += timedelta(minutes=61)
    return sent


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Africa/Nairobi", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize("hour", [0, 2, 7, 23])
def test_once_on_every_day_of_the_year_at_the_hour(zone: str, hour: int):
    sent = run_year(zone, hour)
    days = [moment.astimezone(zone_of(zone)).date() for moment in sent]
    assert len(days) == len(set(days))
    # The job comes by every 61 minutes, so that it may miss the last hour of a day.
    assert len(days) >= (364 if hour < 23 else 350)
    assert all((m.astimezone(zone_of(zone)).hour - hour) in (0, 1, 2) for m in sent)


def test_the_night_an_hour_is_left_out_or_comes_twice():
    days = [moment.astimezone(zone_of("Europe/Berlin")).date() for moment in run_year("Europe/Berlin", 2)]
    assert days.count(date(2026, 3, 29)) == 1 and days.count(date(2026, 10, 25)) == 1


def test_once_a_week_on_the_day():
    sent = run_year("Europe/Berlin", 7, WEEKLY, 2)
    assert 51 <= len(sent) <= 53 and {m.astimezone(zone_of("Europe/Berlin")).weekday() for m in sent} == {2}


def test_never_is_never_and_a_strange_zone_is_utc():
    assert run_year("Europe/Berlin", 7, NEVER) == []
    assert zone_of("Mars/Olympus").key == zone_of(None).key == "UTC"


NAIROBI = "Africa/Nairobi"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def on_clock(day: int, hour: int, minute: int = 0, zone: str = NAIROBI) -> datetime:
    """A moment of March 2026 by the clocks of a zone."""
    return datetime(2026, 3, day, hour, minute, tzinfo=zone_of(zone))


def first_reminders(wish: str, starts: datetime, zone: str = NAIROBI, answered: datetime = LONG_AGO) -> list[datetime]:
    """When a job that runs every ten minutes reminds somebody, each reminder once."""
    told, found = set(), []
    moment = starts - timedelta(days=2)
    while moment < starts + timedelta(hours=2):
        ahead = reminder_due(wish, zone, starts, answered, moment)
        if ahead is not None and ahead not in told:
            told.add(ahead)
            found.append(moment)
        moment += timedelta(minutes=10)
    return found


def test_a_day_before_and_an_hour_before_for_those_who_wish():
    starts = on_clock(10, 15)
    assert first_reminders("day", starts) == [on_clock(9, 15)]
    assert first_reminders("both", starts) == [on_clock(9, 15), on_clock(10, 14)]
    assert first_reminders("none", starts) == []


@pytest.mark.parametrize(
    ("begins", "reminded"), [((10, 3), (9, 7)), ((10, 22, 30), (10, 7)), ((10, 6, 50), (9, 7)), ((10, 7), (9, 7))]
)
def test_not_at_night_but_in_the_morning(begins, reminded):
    assert first_reminders("day", on_clock(*begins)) == [on_clock(*reminded)]


def test_who_meets_at_night_is_reminded_an_hour_before_all_the_same():
    assert first_reminders("both", on_clock(10, 3)) == [on_clock(9, 7), on_clock(10, 2)]


def test_nobody_is_reminded_of_what_they_just_said():
    starts = on_clock(10, 15)
    assert first_reminders("both", starts, answered=on_clock(10, 9)) == [on_clock(10, 14)]
    assert first_reminders("day", starts, answered=on_clock(9, 16)) == []


def test_a_worker_that_was_down_sends_the_nearer_one_and_none_too_late():
    starts = on_clock(10, 15)

    def due(wish: str, moment: datetime) -> timedelta | None:
        return reminder_due(wish, NAIROBI, starts, LONG_AGO, moment)

    assert due("both", on_clock(10, 14, 40)) == ONE_HOUR and due("day", on_clock(10, 14, 40)) == ONE_DAY
    assert due("both", starts) is None and due("day", starts + timedelta(minutes=1)) is None
    # Back at night: the morning is early enough, but not for a meeting at half past seven.
    assert due("day", on_clock(10, 3)) is None and due("day", on_clock(10, 7)) == ONE_DAY
    early = on_clock(10, 7, 30)
    assert reminder_due("day", NAIROBI, early, LONG_AGO, on_clock(10, 3)) == ONE_DAY
    assert reminder_due("day", "Mars/Olympus", early, LONG_AGO, on_clock(9, 12)) == ONE_DAY


def test_a_day_is_a_day_where_the_clocks_change():
    starts = on_clock(29, 12, zone="Europe/Berlin")
    assert first_reminders("day", starts, "Europe/Berlin") == [starts - timedelta(days=1)]
