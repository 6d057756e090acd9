"""How evenly a community talks, and that no figure points at few people, whatever the groups are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.participation import Group, coarse, fewest_for_half, gini, is_told, median, share_told

counts = st.lists(st.integers(0, 10_000), max_size=60)


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    sizes = draw(st.lists(st.integers(0, 40), max_size=15))
    return [Group(f"g{i}", size, (size, draw(st.integers(0, 500)))) for i, size in enumerate(sizes)]


@given(counts)
def test_gini_lies_between_nobody_and_everybody(values: list[int]):
    assert 0.0 <= gini(values) <= max(0.0, 1 - 1 / len(values)) + 1e-9 if values else gini(values) == 0.0


@given(counts, st.integers(1, 9))
def test_gini_knows_no_unit_and_no_order(values: list[int], factor: int):
    assert gini([factor * value for value in reversed(values)]) == pytest.approx(gini(values))


@given(st.lists(st.integers(1, 100), min_size=2, max_size=30))
def test_giving_from_the_most_to_the_least_makes_it_more_even(values: list[int]):
    ordered = sorted(values)
    if ordered[-1] - ordered[0] >= 2:
        closer = [ordered[0] + 1, *ordered[1:-1], ordered[-1] - 1]
        assert gini(closer) < gini(ordered)


@given(counts)
def test_gini_agrees_with_every_pair_compared(values: list[int]):
    if sum(values):
        pairs = sum(abs(one - other) for one in values for other in values)
        assert gini(values) == pytest.approx(pairs / (2 * len(values) * sum(values)))


def test_less_than_nothing_is_refused():
    with pytest.raises(ValueError, match="nothing"):
        gini([-1, 3])


@given(counts)
def test_half_is_reached_by_those_and_not_by_one_fewer(values: list[int]):
    most, number = sorted(values, reverse=True), fewest_for_half(values)
    if not sum(values):
        assert number == 0
    else:
        assert 2 * sum(most[:number]) >= sum(values) > 2 * sum(most[: number - 1])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_the_median_has_as_many_on_either_side(values: list[float]):
    middle = median(values)
    assert middle is not None
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2


@given(groups(), st.integers(2, 12))
def test_no_group_that_is_shown_is_small(found: list[Group], least: int):
    told = coarse(found, least)
    assert all(group.people >= least for group in told.shown)


@given(groups(), st.integers(2, 12), st.booleans())
def test_what_is_joined_cannot_be_worked_out(found: list[Group], least: int, overlapping: bool):
    """The whole less what is shown is what is joined: that must stand for several groups and for enough people."""
    told = coarse(found, least, overlapping)
    if told.others is not None and told.shown:
        assert len(told.joined) >= 2
        joined = [group.people for group in found if group.key in told.joined]
        # Even where all of the small ones are the same people, there are enough of them.
        assert (max(joined) if overlapping else sum(joined)) >= least


@given(groups(), st.integers(2, 12))
def test_nothing_is_lost_and_nothing_twice(found: list[Group], least: int):
    told = coarse(found, least)
    everything = [*told.shown, *([told.others] if told.others else [])]
    inhabited = [group for group in found if group.people or any(group.counts)]
    assert sum(group.people for group in everything) == sum(group.people for group in inhabited)
    for column in (0, 1):
        assert sum(g.counts[column] for g in everything) == sum(g.counts[column] for g in inhabited)
    assert sorted([g.key for g in told.shown] + list(told.joined)) == sorted(g.key for g in inhabited)


@given(groups(), st.integers(2, 12))
def test_a_group_is_joined_only_where_there_is_a_small_one(found: list[Group], least: int):
    told = coarse(found, least)
    assert (told.others is not None) == any(
        group.people < least and (group.people or any(group.counts)) for group in found
    )
    if told.others is not None and told.shown:
        # Only the smallest were taken: each that is shown is at least as large as each that is joined.
        joined = [group.people for group in found if group.key in told.joined]
        assert min(group.people for group in told.shown) >= max(joined)


def test_nobody_helps_to_reach_the_number():
    """Four members of a country and posts of people who left: the four would be known by taking away the others."""
    told = coarse([Group("a", 20, (20, 5)), Group("b", 9, (9, 5)), Group("c", 4, (4, 5)), Group("left", 0, (0, 7))])
    assert told.joined == ("b", "c", "left") and told.others is not None and told.others.counts == (13, 17)


def test_one_small_group_takes_the_next_smallest_with_it():
    told = coarse([Group("a", 20), Group("b", 9), Group("c", 4)])
    assert [group.key for group in told.shown] == ["a"]
    assert told.joined == ("b", "c")
    assert coarse([Group("a", 20), Group("c", 4)]).tells_nothing
    assert not coarse([Group("a", 20), Group("b", 9)]).tells_nothing


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 500), st.integers(0, 500))
def test_a_share_is_told_only_where_each_side_is_of_enough_people(one: int, other: int, part: int, rest: int):
    part, rest = (part if one else 0), (rest if other else 0)
    share = share_told(part, one, rest, other)
    if (part and one < 5) or (rest and other < 5) or not part + rest:
        assert share is None
    else:
        assert share == pytest.approx(part / (part + rest))


def test_few_people_are_not_counted_out():
    assert [number for number in range(8) if not is_told(number)] == [1, 2, 3, 4]
