"""Whether changes make anybody wait: ``python -m benchmarks.changes --profiles 100000 --json``.

One thread changes 100 profiles a second, half of them profiles that are in the index and half new ones. Another asks 20
questions a second, of all kinds in turn, and before each takes in what has changed, as a worker does. ``pause_ms`` is
how long a question took from the moment it was due, waiting, taking in and answering included; ``cpu_ms`` is the
processor time of it, which is what counts on a machine that others use, too. At the end the index must answer as one
that is told all changes at once.
"""

import argparse
import json
import queue
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.matching import Profile, Query, compiled
from app.matching.index import Index
from benchmarks.population import population

KINDS = ("peers", "collaborators", "institutions", "bridges")


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--changes", type=float, default=100, help="a second")
    parser.add_argument("--questions", type=float, default=20, help="a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", type=Path, help="where an index of as many is, or is to be kept")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    compiled.prepare()
    with tempfile.TemporaryDirectory() as folder:
        path = given.index or Path(folder) / "index"
        if not path.exists():
            Index.build(population(given.profiles, given.seed), path)
        figures = measure(given, path)
    if given.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:>20}  {figure}")
    return 0 if figures["identical"] else 1


def measure(given: argparse.Namespace, path: Path) -> dict[str, Any]:
    """Change and ask for some seconds, at the same time."""
    index = Index.open(path)
    total = int(given.seconds * given.changes)
    people = list(population(total, given.seed + 2))
    changes = [replace(one, key=one.key if at % 2 else given.profiles + one.key) for at, one in enumerate(people)]
    asking = [Query(replace(one, key=-one.key, kind="person"), KINDS[at % 4]) for at, one in enumerate(people)]  # type: ignore[arg-type]
    for query in asking[: len(KINDS) * 5]:
        index.suggest(query)
    waiting: queue.SimpleQueue[Profile] = queue.SimpleQueue()
    changing = threading.Thread(target=_change, args=(changes, given.changes, waiting), daemon=True)
    started = time.perf_counter()
    changing.start()
    pauses, cpu, taking = _ask(index, asking, given, waiting, started)
    took = time.perf_counter() - started
    changing.join()
    index.apply(_waiting(waiting))
    return {
        "profiles": given.profiles,
        "seconds": round(took, 1),
        "changes_per_s": round(total / took, 1),
        "questions_per_s": round(len(pauses) / took, 1),
        "pause_ms": _spread(pauses),
        "cpu_ms": _spread(cpu),
        "taking_in_ms": _spread(taking),
        "segments": len(index.snapshot.segments),
        "identical": _agrees(index, path, changes, asking[: len(KINDS) * 2]),
    }


def _change(changes: list[Profile], rate: float, waiting: "queue.SimpleQueue[Profile]") -> None:
    started = time.perf_counter()
    for at, one in enumerate(changes):
        time.sleep(max(0.0, started + at / rate - time.perf_counter()))
        waiting.put(one)


def _ask(
    index: Index, asking: list[Query], given: argparse.Namespace, waiting: "queue.SimpleQueue[Profile]", started: float
) -> tuple[list[float], list[float], list[float]]:
    pauses: list[float] = []
    cpu: list[float] = []
    taking: list[float] = []
    for at in range(int(given.seconds * given.questions)):
        due = started + at / given.questions
        time.sleep(max(0.0, due - time.perf_counter()))
        worked = time.thread_time()
        index.apply(_waiting(waiting))
        taking.append((time.thread_time() - worked) * 1000)
        index.suggest(asking[at % len(asking)])
        cpu.append((time.thread_time() - worked) * 1000)
        pauses.append((time.perf_counter() - due) * 1000)
    return pauses, cpu, taking


def _waiting(waiting: "queue.SimpleQueue[Profile]") -> list[Profile]:
    return [waiting.get() for _ in range(waiting.qsize())]


def _spread(times: list[float]) -> dict[str, float]:
    return {
        "median": round(float(np.median(times)), 2),
        "p99": round(float(np.percentile(times, 99)), 2),
        "longest": round(float(np.max(times)), 2),
    }


def _agrees(index: Index, path: Path, changes: list[Profile], asking: list[Query]) -> bool:
    at_once = Index.open(path)
    at_once.apply(changes)
    return all(index.suggest(query) == at_once.suggest(query) for query in asking)


if __name__ == "__main__":
    raise SystemExit(main())
