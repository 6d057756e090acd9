"""The protocol beside a naive one, written again from the question: no arrays, no shortcuts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from math import log2

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching.partnerships.history import build_history
from app.matching.partnerships.protocol import (
    LONG,
    Window,
    allowed,
    best_places,
    draw,
    earlier_window,
    lists_from_scores,
    make_trial,
    measure,
)
from tests.unit.matching.partnerships.histories import FIRST, a_history, drawn_rows, rows_of


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def naive_truth(rows, window: Window):
    """Whom each organisation newly works with in the window, by name; and who may be suggested."""
    projects = defaultdict(list)
    for row in rows:
        if row.day <= window.test_to:
            projects[row.project].append(row)
    country = {row.organisation: row.country for row in rows}
    seen = {row.organisation for row in rows if row.day <= window.train_to}
    before, after = defaultdict(set), defaultdict(set)
    for members in projects.values():
        if len(members) > 50:
            continue
        for one in members:
            met = before if one.day <= window.train_to else after
            met[one.organisation] |= {other.organisation for other in members} - {one.organisation}
    truth = {}
    for one in after:
        if (one in seen) == window.newcomers:
            continue
        found = {other for other in after[one] - before[one] if other in seen}
        if window.cross_border:
            found = {other for other in found if country[other] != country[one]}
        if found:
            truth[one] = found
    return truth, seen


def naive_figures(ranked, truth):
    hits = [name in truth for name in ranked]
    gained = sum(hit / log2(place + 2) for place, hit in enumerate(hits[:10]))
    ideal = sum(1 / log2(place + 2) for place in range(min(len(truth), 10)))
    first = next((place for place, hit in enumerate(hits, 1) if hit), None)
    return {
        "recall_at_10": sum(hits[:10]) / len(truth),
        "recall_at_50": sum(hits) / len(truth),
        "ndcg_at_10": gained / ideal,
        "mrr": 1 / first if first else 0.0,
        "hit_at_10": float(any(hits[:10])),
    }


@given(drawn_rows(), st.integers(0, 98), st.integers(1, 60), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_truth_is_that_of_the_question(rows, known, length, cross_border, newcomers):
    window = Window(day(known), day(known + length), cross_border, newcomers)
    expected, seen = naive_truth(rows, window)
    history = build_history(rows)
    if not expected:
        with pytest.raises(ValueError, match="nobody"):
            make_trial(history, window, 100, 1)
        return
    trial = make_trial(history, window, 100, 1)
    names = history.organisations
    told = {
        names[query]: {names[one] for one in found} for query, found in zip(trial.queries, trial.truth, strict=True)
    }
    assert told == expected
    assert trial.with_truth == len(expected)
    assert {names[one] for one in np.flatnonzero(trial.rules.candidates)} == seen


@given(drawn_rows(), st.integers(20, 80), st.booleans(), st.integers(0, 2**32 - 1))
@settings(max_examples=100, deadline=None)
def test_figures_are_those_of_a_naive_implementation(rows, known, cross_border, seed):
    window = Window(day(known), day(99), cross_border)
    truth, _seen = naive_truth(rows, window)
    assume(truth)
    history = build_history(rows)
    trial = make_trial(history, window, 100, 1)
    values = np.random.default_rng(seed).integers(0, 4, (len(trial.queries), len(history.organisations)))
    lists = lists_from_scores(trial, lambda some: values[some].astype(np.float32), seed)
    outcome = measure(trial, lists)
    for place, query in enumerate(trial.queries):
        ranked = [history.organisations[one] for one in lists[place]]
        for figure, value in naive_figures(ranked, truth[history.organisations[query]]).items():
            assert getattr(outcome, figure)[place] == pytest.approx(value), figure
    shown = {one for each in lists for one in each[:10]}
    assert outcome.coverage_at_10 == pytest.approx(len(shown) / trial.rules.candidates.sum())


@given(drawn_rows(), st.integers(20, 80), st.booleans(), st.integers(0, 1000))
@settings(max_examples=100, deadline=None)
def test_everybody_left_is_ranked_best_first_and_nobody_removed(rows, known, cross_border, seed):
    history = build_history(rows)
    window = Window(day(known), day(99), cross_border)
    assume(naive_truth(rows, window)[0])
    trial = make_trial(history, window, 100, 1)
    values = np.random.default_rng(seed).integers(0, 3, len(history.organisations)).astype(np.float32)
    for place, query in enumerate(trial.queries):
        removed = trial.removed(place)
        best = best_places(values, removed, LONG, seed, int(query))
        assert sorted(best) == np.flatnonzero(~removed).tolist()
        assert all(values[a] >= values[b] for a, b in pairwise(best))
        assert query not in best
        if cross_border:
            assert not (history.country[best] == history.country[query]).any()
        for count in (1, 3):
            assert best_places(values, removed, count, seed, int(query)).tolist() == best[:count].tolist()


def test_dates_are_inclusive():
    rows = rows_of(
        [(0, [1, 2], 0), (10, [2, 3], 0), (10, [4, 5], 0), (11, [1, 3], 0), (20, [1, 4], 0), (21, [1, 5], 0)]
    )
    trial = make_trial(build_history(rows), Window(day(10), day(20)), 10, 1)
    names = trial.past.organisations
    told = {names[q]: [names[one] for one in found] for q, found in zip(trial.queries, trial.truth, strict=True)}
    assert told == {"o001": ["o003", "o004"], "o003": ["o001"], "o004": ["o001"]}


def test_a_large_project_gives_no_pairs_though_its_size_counts_everybody():
    crowd = list(range(51))
    rows = rows_of([(0, crowd, 0), (5, [1, 2], 0), (20, [3, 4], 0), (20, crowd, 1)])
    trial = make_trial(build_history(rows), Window(day(10), day(30)), 100, 1)
    assert trial.queries.tolist() == [3, 4]
    assert int(trial.rules.candidates.sum()) == 51
    fifty = [*rows_of([(0, crowd, 0)]), *rows_of([(0, [], 0), (20, crowd[:50], 0)])]
    assert make_trial(build_history(fifty), Window(day(10), day(30)), 100, 1).with_truth == 50


def test_who_was_a_partner_before_is_removed_and_no_truth():
    rows = rows_of([(0, [1, 2], 0), (0, [3], 0), (20, [1, 2, 3], 0)])
    trial = make_trial(build_history(rows), Window(day(10), day(30)), 10, 1)
    place = trial.queries.tolist().index(0)
    assert trial.truth[place].tolist() == [2]
    assert trial.removed(place).tolist() == [True, True, False]


def test_nothing_of_a_newcomer_is_known_but_country_type_and_the_programmes_of_the_first_project():
    rows = rows_of([(0, [1, 2], 0), (15, [7, 1], 1), (16, [7, 2], 2)])
    trial = make_trial(build_history(rows), Window(day(10), day(30), newcomers=True), 10, 1)
    assert [tuple(one) for one in trial.profiles] == [("PL", "PRC", ("energy",))]
    assert trial.truth[0].tolist() == [0, 1]
    assert not trial.past.seen()[trial.queries].any()


def test_what_is_measured_sees_nothing_after_the_first_date():
    rows = rows_of([(0, [1, 2], 0), (5, [2, 3], 0), (20, [1, 3], 0)])
    trial = make_trial(build_history(rows), Window(day(10), day(30)), 10, 1)
    assert trial.past.participation_day.max() <= day(10).toordinal()


def test_equal_scores_favour_nobody():
    first = [int(best_places(np.zeros(50, np.float32), np.zeros(50, bool), 1, 7, query)[0]) for query in range(2000)]
    counts = np.bincount(first, minlength=50)
    assert counts.min() > 15 and counts.max() < 75
    assert first[:5] == [
        int(best_places(np.zeros(50, np.float32), np.zeros(50, bool), 1, 7, query)[0]) for query in range(5)
    ]


def test_who_has_no_finite_score_is_not_suggested():
    scores = np.array([1.0, -np.inf, np.nan, 2.0], dtype=np.float32)
    assert best_places(scores, np.zeros(4, bool), 10, 1, 0).tolist() == [3, 0]


def test_ready_lists_lose_those_who_are_removed_and_repetitions():
    rows = rows_of([(0, [1, 2], 0), (0, [3], 0), (0, [5], 0), (20, [1, 3], 0)])
    trial = make_trial(build_history(rows), Window(day(10), day(30)), 10, 1)
    lists = allowed(trial, [[0, 1, 3, 3, 2], [2, 1, 0]])
    assert [one.tolist() for one in lists] == [[3, 2], [1, 0]]


def test_the_earlier_window_ends_where_the_other_begins_and_leaves_most_of_the_past():
    history = a_history(days=900)
    window = Window(day(600), day(900), cross_border=True)
    earlier = earlier_window(history, window)
    assert (earlier.test_to, earlier.cross_border) == (day(600), True)
    assert earlier.train_to == day(400)
    assert earlier_window(history, Window(day(600), day(650))).train_to == day(550)


def test_a_window_must_not_be_empty():
    with pytest.raises(ValueError, match="end after"):
        make_trial(a_history(), Window(day(10), day(10)), 10, 1)


def test_the_draw_is_the_same_for_a_seed_and_has_nobody_twice():
    everyone = np.arange(100, 200)
    drawn = draw(everyone, 20, 7)
    assert drawn.tolist() == draw(everyone, 20, 7).tolist() != draw(everyone, 20, 8).tolist()
    assert len(set(drawn.tolist())) == 20 and set(drawn.tolist()) <= set(everyone.tolist())
    assert draw(everyone, 200, 7).tolist() == everyone.tolist()
