"""Taking a history of partnerships in: batch by batch, each with its position in the same commit.

A run that is killed goes on after its last batch; a second run over the same or a newer file changes only what
differs. Participations that a newer file no longer has stay: a history only grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy.exc import IntegrityError, OperationalError

from app.core.database import Database
from app.features.profiles.services.import_runs import (
    ImportRefused,
    Refusals,
    begin_run,
    check_room,
    file_digest,
    finish_run,
    save_position,
)
from app.features.profiles.services.partnerships.matching import count_unmatched, find_institutions
from app.features.profiles.services.partnerships.reading import (
    Identity,
    Line,
    Row,
    Unreadable,
    read_identities,
    read_lines,
)
from app.features.profiles.services.partnerships.writing import UNCHANGED, write_rows

BATCH = 500
KIND = "partnerships"
COUNTS = ("read", "created", "updated", "unchanged", "unmatched", "refused")


@dataclass
class Outcome:
    """What an import did.

    Of the participations ``read`` each was created, updated, unchanged or refused. ``unmatched`` are the organisations
    of the file that are no institution here. ``refusals`` are of the file and, before them, of the table of ids.
    """

    counts: Counter[str] = field(default_factory=Counter)
    refusals: Refusals = field(default_factory=list)
    resumed_at: int = 0
    of_table: Refusals = field(default_factory=list)

    def as_dict(self) -> dict[str, int]:
        """The counts, all of them, in their fixed order."""
        return {name: self.counts[name] for name in COUNTS}


class _Said:
    """What the file has said so far, by which a line that contradicts an earlier one is known."""

    def __init__(self) -> None:
        self.organisations: set[str] = set()
        self._projects: dict[str, tuple[date, str]] = {}
        self._pairs: dict[int, int] = {}

    def check(self, row: Row) -> str | None:
        """Why a row is refused; the empty text for one that stood there already, None for a new one."""
        project = row.day, row.programmes
        if self._projects.setdefault(row.project, project) != project:
            return f"further up, the project {row.project} has another start date or other programmes"
        pair, facts = hash((row.project, row.organisation)), hash(row)
        if pair in self._pairs:
            same = self._pairs[pair] == facts
            return "" if same else "further up, the same participation has another role, type or country"
        self._pairs[pair] = facts
        self.organisations.add(row.organisation)
        return None


def import_history(
    database: Database, path: Path, ids: Path | None = None, tell: Callable[[int], None] = lambda _n: None
) -> Outcome:
    """Import the history at ``path``; ``ids`` is a table that says which organisation is which institution.

    ``tell`` hears how many bytes of the file were read. Raises `ImportRefused`.
    """
    table, of_table = _identities(database, ids)
    try:
        digest = file_digest(path, *([ids] if ids else []))
        run_id, position, counts, refusals = begin_run(database, KIND, digest)
    except OSError as error:
        raise ImportRefused(f"the file cannot be read: {error.strerror}") from None
    outcome, said = Outcome(Counter(counts), refusals, position, of_table), _Said()
    trouble: str | None = None
    try:
        for batch, last in _batches(read_lines(path, tell), position, said):
            _take_in(database, run_id, batch, last, outcome, table)
    except Unreadable as error:
        trouble = str(error)
    except IntegrityError:
        trouble = "another import is running"
    except (OperationalError, OSError) as error:
        trouble = f"the database refused to take more ({str(getattr(error, 'orig', error)).splitlines()[0]})"
    if trouble:
        kept = outcome.counts["read"]
        raise ImportRefused(
            f"{path.name}: {trouble}. {kept} participations are taken in and stay; run it again to go on from there"
        )
    finish_run(database, run_id)
    with database.reading() as session:
        outcome.counts["unmatched"] = count_unmatched(session, said.organisations)
    return outcome


def _identities(database: Database, ids: Path | None) -> tuple[dict[str, Identity], Refusals]:
    """The table of ids, and what of it is refused: what cannot be read, and handles that nobody has here."""
    if ids is None:
        return {}, []
    try:
        table, refusals = read_identities(ids)
    except (Unreadable, OSError) as error:
        raise ImportRefused(f"{ids.name}: {error}. Nothing was taken in") from None
    by_handle = [(name, one) for name, one in table.items() if one.handle]
    with database.reading() as session:
        for start in range(0, len(by_handle), BATCH):
            chunk = by_handle[start : start + BATCH]
            here = find_institutions(session, [one for _name, one in chunk])
            missing = [(name, one) for name, one in chunk if one not in here]
            refusals += [(one.number, name, f"there is no institution {one.handle}") for name, one in missing]
    return table, sorted(refusals)


def _batches(lines: Iterator[Line], skip: int, said: _Said) -> Iterator[tuple[list[tuple[Line, str | None]], int]]:
    """Lines after the first ``skip`` in lists of `BATCH`, each with the position after it.

    Beside each line stands what `_Said` makes of it. Where the file breaks off, what came before is still handed out
    before the error goes on.
    """
    waiting: list[tuple[Line, str | None]] = []
    position = 0
    try:
        for line in lines:
            position += 1
            verdict = said.check(line.said) if line.said else line.refused
            if position > skip:
                waiting.append((line, verdict))
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
    database: Database,
    run_id: int,
    batch: Sequence[tuple[Line, str | None]],
    last: int,
    outcome: Outcome,
    table: Mapping[str, Identity],
) -> None:
    """One batch, its counts and its position, in one transaction."""
    counts, refusals = Counter(outcome.counts), list(outcome.refusals)
    check_room(database)
    rows = [line.said for line, verdict in batch if line.said and verdict is None]
    counts["read"] += len(batch)
    for line, verdict in batch:
        if verdict:
            counts["refused"] += 1
            refusals.append((line.number, line.said.organisation[:60] if line.said else "", verdict))
        elif verdict == "":
            counts[UNCHANGED] += 1
    with database.transaction() as session:
        counts.update(write_rows(session, rows, table))
        save_position(session, run_id, last, counts, refusals)
    outcome.counts, outcome.refusals = counts, refusals
