"""The rivals beside independent implementations, and the contest between them."""

from __future__ import annotations

from datetime import timedelta
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.matching.partnerships.evaluating import OURS, Contest, best_of, gain_over, shares_by
from app.matching.partnerships.history import build_history
from app.matching.partnerships.newcomers import Newcomer
from app.matching.partnerships.protocol import Window, measure
from app.matching.partnerships.rivals.content import Content
from app.matching.partnerships.rivals.counting import Popularity, ProgrammePopularity
from app.matching.partnerships.rivals.entrants import LIBRARIES, NEWCOMER_RIVALS, RIVALS, missing_libraries
from app.matching.partnerships.rivals.features import affinity, logarithmic_ranks
from app.matching.partnerships.rivals.graph import AdamicAdar, CommonNeighbours, PageRank
from app.matching.partnerships.rivals.past import Past
from tests.unit.matching.partnerships.histories import FIRST, a_history, drawn_rows, rows_of, some_rows

END = Window(FIRST + timedelta(days=2000), FIRST + timedelta(days=2001))
MIDDLE = Window(FIRST + timedelta(days=600), FIRST + timedelta(days=999), cross_border=True)
AT_HAND = sorted(name for name in RIVALS if LIBRARIES.get(name) not in missing_libraries())


def graph_of(past: Past) -> nx.Graph:
    """The same graph for networkx, from the rows."""
    graph = nx.Graph()
    graph.add_nodes_from(past.candidates.tolist())
    members: dict[int, list[int]] = {}
    history = past.history
    for project, one in zip(history.participation_project.tolist(), history.participation_org.tolist(), strict=True):
        members.setdefault(project, []).append(one)
    for some in members.values():
        if len(some) <= 50:
            for one in some:
                for other in some:
                    if one < other:
                        weight = graph.get_edge_data(one, other, {"weight": 0})["weight"]
                        graph.add_edge(one, other, weight=weight + 1)
    return graph


@given(drawn_rows())
@settings(max_examples=60, deadline=None)
def test_neighbours_are_those_of_networkx(rows):
    past = Past(build_history(rows), END)
    graph = graph_of(past)
    common = CommonNeighbours(past, {}, 0).scores(past.candidates)
    weighted = AdamicAdar(past, {}, 0).scores(past.candidates)
    strangers = [(a, b) for a in past.candidates.tolist() for b in past.candidates.tolist() if a < b]
    for one, other, value in nx.adamic_adar_index(graph, strangers):
        row = past.candidates.tolist().index(one)
        assert weighted[row, other] == pytest.approx(value, rel=1e-5)
        assert common[row, other] == len(list(nx.common_neighbors(graph, one, other)))


@given(drawn_rows(), st.sampled_from(PageRank.grid))
@settings(max_examples=40, deadline=None)
def test_walks_are_those_of_networkx(rows, setting):
    past = Past(build_history(rows), END)
    graph = graph_of(past)
    connected = [one for one in past.candidates.tolist() if graph.degree(one)]
    assume(connected)
    found = PageRank(past, setting, 0).scores(np.array(connected, dtype=np.int64))
    for row, one in enumerate(connected):
        weight = None if setting["links"] == "once" else "weight"
        expected = nx.pagerank(graph, setting["damping"], {one: 1}, weight=weight, tol=1e-9, max_iter=1000)
        assert found[row, past.candidates] == pytest.approx([expected[key] for key in past.candidates], abs=2e-4)


def test_popularity_counts_and_forgets():
    past = Past(build_history(rows_of([(0, [1, 2], 0), (0, [1, 3], 0), (1999, [2, 4], 0)])), END)
    whom = np.array([0])
    ever = Popularity(past, {"of": "participations", "half_life": inf}, 0).scores(whom)[0]
    assert ever.tolist() == [2, 2, 1, 1]
    lately = Popularity(past, {"of": "participations", "half_life": 0.5}, 0).scores(whom)[0]
    assert lately[1] > 0.9 > 0.2 > lately[0]
    assert Popularity(past, {"of": "partners", "half_life": inf}, 0).scores(whom)[0].tolist() == [2, 2, 1, 1]


def test_popularity_within_the_programmes_of_whoever_asks():
    rows = rows_of([(0, [1, 2], 0), (1, [2, 3], 0), (2, [4, 5], 1), (3, [4], 1), (4, [6, 4], 3)])
    past = Past(build_history(rows), END)
    found = ProgrammePopularity(past, {"half_life": inf, "own_half_life": inf}, 0).scores(np.array([0, 5]))
    assert found[0].tolist() == [1, 2, 1, 0, 0, 0]
    assert found[1].tolist() == [0, 0, 0, 1, 0, 1]  # projects without a programme stand together


def test_content_is_a_cosine():
    past = Past(a_history(), END)
    for setting in Content.grid:
        found = Content(past, setting, 0).scores(past.candidates)[:, past.candidates]
        assert np.diag(found) == pytest.approx(1, abs=1e-5)
        assert found.max() <= 1 + 1e-5 and found.min() >= 0
        assert found == pytest.approx(found.T, abs=1e-6)


