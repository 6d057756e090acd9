"""Making institutions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid
from app.core.messages import N_, Text
from app.features.accounts.models import Account
from app.features.profiles.models import INSTITUTION, Delegation, Institution, InstitutionName
from app.features.profiles.policies import OWNER, can_create_institution
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.checking import check_facets
from app.features.profiles.services.facets import KEEP, Facets
from app.features.profiles.services.handles import new_handle
from app.features.profiles.services.locking import lock_profile
from app.features.profiles.services.saving import apply_facets

# The same name by the same person within this time is the same form sent twice.
TWICE = timedelta(minutes=10)


def _just_entered(session: Session, actor: Actor, name: str) -> Institution | None:
    """What the actor has entered under this name a moment ago."""
    assert actor.person_id is not None
    lock_profile(session, actor.person_id)
    return session.scalar(
        select(Institution)
        .join(InstitutionName, InstitutionName.institution_id == Institution.id)
        .join(Delegation, Delegation.institution_id == Institution.id)
        .where(
            InstitutionName.main,
            InstitutionName.name == name,
            Delegation.person_id == actor.person_id,
            Delegation.role == OWNER,
            Delegation.accepted_at.is_not(None),
            Institution.created_at > now() - TWICE,
            Institution.merged_into_id.is_(None),
        )
        .limit(1)
    )


def create_institution(session: Session, actor: Actor, facets: Facets) -> Institution:
    """A new institution, not verified yet, whose owner is the actor; ``facets`` must have a name."""
    if not can_create_institution(actor):
        raise Forbidden(N_("Make your own profile and confirm your mail address first."))
    if facets.names is KEEP:
        raise Invalid({"names": Text(N_("Please write the name."))})
    checked = check_facets(facets)
    name = checked.names[0].name  # type: ignore[index]
    before = _just_entered(session, actor, name)
    if before is not None:
        return before
    account = session.get(Account, actor.account_id)
    institution = Institution(
        handle=new_handle(session, name, INSTITUTION), claimed=True, sample=bool(account and account.sample)
    )
    session.add(institution)
    apply_facets(institution, checked)
    session.flush()
    session.add(Delegation(institution_id=institution.id, person_id=actor.person_id, role=OWNER, accepted_at=now()))
    note_change(session, institution)
    return institution
