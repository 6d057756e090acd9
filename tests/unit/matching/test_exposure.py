"""What diversity and exposure may give up, and that they are fair over many lists, whatever the scores."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching import weights
from app.matching.exposure import (
    ENOUGH_LISTS,
    NOTHING_OWED,
    OWED_MOST,
    Listing,
    Owed,
    Placed,
    Share,
    added,
    measure,
    owed_after,
)
from app.matching.ranking import Entry, arrange, exposure, least_shown

thorough = settings(max_examples=200, deadline=None, derandomize=True, database=None)

regions = st.sampled_from(("002", "150", "142", ""))
languages = st.sampled_from(("sw", "en", "fr", ""))
balances = st.dictionaries(st.sampled_from(("002", "150", "142", "sw", "en", "fr")), st.integers(-OWED_MOST, OWED_MOST))


@st.composite
def shortlists(draw: st.DrawFn, least: int = -300) -> list[Entry]:
    scores = sorted(draw(st.lists(st.integers(least, 2000), max_size=40)), reverse=True)
    return [
        Entry(at, score, draw(regions), draw(languages), draw(st.sampled_from(("KE", "FR", ""))))
        for at, score in enumerate(scores)
    ]


@thorough
@given(shortlists(), st.integers(0, 25), balances)
def test_at_each_place_little_of_the_best_score_still_open_is_given_up(
    shortlist: list[Entry], limit: int, owed: dict[str, int]
) -> None:
    chosen = arrange(shortlist, limit, owed=Owed(owed, owed))
    assert len(chosen) == min(limit, len(shortlist))
    rest = list(shortlist)
    for one in chosen:
        assert one.score >= least_shown(max(other.score for other in rest))
        rest.remove(one)


@thorough
@given(shortlists(least=0), st.integers(0, 25), balances)
def test_the_whole_list_gives_up_no_more_than_stated(shortlist: list[Entry], limit: int, owed: dict[str, int]) -> None:
    chosen = arrange(shortlist, limit, owed=Owed(owed, owed))
    placed = [Placed(exposure(at), one.score, one.region, frozenset()) for at, one in enumerate(chosen)]
    listing = measure(placed, [one.score for one in shortlist], {}, {}, len(shortlist))
    assert listing.given_up <= weights.GIVEN_UP_PERCENT / 100
    for one, best in zip(chosen, shortlist, strict=False):
        assert one.score >= least_shown(best.score)


@thorough
@given(shortlists(), balances)
def test_a_balance_that_is_the_same_for_all_changes_nothing(shortlist: list[Entry], owed: dict[str, int]) -> None:
    alike = dict.fromkeys(("002", "150", "142", ""), 300)
    assert arrange(shortlist, 20, owed=Owed(alike, {})) == arrange(shortlist, 20, owed=NOTHING_OWED)


@thorough
@given(st.lists(st.tuples(regions, st.frozensets(languages, max_size=2), st.integers(0, 900)), max_size=20), st.data())
def test_what_is_given_is_all_the_attention_there_is(
    shown: list[tuple[str, frozenset[str], int]], data: st.DataObject
) -> None:
    placed = [Placed(exposure(at), score, *groups) for at, (*groups, score) in enumerate(shown)]
    fitting = data.draw(st.dictionaries(regions, st.integers(0, 50)))
    passing = sum(fitting.values())
    listing = measure(placed, [900] * len(placed), fitting, {}, passing)
    assert sum(share.given for share in listing.regions.values()) == listing.attention
    assert sum(share.due for share in listing.regions.values()) <= listing.attention
    assert sum(share.due for share in listing.regions.values()) >= listing.attention - len(fitting) or not passing
    twice = added([listing, listing])
    assert twice.attention == 2 * listing.attention
    assert all(twice.regions[group] == Share(2 * one.given, 2 * one.due) for group, one in listing.regions.items())


def shown_over_lists(lists: int, limit: int, carried: bool) -> Counter[str]:
    """What regions are given by short lists in which Europe (70 %) is always a little more relevant than Africa."""
    draw, past, owed = Random(3), [], NOTHING_OWED
    given: Counter[str] = Counter()
    for _list in range(lists):
        shortlist = sorted(
            (
                Entry(0, draw.randint(400, 405) if region == "150" else draw.randint(390, 399), region)
                for region in ["150"] * 7 + ["002"] * 3
            ),
            key=lambda one: -one.score,
        )
        chosen = arrange(shortlist, limit, {"150": 7, "002": 3}, {}, owed)
        placed = [Placed(exposure(at), one.score, one.region, frozenset()) for at, one in enumerate(chosen)]
        past.append(measure(placed, [one.score for one in shortlist], {"150": 7, "002": 3}, {}, 10))
        given.update({one.region: one.attention for one in placed})
        if carried:
            owed = owed_after(added(past), len(past))
    return given


def test_over_lists_a_balance_brings_a_group_its_share_that_single_lists_never_give() -> None:
    alone, together = shown_over_lists(400, 1, carried=False), shown_over_lists(400, 1, carried=True)
    assert alone["002"] == 0
    assert together["002"] > 0.2 * together.total()
    assert together["002"] <= 0.32 * together.total()


def test_few_lists_owe_nothing_and_no_balance_is_large() -> None:
    one = Listing(1000, {"002": Share(0, 1000), "150": Share(1000, 0), "": Share(0, 500)})
    assert owed_after(one, ENOUGH_LISTS - 1) == NOTHING_OWED
    assert owed_after(added([one] * ENOUGH_LISTS), ENOUGH_LISTS) == Owed({"002": OWED_MOST, "150": -OWED_MOST}, {})
