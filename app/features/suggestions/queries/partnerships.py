"""Reads of the history of partnerships: its rows as the matching core knows them, and what it is told apart by."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Table, exists, func, select
from sqlalchemy.orm import Session

from app.features.profiles.models import Institution, InstitutionName, Profile
from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject
from app.features.suggestions.models import MatchIdentity

if TYPE_CHECKING:
    from app.matching.partnerships.history import Participation

CHUNK = 5000

_profiles: Table = Profile.__table__  # type: ignore[assignment]
_institutions: Table = Institution.__table__  # type: ignore[assignment]


def name_nodes(session: Session) -> dict[int, str]:
    """What institutions are called in the history: as the source calls them, so that a ranking of the file is the same.

    Several organisations that are one institution here are one there, by the first of their names.
    """
    number, name = PartnerOrganisation.institution_id, PartnerOrganisation.external_id
    found: dict[int, str] = {}
    for institution_id, text in session.execute(select(number, name).where(number.is_not(None))):
        if institution_id is not None:
            # Compared here: databases sort texts each in their own way.
            found[institution_id] = min(text, found.get(institution_id, text))
    return found


def stream_participations(session: Session, until: date, names: Mapping[int, str]) -> Iterator[Participation]:
    """Every participation in a project that started by a day; ``names`` as `name_nodes` gives them."""
    from app.matching.partnerships.history import Participation

    project, organisation, one = PartnershipProject, PartnerOrganisation, PartnershipParticipation
    rows = session.execute(
        select(
            project.external_id,
            project.started_on,
            organisation.external_id,
            organisation.institution_id,
            one.organisation_type,
            one.country,
            project.programmes,
        )
        .join(project, project.id == one.project_id)
        .join(organisation, organisation.id == one.organisation_id)
        .where(project.started_on <= until)
        .order_by(one.project_id, one.organisation_id)
        .execution_options(yield_per=CHUNK)
    )
    for name, day, external_id, institution_id, kind, country, programmes in rows:
        who = names.get(institution_id, external_id) if institution_id else external_id
        codes = tuple(code for code in programmes.split(";") if code)
        yield Participation(name, day, who, kind, country, codes)


def find_last_start(session: Session, until: date) -> date | None:
    """When the last project started that had started by a day; None without any."""
    return session.scalar(select(func.max(PartnershipProject.started_on)).where(PartnershipProject.started_on <= until))


def mark_history(session: Session) -> str:
    """By what a history is known to have changed: its rows, and which institutions they are of."""
    organisation, matched = PartnerOrganisation, PartnerOrganisation.institution_id
    counts = session.execute(
        select(
            select(func.count()).select_from(PartnershipParticipation).scalar_subquery(),
            select(func.coalesce(func.max(PartnershipProject.id), 0)).scalar_subquery(),
            select(func.count(matched)).scalar_subquery(),
            select(func.coalesce(func.sum(matched * (organisation.id % 1009 + 1)), 0)).scalar_subquery(),
        )
    ).one()
    return " ".join(str(int(one)) for one in counts)


def list_asking(session: Session) -> list[int]:
    """The institutions that a history knows and that somebody acts for, in their order."""
    known = exists().where(PartnerOrganisation.institution_id == _institutions.c.id)
    here = _institutions.c.claimed & _institutions.c.merged_into_id.is_(None)
    return list(session.scalars(select(_institutions.c.id).where(known, here).order_by(_institutions.c.id)))


def has_history(session: Session) -> bool:
    """Whether anything is known at all."""
    return bool(session.scalar(select(exists().where(PartnershipParticipation.project_id.is_not(None)))))


def find_identity(session: Session, institution_id: int) -> str | None:
    """The name of this content of the database, for an institution that a history knows; None for any other."""
    known = exists().where(PartnerOrganisation.institution_id == institution_id)
    return session.scalar(select(MatchIdentity.name).where(known))


def name_institutions(session: Session, ids: Collection[int], reading: Sequence[str]) -> dict[int, str]:
    """The names of those institutions that everybody may see: in the first of the languages read, else the main one."""
    if not ids:
        return {}
    name = InstitutionName
    rows = session.execute(
        select(name.institution_id, name.name, name.lang, name.main)
        .join(_profiles, _profiles.c.id == name.institution_id)
        .where(name.institution_id.in_(ids), _profiles.c.hidden_at.is_(None), name.kind == "label")
        .order_by(name.id)
    )
    place = {tag: at for at, tag in enumerate(dict.fromkeys(reading))}
    best: dict[int, tuple[int, str]] = {}
    for number, text, lang, main in rows:
        rank = place.get(lang or "", len(place) + (not main))
        if number not in best or rank < best[number][0]:
            best[number] = rank, text
    return {number: text for number, (_rank, text) in best.items()}


def list_countries(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The countries of profiles that have said one."""
    rows = session.execute(
        select(_profiles.c.id, _profiles.c.country).where(_profiles.c.id.in_(ids), _profiles.c.country.is_not(None))
    )
    return dict(rows.all())
