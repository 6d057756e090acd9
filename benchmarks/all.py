"""Everything that is measured, in one JSON and one table: ``python -m benchmarks.all --profiles 100000 1000000``.

Each benchmark runs by itself, one after the other; an index is built once for each size. What was measured goes into
``benchmarks/figures.json``, what wasn't measured this time stays in it, and ``docs/benchmarks.md`` is written from it
(``--table`` writes it again without measuring).

On two cores that nobody else uses all of it takes about three quarters of an hour, most of it to build the index and
the shards of a million profiles. No part may take longer than ``--patience``; the others go on without one that does.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.table import table

FIGURES = Path(__file__).with_name("figures.json")
PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BY_SIZE = ("matching", "changes", "memory", "sharded")
PARTS = (*BY_SIZE, "web")


def main() -> int:
    """Measure what is asked for, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--patience", type=float, default=60, help="minutes that a part may take at most")
    parser.add_argument("--folder", type=Path, help="where the indexes are kept; else they are thrown away")
    parser.add_argument("--table", action="store_true", help="only write the table")
    parser.add_argument("--json", action="store_true", help="print the figures")
    given = parser.parse_args()
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    failed = False
    if not given.table:
        with tempfile.TemporaryDirectory() as beside:
            failed = not _measure(given, given.folder or Path(beside), figures)
    PAGE.write_text(table(figures), encoding="utf-8")
    if given.json:
        print(json.dumps(figures))
    return int(failed)


def _measure(given: argparse.Namespace, folder: Path, figures: dict[str, Any]) -> bool:
    """Run the benchmarks, keeping what each says as soon as it is known; False if any didn't end well."""
    folder.mkdir(parents=True, exist_ok=True)
    good = True
    runs = [(part, size) for size in given.profiles for part in BY_SIZE if part in given.only]
    for part, size in runs:
        options = ["--profiles", str(size), "--index", str(folder / f"index-{size}")]
        said = _run(part, options, given.patience)
        good &= said is not None
        if said is not None:
            before = figures.setdefault(part, {}).get(str(size), {})
            # An index that was there already says nothing of its build, so what is known of that stays.
            figures[part][str(size)] = {**{key: before[key] for key in before if key.startswith("build_")}, **said}
            _keep(figures)
    if "web" in given.only:
        said = _run("web", [], given.patience)
        good &= said is not None
        if said is not None:
            figures["web"] = said
            _keep(figures)
    return good


def _run(part: str, options: list[str], patience: float) -> dict[str, Any] | None:
    """Run a part as a process of its own, which is asked to end, and to clean up, when it takes too long."""
    print(f"measuring {part} {' '.join(options[:2])}", file=sys.stderr)
    load = os.getloadavg()[0]
    child = subprocess.Popen(
        [sys.executable, "-m", f"benchmarks.{part}", "--json", *options], stdout=subprocess.PIPE, text=True
    )
    try:
        printed, _ = child.communicate(timeout=patience * 60)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGINT)
        child.communicate()
        print(f"{part} took longer than {patience:g} minutes", file=sys.stderr)
        return None
    if child.returncode:
        print(printed[-2000:], file=sys.stderr)
        return None
    said: dict[str, Any] = json.loads(printed)
    return {**said, "load_before": round(load, 1), "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}


def _keep(figures: dict[str, Any]) -> None:
    figures["machine"] = {"processor": _processor(), "cores": os.cpu_count(), "python": platform.python_version()}
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    raise SystemExit(main())
