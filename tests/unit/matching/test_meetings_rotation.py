"""Series of meetings, against trying everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
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
    proving,
    rotate,
    rotating,
    same_time,
    searching,
    take_turns,
)
from app.matching.meetings.rotating import _spread

ZONES = ("Africa/Nairobi", "Asia/Tokyo", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "America/Bogota")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def weeks(count: int, hours: int = 24, first: datetime = MONDAY) -> list[tuple[datetime, ...]]:
    firsts = (first + timedelta(weeks=week) for week in range(count))
    return [candidate_starts(day, day + timedelta(hours=hours), 60) for day in firsts]


def every_key(borne, costs, positions):
    """The totals from the highest and the sum of positions of every series there is; the key of a series is a row."""
    totals, late = np.array(borne)[None], np.zeros(1, dtype=int)
    for cost, position in zip(costs, positions, strict=True):
        totals = (totals[:, None] + np.array(cost)[None]).reshape(-1, totals.shape[1])
        late = (late[:, None] + np.array(position)[None]).ravel()
    return sorted((*row, at) for row, at in zip((-np.sort(-totals)).tolist(), late.tolist(), strict=True))


def costs_of(people, windows):
    """What each start of each window costs whom, and how late it is."""
    tables = [load_table(people, starts, 60) for starts in windows]
    costs = [np.array([[load.points for load in loads] for loads in table]) for table in tables]
    return costs, [[(start - starts[0]) // timedelta(minutes=30) for start in starts] for starts in windows]


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
    *totals, where = every_key([member.borne for member in members], *costs_of(members, windows))[0]
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
    """Looking through is given up: what is found is as fair, and it is said how far the proof came."""
    people = [Participant(number, zone, borne=number) for number, zone in enumerate(ZONES)]
    whole = rotate(people, weeks(4), 60)
    assert whole.settled is None and whole.least == whole.worst
    run = proving.Looking.run
    monkeypatch.setattr(proving.Looking, "run", lambda self, effort: run(self, effort if self.strict else 0))
    part = rotate(people, weeks(4), 60)
    assert part.settled == 1 and part.least == part.worst == whole.worst and is_as_said(people, part, 60)
    monkeypatch.setattr(proving.Looking, "run", lambda self, effort: run(self, 0))
    none = rotate(people, weeks(4), 60)
    assert none.settled == 0 and none.least <= whole.worst <= none.worst and is_as_said(people, none, 60)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(ZONES), st.integers(0, 9), st.integers(6, 12)), min_size=1, max_size=6),
    st.integers(1, 4),
)  # fmt: skip
def test_the_bound_is_below_every_series_and_looking_finds_what_a_search_overlooked(people, count):
    """Against trying everything, begun with the worst of all series instead of one that was sought."""
    members = [
        Participant(number, zone, (((begin * 60, (begin + 8) * 60),),) * 7, borne=borne)
        for number, (zone, borne, begin) in enumerate(people)
    ]
    windows = [starts[:: 6 + number % 2] for number, starts in enumerate(weeks(count))]
    costs, positions = costs_of(members, windows)
    borne = np.array([member.borne for member in members])
    keys = every_key(borne, costs, positions)
    world = searching.World(tuple(costs), tuple(map(np.array, positions)), (1,) * count, borne)
    bound, worst = proving.bound_worst(world), searching.Answer(keys[-1], ())
    assert bound.least <= keys[0][0]
    for strict in (False, True):
        looking = proving.Looking(world, bound, worst, strict)
        assert looking.run(10**9)
        best = looking.best.key
        assert best[:1] == keys[0][:1] if strict else best == keys[0]
        assert best == keys[-1] or searching.key_of(world, looking.best.times) == best


def test_a_series_that_takes_turns_is_never_less_fair_than_one_that_does_not(monkeypatch):
    """Even where nothing at all is sought."""
    people = [Participant(number, zone, (((540, 1020),),) * 5 + ((),) * 2) for number, zone in enumerate(ZONES)]
    monkeypatch.setattr(searching, "BEGINNINGS", 0)
    monkeypatch.setattr(proving.Looking, "run", lambda _self, _effort: False)
    series, fixed = take_turns(people, weeks(5, 48), 60, "Africa/Nairobi")
    assert fixed is not None and sorted(series.totals, reverse=True) <= sorted(fixed.totals, reverse=True)


def test_twelve_meetings_around_the_world_end_with_what_is_proven(monkeypatch):
    """Too much to look through: the answer says so and how near it is."""
    monkeypatch.setattr(program, "EFFORT", 1_000_000)
    monkeypatch.setattr(searching, "BEGINNINGS", 8)
    shifts = (6, 8, 10, 7, 9, 11)
    people = [
        Participant(n, zone, (((shifts[n % 6] * 60, (shifts[n % 6] + 8) * 60),),) * 5 + ((),) * 2, borne=n % 7)
        for n, zone in enumerate(ZONES * 3)
    ]
    series = rotate(people, weeks(12), 60)
    assert series.settled in (0, 1) and series.least <= series.worst <= series.least + 4
    assert is_as_said(people, series, 60)


def test_turns_are_spread():
    assert _spread([3, 2, 0, 1]) in ([0, 1, 0, 1, 0, 3], [0, 1, 0, 3, 0, 1], [0, 1, 0, 1, 3, 0])
    assert sorted(_spread([4, 1])) == [0, 0, 0, 0, 1] and _spread([]) == []
