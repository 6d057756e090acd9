"""Merging two records of the same institution into one."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.signals import announce, institutions_merged
from app.features.profiles.models import (
    Delegation,
    DelegationInvitation,
    Institution,
    InstitutionDomain,
    InstitutionName,
    ProfileText,
    Verification,
    Vouch,
)
from app.features.profiles.policies import (
    DELEGATED_ROLES,
    VERIFIED_BY_MAIL,
    VERIFIED_BY_ROR,
    VERIFIED_BY_VOUCH,
    can_merge,
)
from app.features.profiles.queries.delegates import find_role
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.vouching import recount_vouches
from app.features.profiles.services.website import host_of
from app.features.relations.services import move_connections, move_history


def merge_institutions(session: Session, actor: Actor, keep: Institution, duplicate: Institution) -> None:
    """Put ``duplicate`` into ``keep``: people, names, connections and words of others move, the ROR id is kept, and the
    old address leads to the new one."""
    if not can_merge(actor, find_role(session, actor, keep.id), find_role(session, actor, duplicate.id)):
        raise Forbidden(N_("Only an owner of both, or an operator, merges two institutions."))
    if keep.id == duplicate.id:
        raise Invalid({"duplicate": Text(N_("These are the same record."))})
    if keep.merged_into_id is not None or duplicate.merged_into_id is not None:
        raise Invalid({"duplicate": Text(N_("One of the two was merged already."))})
    if keep.ror_id and duplicate.ror_id and duplicate.ror_status == "active":
        message = N_("ROR lists them as two institutions: %(one)s and %(other)s.")
        raise Invalid({"duplicate": Text(message, {"one": keep.ror_id, "other": duplicate.ror_id})})
    join_records(session, keep, duplicate)


def join_records(session: Session, keep: Institution, duplicate: Institution) -> None:
    """Do the merging, whoever decided on it."""
    _move_people(session, keep, duplicate)
    _move_verification(session, keep, duplicate)
    _move_words(session, keep, duplicate)
    _move_vouches(session, keep, duplicate)
    move_connections(session, duplicate.id, keep.id)
    move_history(session, duplicate.id, keep.id)
    session.execute(delete(DelegationInvitation).where(DelegationInvitation.institution_id == duplicate.id))
    asked = or_(Verification.institution_id == duplicate.id, Verification.record_id == duplicate.id)
    session.execute(delete(Verification).where(asked, Verification.done_at.is_(None)))
    session.execute(
        update(Institution).where(Institution.merged_into_id == duplicate.id).values(merged_into_id=keep.id)
    )
    duplicate.merged_into_id, duplicate.claimed, duplicate.hidden_at = keep.id, False, now()
    note_change(session, duplicate)
    note_change(session, keep)
    recount_vouches(session, keep)
    announce(session, institutions_merged, kept_id=keep.id, merged_id=duplicate.id)


def _move_people(session: Session, keep: Institution, duplicate: Institution) -> None:
    there = {d.person_id: d for d in session.scalars(select(Delegation).where(Delegation.institution_id == keep.id))}
    for moved in session.scalars(select(Delegation).where(Delegation.institution_id == duplicate.id)):
        own = there.get(moved.person_id)
        if own is None:
            moved.institution_id = keep.id
            continue
        if moved.accepted_at and (not own.accepted_at or _rank(moved.role) < _rank(own.role)):
            own.role, own.accepted_at = moved.role, own.accepted_at or moved.accepted_at
        session.delete(moved)
    session.flush()


def _rank(role: str) -> int:
    return DELEGATED_ROLES.index(role)


def _move_verification(session: Session, keep: Institution, duplicate: Institution) -> None:
    ror_id, status, digest = duplicate.ror_id, duplicate.ror_status, duplicate.ror_digest
    moves_ror = keep.ror_id is None and ror_id is not None
    if moves_ror:
        duplicate.ror_id = duplicate.ror_status = duplicate.ror_digest = None
        # The column is unique: the one must be free before the other takes it.
        session.flush()
        keep.ror_id, keep.ror_status, keep.ror_digest = ror_id, status, digest
    same_site = host_of(keep.website or duplicate.website) == host_of(duplicate.website)
    if moves_ror and duplicate.verified_by == VERIFIED_BY_ROR:
        keep.verified_by, keep.verified_at = VERIFIED_BY_ROR, duplicate.verified_at
    elif duplicate.verified_by == VERIFIED_BY_MAIL and same_site and keep.verified_by in (None, VERIFIED_BY_VOUCH):
        keep.verified_by, keep.verified_at = VERIFIED_BY_MAIL, duplicate.verified_at
    duplicate.verified_by = duplicate.verified_at = None
    keep.website = keep.website or duplicate.website
    if moves_ror or same_site:
        known = {row.domain for row in keep.domains}
        for row in duplicate.domains:
            if row.domain not in known:
                session.add(InstitutionDomain(institution_id=keep.id, domain=row.domain))
    session.flush()
    session.expire(keep, ["domains"])


def _move_words(session: Session, keep: Institution, duplicate: Institution) -> None:
    """Names become aliases, texts in languages that were missing are taken over; what ``keep`` says itself stays."""
    known = {(name.name.casefold(), name.lang) for name in keep.names}
    for name in duplicate.names:
        if (name.name.casefold(), name.lang) not in known:
            kind = "acronym" if name.kind == "acronym" else "alias"
            keep.names.append(InstitutionName(name=name.name, lang=name.lang, kind=kind))
    written = {(text.field, text.lang) for text in keep.texts}
    for text in duplicate.texts:
        if (text.field, text.lang) not in written:
            keep.texts.append(ProfileText(field=text.field, lang=text.lang, text=text.text))
    keep.country, keep.city = keep.country or duplicate.country, keep.city or duplicate.city
    session.flush()


def _move_vouches(session: Session, keep: Institution, duplicate: Institution) -> None:
    sides = (Vouch.institution_id, Vouch.by_institution_id)
    for column, other in (sides, sides[::-1]):
        taken = set(session.scalars(select(other).where(column == keep.id))) | {keep.id}
        session.execute(delete(Vouch).where(column == duplicate.id, other.in_(taken)))
        session.execute(update(Vouch).where(column == duplicate.id).values({column: keep.id}))
