"""Changes are taken in as they come, merged as they grow, and never seen half."""

import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.matching import Profile, Query, changing
from app.matching.index import Index
from benchmarks.population import population
from tests.unit.matching import worlds
from tests.unit.matching.test_exact import built, queries, thorough

KINDS = ("peers", "collaborators", "institutions", "bridges")


@thorough
@given(worlds.worlds(), st.data())
def test_batches_of_changes_give_what_a_rebuild_gives(world: list[Profile], data: st.DataObject) -> None:
    base, now = built(world), {one.key: one for one in world}
    overlaid = built(world)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changing, "_SMALL", data.draw(st.sampled_from((0, 2, 256))))
        patch.setattr(changing, "_SHARE", data.draw(st.sampled_from((0, 2, 32))))
        for _ in range(data.draw(st.integers(1, 4))):
            keys = data.draw(st.lists(st.integers(1, 30), unique=True, max_size=4))
            changed = [data.draw(worlds.profiles(key)) for key in keys]
            removed = data.draw(st.sets(st.sampled_from([*now, 99]), max_size=2)) if now else set()
            overlaid.apply(changed, removed)
            now.update({one.key: one for one in changed})
            for key in removed:
                now.pop(key, None)
    query = queries(list(now.values()), data, KINDS)
    assert overlaid.suggest(query) == built(now.values(), frozen=base).suggest(query)
    assert len(overlaid) == len(now)


def test_many_changes_make_few_segments() -> None:
    people = list(population(3000, 4))
    index = built(people[:1000])
    most = 0
    for start in range(1000, 3000, 20):
        index.apply(people[start : start + 20], [people[start - 1].key])
        most = max(most, len(index.snapshot.segments))
    assert len(index) == 3000 - 100
    assert most <= 4


def test_a_question_sees_one_state_while_changes_come_and_a_rebuild_is_swapped_in() -> None:
    """All are replaced, over and over: an answer that mixed two states would name somebody twice, or be short."""
    people = [one for one in population(400, 9) if one.suggestible]
    asker = people[0]
    query = Query(asker, "peers", limit=50)
    failed: list[BaseException] = []
    done = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index"
        Index.build(people, path)
        shown = {"index": Index.open(path)}
        expected = shown["index"].suggest(query).total

        def ask() -> None:
            try:
                while not done.is_set():
                    answer = shown["index"].suggest(query)
                    keys = [one.key for one in answer.suggestions]
                    assert answer.total == expected
                    assert len(set(keys)) == len(keys) == min(expected, 50)
            except BaseException as error:
                failed.append(error)

        asking = [threading.Thread(target=ask) for _ in range(2)]
        for thread in asking:
            thread.start()
        for turn in range(6):
            shown["index"].apply(people[turn % 2 :: 2])
            Index.build(people, path)
            shown["index"] = Index.open(path)
        done.set()
        for thread in asking:
            thread.join()
    assert not failed
