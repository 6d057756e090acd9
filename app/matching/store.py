"""The index file: a short header in JSON with its checksum, then arrays one behind the other, to be memory-mapped.

One file, so that a rebuild is swapped in by a single rename; whoever has the old one open keeps it until it is closed.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

FORMAT = b"commonweave-match-5\n"
_ALIGN = 64
_BEFORE_HEADER = len(FORMAT) + 8 + 4  # its length, its checksum


class UnreadableIndex(ValueError):
    """The file is no index, is damaged, or was built with other weights: build it again."""


def write(path: Path, arrays: Mapping[str, NDArray[np.generic]], meta: Mapping[str, Any]) -> None:
    """Write arrays and what belongs to them to `path`: to a file beside it first, then swapped in by rename."""
    described: dict[str, list[Any]] = {}
    offset = 0
    for name, array in arrays.items():
        offset = _aligned(offset)
        described[name] = [array.dtype.str, list(array.shape), offset]
        offset += array.nbytes
    header = json.dumps({"arrays": described, "bytes": offset, "meta": meta}, ensure_ascii=False).encode()
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with beside.open("wb") as file:
            file.write(FORMAT + len(header).to_bytes(8, "little") + crc32(header).to_bytes(4, "little") + header)
            begin = _aligned(file.tell())
            for name, array in arrays.items():
                file.write(bytes(begin + described[name][2] - file.tell()))
                file.write(np.ascontiguousarray(array).data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
    """Map the arrays of `path` into memory, read only, and return them with what belongs to them.

    Raises
    ------
    UnreadableIndex
        If the file isn't one, its header is damaged, or it was cut short.
    """
    there = path.stat().st_size
    with path.open("rb") as file:
        if file.read(len(FORMAT)) != FORMAT:
            raise UnreadableIndex(f"{path.name} is not a match index of this format")
        size, checksum = (int.from_bytes(file.read(number), "little") for number in (8, 4))
        said = file.read(min(size, there))
    if len(said) != size or crc32(said) != checksum:
        raise UnreadableIndex(f"{path.name} is damaged")
    header, begin = json.loads(said), _aligned(_BEFORE_HEADER + size)
    if there < begin + header["bytes"]:
        raise UnreadableIndex(f"{path.name} was cut short")
    whole = np.memmap(path, np.uint8, mode="r") if header["bytes"] else np.zeros(begin, np.uint8)
    arrays = {}
    for name, (kind, shape, offset) in header["arrays"].items():
        dtype = np.dtype(kind)
        size = int(np.prod(shape)) * dtype.itemsize
        part = np.asarray(whole)[begin + offset : begin + offset + size]
        arrays[name] = part.view(dtype).reshape(shape)
    return arrays, header["meta"]


def _aligned(offset: int) -> int:
    return (offset + _ALIGN - 1) // _ALIGN * _ALIGN
