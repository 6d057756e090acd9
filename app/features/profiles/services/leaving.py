"""What happens to profiles when an account is closed, and what a person may take along."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.profiles.models import Delegation, Institution, Person, Verification, Vouch
from app.features.profiles.policies import EDITOR, OWNER
from app.features.profiles.queries.delegates import count_owners, list_delegations_of
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.facets import facets_of
from app.features.profiles.services.vouching import end_verification


def leave_orphan(session: Session, institution: Institution) -> None:
    """See to an institution whose last owner went.

    The editor who has been there longest becomes its owner. Without an editor, a record of ROR is again one that nobody
    acts for; any other institution is hidden until an operator hands it on, because nobody answers for it any more.
    """
    editor = session.scalar(
        select(Delegation)
        .where(
            Delegation.institution_id == institution.id,
            Delegation.role == EDITOR,
            Delegation.accepted_at.is_not(None),
        )
        .order_by(Delegation.accepted_at, Delegation.id)
        .limit(1)
    )
    if editor is not None:
        editor.role = OWNER
    else:
        session.execute(delete(Delegation).where(Delegation.institution_id == institution.id))
        session.execute(delete(Vouch).where(Vouch.institution_id == institution.id))
        institution.claimed = False
        end_verification(session, institution)
        if institution.ror_id is None:
            institution.hidden_at = now()
    note_change(session, institution)


def erase_person(session: Session, account_id: int) -> None:
    """Remove the person behind a closed account, with everything that hangs on the profile."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return
    institutions = [i for d, i in list_delegations_of(session, person.id) if d.accepted_at and d.role == OWNER]
    session.execute(delete(Delegation).where(Delegation.person_id == person.id))
    session.execute(delete(Verification).where(Verification.person_id == person.id))
    for institution in institutions:
        if count_owners(session, institution.id) == 0:
            leave_orphan(session, institution)
    note_change(session, person)
    session.delete(person)
    session.flush()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def export_person(session: Session, account_id: int) -> Any:
    """Everything a person entered of themselves, and the institutions they act for, as plain data."""
    person: Person | None = find_person_of_account(session, account_id)
    if person is None:
        return None
    facets = {name: value for name, value in asdict(facets_of(person)).items() if not hasattr(value, "name")}
    moments = {name: _plain(getattr(person, name)) for name in ("created_at", "updated_at", "confirmed_at")}
    delegations = [
        {
            "institution": institution.handle,
            "name": institution.name,
            "role": delegation.role,
            "accepted_at": _plain(delegation.accepted_at),
        }
        for delegation, institution in list_delegations_of(session, person.id)
    ]
    return {"handle": person.handle, **facets, **moments, "delegations": delegations}
