"""Runs of an import: how far a file has come, so that a run that was killed goes on where it was."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.features.profiles.models import ImportRun

SPARE_BYTES = 8 << 20
# So many refusals are kept with a run; whoever wants to read more imports a smaller file.
MOST_REFUSALS = 5000

Refusals = list[tuple[int, str, str]]


class ImportRefused(Exception):
    """The import stopped; what was taken in before stays, and the message says how to go on."""


def file_digest(*paths: Path) -> str:
    """By which a run that was interrupted knows its files again."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def begin_run(database: Database, kind: str, digest: str) -> tuple[int, int, dict[str, int], Refusals]:
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


def save_position(session: Session, run_id: int, position: int, counts: Counter[str], refusals: Refusals) -> None:
    """Note in the transaction of a batch that everything up to ``position`` is in."""
    kept: Mapping[str, Any] = {**counts, "refusals": refusals[:MOST_REFUSALS]}
    session.execute(update(ImportRun).where(ImportRun.id == run_id).values(position=position, counts=kept))


def finish_run(database: Database, run_id: int) -> None:
    """Note that a file is in whole: the next run over it begins at its first record."""
    with database.transaction() as session:
        session.execute(update(ImportRun).where(ImportRun.id == run_id).values(finished_at=now()))


def check_room(database: Database) -> None:
    """Raise `OSError` while there is still room to end in good order."""
    if database.is_sqlite and database.url.database:
        free = shutil.disk_usage(Path(database.url.database).parent).free
        if free < SPARE_BYTES:
            raise OSError(28, "the disk is full")
