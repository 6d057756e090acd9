"""Taking a history of partnerships in.

A second run over the same or a newer file changes only what differs. Participations that a newer file no longer has
stay: a history only grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from app.core.database import Database
from app.features.profiles.services.import_runs import (
    BATCH,
    ImportRefused,
    Outcome,
    Refusals,
    Source,
    Unreadable,
    run_import,
)
from app.features.profiles.services.partnerships.matching import count_unmatched, find_institutions
from app.features.profiles.services.partnerships.reading import (
    Identity,
    Line,
    Row,
    read_identities,
    read_lines,
)
from app.features.profiles.services.partnerships.writing import UNCHANGED, write_rows

COUNTS = ("read", "created", "updated", "unchanged", "unmatched", "refused")


@dataclass
class HistoryOutcome(Outcome):
    """What an import of a history did.

    Of the participations ``read`` each was created, updated, unchanged or refused. ``unmatched`` are the organisations
    of the file that are no institution here. ``of_table`` are the refusals of the table of ids.
    """

    names: tuple[str, ...] = COUNTS
    of_table: Refusals = field(default_factory=list)


Judged = tuple[Line, str | None]


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
) -> HistoryOutcome:
    """Import the history at ``path``; ``ids`` is a table that says which organisation is which institution.

    ``tell`` hears how many bytes of the file were read. Raises `ImportRefused`.
    """
    table, of_table = _identities(database, ids)
    outcome, said = HistoryOutcome(of_table=of_table), _Said()
    files = (path, ids) if ids else (path,)
    source = Source("partnerships", files, "participations", _judged(read_lines(path, tell), said), _taking_in(table))
    run_import(database, source, outcome)
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


def _judged(lines: Iterator[Line], said: _Said) -> Iterator[Judged]:
    """Each line, and beside it what `_Said` makes of it."""
    for line in lines:
        yield line, said.check(line.said) if line.said else line.refused


def _taking_in(
    table: Mapping[str, Identity],
) -> Callable[[Session, Sequence[Judged], int, Counter[str], Refusals], None]:
    def write(session: Session, batch: Sequence[Judged], _first: int, counts: Counter[str], refusals: Refusals) -> None:
        for line, verdict in batch:
            if verdict:
                counts["refused"] += 1
                refusals.append((line.number, line.said.organisation[:60] if line.said else "", verdict))
            elif verdict == "":
                counts[UNCHANGED] += 1
        counts.update(
            write_rows(session, [line.said for line, verdict in batch if line.said and verdict is None], table)
        )

    return write
