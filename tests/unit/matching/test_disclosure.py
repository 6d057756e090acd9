"""Published sums must not tell of a few people, not even together."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.disclosure import singles_out

CELLS = "abcde"
peoples = st.dictionaries(st.sampled_from(CELLS), st.integers(0, 12), max_size=5)
sums = st.lists(st.frozensets(st.sampled_from(CELLS)), max_size=4)
careful = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def test_a_difference_of_two_sums_may_tell_of_a_few() -> None:
    africa, least_developed, whole = {"africa", "both"}, {"both", "asia"}, {"africa", "both", "asia", "europe"}
    people = {"africa": 9, "both": 8, "asia": 7, "europe": 6}
    assert not singles_out([whole, africa, least_developed], people)
    # All but two of the least developed are in Africa: what is over is those two.
    assert singles_out([whole, africa, least_developed, {"both"}], {**people, "asia": 2})
    # All but one of the whole are in Africa.
    assert singles_out([whole, africa], {"africa": 9, "both": 8, "europe": 1})


@careful
@given(sums, peoples)
def test_each_sum_alone_and_each_difference_of_two_is_looked_at(
    published: list[frozenset[str]], people: dict[str, int]
) -> None:
    def count(cells: frozenset[str]) -> int:
        return sum(people.get(cell, 0) for cell in cells)

    there = [frozenset(cell for cell in one if people.get(cell)) for one in published]
    pairs = [one - other for one in there for other in there if other < one]
    if any(0 < count(one) < 5 for one in [*there, *pairs]):
        assert singles_out(published, people)


@careful
@given(sums, peoples)
def test_it_is_what_adding_up_cell_by_cell_says(published: list[frozenset[str]], people: dict[str, int]) -> None:
    told = []
    for factors in product((-1, 0, 1), repeat=len(published)):
        times = {cell: sum(f for f, one in zip(factors, published, strict=True) if cell in one) for cell in people}
        there = {cell: number for cell, number in times.items() if people[cell]}
        if any(there.values()) and set(there.values()) <= {0, 1}:
            told.append(sum(people[cell] for cell, number in there.items() if number))
    assert singles_out(published, people) == any(number < 5 for number in told)


@careful
@given(sums, peoples, st.frozensets(st.sampled_from(CELLS)))
def test_one_more_sum_never_makes_it_safer(
    published: list[frozenset[str]], people: dict[str, int], more: frozenset[str]
) -> None:
    assert singles_out([*published, more], people) or not singles_out(published, people)
