"""Verifying and claiming institutions by a mail to a domain of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.core.tokens import hash_token, new_token
from app.features.accounts.services.addresses import read_address
from app.features.profiles.models import Delegation, Institution, InstitutionDomain, Verification
from app.features.profiles.policies import (
    OWNER,
    VERIFIED_BY_MAIL,
    VERIFIED_BY_ROR,
    can_claim,
    can_verify,
    is_lapsed,
)
from app.features.profiles.queries.delegates import find_delegation, find_role
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.merging import join_records
from app.features.profiles.services.ror.records import normalise_ror_id
from app.features.profiles.services.website import host_of, is_public, mail_domain

CLAIM, ROR, MAIL = "claim", "ror", "mail"
LINK_LASTS = timedelta(days=3)


class AlreadyClaimed(Conflict):
    """Somebody else was first."""

    message = N_("Somebody acts for this institution already. Ask them to invite you.")


def claim_domains(institution: Institution) -> list[str]:
    """The domains by which a record that nobody acts for can be claimed: those it names, else that of its website."""
    return record_domains(institution) or website_domains(institution)


def record_domains(institution: Institution) -> list[str]:
    """The domains that a ROR record itself names."""
    return [row.domain.lower() for row in institution.domains if not is_public(row.domain)]


def website_domains(institution: Institution) -> list[str]:
    """The domain of the institution's own website."""
    host = host_of(institution.website)
    return [host] if host else []


def _check_address(text: str, domains: Sequence[str]) -> str:
    try:
        address = read_address(text).email
    except Invalid as problem:
        raise Invalid({"address": problem.fields["email"]}) from None
    domain = mail_domain(address)
    if is_public(domain):
        message = N_("Everybody can have an address at %(domain)s. It must be one of the institution itself.")
        raise Invalid({"address": Text(message, {"domain": domain})})
    if domain not in domains:
        message = N_("This address must end in: %(domains)s")
        raise Invalid({"address": Text(message, {"domains": ", ".join(f"@{d}" for d in domains) or "–"})})
    return address


def _send(
    session: Session,
    actor: Actor,
    institution: Institution,
    method: str,
    address: str,
    record: Institution | None = None,
) -> None:
    token = new_token()
    session.add(
        Verification(
            institution_id=institution.id,
            person_id=actor.person_id,
            method=method,
            record_id=record.id if record else None,
            address=address,
            token_hash=hash_token(token),
            expires_at=now() + LINK_LASTS,
        )
    )
    session.flush()
    queue_mail(
        session, address, "profile_verify", actor.locale, institution=institution.name, person=actor.name, token=token
    )


def ask_claim(session: Session, actor: Actor, institution: Institution, address: str) -> None:
    """Send the link by which the actor becomes the owner of a record that nobody acts for."""
    if institution.claimed:
        raise AlreadyClaimed
    if not can_claim(actor, institution):
        raise Forbidden(N_("Make your own profile and confirm your mail address first."))
    _send(session, actor, institution, CLAIM, _check_address(address, claim_domains(institution)))


def _check_may_verify(session: Session, actor: Actor, institution: Institution) -> None:
    if not can_verify(actor, institution, find_role(session, actor, institution.id)):
        raise Forbidden(N_("Only an owner with a confirmed mail address sees to the verification."))


def ask_by_mail(session: Session, actor: Actor, institution: Institution, address: str) -> None:
    """Send the link to an address at the domain of the institution's website."""
    _check_may_verify(session, actor, institution)
    domains = website_domains(institution)
    if not domains:
        message = N_("Enter the institution's own website first; pages on a shared host do not count.")
        raise Invalid({"address": Text(message)})
    _send(session, actor, institution, MAIL, _check_address(address, domains))


def ask_by_ror(session: Session, actor: Actor, institution: Institution, ror_id: str, address: str) -> None:
    """Send the link to an address at a domain of the institution's ROR record, its own or the one named."""
    _check_may_verify(session, actor, institution)
    if institution.ror_id is not None:
        _send(session, actor, institution, ROR, _check_address(address, record_domains(institution)))
        return
    record = _find_record(session, ror_id)
    _send(session, actor, institution, ROR, _check_address(address, claim_domains(record)), record)


def _find_record(session: Session, ror_id: str) -> Institution:
    wanted = normalise_ror_id(ror_id)
    if wanted is None:
        raise Invalid({"ror_id": Text(N_("This is not a ROR id. It looks like https://ror.org/027pr6c67"))})
    record = session.scalar(select(Institution).where(Institution.ror_id == wanted))
    if record is None or record.hidden_at is not None or record.merged_into_id is not None:
        raise Invalid({"ror_id": Text(N_("We do not have this record."))})
    if record.claimed:
        raise Invalid({"ror_id": Text(N_("Somebody acts for this record already."))})
    return record


def get_verification(session: Session, actor: Actor, token: str) -> tuple[Verification, Institution]:
    """The step a mailed link stands for; raises `NotFound` unless it is the actor's own, fresh and not used."""
    row = session.scalar(select(Verification).where(Verification.token_hash == hash_token(token)))
    institution = session.get(Institution, row.institution_id) if row else None
    if row is None or institution is None or row.done_at or is_lapsed(row.expires_at, now()):
        raise NotFound(N_("This link was used already, or is too old. Ask for a new one."))
    if row.person_id != actor.person_id:
        raise NotFound(N_("This link belongs to another person. Sign in as the one who asked for it."))
    return row, institution


def complete_verification(session: Session, actor: Actor, token: str) -> Institution:
    """Take the step a mailed link stands for: what was true when it was asked for must still be."""
    row, institution = get_verification(session, actor, token)
    row.done_at = now()
    session.flush()
    if row.method == CLAIM:
        _complete_claim(session, actor, institution)
    else:
        _check_may_verify(session, actor, institution)
        if row.method == MAIL:
            _complete_mail(session, institution, row.address or "")
        else:
            _complete_ror(session, institution, row)
    note_change(session, institution)
    return institution


def _complete_claim(session: Session, actor: Actor, institution: Institution) -> None:
    if institution.claimed or institution.hidden_at is not None or institution.merged_into_id is not None:
        raise AlreadyClaimed
    institution.claimed = True
    institution.verified_by = VERIFIED_BY_ROR if institution.ror_id else VERIFIED_BY_MAIL
    institution.verified_at = institution.confirmed_at = now()
    assert actor.person_id is not None
    delegation = find_delegation(session, institution.id, actor.person_id)
    if delegation is None:
        delegation = Delegation(institution_id=institution.id, person_id=actor.person_id)
        session.add(delegation)
    delegation.role, delegation.accepted_at = OWNER, now()


def _complete_mail(session: Session, institution: Institution, address: str) -> None:
    domain = mail_domain(address)
    if domain not in website_domains(institution):
        raise Conflict(N_("The website was changed since. Ask for a new link."))
    if institution.verified_by != VERIFIED_BY_ROR:
        institution.verified_by, institution.verified_at = VERIFIED_BY_MAIL, now()
    if session.get(InstitutionDomain, (institution.id, domain)) is None:
        session.add(InstitutionDomain(institution_id=institution.id, domain=domain))


def _complete_ror(session: Session, institution: Institution, row: Verification) -> None:
    if row.record_id is not None:
        record = session.get(Institution, row.record_id)
        if record is None or record.claimed or record.merged_into_id is not None or institution.ror_id is not None:
            raise AlreadyClaimed
        join_records(session, institution, record)
    institution.verified_by, institution.verified_at = VERIFIED_BY_ROR, now()
