"""Reads about the verification of institutions."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.profiles.models import Institution, Vouch
from app.features.profiles.policies import OWNER, REPRESENTATIVE, is_verified_itself
from app.features.profiles.queries.delegates import find_delegation, list_institution_ids


def list_vouchers(session: Session, actor: Actor, institution: Institution) -> list[Institution]:
    """The institutions in whose name the actor could vouch for this one; none for an institution of their own."""
    if actor.person_id is None or find_delegation(session, institution.id, actor.person_id) is not None:
        return []
    ids = list_institution_ids(session, actor.person_id, (OWNER, REPRESENTATIVE))
    found = session.scalars(select(Institution).where(Institution.id.in_(ids)).order_by(Institution.id))
    return [one for one in found if is_verified_itself(one) and one.id != institution.id]


def list_vouched_by(session: Session, institution_id: int, by_ids: list[int]) -> set[int]:
    """Which of ``by_ids`` vouch for an institution already."""
    query = select(Vouch.by_institution_id).where(
        Vouch.institution_id == institution_id, Vouch.by_institution_id.in_(by_ids)
    )
    return set(session.scalars(query))
