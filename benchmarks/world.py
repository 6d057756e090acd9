"""The world of a benchmark: an index over made-up profiles, and who asks it what."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from app.matching import Profile, Query
from app.matching.index import Index
from app.matching.query import KINDS
from benchmarks.population import population
from benchmarks.timing import Timed, peak_mb, rounded

LIMIT = 20
_ASKING = 1000  # so many are made, of whom some are drawn


@contextmanager
def index_at(kept: Path | None, profiles: int, seed: int) -> Iterator[tuple[Path, dict[str, float]]]:
    """Give the file of an index of so many profiles, and what building it took if it wasn't there.

    Without a place to keep it, it is thrown away.
    """
    with TemporaryDirectory() as folder:
        path = kept or Path(folder) / "index"
        yield path, {} if path.exists() else build(path, profiles, seed)


def build(path: Path, profiles: int, seed: int) -> dict[str, float]:
    """Build an index; says how long it took beyond making the profiles."""
    people = Timed(population(profiles, seed))
    started, worked = time.perf_counter(), time.process_time()
    Index.build(people, path)
    return {
        "build_s": rounded(time.perf_counter() - started - people.seconds),
        "build_cpu_s": rounded(time.process_time() - worked - people.cpu_seconds),
        "build_peak_mb": rounded(peak_mb()),
    }


def questions(each: int, seed: int, kinds: Sequence[str] = KINDS) -> dict[str, list[Query]]:
    """Return so many questions of each kind, by persons who are drawn like the others but not among them."""
    rng = np.random.default_rng(seed)
    asking = list(population(max(each * 20, _ASKING), seed + 1))
    chosen = {kind: rng.choice(len(asking), each, replace=False) for kind in kinds}
    return {
        kind: [Query(outside(asking[at]), kind, limit=LIMIT) for at in chosen[kind]]  # type: ignore[arg-type]
        for kind in kinds
    }


def outside(asker: Profile) -> Profile:
    """Return a person who isn't in the index."""
    return replace(asker, key=-asker.key, kind="person")


def in_turn(people: Sequence[Profile]) -> list[Query]:
    """Return a question of each, of all kinds in turn."""
    return [Query(one, KINDS[at % len(KINDS)]) for at, one in enumerate(people)]
