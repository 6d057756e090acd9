"""Working hours as the half hours of a usual day in UTC, one bit each, so that two are compared by one ``and``.

A week is folded into one day: what counts is whether two can talk at all on a usual working day. Weeks that begin on
another day, and single days that are different, are for finding a time (:mod:`app.matching.meetings`).
"""

from collections.abc import Sequence

SLOT = 30
SLOTS = 48
ALL_DAY = (1 << SLOTS) - 1
_DAY = SLOT * SLOTS

Week = Sequence[Sequence[tuple[int, int]]]
"""For each day from Monday the spans worked, in minutes of the day by one's own clock."""


def usual_hours(week: Week, utc_offset: int) -> int:
    """Return the half hours, in UTC, worked on at least half of the days with any work; any of them if none is.

    Only half hours that are worked through count, so of someone a quarter of an hour off (Nepal) the edges are left
    out. 0 if nothing is left or nothing was said.

    Parameters
    ----------
    week
        Spans of minutes from 0 to 1440; those of a day neither overlap nor touch.
    utc_offset
        Minutes the clocks are ahead of UTC at the time of the snapshot.

    >>> kenya = usual_hours([[(480, 960)]] * 5 + [[], []], 180)
    >>> spans_of(kenya, 0), spans_of(kenya, 180)
    ((300, 780), (480, 960))
    """
    days = [_slots(day, utc_offset) for day in week if day]
    at_times = 0
    usual = 0
    for slot in range(SLOTS):
        worked = sum(day >> slot & 1 for day in days)
        if worked:
            at_times |= 1 << slot
        if worked and 2 * worked >= len(days):
            usual |= 1 << slot
    return usual or at_times


def _slots(day: Sequence[tuple[int, int]], utc_offset: int) -> int:
    found = 0
    for begin, end in day:
        first, last = -((utc_offset - begin) // SLOT), (end - utc_offset) // SLOT
        for slot in range(first, last):
            found |= 1 << slot % SLOTS
    return found


def spans_of(hours: int, utc_offset: int) -> tuple[int, ...]:
    """Return spans of `hours` by a clock, in minutes of the day: begin, end, begin, end …; an end may be 1440.

    What goes on over midnight is one span, which ends before it begins.

    >>> spans_of(0b11, 0), spans_of(1 | 1 << 47, 0), spans_of(0b11, 345), spans_of(ALL_DAY, 345)
    ((0, 60), (1410, 30), (345, 405), (0, 1440))
    """
    hours &= ALL_DAY
    if hours == ALL_DAY:
        return (0, _DAY)
    spans = []
    for slot in range(SLOTS):
        if hours >> slot & 1 and not hours >> (slot - 1) % SLOTS & 1:
            length = next(more for more in range(1, SLOTS) if not hours >> (slot + more) % SLOTS & 1)
            begin = (slot * SLOT + utc_offset) % _DAY
            spans.append((begin, (begin + length * SLOT - 1) % _DAY + 1))
    return tuple(minute for span in sorted(spans) for minute in span)
