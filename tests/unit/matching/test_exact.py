"""The index answers as the slow reference does: exactly, for every kind of suggestion."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.matching import Profile, Query, compiled, scoring, segment, weights
from app.matching.gaps import apply_change
from app.matching.index import Index
from app.matching.model import HAND_SET
from app.matching.ranking import least_shown
from tests.unit.matching import worlds
from tests.unit.matching.outcomes import score
from tests.unit.matching.reference import Reference

KINDS = ("peers", "collaborators", "institutions")
thorough = settings(
    max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.fixture(scope="session")
def compiled_loops() -> bool:
    """Whether the inner loops could be compiled here."""
    return compiled.prepare()


@pytest.fixture(
    params=[(size, way) for way in ("compiled", "numpy") for size in ("as served", "everything frequent")],
    ids=lambda param: ", ".join(param),
    autouse=True,
    scope="module",
)
def sizes(request: pytest.FixtureRequest, compiled_loops: bool) -> Iterator[None]:
    """Small worlds have neither bitmaps nor batches, unless both begin earlier; each by either way of reckoning."""
    size, way = request.param
    with pytest.MonkeyPatch.context() as patch:
        if size != "as served":
            patch.setattr(segment, "_DENSE_FROM", 3)
            patch.setattr(scoring, "_FIRST_BATCH", 2)
            patch.setattr(scoring, "_GROWTH", 2)
        if way == "numpy":
            patch.setattr(compiled, "_loaded", None)
        elif not compiled_loops:
            pytest.skip("no numba here")
        yield


def built(profiles: Iterable[Profile], frozen: Index | None = None) -> Index:
    with tempfile.TemporaryDirectory() as folder:
        return Index.build(profiles, Path(folder) / "index", frozen=frozen)


def queries(world: list[Profile], data: st.DataObject, kinds: tuple[str, ...] = KINDS) -> Query:
    asker = data.draw(st.sampled_from(world) if world and data.draw(st.booleans()) else worlds.profiles(1))
    exclude = data.draw(st.frozensets(st.sampled_from([one.key for one in world] or [5]), max_size=3))
    return Query(
        asker,
        data.draw(st.sampled_from(kinds)),
        exclude=exclude,
        guest=data.draw(st.booleans()),
        limit=data.draw(st.sampled_from((0, 1, 3, 20, 100))),
        seed=data.draw(st.integers(0, 3)),
        model=data.draw(worlds.models),
    )


@thorough
@given(worlds.worlds(), st.data())
def test_suggestions_are_those_of_the_reference(world: list[Profile], data: st.DataObject) -> None:
    query, reference = queries(world, data), Reference(world)
    answer = built(world).suggest(query)
    best = reference.shortlist(query)
    scores = dict(best)
    assert answer.total == len(reference.passing(query))
    assert answer.hidden_by_language == len(reference.hidden(query))
    assert len(answer.suggestions) == min(query.limit, answer.total)
    assert all(one.key in scores and one.score == scores[one.key] for one in answer.suggestions)
    rest = [score for _, score in best]
    for one in answer.suggestions:
        assert one.score >= least_shown(rest[0])
        rest.remove(one.score)


@thorough
@given(worlds.worlds(), st.data())
def test_contributions_add_up_and_the_worse_direction_counts(world: list[Profile], data: st.DataObject) -> None:
    query, reference = queries(world, data), Reference(world)
    for one in built(world).suggest(query).suggestions:
        forward, reverse, shared = reference.directions(query, reference.profiles[one.key])
        assert sum(part.points for part in one.contributions) == one.score == min(forward, reverse) + shared
        if not query.guest:
            assert sum(part.points for part in one.other) == max(forward, reverse) + shared
        there = reference.profiles[one.key]
        assert one.measured is not None
        assert one.measured.forward == tuple(reference.units(query.profile, there).values())
        assert query.guest or one.measured.reverse == tuple(reference.units(there, query.profile).values())
        assert all(part.points for part in one.contributions)


@thorough
@given(worlds.worlds(), st.data())
def test_what_a_score_is_made_of_gives_it_again_under_any_model(world: list[Profile], data: st.DataObject) -> None:
    query = queries(world, data, (*KINDS, "bridges"))
    if query.kind == "bridges" and world and data.draw(st.booleans()):
        query = replace(query, target=data.draw(st.sampled_from(world)))
    if query.kind == "bridges":
        query = replace(query, guest=False)
    other, index = data.draw(worlds.models), built(world)
    if query.kind == "bridges":
        # Whom a bridge leads to is found by the weights of peers, so these stay the same.
        other = replace(other, peers=query.model.peers)
    found = index.suggest(replace(query, limit=100)).suggestions
    again = {one.key: one for one in index.suggest(replace(query, limit=100, model=other)).suggestions}
    for one in found:
        assert one.measured is not None and sum(part.points for part in one.contributions) == one.score
        assert all(part.points for part in one.contributions)
        for said, model in ((one, query.model), (again.get(one.key), other)):
            if said is not None:
                worth = model.of(query.kind)
                border = worth.border if query.kind == "collaborators" and query.profile.country else 0
                assert said.score == score(one.measured, worth) + border


@thorough
@given(worlds.worlds(least=2), st.data())
def test_a_pair_is_limited_by_the_same_direction_from_either_side(world: list[Profile], data: st.DataObject) -> None:
    index, reference = built(world), Reference(world)
    kind = data.draw(st.sampled_from(("peers", "institutions")))
    asker = data.draw(st.sampled_from(world))
    for one in index.suggest(Query(asker, kind, limit=100)).suggestions:
        other = reference.profiles[one.key]
        back = {back.key: back for back in index.suggest(Query(other, kind, limit=100)).suggestions}
        if asker.key in back:
            worth = HAND_SET.of(kind)
            ours, theirs = reference.static(other, worth), reference.static(asker, worth)
            assert one.score - ours == back[asker.key].score - theirs


@thorough
@given(worlds.worlds(), st.data())
def test_an_overlay_answers_as_a_rebuild_with_the_same_rarity(world: list[Profile], data: st.DataObject) -> None:
    base = built(world)
    changed = [data.draw(worlds.profiles(key)) for key in data.draw(st.sets(st.integers(1, 30), max_size=6))]
    removed = data.draw(st.sets(st.sampled_from([one.key for one in world] or [3]), max_size=3))
    now = {one.key: one for one in [*world, *changed] if one.key not in removed}
    overlaid = built(world)
    for one in changed:
        overlaid.apply([one])
    overlaid.apply([], removed)
    rebuilt = built(now.values(), frozen=base)
    query = queries(list(now.values()), data, (*KINDS, "bridges"))
    assert overlaid.suggest(query) == rebuilt.suggest(query)
    assert len(overlaid) == len(now)
    if query.kind in KINDS:
        assert dict(Reference(now.values(), world).shortlist(query)).items() >= {
            (one.key, one.score) for one in overlaid.suggest(query).suggestions
        }


@thorough
@given(worlds.worlds(), st.data())
def test_what_a_gap_adds_and_whom_is_that_of_the_changed_query(world: list[Profile], data: st.DataObject) -> None:
    query = replace(queries(world, data), named=data.draw(st.integers(0, 4)))
    index, reference = built(world), Reference(world)
    answer = index.suggest(query)
    before = {one.key for one in reference.passing(query)}
    assert index.count(query) == answer.total
    assert len(answer.gaps) <= 5
    assert sum(gap.change is not None for gap in answer.gaps) <= 3
    for gap in answer.gaps:
        if gap.change is not None:
            changed = apply_change(query, gap.change)
            added = [one for one in reference.passing(changed) if one.key not in before]
            scores = {one.key: reference.score(changed, one) for one in added}
            assert gap.adds == index.count(changed) - answer.total == len(added) > 0
            assert list(gap.who) == [key for key, _ in reference.ordered(scores, query.seed)][: query.named]


@thorough
@given(worlds.worlds(least=1), st.data())
def test_one_candidate_is_explained_as_on_the_list(world: list[Profile], data: st.DataObject) -> None:
    query, index, reference = replace(queries(world, data), limit=100), built(world), Reference(world)
    listed = {one.key: one for one in index.suggest(query).suggestions}
    for one in world:
        assert index.explain(query, one.key) == listed.get(one.key)
    assert set(listed) == {one.key for one in reference.passing(query)}


@thorough
@given(worlds.worlds(), st.data())
def test_bridges_are_those_of_the_reference(world: list[Profile], data: st.DataObject) -> None:
    query, reference = queries(world, data, ("bridges",)), Reference(world)
    if data.draw(st.booleans()):
        target = data.draw(st.sampled_from(world) if world and data.draw(st.booleans()) else worlds.profiles(2))
        query = replace(query, target=target)
        expected = [] if reference.language(query.profile, target) else reference.bridges_between(query)
    else:
        expected = reference.bridges_to_many(query)
    answer = built(world).suggest(query)
    assert answer.total == len(expected)
    assert len(answer.suggestions) == min(query.limit, answer.total)
    best = dict(expected[: query.limit * weights.SHORTLIST])
    for one in answer.suggestions:
        assert best[one.key] == one.score == sum(part.points for part in one.contributions)


@thorough
@given(worlds.worlds(), st.data())
def test_the_same_snapshot_and_seed_give_the_same_answer(world: list[Profile], data: st.DataObject) -> None:
    query = queries(world, data, (*KINDS, "bridges"))
    assert built(world).suggest(query) == built(list(reversed(world))).suggest(query)


@pytest.mark.parametrize("kind", [*KINDS, "bridges"])
def test_an_empty_index_and_an_empty_profile_are_answered(kind: str) -> None:
    nobody = Profile(1, "person")
    assert built([]).suggest(Query(nobody, kind)).suggestions == ()
    assert built([nobody, Profile(2, "person")]).suggest(Query(nobody, kind)).suggestions == ()
