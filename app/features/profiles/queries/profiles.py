"""Finding profiles."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import NotFound
from app.features.profiles.models import Institution, Person, Profile

LONGEST_HANDLE = 80


def find_profile(session: Session, handle: str) -> Profile | None:
    """The profile of that handle, hidden or not."""
    # PostgreSQL cannot even be asked for a text with a NUL in it.
    if len(handle) > LONGEST_HANDLE or "\0" in handle:
        return None
    return session.scalar(select(Profile).where(Profile.handle == handle))


def find_person(session: Session, handle: str) -> Person | None:
    """The person of that handle, hidden or not."""
    profile = find_profile(session, handle)
    return profile if isinstance(profile, Person) else None


def find_institution(session: Session, handle: str) -> Institution | None:
    """The institution of that handle, hidden or not."""
    profile = find_profile(session, handle)
    return profile if isinstance(profile, Institution) else None


def get_institution(session: Session, handle: str) -> Institution:
    """The institution of that handle; raises `NotFound`."""
    institution = find_institution(session, handle)
    if institution is None:
        raise NotFound
    return institution


def get_profile(session: Session, handle: str) -> Profile:
    """The profile of that handle; raises `NotFound`."""
    profile = find_profile(session, handle)
    if profile is None:
        raise NotFound
    return profile


def find_own_person(session: Session, actor: Actor) -> Person | None:
    """The actor's own profile."""
    return session.get(Person, actor.person_id) if actor.person_id is not None else None


def find_person_of_account(session: Session, account_id: int) -> Person | None:
    """The profile behind an account."""
    return session.scalar(select(Person).where(Person.account_id == account_id))
