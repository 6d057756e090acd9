"""Writing a batch of participations: what is new, what differs, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.features.profiles.services.partnerships.matching import find_institutions, identity_of
from app.features.profiles.services.partnerships.reading import Identity, Row
from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject

CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a batch rests on: the numbers of its organisations or projects, and which of them have changed."""

    ids: Mapping[str, int]
    changed: frozenset[str]


def write_rows(session: Session, rows: Sequence[Row], table: Mapping[str, Identity]) -> list[str]:
    """Write participations, each pair of project and organisation once; returns for each what became of it."""
    organisations = _write_organisations(session, sorted({row.organisation for row in rows}), table)
    projects = _write_projects(session, {row.project: (row.day, row.programmes) for row in rows})
    known = _known_participations(session, set(projects.ids.values()))
    new, became = [], []
    for row in rows:
        key = projects.ids[row.project], organisations.ids[row.organisation]
        facts = {"role": row.role, "organisation_type": row.organisation_type, "country": row.country}
        there = known.get(key)
        if there is None:
            new.append({"project_id": key[0], "organisation_id": key[1], **facts})
            became.append(CREATED)
        elif there != tuple(facts.values()):
            _update_participation(session, key, facts)
            became.append(UPDATED)
        else:
            rests_on_change = row.organisation in organisations.changed or row.project in projects.changed
            became.append(UPDATED if rests_on_change else UNCHANGED)
    if new:
        session.execute(insert(PartnershipParticipation), new)
    return became


def _write_organisations(session: Session, names: list[str], table: Mapping[str, Identity]) -> _Kept:
    """Have a row for each organisation, matched as far as is known; a match that is there is never taken back."""
    organisation = PartnerOrganisation
    known = {
        name: (number, ror_id, institution_id)
        for number, name, ror_id, institution_id in session.execute(
            select(organisation.id, organisation.external_id, organisation.ror_id, organisation.institution_id).where(
                organisation.external_id.in_(names)
            )
        )
    }
    identities = {name: one for name in names if (one := identity_of(name, table))}
    here = find_institutions(session, identities.values())
    new: list[dict[str, Any]] = []
    changed = set()
    for name in names:
        identity = identities.get(name)
        ror_id = identity.ror_id if identity else None
        institution_id = here.get(identity) if identity else None
        if name not in known:
            new.append({"external_id": name, "ror_id": ror_id, "institution_id": institution_id})
            continue
        number, old_ror, old_institution = known[name]
        values = {"ror_id": ror_id or old_ror, "institution_id": institution_id or old_institution}
        if values != {"ror_id": old_ror, "institution_id": old_institution}:
            session.execute(update(organisation).where(organisation.id == number).values(**values))
            changed.add(name)
    ids = {name: row[0] for name, row in known.items()}
    if new:
        made = session.execute(insert(organisation).returning(organisation.external_id, organisation.id), new)
        ids.update(made.all())
    return _Kept(ids, frozenset(changed))


def _write_projects(session: Session, wanted: Mapping[str, tuple[date, str]]) -> _Kept:
    project = PartnershipProject
    known = {
        name: (number, (started_on, programmes))
        for number, name, started_on, programmes in session.execute(
            select(project.id, project.external_id, project.started_on, project.programmes).where(
                project.external_id.in_(wanted)
            )
        )
    }
    new, changed = [], set()
    for name, (day, programmes) in wanted.items():
        values = {"started_on": day, "programmes": programmes}
        if name not in known:
            new.append({"external_id": name, **values})
        elif known[name][1] != (day, programmes):
            session.execute(update(project).where(project.id == known[name][0]).values(**values))
            changed.add(name)
    ids = {name: row[0] for name, row in known.items()}
    if new:
        made = session.execute(insert(project).returning(project.external_id, project.id), new)
        ids.update(made.all())
    return _Kept(ids, frozenset(changed))


def _known_participations(session: Session, projects: set[int]) -> dict[tuple[int, int], tuple[str, str, str]]:
    one = PartnershipParticipation
    columns = (one.project_id, one.organisation_id, one.role, one.organisation_type, one.country)
    rows = session.execute(select(*columns).where(one.project_id.in_(projects)))
    return {(project, organisation): (role, kind, country) for project, organisation, role, kind, country in rows}


def _update_participation(session: Session, key: tuple[int, int], facts: Mapping[str, str]) -> None:
    one = PartnershipParticipation
    session.execute(update(one).where(one.project_id == key[0], one.organisation_id == key[1]).values(**facts))
