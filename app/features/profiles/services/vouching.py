"""Vouching: two verified institutions say that they know a third; and what ends when a verification does."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.profiles.models import Delegation, Institution, InstitutionDomain, Vouch
from app.features.profiles.policies import OWNER, VERIFIED_BY_MAIL, VERIFIED_BY_VOUCH, can_vouch_as, is_verified_itself
from app.features.profiles.queries.delegates import find_delegation, find_role
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.website import host_of

NEEDED = 2
LONGEST_TOLD = 300


def vouch_for(session: Session, actor: Actor, institution: Institution, by: Institution) -> None:
    """Say in the name of ``by`` that ``institution`` is known; the second such word verifies it."""
    if not can_vouch_as(by, find_role(session, actor, by.id)):
        raise Forbidden(
            N_("Only a verified institution vouches for another, and none that was verified by vouching alone.")
        )
    _check_not_own(session, actor, institution, by)
    if session.get(Vouch, (institution.id, by.id)) is None:
        session.add(Vouch(institution_id=institution.id, by_institution_id=by.id, by_person_id=actor.person_id))
        session.flush()
    recount_vouches(session, institution)


def _check_not_own(session: Session, actor: Actor, institution: Institution, by: Institution) -> None:
    own = actor.person_id is not None and find_delegation(session, institution.id, actor.person_id) is not None
    if own or institution.id == by.id or _owners(session, institution.id) & _owners(session, by.id):
        raise Invalid({"by": Text(N_("Nobody vouches for an institution of their own."))})


def _owners(session: Session, institution_id: int) -> set[int]:
    query = select(Delegation.person_id).where(Delegation.institution_id == institution_id, Delegation.role == OWNER)
    return set(session.scalars(query))


def withdraw_vouch(session: Session, actor: Actor, institution: Institution, by: Institution) -> None:
    """Take back what was said in the name of ``by``."""
    if find_role(session, actor, by.id) is None:
        raise Forbidden
    session.execute(delete(Vouch).where(Vouch.institution_id == institution.id, Vouch.by_institution_id == by.id))
    recount_vouches(session, institution)


def list_counting_vouches(session: Session, institution_id: int) -> list[tuple[Vouch, Institution]]:
    """The words given for an institution by those that (still) may vouch."""
    rows = session.execute(
        select(Vouch, Institution)
        .join(Institution, Institution.id == Vouch.by_institution_id)
        .where(Vouch.institution_id == institution_id)
        .order_by(Vouch.created_at, Vouch.by_institution_id)
    )
    return [(vouch, by) for vouch, by in rows if is_verified_itself(by)]


def recount_vouches(session: Session, institution: Institution) -> None:
    """Verify an institution that enough others vouch for, and end that once it is no longer so.

    They count once for each person who spoke: one person who acts for two institutions is one voice.
    """
    counting = list_counting_vouches(session, institution.id)
    voices = {vouch.by_person_id or -by.id for vouch, by in counting}
    enough = len(voices) >= NEEDED
    if enough and institution.verified_by is None:
        institution.verified_by, institution.verified_at = VERIFIED_BY_VOUCH, now()
        note_change(session, institution)
    elif not enough and institution.verified_by == VERIFIED_BY_VOUCH:
        institution.verified_by = institution.verified_at = None
        note_change(session, institution)


def end_verification(session: Session, institution: Institution) -> None:
    """Take a verification away; what was verified by this institution's word is counted again."""
    institution.verified_by = institution.verified_at = None
    note_change(session, institution)
    vouched_for = select(Institution).join(Vouch, Vouch.institution_id == Institution.id)
    for other in session.scalars(vouched_for.where(Vouch.by_institution_id == institution.id)):
        recount_vouches(session, other)
    recount_vouches(session, institution)


def tell_of_names(session: Session, actor: Actor, institution: Institution, before: Collection[str]) -> None:
    """Tell those who vouched for an institution what it calls itself now, besides its names ``before``: they gave
    their word for it under those, and can take it back."""
    new = [row.name for row in institution.names if row.name not in before]
    if not new:
        return
    query = select(Vouch.by_person_id).where(Vouch.institution_id == institution.id, Vouch.by_person_id.is_not(None))
    people = {person_id for person_id in session.scalars(query) if person_id} - {actor.person_id or 0}
    name, known = " · ".join(new)[:LONGEST_TOLD], " · ".join(before)[:LONGEST_TOLD]
    tell(session, people, "vouched_renamed", name=name, before=known, handle=institution.handle)


def lapse_with_website(session: Session, institution: Institution, before: str | None) -> None:
    """End a verification by mail when the website whose domain it stood on is replaced."""
    host = host_of(before)
    if institution.verified_by != VERIFIED_BY_MAIL or host == host_of(institution.website):
        return
    if institution.ror_id is None:
        here = InstitutionDomain.institution_id == institution.id
        session.execute(delete(InstitutionDomain).where(here, InstitutionDomain.domain == host))
        session.expire(institution, ["domains"])
    end_verification(session, institution)
