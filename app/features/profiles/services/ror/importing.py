"""Taking a ROR dump in.

A second run over the same or a newer dump changes only what differs. What people have written on an institution they
act for is theirs: of a claimed one the dump updates only status and mail domains and adds names that are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.features.profiles.models import (
    INSTITUTION,
    Institution,
    InstitutionDomain,
    InstitutionName,
    Profile,
    ProfileChange,
)
from app.features.profiles.services.handles import latin_handle
from app.features.profiles.services.import_runs import Outcome, Refusals, Source, run_import
from app.features.profiles.services.ror.reading import read_records
from app.features.profiles.services.ror.records import Refused, RorRecord, parse_record
from app.features.profiles.services.search_rows import write_search_rows

COUNTS = ("read", "created", "updated", "unchanged", "withdrawn", "refused")


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    digest: str | None
    claimed: bool
    status: str | None


def import_dump(database: Database, path: Path, tell: Callable[[int], None] = lambda _n: None) -> Outcome:
    """Import the dump at ``path``; ``tell`` hears how many bytes were read. Raises `ImportRefused`."""
    outcome = Outcome(COUNTS)
    run_import(database, Source("ror", (path,), "records", read_records(path, tell), _take_in), outcome)
    return outcome


def _take_in(session: Session, batch: Sequence[Any], first: int, counts: Counter[str], refusals: Refusals) -> None:
    records: dict[str, RorRecord] = {}
    for position, raw in enumerate(batch, start=first):
        try:
            record = parse_record(raw)
            if record.ror_id in records:
                raise Refused("the same identifier stands twice")
            records[record.ror_id] = record
        except Refused as reason:
            counts["refused"] += 1
            identifier = str(raw.get("id"))[:60] if isinstance(raw, dict) else ""
            refusals.append((position, identifier, str(reason)))
    counts.update(_write(session, list(records.values())))


def _write(session: Session, records: list[RorRecord]) -> Counter[str]:
    known = _known(session, [record.ror_id for record in records])
    counts: Counter[str] = Counter()
    new, changed = [], []
    for record in records:
        row = known.get(record.ror_id)
        if row is not None and row.digest == record.digest:
            counts["unchanged"] += 1
        elif row is None:
            new.append(record)
            counts["withdrawn" if record.status == "withdrawn" else "created"] += 1
        else:
            changed.append((row, record))
            leaves = record.status == "withdrawn" and row.status != "withdrawn"
            counts["withdrawn" if leaves else "updated"] += 1
    touched = _create(session, new) + _update(session, changed)
    write_search_rows(session, touched)
    return counts


def _known(session: Session, ror_ids: list[str]) -> dict[str, _Known]:
    rows = session.execute(
        select(
            Institution.ror_id, Institution.id, Institution.ror_digest, Institution.claimed, Institution.ror_status
        ).where(Institution.ror_id.in_(ror_ids))
    )
    return {ror_id: _Known(id_, digest, claimed, status) for ror_id, id_, digest, claimed, status in rows if ror_id}


def _hidden(record: RorRecord) -> Any:
    """A withdrawn record nobody acts for stays known, for its identifier, and out of sight."""
    return now() if record.status == "withdrawn" else None


def _create(session: Session, records: list[RorRecord]) -> list[int]:
    if not records:
        return []
    moment = now()
    profiles = [
        {
            "kind": INSTITUTION,
            "handle": f"{latin_handle(record.main_name)[:60].strip('-') or 'institution'}-{record.ror_id}",
            "country": record.country,
            "city": record.city,
            "suggestible": False,
            "confirmed_at": moment,
            "created_at": moment,
            "updated_at": moment,
            "version": 1,
            "hidden_at": _hidden(record),
            "sample": False,
        }
        for record in records
    ]
    statement = insert(Profile.__table__).returning(Profile.__table__.c.id, Profile.__table__.c.handle)  # type: ignore[arg-type]
    by_handle = {handle: id_ for id_, handle in session.execute(statement, profiles)}
    ids = [by_handle[str(profile["handle"])] for profile in profiles]
    rows = [{**_columns(record), "id": i, "claimed": False} for i, record in zip(ids, records, strict=True)]
    session.execute(insert(Institution.__table__), rows)  # type: ignore[arg-type]
    _add_names(session, [(i, record, frozenset()) for i, record in zip(ids, records, strict=True)])
    _add_domains(session, list(zip(ids, records, strict=True)))
    return ids


def _columns(record: RorRecord) -> dict[str, Any]:
    return {
        "type": record.type,
        "website": record.website,
        "ror_id": record.ror_id,
        "ror_status": record.status,
        "ror_digest": record.digest,
    }


def _add_names(session: Session, wanted: list[tuple[int, RorRecord, frozenset[tuple[str, str | None]]]]) -> None:
    """Add the names of records, except those already there; those of a claimed one don't become its main name."""
    rows = [
        {
            "institution_id": i,
            "name": name.name,
            "lang": name.lang,
            "kind": name.kind if not present or name.kind != "label" else "alias",
            "main": name.main and not present,
        }
        for i, record, present in wanted
        for name in record.names
        if (name.name, name.lang) not in present
    ]
    if rows:
        session.execute(insert(InstitutionName), rows)


def _add_domains(session: Session, wanted: list[tuple[int, RorRecord]]) -> None:
    rows = [{"institution_id": i, "domain": domain} for i, record in wanted for domain in record.domains]
    if rows:
        session.execute(insert(InstitutionDomain), rows)


def _update(session: Session, changed: list[tuple[_Known, RorRecord]]) -> list[int]:
    if not changed:
        return []
    moment = now()
    free = [(row, record) for row, record in changed if not row.claimed]
    claimed = [(row, record) for row, record in changed if row.claimed]
    ids = [row.id for row, _record in changed]
    session.execute(delete(InstitutionDomain).where(InstitutionDomain.institution_id.in_(ids)))
    session.execute(delete(InstitutionName).where(InstitutionName.institution_id.in_([row.id for row, _ in free])))
    present: dict[int, set[tuple[str, str | None]]] = {row.id: set() for row, _record in claimed}
    for i, name, lang in session.execute(
        select(InstitutionName.institution_id, InstitutionName.name, InstitutionName.lang).where(
            InstitutionName.institution_id.in_(present)
        )
    ):
        present[i].add((name, lang))
    for row, record in free:
        place = {"country": record.country, "city": record.city, "hidden_at": _hidden(record), "updated_at": moment}
        session.execute(update(Profile.__table__).where(Profile.__table__.c.id == row.id).values(**place))  # type: ignore[arg-type]
        table = Institution.__table__
        session.execute(update(table).where(table.c.id == row.id).values(**_columns(record)))  # type: ignore[arg-type]
    for row, record in claimed:
        table = Institution.__table__
        mine = {"ror_status": record.status, "ror_digest": record.digest}
        session.execute(update(table).where(table.c.id == row.id).values(**mine))  # type: ignore[arg-type]
        session.add(ProfileChange(profile_id=row.id))
    _add_names(session, [(row.id, record, frozenset(present.get(row.id, ()))) for row, record in changed])
    _add_domains(session, [(row.id, record) for row, record in changed])
    return ids
