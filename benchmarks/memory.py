"""What workers keep in memory for one index: ``python -m benchmarks.memory --profiles 100000 --json``.

One worker and several, each a process of its own that has opened the same index and answered the same questions of all
kinds, each beginning with another one, against as many that loaded the same code and opened nothing. Memory is
proportional (PSS of ``/proc/PID/smaps_rollup``): a page that four share counts a quarter for each, so that nothing is
counted twice.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.matching import compiled
from app.matching.index import Index
from benchmarks import printing
from benchmarks.population import population
from benchmarks.world import in_turn, index_at


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = printing.parser(__doc__)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--begin", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--work", choices=("with", "without"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given)
        return 0
    compiled.prepare()
    with index_at(given.index, given.profiles, given.seed) as (path, _):
        return printing.show(measure(path, given.workers, given.questions, given.profiles), given.json)


def measure(path: Path, workers: int, questions: int, profiles: int) -> dict[str, Any]:
    """Start workers with and without an index, and compare what they keep."""
    megabytes = {
        (number, how): together(path, number, questions, how) for number in (1, workers) for how in ("without", "with")
    }
    alone = megabytes[1, "with"] - megabytes[1, "without"]
    all_of_them = megabytes[workers, "with"] - megabytes[workers, "without"]
    return {
        "profiles": profiles,
        "workers": workers,
        "index_mb": round(path.stat().st_size / 1e6, 1),
        "one_mb": round(alone, 1),
        "together_mb": round(all_of_them, 1),
        "ratio": round(all_of_them / alone, 3),
        "one_without_mb": round(megabytes[1, "without"], 1),
        "together_without_mb": round(megabytes[workers, "without"], 1),
    }


def together(path: Path, workers: int, questions: int, how: str) -> float:
    """Return the proportional memory of some workers in MB, once all of them have answered their questions."""
    command = [sys.executable, "-m", "benchmarks.memory", "--work", how, "--index", str(path)]
    started = [
        subprocess.Popen(
            [*command, "--questions", str(questions), "--begin", str(at * questions // workers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for at in range(workers)
    ]
    try:
        for one in started:
            if one.stdout is None or one.stdout.readline() != b"ready\n":
                raise RuntimeError("a worker ended before it was ready")
        return sum(_proportional_kb(one.pid) for one in started) / 1000
    finally:
        for one in started:
            one.communicate(b"\n")


def work(given: argparse.Namespace) -> None:
    """Do as a worker: load the code, open the index if there is to be one, answer, and wait."""
    people = list(population(given.questions, given.seed + 77))
    people = people[given.begin :] + people[: given.begin]
    if given.work == "with":
        index = Index.open(given.index)
        for query in in_turn(people):
            index.suggest(query)
    print("ready", flush=True)
    sys.stdin.readline()


def _proportional_kb(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    raise SystemExit(main())
