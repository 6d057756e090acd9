"""Making institutions."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid
from app.core.messages import N_, Text
from app.features.accounts.models import Account
from app.features.profiles.models import INSTITUTION, Delegation, Institution
from app.features.profiles.policies import OWNER, can_create_institution
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.checking import check_facets
from app.features.profiles.services.facets import KEEP, Facets
from app.features.profiles.services.handles import new_handle
from app.features.profiles.services.saving import apply_facets


def create_institution(session: Session, actor: Actor, facets: Facets) -> Institution:
    """A new institution, not verified yet, whose owner is the actor; ``facets`` must have a name."""
    if not can_create_institution(actor):
        raise Forbidden(N_("Make your own profile and confirm your mail address first."))
    if facets.names is KEEP:
        raise Invalid({"names": Text(N_("Please write the name."))})
    checked = check_facets(facets)
    name = checked.names[0].name  # type: ignore[index]
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
