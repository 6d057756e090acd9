"""Reads that only the API needs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Forbidden, NotFound
from app.core.messages import N_
from app.features.communities.policies import Standing, can_read
from app.features.communities.queries import get_standing
from app.features.profiles.models import Institution, Person, Profile
from app.features.profiles.queries.delegates import list_delegations, list_delegations_of
from app.features.profiles.queries.profiles import find_own_person, find_person, find_profile, get_institution
from app.features.profiles.queries.visible import ProfileView, present, present_many
from app.features.threads.queries import list_institution_ids


class NoProfile(NotFound):
    """The account has no profile yet."""

    message = N_("Please make your profile first, on the page for it.")


def get_own_person(session: Session, actor: Actor) -> Person:
    """The actor's own profile; raises `NoProfile`."""
    person = find_own_person(session, actor)
    if person is None:
        raise NoProfile
    return person


def get_speaker(session: Session, actor: Actor, handle: str | None) -> Profile:
    """The profile the actor speaks for: their own, or the institution named; `NotFound` where that is not theirs."""
    own = get_own_person(session, actor)
    if not handle or handle == own.handle:
        return own
    profile = find_profile(session, handle)
    if profile is None or profile.id not in list_institution_ids(session, actor):
        raise NotFound
    return profile


def get_person_view(session: Session, actor: Actor, handle: str, reading: Sequence[str]) -> tuple[Person, ProfileView]:
    """A person and what the actor may see of them; raises `NotFound`."""
    person = find_person(session, handle)
    view = present(session, actor, person, reading) if person is not None else None
    if person is None or view is None:
        raise NotFound
    return person, view


def get_open_institution(session: Session, handle: str) -> Institution:
    """The institution of that handle; one that was merged into another leads to that one."""
    institution = get_institution(session, handle)
    if institution.merged_into_id is not None:
        return session.get(Institution, institution.merged_into_id) or institution
    return institution


def list_institutions_of(
    session: Session, actor: Actor, person: Person, reading: Sequence[str]
) -> list[tuple[ProfileView, str]]:
    """The institutions a person acts for, with the role."""
    roles = {i.id: d.role for d, i in list_delegations_of(session, person.id) if d.accepted_at}
    return [(view, roles[view.id]) for view in present_many(session, actor, list(roles), reading)]


def list_people_of(
    session: Session, actor: Actor, institution: Institution, reading: Sequence[str]
) -> list[tuple[ProfileView, str]]:
    """Those who act for an institution and let this reader know, with the role."""
    roles = {person.id: d.role for d, person in list_delegations(session, institution.id) if d.accepted_at}
    views = present_many(session, actor, list(roles), reading)
    return [(view, roles[view.id]) for view in views if "institutions" in view.open_parts and view.name]


def get_readable(session: Session, actor: Actor, slug: str) -> Standing:
    """Where the actor stands in a community whose inside they may read; raises `NotFound` or `Forbidden`."""
    standing = get_standing(session, actor, slug)
    if not can_read(standing):
        raise Forbidden(N_("Only members read what is written here."))
    return standing
