"""From what a clock on the wall shows to a moment, also on the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


class NoSuchTime(ValueError):
    """The clocks go forward and leave this time out; ``day`` says when."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


def moment_at(day: date, clock: time, zone: str) -> datetime:
    """The moment at which the clocks of a zone show a time; of one that comes twice the first.

    >>> moment_at(date(2026, 3, 30), time(9), "Europe/Paris").isoformat()
    '2026-03-30T07:00:00+00:00'
    """
    local = datetime.combine(day, clock, ZoneInfo(zone))
    moment = local.astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(day)
    return moment


def moments_every(day: date, clock: time, zone: str, weeks: int, times: int) -> tuple[datetime, ...]:
    """The moments of a series that keeps its local time, whatever the clocks do meanwhile."""
    return tuple(moment_at(day + timedelta(weeks=weeks * number), clock, zone) for number in range(times))


def start_of_day(day: date, zone: str) -> datetime:
    """The moment a day begins there; where midnight is left out, the first one there is."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
