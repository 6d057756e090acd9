"""Reads of who acts for which institution."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.profiles.models import Delegation, Institution, Person
from app.features.profiles.policies import OWNER


def find_delegation(session: Session, institution_id: int, person_id: int) -> Delegation | None:
    """A person's delegation for an institution, accepted or not."""
    return session.scalar(
        select(Delegation).where(Delegation.institution_id == institution_id, Delegation.person_id == person_id)
    )


def find_role(session: Session, actor: Actor, institution_id: int) -> str | None:
    """The role in which the actor acts for an institution; None if in none, or if they have not accepted yet."""
    if actor.person_id is None:
        return None
    delegation = find_delegation(session, institution_id, actor.person_id)
    return delegation.role if delegation and delegation.accepted_at else None


def list_delegations(session: Session, institution_id: int) -> list[tuple[Delegation, Person]]:
    """Everybody who acts for an institution or is asked to, owners first."""
    rows = session.execute(
        select(Delegation, Person)
        .join(Person, Person.id == Delegation.person_id)
        .where(Delegation.institution_id == institution_id)
        .order_by(Delegation.role != OWNER, Delegation.id)
    )
    return [(delegation, person) for delegation, person in rows]


def list_delegations_of(session: Session, person_id: int) -> list[tuple[Delegation, Institution]]:
    """The institutions a person acts for or is asked to act for."""
    rows = session.execute(
        select(Delegation, Institution)
        .join(Institution, Institution.id == Delegation.institution_id)
        .where(Delegation.person_id == person_id)
        .order_by(Delegation.accepted_at.is_(None), Delegation.id)
    )
    return [(delegation, institution) for delegation, institution in rows]


def list_institution_ids(session: Session, person_id: int, roles: Sequence[str] | None = None) -> list[int]:
    """The institutions a person acts for, in one of ``roles`` if given."""
    query = select(Delegation.institution_id).where(
        Delegation.person_id == person_id, Delegation.accepted_at.is_not(None)
    )
    if roles is not None:
        query = query.where(Delegation.role.in_(roles))
    return list(session.scalars(query.order_by(Delegation.institution_id)))


def count_owners(session: Session, institution_id: int) -> int:
    """How many owners have accepted."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Delegation)
            .where(
                Delegation.institution_id == institution_id,
                Delegation.role == OWNER,
                Delegation.accepted_at.is_not(None),
            )
        )
        or 0
    )
