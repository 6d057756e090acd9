"""The last places of a page: who gets them, and that nothing else moves."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.partnerships.widening import ENOUGH, LADDER, PAGE, Rung, Widening, page_of

MANY = 60


def drawn(seed, rows=1):
    """Scores (-inf where closed), closeness (often zero) and who is open, for some lists over the same people."""
    lots = np.random.default_rng(seed)
    open_to = lots.random((rows, MANY)) < 0.9
    score = np.where(open_to, lots.normal(size=(rows, MANY)), -np.inf)
    closeness = np.where(lots.random((rows, MANY)) < 0.6, lots.random((rows, MANY)).round(2), 0.0)
    return score, closeness, open_to


def widening(rung, shown=None, degree=None):
    shown = np.zeros(MANY) if shown is None else shown
    degree = np.ones(MANY) if degree is None else degree
    return Widening(shown, rung.price * np.log1p(shown), np.maximum(degree, 1.0) ** rung.giants, rung)


def page(score):
    order = np.argsort(-score, kind="stable")
    return order[np.isfinite(score[order])][:PAGE]


@given(seed=st.integers(0, 10_000), rung=st.sampled_from(LADDER))
def test_only_the_last_places_are_given_away_and_only_to_the_open(seed, rung):
    score, closeness, open_to = drawn(seed)
    shown = np.random.default_rng(seed).integers(0, 3, MANY).astype(float)
    added = widening(rung, shown).lift(score, closeness, open_to)
    paid = score - np.where(open_to, rung.price * np.log1p(shown), 0.0)
    before, after = page(paid[0]), page((score + added)[0])
    kept = PAGE - rung.places
    assert after[:kept].tolist() == before[:kept].tolist()
    assert open_to[0, after].all() and len(after) == len(before)


@pytest.mark.parametrize("giants, first", [(0.0, 1), (0.5, 2)])
def test_the_last_place_goes_to_the_closest_seldom_shown_as_their_size_counts(giants, first):
    score = -np.arange(MANY, dtype=float)[None, ::-1].copy()
    closeness = np.zeros((1, MANY))
    closeness[0, :4] = [0.9, 0.5, 0.4, 0.1]
    shown = np.where(np.arange(MANY) == 0, 7.0, 0.0)
    degree = np.where(np.arange(MANY) == 2, 9.0, 1.0)
    found = widening(Rung(0.0, 1, 1.0, giants), shown, degree)
    open_to = np.ones((1, MANY), dtype=bool)
    assert page((score + found.lift(score, closeness, open_to))[0])[-1] == first


def test_the_first_rung_that_shows_enough_is_taken():
    score, closeness, _ = drawn(3, rows=40)
    # Everybody likes the same few best, so that pages alone show a sixth of all.
    score += np.where(np.arange(MANY) < PAGE, 50.0, 0.0)
    sample = [page_of(one, close) for one, close in zip(score, closeness, strict=True)]
    found = Widening.of(sample, np.ones(MANY))
    assert found.rung == LADDER[0]  # The ten everybody sees are enough of so few.
    crowded = np.concatenate([score, np.full((40, 600), -np.inf)], axis=1)
    near = np.concatenate([closeness, np.zeros((40, 600))], axis=1)
    wide = Widening.of([page_of(one, close) for one, close in zip(crowded, near, strict=True)], np.ones(MANY + 600))
    assert wide.rung == LADDER[-1]  # So many can't be shown: as wide as it goes.


def test_prices_and_places_only_grow_along_the_ladder():
    assert ENOUGH > 0.12
    assert all(one.places <= other.places for one, other in pairwise(LADDER))
