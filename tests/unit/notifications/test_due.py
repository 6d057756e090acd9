"""When a digest is due, over the changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.features.notifications.models import DAILY, NEVER, WEEKLY, NoticeSettings
from app.features.notifications.policies import is_due, zone_of


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
