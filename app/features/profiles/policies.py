"""Who may see and do what with a profile. Facts come loaded; nothing here asks the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.core.actor import Actor
from app.features.profiles.models import AUDIENCES, PARTS, Institution, Person, Profile

OWNER, EDITOR, REPRESENTATIVE = "owner", "editor", "representative"
DELEGATED_ROLES = (OWNER, EDITOR, REPRESENTATIVE)
VERIFIED_BY_ROR, VERIFIED_BY_MAIL, VERIFIED_BY_VOUCH = "ror", "mail", "vouch"
ALL_PARTS = frozenset(PARTS)


def is_member(actor: Actor) -> bool:
    """Whether the audience "members" takes this actor in: signed in with an address that was verified."""
    return actor.signed_in and actor.verified


def audience_of(actor: Actor, connected: bool) -> frozenset[str]:
    """The audiences of somebody else's profile to which the actor belongs."""
    if actor.is_operator:
        return frozenset(AUDIENCES) - {"me"}
    audiences = {"everyone"}
    if is_member(actor):
        audiences.add("members")
        if connected:
            audiences.add("connections")
    return frozenset(audiences)


def parts_open(audiences: Mapping[str, str], to: frozenset[str]) -> frozenset[str]:
    """The parts of a person's profile that one of the audiences ``to`` may see; a part not said follows its default."""
    return frozenset(part for part, default in PARTS.items() if audiences.get(part, default) in to)


def can_see_at_all(actor: Actor, profile: Profile | Row[Any], blocked: bool = False) -> bool:
    """Whether there is such a profile for this actor: not hidden (but for oneself and operators), no block between."""
    if profile.id == actor.person_id or actor.is_operator:
        return True
    return profile.hidden_at is None and not blocked


def can_edit_person(actor: Actor, person: Person) -> bool:
    """A person's profile is changed by that person alone."""
    return actor.person_id is not None and actor.person_id == person.id


def can_create_institution(actor: Actor) -> bool:
    """Whoever has a profile and a verified address may enter an institution."""
    return actor.person_id is not None and actor.verified


def can_edit(actor: Actor, institution: Institution, role: str | None) -> bool:
    """Owners and editors change what is said of an institution."""
    return role in (OWNER, EDITOR) and institution.merged_into_id is None


def can_delegate(actor: Actor, institution: Institution, role: str | None) -> bool:
    """Owners decide who acts for an institution."""
    return role == OWNER and institution.merged_into_id is None


def can_verify(actor: Actor, institution: Institution, role: str | None) -> bool:
    """Owners see to the verification, and only with a verified address of their own."""
    return role == OWNER and actor.verified and institution.merged_into_id is None


def can_claim(actor: Actor, institution: Institution) -> bool:
    """Whoever has a profile and a verified address may ask to act for an institution that nobody acts for."""
    return can_create_institution(actor) and not institution.claimed and institution.merged_into_id is None


def is_verified_itself(institution: Institution) -> bool:
    """Whether an institution's word counts for others: it was not verified by the word of others alone."""
    return (
        institution.verified_by in (VERIFIED_BY_ROR, VERIFIED_BY_MAIL)
        and institution.hidden_at is None
        and institution.merged_into_id is None
    )


def can_vouch_as(institution: Institution, role: str | None) -> bool:
    """Owners and representatives vouch for others in the name of an institution whose word counts."""
    return role in (OWNER, REPRESENTATIVE) and is_verified_itself(institution)


def can_merge(actor: Actor, keep_role: str | None, duplicate_role: str | None) -> bool:
    """An operator, or an owner of both, merges two records of the same institution."""
    return actor.is_operator or (keep_role == OWNER and duplicate_role == OWNER)


def is_lapsed(expires_at: datetime, moment: datetime) -> bool:
    """Whether an invitation or a mailed link is too old to be used."""
    return expires_at <= moment
