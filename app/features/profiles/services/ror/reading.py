"""Streaming the records of a ROR dump, from the plain file or from inside the published archive."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from app.features.profiles.services.import_runs import Unreadable

CHUNK = 1 << 20


class _Counted:
    """A stream that tells how much of it was read."""

    def __init__(self, stream: IO[bytes], tell: Callable[[int], None]) -> None:
        self.stream, self.tell = stream, tell

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size)
        self.tell(len(data))
        return data


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    if not zipfile.is_zipfile(path):
        if path.suffix.lower() == ".zip":
            raise Unreadable("the archive is damaged or cut off")
        with path.open("rb") as file:
            yield file, path.stat().st_size
        return
    with zipfile.ZipFile(path) as archive:
        # The published archive has the dump as JSON, some releases also as CSV and in the older schema.
        members = [m for m in archive.infolist() if m.filename.lower().endswith(".json")]
        wanted = [m for m in members if "schema_v1" not in m.filename] or members
        if not wanted:
            raise Unreadable("the archive holds no .json file")
        with archive.open(wanted[-1]) as stream:
            yield stream, wanted[-1].file_size


def size_of(path: Path) -> int:
    """How many bytes of JSON there are, for the progress bar; raises `Unreadable`."""
    with _opened(path) as (_stream, size):
        return size


def read_records(path: Path, tell: Callable[[int], None] = lambda _n: None) -> Iterator[Any]:
    """Yield each record of the dump without holding more than one; raises `Unreadable` where the file ends early."""
    import ijson

    count = 0
    try:
        with _opened(path) as (stream, _size):
            for record in ijson.items(_Counted(stream, tell), "item", use_float=True, buf_size=CHUNK):
                count += 1
                yield record
    except (ijson.JSONError, UnicodeDecodeError) as error:
        if not count:
            raise Unreadable("it holds no list of ROR records (schema v2)") from None
        if "EOF" in str(error):
            raise Unreadable(f"the file ends in the middle, after {count} records") from None
        raise Unreadable(f"what follows the first {count} records is not JSON") from None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Unreadable(f"the archive is damaged after {count} records") from None
    if not count:
        raise Unreadable("it holds no list of ROR records (schema v2)")
