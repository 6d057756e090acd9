"""Workers share an index: what is mapped stays a page of the file, whatever is asked and changed."""

import sys
from pathlib import Path

import pytest

from app.matching import Query
from app.matching.index import Index
from benchmarks import memory
from benchmarks.population import population

KINDS = ("peers", "collaborators", "institutions", "bridges")


def _mapped_kb(path: Path) -> dict[str, int]:
    """What the mapping of a file holds, by kind of page."""
    found: dict[str, int] = {}
    inside = False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        first, *rest = line.split()
        if not first.endswith(":"):
            inside = bool(rest) and rest[-1] == str(path)
        elif inside and rest[-1] == "kB":
            found[first[:-1]] = found.get(first[:-1], 0) + int(rest[0])
    return found


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_nothing_of_a_mapped_index_is_copied(tmp_path: Path) -> None:
    people = list(population(3000, 3))
    Index.build(people, tmp_path / "index")
    index = Index.open(tmp_path / "index")
    index.apply(people[:50])
    for at, one in enumerate(people[:12]):
        index.suggest(Query(one, KINDS[at % 4]))
    mapped = _mapped_kb(tmp_path / "index")
    assert mapped["Rss"] > 0
    assert mapped["Private_Dirty"] == mapped["Shared_Dirty"] == mapped["Anonymous"] == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_more_workers_hold_the_file_once(tmp_path: Path) -> None:
    path = tmp_path / "index"
    Index.build(population(20_000, 3), path)
    figures = memory.measure(path, 3, 8, 20_000)
    # What each further worker adds of its own (most of it the loader of the compiled loops) is the same for any index.
    assert figures["together_mb"] < 2.3 * figures["one_mb"]
