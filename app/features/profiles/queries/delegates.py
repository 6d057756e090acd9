"""Reads of who acts for which institution."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
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


def list_one_hand_ids(session: Session, profile_id: int) -> set[int]:
    """The profiles that the same people answer for: of a person the institutions they act for; of an institution
    those who act for it and what else they act for."""
    accepted = Delegation.accepted_at.is_not(None)
    mine = or_(Delegation.person_id == profile_id, Delegation.institution_id == profile_id)
    people = select(Delegation.person_id).where(accepted, mine)
    query = select(Delegation.institution_id, Delegation.person_id).where(accepted, Delegation.person_id.in_(people))
    return {one for pair in session.execute(query) for one in pair} - {profile_id}


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