def test_ranks_are_shared_by_equals_and_taken_among_those_open():
    scores = np.array([[5.0, 3.0, 3.0, 9.0]], dtype=np.float32)
    found = logarithmic_ranks(scores, np.array([[True, True, True, False]]))
    assert np.expm1(-found[0, :3]) == pytest.approx([0.5, 2.0, 2.0])


def test_affinity_is_no_more_than_chance_in_a_world_without_any():
    past = Past(build_history(rows_of([(0, list(range(8)), 0)])), END)
    assert abs(affinity(past.links, past.of_type)).max() < 0.35


@pytest.mark.parametrize("name", AT_HAND)
def test_nobody_learns_from_what_comes_later(name):
    rows = some_rows(3, 120, 40, 1000)
    known = [row for row in rows if row.day <= MIDDLE.train_to]
    names = sorted({row.organisation for row in known})
    answers = []
    for some in (rows, known):
        past = Past(build_history(some), MIDDLE)
        places = np.array([past.history.organisations.index(one) for one in names])
        found = RIVALS[name](past, RIVALS[name].grid[0], 5).scores(places[:6])[:, places]
        answers.append(found)
    assert answers[0].dtype == np.float32
    assert answers[0] == pytest.approx(answers[1], abs=1e-5)
    assert np.isfinite(answers[0]).all()


@pytest.fixture(scope="module")
def contest() -> Contest:
    return Contest(a_history(), MIDDLE, 60, 7)


@pytest.mark.parametrize("name", AT_HAND)
def test_a_rival_answers_the_same_again_and_is_better_than_chance(contest, name):
    result = contest.run(name)
    again = contest.run(name)
    assert result.outcome.ndcg_at_10.tolist() == again.outcome.ndcg_at_10.tolist()
    assert result.settings == again.settings in RIVALS[name].grid
    if name not in ("random", "content", "bpr"):
        assert result.outcome.ndcg_at_10.mean() > 1.3 * contest.run("random").outcome.ndcg_at_10.mean()


@pytest.mark.parametrize("name", sorted(NEWCOMER_RIVALS))
def test_newcomers_are_answered_by_what_is_known_of_them(name):
    window = Window(MIDDLE.train_to, MIDDLE.test_to, newcomers=True)
    rows = [*some_rows(1, 250, 80, 1000), *some_rows(2, 150, 140, 900)]
    contest = Contest(build_history(rows), window, 60, 7)
    result = contest.run(name)
    assert result.outcome.ndcg_at_10.tolist() == contest.run(name).outcome.ndcg_at_10.tolist()
    if name.startswith("programme"):
        assert result.outcome.ndcg_at_10.mean() > 2 * contest.run("random").outcome.ndcg_at_10.mean()


@pytest.mark.parametrize("name", sorted(NEWCOMER_RIVALS))
def test_a_newcomer_with_codes_nobody_knows_is_no_error(name):
    past = Past(a_history(), END)
    found = NEWCOMER_RIVALS[name](past, NEWCOMER_RIVALS[name].grid[0], 1).scores([Newcomer("??", "??", ("moon",))])
    assert found.shape == (1, past.count) and np.isfinite(found).all()


def test_settings_are_chosen_on_a_window_that_ends_where_the_trial_begins(contest):
    assert contest.chosen_on is not None
    assert contest.chosen_on.test_to == MIDDLE.train_to
    assert contest.steps("pagerank") > contest.steps("adamic_adar") == contest.steps(OURS) == 60


def test_a_past_too_short_to_choose_on_keeps_the_first_settings():
    rows = rows_of([(0, [0, 1], 0), (0, [2, 5], 0), (700, [0, 2], 0)])
    short = Contest(build_history(rows), MIDDLE, 60, 7)
    assert short.chosen_on is None
    assert short.run("pagerank").settings == PageRank.grid[0]
    assert short.run("logistic").outcome.recall_at_50.mean() == 1


def test_the_gain_is_over_the_best_rival_and_its_interval_holds_it(contest):
    results = {name: contest.run(name) for name in ("random", "adamic_adar", "programme_popularity")}
    best = best_of(results, "ndcg_at_10")
    assert best is not None
    assert results[best].outcome.ndcg_at_10.mean() == max(one.outcome.ndcg_at_10.mean() for one in results.values())
    gain = gain_over(results[best].outcome, results["random"].outcome, "ndcg_at_10", 1)
    assert gain.low < gain.gain < gain.high and gain.gain > 0
    same = gain_over(results[best].outcome, results[best].outcome, "ndcg_at_10", 1)
    assert (same.low, same.gain, same.high) == (0, 0, 0)
    assert best_of({OURS: results[best]}, "ndcg_at_10") is None


def test_shares_of_what_is_shown_add_up():
    history = build_history(rows_of([(0, [0, 1, 2, 3], 0)]))  # of DE, FR, KE and PL
    groups = {"DE": "west", "FR": "west", "KE": "east"}
    assert shares_by(history, np.array([3, 3, 2, 2]), groups) == {"": 0.2, "east": 0.2, "west": 0.6}


def test_an_answer_of_nobody_counts_as_nothing_found(contest):
    empty = [np.zeros(0, dtype=np.int64) for _ in contest.trial.queries]
    outcome = measure(contest.trial, empty)
    assert outcome.recall_at_50.sum() == outcome.mrr.sum() == outcome.coverage_at_10 == 0
