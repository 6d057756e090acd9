"""The compiled inner loops: made once by numba in a process of their own, kept in a file, loaded by the workers.

numba takes most of a second to import and tens of megabytes in each worker; machine code takes milliseconds and some
kilobytes. So :func:`prepare` lets a child process compile :mod:`app.matching.kernels` and put the object code into a
file named after everything it depends on (source, processor, versions), and :func:`load` links that file into this
process with LLVM's loader, without numba. Whoever asks :func:`kernels` gets what is loaded, or None: then numpy gives
the same answers, slower. Nothing is ever compiled while somebody waits.

The file is in the first of these folders that can be written: ``COMMONWEAVE_KERNELS``, the ``__pycache__`` beside this
module, the cache folder of the account. ``COMPILED=0`` in the environment leaves all of this out.
"""

import ctypes
import fcntl
import hashlib
import logging
import os
import platform
import subprocess
import sys
import threading
from array import array
from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

_SOURCE = Path(__file__).with_name("kernels.py")
_DIGEST = 32
_PATIENCE = 300  # seconds to compile, on a busy machine
_PREFIX = "weave_"
Kernel = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Kernels:
    """The compiled loops, see :mod:`app.matching.kernels`; all take integers, and other threads run meanwhile."""

    unite: Kernel
    count: Kernel
    tally: Kernel
    lift: Kernel
    collect: Kernel
    answer: Kernel
    hold: Kernel


_loaded: Kernels | None = None
_linked_before: tuple[Any, Kernels] | None = None  # the linker owns the machine code: it lives as long as the process
_taking_turns = threading.Lock()


def kernels() -> Kernels | None:
    """Return the compiled loops, or None if this process has none."""
    return _loaded


def address(array: NDArray[np.generic]) -> int:
    """Return where the first element of a contiguous array is."""
    return int(array.__array_interface__["data"][0])


def is_wanted() -> bool:
    """Return whether compiled loops are to be used, where they can be."""
    return os.environ.get("COMPILED", "1") not in ("0", "no", "false") and sys.byteorder == "little"


def load() -> bool:
    """Link the object code into this process if it has been made, in milliseconds; says whether it is there."""
    global _loaded, _linked_before
    if _loaded is not None or not is_wanted():
        return _loaded is not None
    with _taking_turns:
        if _linked_before is None and (code := _read()) is not None:
            try:
                _linked_before = _linked(code)
            except (ImportError, OSError, RuntimeError) as error:
                log.warning("the compiled loops can't be linked: %s", error)
        if _linked_before is not None:
            _loaded = _linked_before[1]
    return _loaded is not None


def unload() -> None:
    """Go on with numpy in this process, until the loops are loaded again."""
    global _loaded
    _loaded = None


def prepare() -> bool:
    """Make the object code if it isn't there, in a process of its own, and load it; says whether it worked."""
    if _loaded is not None or not is_wanted():
        return _loaded is not None
    if _read() is None and _folder() is not None and (failed := _compile_apart()):
        log.info("the inner loops can't be compiled here, numpy does their work: %s", failed[-300:])
    return load()


def _compile_apart() -> str:
    """Let a process of its own make the object code; says what went wrong, or nothing."""
    known = [path for path in (str(_SOURCE.parents[2]), os.environ.get("PYTHONPATH", "")) if path]
    try:
        child = subprocess.run(
            [sys.executable, "-m", "app.matching.compiled"],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(known)},
            capture_output=True, text=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (child.stderr or f"it ended with {child.returncode}") if child.returncode else ""


def compile_kernels() -> Path:
    """Compile, link as a trial, and keep the object code; raises ImportError without numba.

    Of several processes one compiles, and the others wait for it.
    """
    folder = _folder()
    if folder is None:
        raise OSError("no folder to keep the compiled loops in")
    path = folder / _name()
    with (folder / ".kernels.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _read() is None:
            code = _object_code()
            _linked(code)
            beside = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                beside.write_bytes(hashlib.sha256(code).digest() + code)
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)
    return path


def _object_code() -> bytes:
    """Return the object code of all kernels, which needs nothing from outside but the C library."""
    import llvmlite.binding as llvm

    from app.matching import kernels as source

    machine = _machine(llvm)
    whole = llvm.parse_assembly("")
    for name, (code, function) in source.assembled().items():
        part = llvm.parse_assembly(code)
        for one in part.functions:
            if not one.is_declaration:
                one.linkage = "internal"
        part.get_function(function).linkage = "external"
        part.get_function(function).name = _PREFIX + name
        whole.link_in(part)
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(whole, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    outside = {one.name for one in whole.functions if one.is_declaration and not one.name.startswith("llvm.")}
    if outside:
        raise RuntimeError(f"the compiled loops need {sorted(outside)}")
    return bytes(machine.emit_object(whole))


def _linked(code: bytes) -> tuple[Any, Kernels]:
    import llvmlite.binding as llvm

    linker = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine(llvm))
    linker.add_object_file(llvm.ObjectFileRef.from_data(code))
    linker.finalize_object()
    return linker, Kernels(*(_callable(linker.get_function_address(_PREFIX + one.name)) for one in fields(Kernels)))


def _callable(at: int) -> Kernel:
    """Return the function at an address, as numba makes them: two places for what comes back, then the parameter."""
    if not at:
        raise RuntimeError("a compiled loop is missing")
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)(at)
    back = (ctypes.c_int64 * 2)()
    place = ctypes.addressof(back)

    def call(*given: int) -> None:
        table = array("q", given)
        function(place, place + 8, table.buffer_info()[0])

    call.keeps = back  # type: ignore[attr-defined]
    return call


def _machine(llvm: Any) -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple()
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    return target.create_target_machine(
        cpu=cpu, features=features, opt=3, reloc="default", codemodel="jitdefault", jit=True
    )


def _read() -> bytes | None:
    """Return the object code made for just this source, processor and set of libraries; None if there is none."""
    folder = _folder()
    try:
        kept = (folder / _name()).read_bytes() if folder is not None else b""
    except OSError:
        return None
    code = kept[_DIGEST:]
    return code if code and hashlib.sha256(code).digest() == kept[:_DIGEST] else None


def _name() -> str:
    """Return the name of the file for this source on this machine."""
    try:
        versions = [metadata.version("numba"), metadata.version("llvmlite")]
    except metadata.PackageNotFoundError:
        versions = []
    said = hashlib.sha256(repr([versions, platform.machine(), sys.version, _processor()]).encode())
    said.update(_SOURCE.read_bytes())
    said.update(Path(__file__).read_bytes())
    return f"kernels-{said.hexdigest()[:24]}.object"


def _processor() -> str:
    """Return what the processor can do; code made for another could stop a worker."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.node()
    return "\n".join(sorted({line for line in lines if line.startswith(("model", "vendor_id", "flags", "Features"))}))


def _folder() -> Path | None:
    """Return the folder for object code: the first that can be written."""
    given = os.environ.get("COMMONWEAVE_KERNELS")
    for folder in [Path(given)] if given else [_SOURCE.parent / "__pycache__", Path.home() / ".cache" / "commonweave"]:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


if __name__ == "__main__":
    compile_kernels()
