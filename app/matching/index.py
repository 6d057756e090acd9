"""The match index: built from a snapshot of profiles, memory-mapped by the workers, changed by an overlay."""

from collections.abc import Iterable
from pathlib import Path

from app.matching.facets import Profile
from app.matching.query import Answer, Query


class Index:
    """Answers who suits whom, exactly and with reasons."""

    note: str = ""

    @classmethod
    def build(cls, profiles: Iterable[Profile], path: Path, note: str = "") -> "Index":
        """Write a new index file, swap it in by rename, and open it; `note` is the caller's mark of the snapshot."""
        raise NotImplementedError

    @classmethod
    def open(cls, path: Path) -> "Index":
        """Map an index file into memory, read only."""
        raise NotImplementedError

    def apply(self, changed: Iterable[Profile], removed: Iterable[int] = ()) -> None:
        """Take in changes since the build; the next answer knows them."""
        raise NotImplementedError

    def count(self, query: Query) -> int:
        """Return how many candidates pass the hard filters and are relevant."""
        raise NotImplementedError

    def suggest(self, query: Query) -> Answer:
        """Return the best candidates with reasons and gaps."""
        raise NotImplementedError
