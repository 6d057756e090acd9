"""What every benchmark is asked on the command line, and how it prints its figures."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def parser(description: str | None, keeps: bool = True) -> argparse.ArgumentParser:
    """Return a parser of the options that all have; with `keeps` an index may be kept between runs."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--profiles", type=int, default=100_000)
    made.add_argument("--seed", type=int, default=1)
    if keeps:
        made.add_argument("--index", type=Path, help="where an index of as many is, or is to be kept")
    made.add_argument("--json", action="store_true")
    return made


def show(figures: Mapping[str, Any], as_json: bool) -> int:
    """Print figures; returns the status to exit with, which says whether all ways gave the same answers."""
    if as_json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:>24}  {figure}")
    return 0 if figures.get("identical", True) else 1
