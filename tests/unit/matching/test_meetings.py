"""What a meeting costs whom, and which times are the fairest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.matching.meetings import (
    BREAK,
    EARLY,
    FREE_DAY,
    HOLIDAY,
    LATE,
    NIGHT,
    Load,
    Participant,
    candidate_starts,
    load_of,
    load_table,
    propose,
    rank_slots,
)

ZONES = ("Africa/Nairobi", "Asia/Kathmandu", "America/New_York", "Europe/Paris", "Pacific/Auckland", "Asia/Tokyo")
NINE_TO_FIVE = (((540, 1020),),) * 5 + ((),) * 2


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[misc, arg-type]


def cost(hour: int, minute: int = 0, day: int = 2, minutes: int = 60, **values: object) -> Load:
    person = Participant(1, "Africa/Nairobi", **{"hours": NINE_TO_FIVE, **values})  # type: ignore[arg-type]
    return load_of(person, at("Africa/Nairobi", 2026, 3, day, hour, minute), minutes)  # the 2nd is a Monday


def test_nothing_inside_ones_hours_and_more_the_further_outside():
    assert cost(9) == Load(0) and cost(16) == Load(0)
    assert cost(17) == Load(1, (LATE,)) and cost(18) == Load(2, (LATE,)) and cost(19) == Load(3, (LATE,))
    assert cost(8) == Load(1, (EARLY,)) and cost(6) == Load(3, (EARLY,))
    assert cost(16, 30) == Load(1, (LATE,)), "the hardest half hour counts"


def test_night_is_heavy_and_heaviest_in_its_middle():
    assert [cost(hour, minutes=30).points for hour in (21, 22, 23, 0, 4, 5, 6)] == [4, 8, 10, 12, 12, 8, 3]
    assert cost(23).kinds == (NIGHT,)


def test_a_night_that_someone_chose_is_theirs():
    hours = (((1320, 1440),),) * 7
    assert cost(22, hours=hours) == Load(0)
    assert load_of(Participant(1, "Asia/Kathmandu", hours), datetime(2026, 3, 2, 17, 30, tzinfo=UTC), 30).points == 0


def test_a_day_off_and_a_holiday():
    assert cost(11, day=7) == Load(4, (FREE_DAY,))
    assert cost(23, day=7) == Load(14, (FREE_DAY, NIGHT))
    holidays = frozenset({date(2026, 3, 2)})
    assert cost(11, holidays=holidays) == Load(6, (HOLIDAY,))
    assert cost(18, holidays=holidays) == Load(8, (HOLIDAY, LATE))


def test_a_break_between_two_spans():
    assert cost(13, hours=(((540, 720), (900, 1080)),) * 7) == Load(2, (BREAK,))


def test_whoever_said_nothing_is_taken_to_work_by_day_but_not_on_their_countrys_weekend():
    friday = datetime(2026, 3, 6, 9, tzinfo=UTC)
    assert Participant(1, "Africa/Cairo").assumed
    assert load_of(Participant(1, "Africa/Cairo", weekend=frozenset({4, 5})), friday, 60) == Load(4, (FREE_DAY,))
    assert load_of(Participant(1, "Africa/Cairo", weekend=frozenset({5, 6})), friday, 60) == Load(0)


def test_clocks_of_the_very_day_count():
    """New York changes on 8 March, Paris on the 29th: 8 in New York is 14 there, then 13, then 14 again."""
    paris = Participant(1, "Europe/Paris", ((((780, 840),)),) * 7)  # from 13 to 14 o'clock only
    costs = [load_of(paris, at("America/New_York", 2026, 3, day, 8), 60).points for day in (2, 16, 30)]
    assert costs == [1, 0, 1]


def test_the_hour_that_does_not_exist_and_the_hour_that_comes_twice():
    person = Participant(1, "Europe/Paris", NINE_TO_FIVE)
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        starts = candidate_starts(day - timedelta(hours=2), day + timedelta(hours=6), 30)
        assert len(set(starts)) == 16
        assert all(load.points > 0 for (load,) in load_table([person], starts, 30))


def test_candidates_lie_in_the_window_and_leave_out_what_is_taken():
    day = datetime(2026, 3, 2, 8, 10, tzinfo=UTC)
    taken = [(datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 2, 11, tzinfo=UTC))]
    starts = candidate_starts(day, datetime(2026, 3, 2, 13, tzinfo=UTC), 60, taken)
    assert [(s.hour, s.minute) for s in starts] == [(8, 30), (9, 0), (11, 0), (11, 30), (12, 0)]


def test_the_worst_off_person_is_looked_at_first_then_the_next():
    people = [Participant(1, "Africa/Nairobi"), Participant(2, "America/New_York"), Participant(3, "Asia/Kolkata")]
    day = datetime(2026, 3, 3, tzinfo=UTC)
    best = rank_slots(people, candidate_starts(day, day + timedelta(days=1), 60), 60)[0]
    assert best.start == datetime(2026, 3, 3, 13, tzinfo=UTC), "8 in New York, 16 in Nairobi, 18.30 in India"
    assert best.points == (0, 0, 0)


def test_what_was_borne_before_turns_the_choice():
    day = datetime(2026, 3, 3, tzinfo=UTC)
    starts = candidate_starts(day, day + timedelta(days=1), 60)

    def burdens(nairobi: int, honolulu: int) -> tuple[int, ...]:
        people = [
            Participant(1, "Africa/Nairobi", NINE_TO_FIVE, borne=nairobi),
            Participant(2, "Pacific/Honolulu", NINE_TO_FIVE, borne=honolulu),
        ]
        return rank_slots(people, starts, 60)[0].points

    one, other = burdens(20, 0), burdens(0, 20)
    assert one[0] == 0 < one[1], "the one who carried much does not carry again"
    assert other[1] == 0 < other[0]


def test_proposals_differ():
    people = [Participant(1, "Africa/Nairobi"), Participant(2, "Asia/Tokyo")]
    day = datetime(2026, 3, 2, tzinfo=UTC)
    chosen = propose(people, candidate_starts(day, day + timedelta(days=5), 60), 60)
    assert len(chosen) == 5
    for one in chosen:
        assert sum(other.start.time() == one.start.time() for other in chosen) <= 2
        assert all(other is one or abs(other.start - one.start) >= timedelta(hours=3) for other in chosen)


def test_nobody_and_no_time_at_all():
    day = datetime(2026, 3, 2, tzinfo=UTC)
    assert propose([], candidate_starts(day, day + timedelta(hours=4), 60), 60)[0].start == day
    assert propose([Participant(1, "UTC")], (), 60) == []


@given(
    st.sampled_from(ZONES), st.integers(0, 24 * 2 * 366), st.integers(1, 8),
    st.lists(st.tuples(st.integers(0, 23), st.integers(1, 24)), max_size=3),
)  # fmt: skip
def test_a_load_is_zero_exactly_inside_ones_hours(zone, step, pieces, spans):
    """Reckoned another way: minute by minute, by the wall clock."""
    week = tuple(tuple((a * 60, min(24, a + b) * 60) for a, b in spans) for _day in range(7))
    person = Participant(1, zone, week)
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * step)
    load = load_of(person, start, pieces * 30)

    def inside(moment: datetime) -> bool:
        local = moment.astimezone(ZoneInfo(zone))
        minute = local.hour * 60 + local.minute
        return any(a <= minute < b for a, b in week[local.weekday()])

    # A half hour of a zone with quarters begins inside hours that end at midnight: it counts as inside.
    all_inside = all(inside(start + timedelta(minutes=m)) for m in range(0, pieces * 30))
    if all_inside:
        assert load == Load(0)
    elif zone != "Asia/Kathmandu":
        assert load.points > 0
    assert 0 <= load.points <= 22
