"""The house keeps its shape: import contracts, lazy imports, sizes, names."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = [p for folder in ("app", "benchmarks") for p in (ROOT / folder).rglob("*.py") if "__pycache__" not in p.parts]


def test_the_import_contracts_hold():
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]


def test_matching_loads_neither_flask_nor_sqlalchemy_nor_heavy_libraries():
    code = "import sys, json, app.matching.index; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(json.loads(run.stdout))
    assert not loaded & {"flask", "sqlalchemy", "werkzeug", "scipy", "sklearn", "networkx", "app.core"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_and_functions_stay_readable(path: Path):
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "a module without a sentence of purpose"
    assert source.count("\n") <= 450, "longer than 450 lines: split it by topic"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or 0) - node.lineno + 1
            assert size <= 60, f"{node.name} has {size} lines"
    assert path.stem not in {"utils", "helpers", "common", "misc", "manager"}
