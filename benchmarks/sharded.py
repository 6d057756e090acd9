"""The index over PostgreSQL shards beside the one in a file: ``python -m benchmarks.sharded --profiles 100000 --json``.

In one run, over the same profiles and for the same queries: how long a build takes, how large it is, how long a whole
call takes (candidates, exact scores, counts, reasons for 20, gaps), how many rows are fetched for it, and whether both
answer the same. A PostgreSQL server of the run's own is started, with a database for each shard, unless ``--urls``
names databases, with commas between them; what the run writes there is taken away at the end.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from app.features.suggestions.services.sharded import building, tables
from app.features.suggestions.services.sharded.index import ShardedIndex
from app.features.suggestions.services.sharded.shards import Shards
from app.matching import Profile, Query
from app.matching.index import Index
from app.matching.query import KINDS, Answer
from benchmarks.population import population

LIMIT = 20
_GENERATION = "benchmark"


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=100_000)
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--urls", default="", help="databases to use instead of a server of the run's own")
    parser.add_argument("--queries", type=int, default=80, help="how many are timed, over all kinds")
    parser.add_argument("--runs", type=int, default=3, help="how often each is timed")
    parser.add_argument("--buffers", default="2GB", help="shared_buffers of the server")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with ExitStack() as held:
        urls = given.urls or ",".join(_own_databases(held, given))
        figures = measure(given, Shards(urls), Path(held.enter_context(tempfile.TemporaryDirectory())) / "index")
    if given.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:>20}  {figure}")
    return 0 if figures["identical"] else 1


def _own_databases(held: ExitStack, given: argparse.Namespace) -> list[str]:
    from tests.support.postgres import Server, find_binaries

    server = Server(find_binaries(), shared_buffers=given.buffers, max_wal_size="8GB", autovacuum="off")
    held.callback(server.stop)
    names = [f"shard{number}" for number in range(given.shards)]
    with psycopg.connect(f"host={server.folder} user=tests dbname=postgres", autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    return [f"postgresql://tests@/{name}?host={server.folder}" for name in names]


def measure(given: argparse.Namespace, shards: Shards, path: Path) -> dict[str, Any]:
    """Build both, ask both, compare."""
    try:
        sharded, built = _build_sharded(given, shards)
        people = Timed(population(given.profiles, given.seed))
        started, worked = time.perf_counter(), time.process_time()
        in_file = Index.build(people, path)
        file_build = {
            "wall_s": _round(time.perf_counter() - started - people.seconds),
            "cpu_s": _round(time.process_time() - worked - people.cpu_seconds),
            "mb": _round(path.stat().st_size / 1e6),
        }
        asked = _queries(given)
        times, fetched, identical = _ask(sharded, in_file, asked, given.runs)
        return {
            "profiles": given.profiles,
            "shards": len(shards),
            "call_ms": _spread([one for each in times["sharded"].values() for one in each]),
            "call_ms_by_kind": {kind: _spread(one) for kind, one in times["sharded"].items()},
            "count_ms": _spread([_times(partial(sharded.count, q), given.runs) for q in asked["peers"]]),
            "index_call_ms": _spread([one for each in times["file"].values() for one in each]),
            "index_call_ms_by_kind": {kind: _spread(one) for kind, one in times["file"].items()},
            "rows_fetched": _spread(fetched),
            "calls_a_second_4_threads": _throughput(sharded, asked),
            "identical": identical,
            "build": built,
            "index_build": file_build,
            "peak_mb": _round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "load": [_round(one) for one in os.getloadavg()],
            "machine": {"cpus": len(_cpus()), "python": platform.python_version(), "numpy": np.__version__},
        }
    finally:
        for shard in shards.all:
            with shard.primary.building() as connection:
                connection.execute(f"DROP SCHEMA IF EXISTS {tables.schema_of(_GENERATION)} CASCADE")
                connection.execute(f"DROP SCHEMA IF EXISTS {tables.BESIDE} CASCADE")
        shards.close()


def _build_sharded(given: argparse.Namespace, shards: Shards) -> tuple[ShardedIndex, dict[str, Any]]:
    passes: list[Timed] = []

    def source(_after: int) -> Iterable[Profile]:
        passes.append(Timed(population(given.profiles, given.seed)))
        return passes[-1]

    started, worked = time.perf_counter(), time.process_time()
    building.build(shards, source, lambda: "benchmark", "benchmark", _GENERATION)
    wall, cpu = time.perf_counter() - started, time.process_time() - worked
    sizes = [shard.read(lambda one: tables.size_of(one, _GENERATION)) for shard in shards.all]
    rows = [shard.read(_rows_of) for shard in shards.all]
    return ShardedIndex.open(shards, _GENERATION), {
        "wall_s": _round(wall - sum(one.seconds for one in passes)),
        "client_cpu_s": _round(cpu - sum(one.cpu_seconds for one in passes)),
        "mb": {name: _round(sum(size[name] for size in sizes) / 1e6) for name in sizes[0]},
        "rows": rows,
    }


def _rows_of(connection: psycopg.Connection[Any]) -> int:
    schema = tables.schema_of(_GENERATION)
    return int((connection.execute(f"SELECT next_slot FROM {schema}.about").fetchone() or (0,))[0])


def _ask(
    sharded: ShardedIndex, in_file: Index, asked: dict[str, list[Query]], runs: int
) -> tuple[dict[str, dict[str, list[float]]], list[float], bool]:
    times: dict[str, dict[str, list[float]]] = {"sharded": {}, "file": {}}
    fetched: list[float] = []
    identical = True
    for kind, queries in asked.items():
        for query in queries:  # both are warm, as they are in service
            one, other = in_file.suggest(query), sharded.suggest(query)
            identical &= _comparable(one) == _comparable(other)
            fetched.append(sharded.rows_read)
        times["sharded"][kind] = [_times(partial(sharded.suggest, q), runs) for q in queries]
        times["file"][kind] = [_times(partial(in_file.suggest, q), runs) for q in queries]
    return times, fetched, identical


def _comparable(answer: Answer) -> Answer:
    """An answer without who would be added where very many would: a sample, by places that differ."""
    return replace(answer, gaps=tuple(replace(gap, who=()) for gap in answer.gaps))


def _throughput(sharded: ShardedIndex, asked: dict[str, list[Query]]) -> float:
    every = [query for queries in asked.values() for query in queries]
    started = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sharded.suggest, every))
    return _round(len(every) / (time.perf_counter() - started))


class Timed:
    """An iterable that knows how long its items took to make."""

    def __init__(self, items: Iterator[Profile]) -> None:
        self.items = items
        self.seconds = self.cpu_seconds = 0.0

    def __iter__(self) -> Iterator[Profile]:
        while True:
            started, worked = time.perf_counter(), time.process_time()
            chunk = list(islice(self.items, 5000))
            self.seconds += time.perf_counter() - started
            self.cpu_seconds += time.process_time() - worked
            if not chunk:
                return
            yield from chunk


def _queries(given: argparse.Namespace) -> dict[str, list[Query]]:
    rng = np.random.default_rng(given.seed)
    each = max(1, given.queries // len(KINDS))
    asking = list(population(max(each * 20, 1000), given.seed + 1))  # drawn like the others, but not among them
    chosen = {kind: rng.choice(len(asking), each, replace=False) for kind in KINDS}
    return {
        kind: [Query(replace(asking[at], key=-asking[at].key, kind="person"), kind, limit=LIMIT) for at in chosen[kind]]
        for kind in KINDS
    }


def _times(act: Callable[[], object], runs: int) -> float:
    """Return the median time of several runs in milliseconds."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return float(np.median(taken))


def _spread(figures: list[float]) -> dict[str, float]:
    return {"median": _round(np.median(figures)), "p95": _round(np.percentile(figures, 95))}


def _cpus() -> set[int]:
    return os.sched_getaffinity(0)


def _round(figure: float | np.floating) -> float:
    return round(float(figure), 2)


if __name__ == "__main__":
    sys.exit(main())
