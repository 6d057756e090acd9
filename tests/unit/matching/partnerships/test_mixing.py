"""Points are given by places, not by counts: what that promises, on any signal."""

from __future__ import annotations

from math import log

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.partnerships.mixing import points


@settings(max_examples=60, deadline=None)
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
