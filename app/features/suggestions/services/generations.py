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


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an index was made from.

    ``identity`` names the content of the database; ``floor`` is the change below which all are in, ``seen`` those above
    it that are in as well (others may have been on their way when it was made).
    """

    identity: str
    floor: int
    seen: frozenset[int]
    at: datetime

    @property
    def newest(self) -> int:
        """The newest change that is in; a database without it is not the one the index was made from."""
        return max(self.seen, default=self.floor)

    def to_note(self) -> str:
        """As text, to be kept in the index."""
        return json.dumps(
            {"identity": self.identity, "floor": self.floor, "seen": _spans(self.seen), "at": self.at.isoformat()}
        )

    @classmethod
    def of_note(cls, note: str) -> Snapshot:
        """From the text in an index; raises ValueError or KeyError on another one."""
        kept = json.loads(note)
        seen = frozenset(number for low, high in kept["seen"] for number in range(low, high + 1))
        return cls(kept["identity"], kept["floor"], seen, datetime.fromisoformat(kept["at"]))


def _spans(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as spans: a world loaded at once is one span and not thousands of numbers."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans


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
