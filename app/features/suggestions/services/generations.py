"""The index on disk: one folder a generation, a pointer to the one in use, and what a generation knows of itself."""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

FILE = "match.index"
POINTER = "current"
# Another process may have read the pointer just before it was turned, and open the old file a moment later.
GRACE = timedelta(hours=1)
# So many numbers on their way at once are watched; a sequence that jumps leaves more behind, and none of them comes.
MOST_GAPS = 5000


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an index was made from.

    ``identity`` names the content of the database. All changes up to ``newest`` are in but for ``gaps``: numbers that
    were not there, because they were never used or because their transaction was still on its way.
    """

    identity: str
    newest: int
    gaps: tuple[int, ...]
    at: datetime

    def to_note(self) -> str:
        """As text, to be kept in the index."""
        kept = {"identity": self.identity, "newest": self.newest, "gaps": self.gaps, "at": self.at.isoformat()}
        return json.dumps(kept)

    @classmethod
    def of_note(cls, note: str) -> Snapshot:
        """From the text in an index; raises ValueError or KeyError on another one."""
        kept = json.loads(note)
        return cls(kept["identity"], kept["newest"], tuple(kept["gaps"]), datetime.fromisoformat(kept["at"]))


def gaps_between(low: int, high: int, there: Iterable[int]) -> list[int]:
    """The numbers between two, exclusive, that are not ``there``; of very many the highest.

    >>> gaps_between(3, 8, [4, 6, 8])
    [5, 7]
    """
    known = set(there)
    return [number for number in range(max(low + 1, high - MOST_GAPS), high) if number not in known]


class Generations:
    """The folder of an instance's index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def current(self) -> str | None:
        """The generation in use; None if there is none yet."""
        try:
            return (self.folder / POINTER).read_text(encoding="ascii").strip() or None
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def file_of(self, generation: str) -> Path:
        """The index file of a generation."""
        return self.folder / generation / FILE

    def new(self, moment: datetime) -> str:
        """The name of a new generation; its folder is made."""
        name = f"{moment:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        (self.folder / name).mkdir(parents=True)
        return name

    def use(self, generation: str) -> None:
        """Turn the pointer to a generation, by rename."""
        beside = self.folder / f".{POINTER}.{secrets.token_hex(4)}"
        beside.write_text(generation, encoding="ascii")
        beside.replace(self.folder / POINTER)

    def drop(self, generation: str) -> None:
        """Take a generation away; who has it open keeps it until they let go."""
        shutil.rmtree(self.folder / generation, ignore_errors=True)

    def drop_old(self, moment: datetime) -> None:
        """Take away every generation but the one in use that is older than the grace."""
        kept = self.current()
        for path in self.folder.iterdir():
            if path.is_dir() and path.name != kept and path.stat().st_mtime < (moment - GRACE).timestamp():
                self.drop(path.name)

    @contextmanager
    def building(self) -> Iterator[None]:
        """Hold the right to build, over all processes of this instance; waits until it is free."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
