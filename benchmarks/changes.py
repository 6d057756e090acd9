"""Whether changes make anybody wait: ``python -m benchmarks.changes --profiles 100000 --json``.

One thread changes 100 profiles a second, half of them profiles that are in the index and half new ones. Another asks 20
questions a second, of all kinds in turn, and before each takes in what has changed, as a worker does. ``pause_ms`` is
how long a question took from the moment it was due, waiting, taking in and answering included; ``cpu_ms`` is the
processor time of it, which is what counts on a machine that others use, too. At the end the index must answer as one
that is told all changes at once.
"""

import argparse
import queue
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.matching import Profile, Query, compiled
from app.matching.index import Index
from app.matching.query import KINDS
from benchmarks import printing
from benchmarks.population import population
from benchmarks.timing import longest
from benchmarks.world import in_turn, index_at, outside


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = printing.parser(__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--changes", type=float, default=100, help="a second")
    parser.add_argument("--questions", type=float, default=20, help="a second")
    given = parser.parse_args()
    compiled.prepare()
    with index_at(given.index, given.profiles, given.seed) as (path, _):
        return printing.show(measure(given, path), given.json)


def measure(given: argparse.Namespace, path: Path) -> dict[str, Any]:
    """Change and ask for some seconds, at the same time."""
    index = Index.open(path)
    total = int(given.seconds * given.changes)
    people = list(population(total, given.seed + 2))
    changes = [replace(one, key=one.key if at % 2 else given.profiles + one.key) for at, one in enumerate(people)]
    asking = in_turn([outside(one) for one in people])
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
        "pause_ms": longest(pauses),
        "cpu_ms": longest(cpu),
        "taking_in_ms": longest(taking),
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


def _agrees(index: Index, path: Path, changes: list[Profile], asking: list[Query]) -> bool:
    at_once = Index.open(path)
    at_once.apply(changes)
    return all(index.suggest(query) == at_once.suggest(query) for query in asking)


if __name__ == "__main__":
    raise SystemExit(main())
