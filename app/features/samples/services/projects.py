"""Writing the projects in which sample institutions worked together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject
from app.features.samples.world import SampleProject, World


def write_projects(session: Session, world: World, ids: Mapping[str, int], today: date) -> None:
    """Write what the institutions of the world did together, as an import would have; what is there already stays."""
    there = set(session.scalars(select(PartnershipProject.external_id)))
    known = dict(session.execute(select(PartnerOrganisation.external_id, PartnerOrganisation.id)).all())
    projects = [one for one in world.projects if one.name not in there]
    members = sorted({slug for one in projects for slug in one.members} & ids.keys())
    organisations = [
        {"external_id": _name(slug), "institution_id": ids[slug]} for slug in members if _name(slug) not in known
    ]
    if organisations:
        made = session.execute(
            insert(PartnerOrganisation).returning(PartnerOrganisation.external_id, PartnerOrganisation.id),
            organisations,
        )
        known.update(made.all())
    if not projects:
        return
    numbers = session.execute(
        insert(PartnershipProject).returning(PartnershipProject.external_id, PartnershipProject.id),
        [
            {
                "external_id": one.name,
                "started_on": today - timedelta(days=one.days_ago),
                "programmes": one.programme,
            }
            for one in projects
        ],
    )
    places = {one.slug: (one.type_code, one.country) for one in world.institutions}
    rows = list(_participations(projects, dict(numbers.all()), known, places))
    if rows:
        session.execute(insert(PartnershipParticipation), rows)


def _participations(
    projects: list[SampleProject],
    numbers: Mapping[str, int],
    known: Mapping[str, int],
    places: Mapping[str, tuple[str, str]],
) -> Iterator[dict[str, Any]]:
    for one in projects:
        for at, slug in enumerate(one.members):
            if _name(slug) in known and slug in places:
                yield {
                    "project_id": numbers[one.name],
                    "organisation_id": known[_name(slug)],
                    "role": "participant" if at else "coordinator",
                    "organisation_type": places[slug][0],
                    "country": places[slug][1],
                }


def _name(slug: str) -> str:
    return f"sample:{slug}"
