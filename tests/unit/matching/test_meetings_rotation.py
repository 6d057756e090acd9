"""Series of meetings, against trying everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.meetings import (
    NoSlot,
    Participant,
    TooHard,
    candidate_starts,
    is_as_said,
    load_table,
    program,
    rotate,
    rotating,
    same_time,
)
from app.matching.meetings.rotating import _spread

ZONES = ("Africa/Nairobi", "Asia/Tokyo", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Bogota")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def weeks(count: int, hours: int = 24, first: datetime = MONDAY) -> list[tuple[datetime, ...]]:
    firsts = (first + timedelta(weeks=week) for week in range(count))
    return [candidate_starts(day, day + timedelta(hours=hours), 60) for day in firsts]


def best_by_trying(people, windows, minutes=60):
    """The leximin totals and the least sum of positions among the series that have them."""
    tables = [dict(zip(starts, load_table(people, starts, minutes), strict=True)) for starts in windows]
    best = None
    for starts in product(*windows):
        loads = [table[start] for table, start in zip(tables, starts, strict=True)]
        totals = [p.borne + sum(load[i].points for load in loads) for i, p in enumerate(people)]
        where = sum((start - window[0]) // timedelta(minutes=30) for start, window in zip(starts, windows, strict=True))
        key = (sorted(totals, reverse=True), where)
        best = key if best is None or key < best else best
    return best


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(ZONES), st.integers(0, 12), st.integers(6, 14), st.integers(2, 9), st.integers(0, 126)
        ),
        min_size=1, max_size=5,
    ),
    st.integers(1, 3),
    st.lists(st.integers(0, 46), min_size=2, max_size=9, unique=True),
    st.booleans(),
)  # fmt: skip
def test_no_series_is_fairer(people, count, chosen, moving):
    """Also with holidays on some days, so that the weeks differ, and with burdens from before."""
    members = [
        Participant(
            number, zone, tuple(((begin * 60, (begin + length) * 60),) if day != days % 7 else () for day in range(7)),
            holidays=frozenset({(MONDAY + timedelta(weeks=days % 3)).date()}) if days > 100 else frozenset(),
            borne=borne,
        )
        for number, (zone, borne, begin, length, days) in enumerate(people)
    ]  # fmt: skip
    # A few of the starts of each day; in some worlds every week has other ones.
    windows = [
        tuple(start for at, start in enumerate(week) if at in {(c + number * 5 * moving) % 47 for c in chosen})
        for number, week in enumerate(weeks(count))
    ]
    series = rotate(members, windows, 60)
    totals, where = best_by_trying(members, windows)
    assert sorted(series.totals, reverse=True) == totals
    found = sum((s.start - w[0]) // timedelta(minutes=30) for s, w in zip(series.slots, windows, strict=True))
    assert found == where, "among equals the earliest on the whole"
    assert is_as_said(members, series, 60) and series.settled is None


def test_three_continents_take_turns():
    people = [Participant(1, "Asia/Tokyo"), Participant(2, "Europe/Paris"), Participant(3, "America/Los_Angeles")]
    windows = weeks(6)
    series, fixed = rotate(people, windows, 60), same_time(people, windows, 60, "Europe/Paris")
    assert fixed is not None and series.worst < fixed.worst
    assert max(series.totals) - min(series.totals) < max(fixed.totals) - min(fixed.totals)
    times = [slot.start.time() for slot in series.slots]
    assert len(set(times)) > 1


def test_what_was_carried_before_counts():
    people = [Participant(1, "Asia/Tokyo", borne=30), Participant(2, "Europe/Paris"), Participant(3, "America/Bogota")]
    series = rotate(people, weeks(3), 60)
    carried = [sum(slot.points[at] for slot in series.slots) for at in range(3)]
    assert carried[0] == 0 and series.totals[0] == 30


def test_the_same_local_time_stays_local_when_the_clocks_change():
    people = [Participant(1, "America/New_York", (((840, 900),),) * 7)]
    fixed = same_time(people, weeks(3), 60, "America/New_York")
    assert fixed is not None and fixed.worst == 0
    assert [slot.start.hour for slot in fixed.slots] == [19, 18, 18], "summer time began on 8 March"
    assert {slot.start.astimezone(ZoneInfo("America/New_York")).hour for slot in fixed.slots} == {14}


def test_a_meeting_without_a_time_is_said():
    with pytest.raises(NoSlot):
        rotate([Participant(1, "UTC")], [weeks(1)[0], ()], 60)


def test_nothing_is_answered_that_was_not_proven(monkeypatch):
    people = [Participant(number, zone) for number, zone in enumerate(ZONES)]
    monkeypatch.setattr(rotating, "MOST_PEOPLE", 3)
    with pytest.raises(TooHard):
        rotate(people, weeks(2), 60)


def test_what_could_not_be_proven_for_all_is_proven_for_the_worst_off(monkeypatch):
    """Ends after the first step: the worst-off person is settled, and the answer says that only they are."""
    people = [Participant(number, zone) for number, zone in enumerate(ZONES)]
    whole = rotate(people, weeks(3), 60)
    honest = program._Program._run

    def only_first(self, k):
        if k != 1:
            raise TooHard
        return honest(self, k)

    monkeypatch.setattr(program._Program, "_run", only_first)
    part = rotate(people, weeks(3), 60)
    assert part.settled == 1 and part.worst == whole.worst and is_as_said(people, part, 60)


def test_turns_are_spread():
    assert _spread([3, 2, 0, 1]) in ([0, 1, 0, 1, 0, 3], [0, 1, 0, 3, 0, 1], [0, 1, 0, 1, 3, 0])
    assert sorted(_spread([4, 1])) == [0, 0, 0, 0, 1] and _spread([]) == []
