"""Who acts for an institution: inviting, accepting, changing the role, leaving."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.core.tokens import hash_token, new_token
from app.features.accounts.models import Account
from app.features.accounts.services.addresses import read_address
from app.features.profiles.models import Delegation, DelegationInvitation, Institution, Person
from app.features.profiles.policies import DELEGATED_ROLES, OWNER, can_delegate, can_see_at_all, is_lapsed
from app.features.profiles.queries.delegates import count_owners, find_delegation, find_role
from app.features.profiles.queries.profiles import find_person
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.locking import lock_profile
from app.features.relations.queries import list_blocked_ids

INVITATION_LASTS = timedelta(days=14)


class LastOwner(Conflict):
    """An institution always has an owner."""

    message = N_("You are its only owner. Make somebody else an owner first.")


def _check_may_delegate(session: Session, actor: Actor, institution: Institution) -> None:
    if not can_delegate(actor, institution, find_role(session, actor, institution.id)):
        raise Forbidden(N_("Only an owner decides who acts for this institution."))


def _check_role(role: str) -> None:
    if role not in DELEGATED_ROLES:
        raise Invalid({"role": Text(N_("Please choose one from the list."))})


def invite(session: Session, actor: Actor, institution: Institution, who: str, role: str) -> None:
    """Ask somebody to act for an institution: ``who`` is a handle, or a mail address that gets a link.

    For an address the answer is the same whether or not somebody has an account with it.
    """
    _check_may_delegate(session, actor, institution)
    _check_role(role)
    lock_profile(session, institution.id)
    if "@" in who.strip().removeprefix("@"):
        _invite_address(session, actor, institution, who, role)
    else:
        _invite_person(session, actor, institution, who.strip().removeprefix("@"), role)


def _invite_person(session: Session, actor: Actor, institution: Institution, handle: str, role: str) -> None:
    person = find_person(session, handle)
    blocked = list_blocked_ids(session, actor.person_id) if actor.person_id else set()
    if person is None or not can_see_at_all(actor, person, person.id in blocked):
        raise Invalid({"who": Text(N_("There is nobody with this handle."))})
    if find_delegation(session, institution.id, person.id) is not None:
        raise Invalid({"who": Text(N_("This person acts for it already, or is asked to."))})
    delegation = Delegation(
        institution_id=institution.id, person_id=person.id, role=role, invited_by_id=actor.person_id
    )
    session.add(delegation)
    session.flush()
    account = session.get_one(Account, person.account_id)
    queue_mail(
        session, account.email, "profile_invited", account.locale,
        institution=institution.name, handle=institution.handle, inviter=actor.name, role=role,
    )  # fmt: skip


def _invite_address(session: Session, actor: Actor, institution: Institution, who: str, role: str) -> None:
    try:
        address = read_address(who)
    except Invalid as problem:
        raise Invalid({"who": problem.fields["email"]}) from None
    token = new_token()
    session.add(
        DelegationInvitation(
            institution_id=institution.id,
            address=address.email,
            role=role,
            token_hash=hash_token(token),
            invited_by_id=actor.person_id,
            expires_at=now() + INVITATION_LASTS,
        )
    )
    session.flush()
    queue_mail(
        session, address.email, "profile_invitation", actor.locale,
        institution=institution.name, token=token, inviter=actor.name, role=role,
    )  # fmt: skip


def get_invitation(session: Session, token: str) -> tuple[DelegationInvitation, Institution]:
    """The invitation a mailed link stands for; raises `NotFound` for one that is unknown, used, lapsed or no longer
    backed by an owner."""
    row = session.scalar(select(DelegationInvitation).where(DelegationInvitation.token_hash == hash_token(token)))
    institution = session.get(Institution, row.institution_id) if row else None
    if row is None or institution is None or row.used_at or is_lapsed(row.expires_at, now()):
        raise NotFound(N_("This invitation was used already, or is too old. Ask for a new one."))
    inviter = find_delegation(session, institution.id, row.invited_by_id) if row.invited_by_id else None
    if inviter is None or inviter.role != OWNER or institution.merged_into_id is not None:
        raise NotFound(N_("This invitation no longer holds. Ask for a new one."))
    return row, institution


def take_invitation(session: Session, actor: Actor, token: str) -> Institution:
    """Accept an invitation that came by mail."""
    row, institution = get_invitation(session, token)
    if actor.person_id is None:
        raise Forbidden(N_("Make your own profile first, then open the link again."))
    delegation = find_delegation(session, institution.id, actor.person_id)
    if delegation is None:
        delegation = Delegation(
            institution_id=institution.id, person_id=actor.person_id, role=row.role, invited_by_id=row.invited_by_id
        )
        session.add(delegation)
    delegation.accepted_at = delegation.accepted_at or now()
    row.used_at = now()
    note_change(session, institution)
    return institution


def _own(session: Session, actor: Actor, institution: Institution) -> Delegation:
    delegation = find_delegation(session, institution.id, actor.person_id) if actor.person_id else None
    if delegation is None:
        raise NotFound
    return delegation


def accept_delegation(session: Session, actor: Actor, institution: Institution) -> None:
    """Say yes to acting for an institution."""
    delegation = _own(session, actor, institution)
    delegation.accepted_at = delegation.accepted_at or now()
    note_change(session, institution)


def leave_institution(session: Session, actor: Actor, institution: Institution) -> None:
    """Say no, or stop acting for an institution; its last owner cannot."""
    _remove(session, institution, _own(session, actor, institution))


def remove_delegate(session: Session, actor: Actor, institution: Institution, person: Person) -> None:
    """Take somebody's role away, or an invitation back."""
    _check_may_delegate(session, actor, institution)
    delegation = find_delegation(session, institution.id, person.id)
    if delegation is None:
        raise NotFound
    _remove(session, institution, delegation)


def _remove(session: Session, institution: Institution, delegation: Delegation) -> None:
    _check_owner_left(session, institution, delegation)
    session.delete(delegation)
    _end_invitations(session, institution, delegation.person_id)
    note_change(session, institution)


def _end_invitations(session: Session, institution: Institution, person_id: int) -> None:
    """Whom a former owner asked, and who has not answered yet, is not asked any more; as with links sent by mail."""
    asked = (Delegation.institution_id == institution.id, Delegation.invited_by_id == person_id)
    session.execute(delete(Delegation).where(*asked, Delegation.accepted_at.is_(None)))


def _check_owner_left(session: Session, institution: Institution, delegation: Delegation) -> None:
    if delegation.role == OWNER and delegation.accepted_at and count_owners(session, institution.id) == 1:
        raise LastOwner


def change_role(session: Session, actor: Actor, institution: Institution, person: Person, role: str) -> None:
    """Give somebody another role."""
    _check_may_delegate(session, actor, institution)
    _check_role(role)
    delegation = find_delegation(session, institution.id, person.id)
    if delegation is None:
        raise NotFound
    if role != OWNER:
        _check_owner_left(session, institution, delegation)
        _end_invitations(session, institution, person.id)
    delegation.role = role
    note_change(session, institution)
