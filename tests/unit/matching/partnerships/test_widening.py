"""Places as points, and the last places of a page kept for those seldom shown: what both promise, on any scores."""

from __future__ import annotations

from math import log

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.partnerships.mixing import points
from app.matching.partnerships.widening import LADDER, PAGE, Widening

many = settings(max_examples=60, deadline=None)


@many
@given(
    st.lists(st.tuples(st.sampled_from((0, 0, 1, 2, 3.5)), st.booleans()), min_size=1, max_size=12),
    st.integers(0, 99),
)
def test_points_are_those_of_the_place_and_nothing_shared_shares_one(drawn, seed):
    signal, open_to = (np.array([[one[at] for one in drawn]], kind) for at, kind in enumerate((np.float32, np.bool_)))
    lots = np.random.default_rng(seed)
    found = points(signal, open_to, lots.random(len(drawn)), lots.random(1))[0]
    there = [at for at in range(len(drawn)) if open_to[0, at] and signal[0, at] > 0]
    others = [at for at in range(len(drawn)) if open_to[0, at] and not signal[0, at]]
    assert sorted(found[there], reverse=True) == [log((len(drawn) + 1) / (at + 1)) for at in range(len(there))]
    assert all(found[a] > found[b] for a in there for b in there if signal[0, a] > signal[0, b])
    assert all(found[a] > found[b] for a in there for b in others)
    assert len({found[at] for at in others}) <= 1
    assert not found[~open_to[0]].any()


@many
@given(st.integers(1, 40), st.sampled_from(LADDER), st.integers(0, 10_000))
def test_only_the_last_places_of_a_page_change_hands(count, rung, seed):
    lots = np.random.default_rng(seed)
    shown = lots.choice([0.0, 0.0, 0.0, 1.0, 5.0, 100.0], count)
    widening = Widening(shown, rung.price * np.log1p(shown), rung)
    open_to = lots.random((1, count)) < 0.9
    score = np.where(open_to, lots.random((1, count)) * 20, -np.inf)
    closeness = lots.random((1, count)) * (lots.random((1, count)) < 0.5)
    after = (score + widening.lift(score, closeness, open_to))[0]
    assert np.isneginf(after[~open_to[0]]).all()
    before = (score - widening.price)[0]
    one, other = ([at for at in np.argsort(-by, kind="stable") if open_to[0, at]] for by in (before, after))
    kept = PAGE - rung.places
    if len(one) <= PAGE or not rung.places:
        assert one == other
        return
    assert other[:kept] == one[:kept]
    assert other[PAGE:] == [at for at in one if at not in other[:PAGE]]
    close = [at for at in np.argsort(-closeness[0], kind="stable") if closeness[0, at] and open_to[0, at]]
    seldom = [at for at in close if at not in one[:kept] and shown[at] <= rung.per_thousand]
    first = seldom[: rung.places]
    assert other[kept : kept + len(first)] == first
