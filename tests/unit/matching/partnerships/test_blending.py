"""Blending a history with profiles: the order, the points, and what stays as it was; against plain loops."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching.facets import Language, Profile
from app.matching.index import Index
from app.matching.partnerships.blending import CRITERION, LEAST_POINTS, Known, blend, explain, lifts, merged
from app.matching.query import Contribution, Message, Query, Suggestion

SAID = (Message("history.projects", {"count": 2}),)
English = (Language("en", 6),)


scores_of = st.lists(st.integers(-400, 3000), max_size=40)


def fits(scores, points, others, least):
    """Whether points keep the order of the history, rise towards its beginning, and keep three before each other."""
    totals = [score + more for score, more in zip(scores, points, strict=True)]
    falling = all(one > other for one, other in pairwise(totals)) and all(
        one >= other for one, other in pairwise(points)
    )
    return (
        falling
        and min(points, default=least) >= least
        and all(total >= others[place // 3] for place, total in enumerate(totals) if place // 3 < len(others))
    )


@given(scores_of, scores_of, st.integers(0, 500))
def test_the_points_are_the_fewest_that_keep_the_order(scores, others, least):
    others = sorted(others, reverse=True)
    found = lifts(scores, others, least)
    assert fits(scores, found, others, least)
    for place in range(len(found)):
        assert not fits(scores, [*found[:place], found[place] - 1, *found[place + 1 :]], others, least)


@given(scores_of, scores_of)
def test_three_of_four_places_are_the_history_s_own(scores, others):
    others = sorted(others, reverse=True)
    points = lifts(scores, others)
    first = [Suggestion(n, score + more, ()) for n, (score, more) in enumerate(zip(scores, points, strict=True))]
    whole = merged(first, [Suggestion(100 + n, score, ()) for n, score in enumerate(others)])
    for place in range(4, len(whole) + 1, 4):
        own = sum(one.key < 100 for one in whole[:place])
        assert own >= min(place * 3 // 4, len(first))


@given(st.lists(st.integers(0, 50), max_size=12), st.lists(st.integers(0, 50), max_size=12))
def test_two_lists_become_one_and_neither_changes_its_order(partners, others):
    first = [Suggestion(n, score, ()) for n, score in enumerate(sorted(partners, reverse=True))]
    second = [Suggestion(100 + n, score, ()) for n, score in enumerate(others)]
    whole = merged(first, second)
    assert [one for one in whole if one.key < 100] == first
    assert [one for one in whole if one.key >= 100] == second


def institution(key, **facets):
    return Profile(key=key, kind="institution", **{"languages": English, "country": "KE", **facets})


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """1 asks; 2 to 31 share subject 0541 with it ever less, 40 to 69 nothing but the language, 80 no language."""
    like = [institution(n, subjects=("0541",), levels=tuple(str(x) for x in range(n % 5 + 1))) for n in range(1, 32)]
    unlike = [institution(n, country="UG") for n in range(40, 70)]
    mute = [institution(80, subjects=("0541",), languages=(Language("fr", 7),))]
    folder: Path = tmp_path_factory.mktemp("index")
    return Index.build([*like, *unlike, *mute], folder / "match.index")


def query(**changes):
    asker = institution(1, subjects=("0541",), levels=("2",))
    return replace(Query(asker, "institutions", limit=20, seed=7), **changes)


def known(*keys):
    return [Known(key, SAID) for key in keys]


def points(one):
    return {part.criterion: part.points for part in one.contributions}


def test_without_a_history_the_answer_is_that_of_the_index(index):
    assert blend(index, query(), []) == index.suggest(query())


@pytest.mark.parametrize("kind", ["institutions", "collaborators"])
def test_the_order_of_the_history_is_kept_whatever_the_profiles_say(index, kind):
    order = [45, 3, 60, 50, 12, 41, 2, 69]
    found = blend(index, query(kind=kind, limit=60), known(*order)).suggestions
    there = [one.key for one in found if CRITERION in points(one)]
    assert there == [key for key in order if kind == "institutions" or key >= 40]
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_contributions_add_up_and_the_history_counts_in_both_directions(index):
    for one in blend(index, query(), known(45, 3, 60)).suggestions:
        assert sum(part.points for part in one.contributions) == one.score
        alone = index.explain(query(known=frozenset({one.key})), one.key)
        given_points = points(one).get(CRITERION, 0)
        assert one.score == alone.score + given_points
        assert sum(part.points for part in one.other) == sum(part.points for part in alone.other) + given_points
        assert one.gaps == alone.gaps


def test_whoever_shares_no_language_is_excluded_or_oneself_is_not_there(index):
    found = blend(index, query(exclude=frozenset({45})), known(80, 45, 1, 999, 50))
    keys = [one.key for one in found.suggestions]
    assert not {80, 45, 1, 999} & set(keys) and 50 in keys


def test_who_has_no_history_stands_where_the_profile_puts_them(index):
    by_profile = index.suggest(query(limit=100)).suggestions
    order = known(45, 60, 50, 41)
    found = blend(index, query(limit=100), order).suggestions
    assert [one for one in found if one.key < 40] == list(by_profile)
    assert [one.key for one in found[:3]] == [45, 60, 50]
    assert found[3].key < 40 or points(found[3])[CRITERION] >= LEAST_POINTS
    assert 41 in [one.key for one in found]


@pytest.mark.parametrize("limit", [0, 1, 3, 8, 60])
def test_a_pair_has_one_score_however_many_are_shown_and_when_asked_alone(index, limit):
    order = known(45, 3, 60, 50, 12, 41, 2, 69, 31, 66)
    whole = {one.key: one for one in blend(index, query(limit=60), order).suggestions}
    shown = blend(index, query(limit=limit), order).suggestions
    assert len(shown) == min(limit, len(whole))
    for one in shown:
        assert one == whole[one.key] == explain(index, query(), one.key, order)


def plainly(index, asked, order):
    """The same as `blend`, by explaining everybody before any are left out."""
    wide = replace(asked, known=frozenset(one.key for one in order), limit=100)
    first = index.explain_each(wide, [one.key for one in order], 100)
    others = [one for one in index.suggest(wide).suggestions if one.key not in {each.key for each in first}]
    beside = sorted((one.score for one in others), reverse=True)
    lifted = []
    for one, lift in zip(first, lifts([one.score for one in first], beside), strict=True):
        history = (Contribution(CRITERION, lift, SAID),)
        both = {"contributions": (*history, *one.contributions), "other": (*history, *one.other)}
        lifted.append(replace(one, score=one.score + lift, **both))
    return merged(lifted, others)[: asked.limit]


class Watched:
    """An index that counts whom it explains."""

    def __init__(self, index):
        self.index, self.explained = index, 0

    def suggest(self, asked):
        return self.watch(self.index.suggest(asked), lambda answer: answer.suggestions)

    def explain_each(self, asked, keys, most):
        return self.watch(self.index.explain_each(asked, keys, most), tuple)

    def watch(self, answer, suggestions):
        self.explained += sum(bool(one.contributions) for one in suggestions(answer))
        return answer


@pytest.mark.parametrize("limit", [0, 1, 8, 60])
@pytest.mark.parametrize("kind", ["institutions", "collaborators"])
def test_only_those_who_are_shown_are_explained_and_what_is_said_of_them_is_the_same(index, kind, limit):
    order, asked, watched = known(45, 3, 60, 50, 12, 41, 2, 69, 31, 66), query(kind=kind, limit=limit), Watched(index)
    found = blend(watched, asked, order).suggestions
    assert list(found) == plainly(index, asked, order)
    assert watched.explained == len(found)


def test_all_who_are_known_are_counted(index):
    asked = query()
    unlike = set(range(40, 70))
    assert blend(index, asked, known(*unlike)).total == index.suggest(asked).total + len(unlike)
