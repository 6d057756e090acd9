"""Working hours folded into a day in UTC: the same as looking at every half hour, and told by one's own clock."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.matching.hours import ALL_DAY, SLOT, SLOTS, spans_of, usual_hours

thorough = settings(max_examples=200, deadline=None, derandomize=True, database=None)
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * (SLOT // 2))
QUARTER, HALF = SLOT // 2, (1 << SLOT) - 1
halves = st.sets(st.integers(0, SLOTS - 1), max_size=20)


def spans(slots: set[int]) -> list[tuple[int, int]]:
    """The slots of a day as they are kept: those that touch are one span."""
    found: list[tuple[int, int]] = []
    for begin in (slot * SLOT for slot in sorted(slots)):
        first = found.pop()[0] if found and found[-1][1] == begin else begin
        found.append((first, begin + SLOT))
    return found


def is_worked_through(minutes: int, slot: int, offset: int) -> bool:
    """Whether all minutes (bits) of a half hour of UTC are worked on one day by the clock there."""
    begins = (slot * SLOT + offset + turn for turn in (-1440, 0, 1440))
    return any(begin >= 0 and minutes >> begin & HALF == HALF for begin in begins)


@thorough
@given(halves, offsets.filter(lambda offset: offset % SLOT == 0))
def test_a_day_is_moved_by_the_zone_and_comes_back(slots: set[int], offset: int) -> None:
    hours = usual_hours([spans(slots), [], [], [], [], [], []], offset)
    assert {(slot + offset // SLOT) % SLOTS for slot in range(SLOTS) if hours >> slot & 1} == slots


@thorough
@given(st.integers(0, ALL_DAY), offsets)
@example(ALL_DAY, 15)
def test_spans_are_apart_and_cover_the_hours_exactly(hours: int, offset: int) -> None:
    told = spans_of(hours, offset)
    covered: list[int] = []
    for begin, end in zip(told[::2], told[1::2], strict=True):
        length = (end - begin) % 1440 or 1440
        covered += [(begin + minute) % 1440 for minute in range(0, length, QUARTER)]
    worked = [slot * SLOT + part for slot in range(SLOTS) if hours >> slot & 1 for part in (0, QUARTER)]
    assert sorted(covered) == sorted((minute + offset) % 1440 for minute in worked)
    assert not set(told[::2]) & {end % 1440 for end in told[1::2]} or hours == ALL_DAY


@thorough
@given(st.lists(halves, min_size=7, max_size=7), offsets)
def test_what_is_usual_is_worked_on_half_of_the_days_or_else_on_any(days: list[set[int]], offset: int) -> None:
    hours = usual_hours([spans(day) for day in days], offset)
    minutes = [sum(HALF << slot * SLOT for slot in day) for day in days]
    worked = [sum(is_worked_through(day, slot, offset) for day in minutes) for slot in range(SLOTS)]
    said = sum(bool(day) for day in days)
    usual = {slot for slot in range(SLOTS) if worked[slot] and 2 * worked[slot] >= said}
    found = {slot for slot in range(SLOTS) if hours >> slot & 1}
    assert found == (usual or {slot for slot in range(SLOTS) if worked[slot]})


def test_the_edges_of_a_day_a_quarter_off_are_left_out() -> None:
    nepal = usual_hours([[(540, 1020)]] * 5 + [[], []], 345)
    assert spans_of(nepal, 345) == (555, 1005)


def test_nothing_said_is_nothing() -> None:
    assert usual_hours([], 0) == usual_hours([[]] * 7, 60) == 0
    assert spans_of(0, 0) == ()
