"""Taking a long file in: batch by batch, each with its position in the same commit.

A run that was killed goes on after its last batch. What a file holds and how it is written is the importer's affair.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.features.profiles.models import ImportRun

BATCH = 500
SPARE_BYTES = 8 << 20
# So many refusals are kept with a run; whoever wants to read more imports a smaller file.
MOST_REFUSALS = 5000

Refusals = list[tuple[int, str, str]]
Item = TypeVar("Item")


class ImportRefused(Exception):
    """The import stopped; what was taken in before stays, and the message says how to go on."""


class Unreadable(Exception):
    """A file is not what it should be, or not all of it is there; the text says what is wrong."""


@dataclass
class Outcome:
    """What an import did: the counts named in ``names``, and each refusal with its position and reason."""

    names: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)
    refusals: Refusals = field(default_factory=list)
    resumed_at: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts, all of them, in their fixed order."""
        return {name: self.counts[name] for name in self.names}


@dataclass(frozen=True, slots=True)
class Source(Generic[Item]):
    """What is taken in.

    ``kind`` and ``files`` are by what a run is known again; ``what`` the items are called in messages. ``items`` may
    raise `Unreadable` where the file breaks off. ``write`` takes a batch, the position of its first item, and the
    counts and refusals to add to; all it writes is in one transaction.
    """

    kind: str
    files: tuple[Path, ...]
    what: str
    items: Iterator[Item]
    write: Callable[[Session, Sequence[Item], int, Counter[str], Refusals], None]


def run_import(database: Database, source: Source[Item], outcome: Outcome) -> None:
    """Take ``source`` in from where an earlier run stopped, and say in ``outcome`` what was done.

    Raises `ImportRefused`.
    """
    try:
        run_id, position, counts, refusals = _begin_run(database, source.kind, _file_digest(source.files))
    except OSError as error:
        raise ImportRefused(f"the file cannot be read: {error.strerror}") from None
    outcome.counts, outcome.refusals, outcome.resumed_at = Counter(counts), refusals, position
    trouble: str | None = None
    try:
        for batch, last in _batches(source.items, position):
            _take_in(database, source, run_id, batch, last, outcome)
    except Unreadable as error:
        trouble = str(error)
    except IntegrityError:
        trouble = "another import is running"
    except (OperationalError, OSError) as error:
        trouble = f"the database refused to take more ({str(getattr(error, 'orig', error)).splitlines()[0]})"
    if trouble:
        read, kept = outcome.counts["read"], "Nothing was taken in"
        if read:
            kept = f"{read} {source.what} are taken in and stay; run it again to go on from there"
        raise ImportRefused(f"{source.files[0].name}: {trouble}. {kept}")
    _finish_run(database, run_id)


def _batches(items: Iterator[Item], skip: int) -> Iterator[tuple[list[Item], int]]:
    """Items after the first ``skip`` in lists of `BATCH`, each with the position after it.

    Where the file breaks off, what came before is still handed out before the error goes on.
    """
    waiting: list[Item] = []
    position = 0
    try:
        for item in items:
            position += 1
            if position > skip:
                waiting.append(item)
            if len(waiting) == BATCH:
                yield waiting, position
                waiting = []
    except Unreadable:
        if waiting:
            yield waiting, position
        raise
    if waiting:
        yield waiting, position


def _take_in(
    database: Database, source: Source[Item], run_id: int, batch: Sequence[Item], last: int, outcome: Outcome
) -> None:
    """One batch, its counts and its position, in one transaction."""
    counts, refusals = Counter(outcome.counts), list(outcome.refusals)
    _check_room(database)
    with database.transaction() as session:
        counts["read"] += len(batch)
        source.write(session, batch, last - len(batch) + 1, counts, refusals)
        _save_position(session, run_id, last, counts, refusals)
    outcome.counts, outcome.refusals = counts, refusals


def _file_digest(paths: Sequence[Path]) -> str:
    """By which a run that was interrupted knows its files again."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _begin_run(database: Database, kind: str, digest: str) -> tuple[int, int, dict[str, int], Refusals]:
    """The unfinished run over the same file, else a new one: its number, position, counts and refusals."""
    with database.transaction() as session:
        run = session.scalar(
            select(ImportRun)
            .where(ImportRun.kind == kind, ImportRun.file_digest == digest, ImportRun.finished_at.is_(None))
            .order_by(ImportRun.id.desc())
            .limit(1)
        )
        if run is None:
            run = ImportRun(kind=kind, file_digest=digest, counts={"refusals": []})
            session.add(run)
            session.flush()
        counts: dict[str, Any] = dict(run.counts)
        refusals = [(int(p), str(i), str(reason)) for p, i, reason in counts.pop("refusals", [])]
        return run.id, run.position, counts, refusals


def _save_position(session: Session, run_id: int, position: int, counts: Counter[str], refusals: Refusals) -> None:
    """Note in the transaction of a batch that everything up to ``position`` is in."""
    kept: Mapping[str, Any] = {**counts, "refusals": refusals[:MOST_REFUSALS]}
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(position=position, counts=kept))


def _finish_run(database: Database, run_id: int) -> None:
    """Note that a file is in whole: the next run over it begins at its first record."""
    with database.transaction() as session:
        session.execute(update(ImportRun).where(ImportRun.id == run_id).values(finished_at=now()))


def _check_room(database: Database) -> None:
    """Raise `OSError` while there is still room to end in good order."""
    if database.is_sqlite and database.url.database:
        free = shutil.disk_usage(Path(database.url.database).parent).free
        if free < SPARE_BYTES:
            raise OSError(28, "the disk is full")
