"""One contract for both backends: the index in a file and the one over real databases answer alike, in everything."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.features.suggestions.services.sharded import bounds, building, candidates
from app.features.suggestions.services.sharded import shards as connecting
from app.features.suggestions.services.sharded.shards import Shards
from app.matching import Language, Profile, Query, compiled
from app.matching.index import Index
from app.matching.query import KINDS
from tests.integration.suggestions.shards import built, databases
from tests.unit.matching import worlds

# A smaller example is not worth the minutes of rebuilding databases that looking for it takes.
contract = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),
)


@pytest.fixture(
    params=[
        ("as served", "compiled", 3),
        ("no more than is needed", "compiled", 2),
        ("no more than is needed", "numpy", 1),
    ],
    ids=lambda one: f"{one[0]}, {one[1]}, {one[2]} shards",
    scope="module",
)
def shards(request: pytest.FixtureRequest) -> Iterator[Shards]:
    """In small worlds everybody would be fetched at once, and every condition left out, unless both begin earlier."""
    size, way, count = request.param
    with pytest.MonkeyPatch.context() as patch, databases(count) as addresses:
        if way == "numpy":
            patch.setattr(compiled, "_loaded", None)
        elif not compiled.prepare():
            pytest.skip("the inner loops can't be compiled here")
        if size != "as served":
            patch.setattr(candidates, "_FIRST", 1)
            patch.setattr(candidates, "_BATCH", 2)
            patch.setattr(bounds, "_SELECTIVE", 2.0)
            patch.setattr(bounds, "_MOST_CONDITIONS", 50)
            patch.setattr(building, "CHUNK", 4)
            patch.setattr(building, "DENSE", 3)
        # However busy the machine is: here a slow database is no lost one.
        patch.setattr(connecting, "CONNECT_SECONDS", 60)
        patch.setattr(connecting, "ANSWER_MS", 60_000)
        found = Shards(",".join(addresses))
        yield found
        found.close()


def in_a_file(profiles: Iterable[Profile]) -> Index:
    with tempfile.TemporaryDirectory() as folder:
        return Index.build(sorted(profiles, key=lambda one: one.key), Path(folder) / "index")


def queries(world: list[Profile], data: st.DataObject, kinds: tuple[str, ...] = KINDS) -> Query:
    asker = data.draw(st.sampled_from(world) if world and data.draw(st.booleans()) else worlds.profiles(1))
    keys = [one.key for one in world] or [5]
    query = Query(
        asker,
        data.draw(st.sampled_from(kinds)),  # type: ignore[arg-type]
        exclude=data.draw(st.frozensets(st.sampled_from(keys), max_size=3)),
        guest=data.draw(st.booleans()),
        limit=data.draw(st.sampled_from((0, 1, 2, 5, 20))),
        seed=data.draw(st.integers(0, 3)),
        named=data.draw(st.sampled_from((0, 3))),
        known=data.draw(st.frozensets(st.sampled_from(keys), max_size=2)),
        model=data.draw(worlds.models),
    )
    if query.kind == "bridges" and data.draw(st.booleans()):
        return replace(query, target=data.draw(st.sampled_from(world) if world else worlds.profiles(2)))
    return query


@contract
@given(world=worlds.worlds(most=40), data=st.data())
def test_both_answer_alike(shards: Shards, world: list[Profile], data: st.DataObject) -> None:
    one, other = in_a_file(world), built(shards, world)
    for _ in range(4):
        query = queries(world, data)
        assert other.suggest(query) == one.suggest(query)
        assert other.count(query) == one.count(query)
        for key in data.draw(st.sets(st.sampled_from([each.key for each in world] or [3]), max_size=3)):
            assert other.explain(query, key) == one.explain(query, key)


def test_the_bridges_of_an_institution_lead_to_institutions(shards: Shards) -> None:
    """Its peers are institutions, those who stand between are persons: the lists of both are needed."""
    facets = {"country": "KE", "subjects": ("0541",), "levels": ("2",), "public": True}
    world = [
        Profile(1, "institution", languages=(Language("sw", 7),), **facets),
        Profile(2, "institution", languages=(Language("ar", 7),), **facets),
        Profile(3, "person", languages=(Language("sw", 7), Language("ar", 6)), **facets),
    ]
    query = Query(world[0], "bridges", guest=True)
    found = built(shards, world).suggest(query)
    assert found == in_a_file(world).suggest(query)
    assert found.hidden_by_language == 1 and [one.key for one in found.suggestions] == [3]


@contract
@given(world=worlds.worlds(most=30), data=st.data())
def test_both_take_in_changes_alike(shards: Shards, world: list[Profile], data: st.DataObject) -> None:
    one, other = in_a_file(world), built(shards, world)
    keys = [each.key for each in world] or [3]
    for _ in range(2):
        changed = [
            data.draw(worlds.profiles(key))
            for key in data.draw(st.sets(st.sampled_from(keys) | st.integers(1, 90), max_size=5))
        ]
        removed = data.draw(st.sets(st.sampled_from(keys), max_size=3))
        one.apply(changed, removed)
        other.apply(changed, removed)
        query = queries([*world, *changed], data)
        assert other.suggest(query) == one.suggest(query)
        assert other.count(query) == one.count(query)
        for key in data.draw(st.sets(st.sampled_from(keys), max_size=3)):
            assert other.explain(query, key) == one.explain(query, key)
