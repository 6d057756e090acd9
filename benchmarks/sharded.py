"""The index over PostgreSQL shards beside the one in a file: ``python -m benchmarks.sharded --profiles 100000 --json``.

In one run, over the same profiles and for the same queries: how long a build takes, how large it is, how long a whole
call takes (candidates, exact scores, counts, reasons for 20, gaps), how many rows are fetched for it, and whether both
answer the same. A PostgreSQL server of the run's own is started, with a database for each shard, unless ``--urls``
names databases, with commas between them; what the run writes there is taken away at the end.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
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
from benchmarks import printing
from benchmarks.population import population
from benchmarks.timing import Timed, peak_mb, rounded, spread, times
from benchmarks.world import index_at, questions

_GENERATION = "benchmark"


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = printing.parser(__doc__)
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--urls", default="", help="databases to use instead of a server of the run's own")
    parser.add_argument("--queries", type=int, default=80, help="how many are timed, over all kinds")
    parser.add_argument("--runs", type=int, default=3, help="how often each is timed")
    parser.add_argument("--buffers", default="2GB", help="shared_buffers of the server")
    given = parser.parse_args()
    with ExitStack() as held:
        shards = Shards(given.urls or ",".join(_own_databases(held, given)))
        path, built = held.enter_context(index_at(given.index, given.profiles, given.seed))
        return printing.show(measure(given, shards, path, built), given.json)


def _own_databases(held: ExitStack, given: argparse.Namespace) -> list[str]:
    from tests.support.postgres import Server, find_binaries

    server = Server(find_binaries(), shared_buffers=given.buffers, max_wal_size="8GB", autovacuum="off")
    held.callback(server.stop)
    names = [f"shard{number}" for number in range(given.shards)]
    with psycopg.connect(f"host={server.folder} user=tests dbname=postgres", autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
    return [f"postgresql://tests@/{name}?host={server.folder}" for name in names]


def measure(given: argparse.Namespace, shards: Shards, path: Path, in_file: dict[str, float]) -> dict[str, Any]:
    """Fill the shards, ask them and the index in the file, compare."""
    try:
        sharded, built = _build_sharded(given, shards)
        asked = questions(max(1, given.queries // len(KINDS)), given.seed)
        took, fetched, identical = _ask(sharded, Index.open(path), asked, given.runs)
        return {
            "profiles": given.profiles,
            "shards": len(shards),
            "call_ms": spread([one for each in took["sharded"].values() for one in each]),
            "call_ms_by_kind": {kind: spread(one) for kind, one in took["sharded"].items()},
            "count_ms": spread(
                [times(partial(sharded.count, q), given.runs, time.perf_counter) for q in asked["peers"]]
            ),
            "index_call_ms": spread([one for each in took["file"].values() for one in each]),
            "index_call_ms_by_kind": {kind: spread(one) for kind, one in took["file"].items()},
            "rows_fetched": spread(fetched),
            "calls_a_second_4_threads": _throughput(sharded, asked),
            "identical": identical,
            "build": built,
            "index_build": {**in_file, "mb": rounded(path.stat().st_size / 1e6)},
            "peak_mb": rounded(peak_mb()),
            "load": [rounded(one) for one in os.getloadavg()],
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
        "wall_s": rounded(wall - sum(one.seconds for one in passes)),
        "client_cpu_s": rounded(cpu - sum(one.cpu_seconds for one in passes)),
        "mb": {name: rounded(sum(size[name] for size in sizes) / 1e6) for name in sizes[0]},
        "rows": rows,
    }


def _rows_of(connection: psycopg.Connection[Any]) -> int:
    schema = tables.schema_of(_GENERATION)
    return int((connection.execute(f"SELECT next_slot FROM {schema}.about").fetchone() or (0,))[0])


def _ask(
    sharded: ShardedIndex, in_file: Index, asked: dict[str, list[Query]], runs: int
) -> tuple[dict[str, dict[str, list[float]]], list[float], bool]:
    took: dict[str, dict[str, list[float]]] = {"sharded": {}, "file": {}}
    fetched: list[float] = []
    identical = True
    for kind, queries in asked.items():
        for query in queries:  # both are warm, as they are in service
            one, other = in_file.suggest(query), sharded.suggest(query)
            identical &= _comparable(one) == _comparable(other)
            fetched.append(sharded.rows_read)
        took["sharded"][kind] = [times(partial(sharded.suggest, q), runs, time.perf_counter) for q in queries]
        took["file"][kind] = [times(partial(in_file.suggest, q), runs, time.perf_counter) for q in queries]
    return took, fetched, identical


def _comparable(answer: Answer) -> Answer:
    """An answer without who would be added where very many would: a sample, by places that differ."""
    return replace(answer, gaps=tuple(replace(gap, who=()) for gap in answer.gaps))


def _throughput(sharded: ShardedIndex, asked: dict[str, list[Query]]) -> float:
    every = [query for queries in asked.values() for query in queries]
    started = time.perf_counter()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sharded.suggest, every))
    return rounded(len(every) / (time.perf_counter() - started))


def _cpus() -> set[int]:
    return os.sched_getaffinity(0)


if __name__ == "__main__":
    sys.exit(main())
