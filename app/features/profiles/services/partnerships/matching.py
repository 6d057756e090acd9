"""Which organisation of a history is which institution here.

An organisation that is none yet keeps its external id, and the ROR id if one is known: nothing of its history is lost,
and once its institution is here, or a table names it, the two are matched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Table, func, select, update
from sqlalchemy.orm import Session

from app.features.profiles.models import Institution, Profile
from app.features.profiles.services.partnerships.reading import Identity
from app.features.profiles.services.ror.records import normalise_ror_id
from app.features.relations.models import PartnerOrganisation

AT_ONCE = 500

_profiles: Table = Profile.__table__  # type: ignore[assignment]
_institutions: Table = Institution.__table__  # type: ignore[assignment]


def identity_of(organisation: str, table: Mapping[str, Identity]) -> Identity | None:
    """Which institution an organisation is said to be: by the table, else by an id that is a ROR id itself.

    Nine digits alone are no ROR id: other registers number their organisations so, too.
    """
    if organisation in table:
        return table[organisation]
    told_apart = "ror.org/" in organisation.lower() or not organisation.isdigit()
    ror_id = normalise_ror_id(organisation) if told_apart else None
    return Identity(0, ror_id) if ror_id else None


def find_institutions(session: Session, identities: Iterable[Identity]) -> dict[Identity, int]:
    """The institutions of those identities that are here; of a merged one the record that it is part of."""
    asked = list(identities)
    by_ror = _numbers(session, _institutions.c.ror_id, {one.ror_id for one in asked if one.ror_id})
    by_handle = _numbers(session, _profiles.c.handle, {one.handle for one in asked if one.handle})
    found = {one: by_handle.get(one.handle or "") or by_ror.get(one.ror_id or "") for one in asked}
    return {one: number for one, number in found.items() if number}


def _numbers(session: Session, column: Column[Any], values: set[str]) -> dict[str, int]:
    if not values:
        return {}
    number = func.coalesce(_institutions.c.merged_into_id, _institutions.c.id)
    both = _institutions.join(_profiles, _profiles.c.id == _institutions.c.id)
    return dict(session.execute(select(column, number).select_from(both).where(column.in_(values))).all())


def match_known(session: Session) -> int:
    """Match the organisations whose ROR record has come since they were imported; returns how many."""
    organisation, done = PartnerOrganisation, 0
    waiting = session.execute(
        select(organisation.id, func.coalesce(_institutions.c.merged_into_id, _institutions.c.id))
        .join(_institutions, _institutions.c.ror_id == organisation.ror_id)
        .where(organisation.institution_id.is_(None))
    ).all()
    for number, institution_id in waiting:
        session.execute(update(organisation).where(organisation.id == number).values(institution_id=institution_id))
        done += 1
    return done


def count_unmatched(session: Session, organisations: Iterable[str]) -> int:
    """How many of these external ids no institution here stands for."""
    wanted, found = sorted(organisations), 0
    for start in range(0, len(wanted), AT_ONCE):
        query = select(func.count()).select_from(PartnerOrganisation)
        chunk = PartnerOrganisation.external_id.in_(wanted[start : start + AT_ONCE])
        found += session.scalar(query.where(chunk, PartnerOrganisation.institution_id.is_(None))) or 0
    return found
