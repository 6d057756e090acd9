"""The compiled loops are there or not: nothing ever breaks without them, and no worker imports the compiler."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.matching import compiled


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A process that has loaded nothing yet, with a folder of its own."""
    monkeypatch.setattr(compiled, "_loaded", None)
    monkeypatch.setattr(compiled, "_linked_before", None)
    monkeypatch.setenv("COMMONWEAVE_KERNELS", str(tmp_path / "kernels"))
    return tmp_path / "kernels"


def test_where_they_are_not_wanted_numpy_does_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPILED", "0")
    assert not compiled.prepare()
    assert compiled.kernels() is None
    assert not bare.exists()


def test_without_the_compiler_numpy_does_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled.sys, "executable", "/bin/false")
    assert not compiled.prepare()
    assert compiled.kernels() is None


def test_without_a_folder_numpy_does_it(bare: Path) -> None:
    bare.write_text("in the way")
    assert not compiled.prepare()


def test_where_compiling_takes_too_long_or_cannot_begin_numpy_does_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_PATIENCE", 0.001)
    assert not compiled.prepare()
    monkeypatch.setattr(compiled.sys, "executable", "/no/such/python")
    assert not compiled.prepare()


@pytest.mark.parametrize("harm", [b"", b"short", b"x" * 4096])
def test_a_damaged_file_is_never_run(bare: Path, harm: bytes) -> None:
    bare.mkdir()
    (bare / compiled._name()).write_bytes(harm)
    assert not compiled.load()


def test_a_worker_loads_them_without_the_compiler() -> None:
    if not compiled.prepare():
        pytest.skip("no numba here")
    said = (
        "import sys; from app.matching import compiled, index; print(compiled.load(), "
        "'numba' in sys.modules, 'scipy' in sys.modules)"
    )
    folder = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", said], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]
