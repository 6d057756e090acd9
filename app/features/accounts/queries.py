"""Reads of accounts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.mail import Mail
from app.core.registries import load_person
from app.features.accounts.models import Account, AccountRole, ApiToken
from app.features.accounts.policies import can_enter

# A number past this is no row's, and no database takes it.
HIGHEST_ID = 2**63 - 1


def find_account(session: Session, key: str) -> Account | None:
    """The account whose folded address is ``key``."""
    return session.scalar(select(Account).where(Account.email_key == key))


def get_account(session: Session, account_id: int | None) -> Account:
    """The account of that number; raises `NotFound`."""
    account = session.get(Account, account_id) if account_id is not None else None
    if account is None:
        raise NotFound
    return account


def session_key(account: Account) -> str:
    """What a browser session keeps: a raised epoch makes it worthless."""
    return f"{account.id}:{account.session_epoch}"


def find_by_session(session: Session, key: str, samples: bool) -> Account | None:
    """The account a browser session stands for; None once it was ended elsewhere or the account suspended."""
    number, _colon, _epoch = key.partition(":")
    account = session.get(Account, int(number)) if number.isascii() and number.isdigit() else None
    if account is None or session_key(account) != key or not can_enter(account) or (account.sample and not samples):
        return None
    return account


def build_actor(session: Session, account: Account) -> Actor:
    """The actor of an account, with the person behind it if there is a profile."""
    person = load_person(session, account.id) or {}
    reads = dict.fromkeys((account.locale, *person.get("languages", ())))
    return Actor(
        account_id=account.id,
        person_id=person.get("person_id"),
        handle=person.get("handle", ""),
        name=person.get("name", ""),
        roles=frozenset(role.role for role in account.roles),
        locale=account.locale,
        languages=tuple(reads),
        verified=account.verified_at is not None,
        timezone=person.get("timezone"),
    )


def list_api_tokens(session: Session, account_id: int) -> list[ApiToken]:
    """The tokens programs act for this account with, newest first."""
    order = (ApiToken.created_at.desc(), ApiToken.id.desc())
    return list(session.scalars(select(ApiToken).where(ApiToken.account_id == account_id).order_by(*order)))


def list_roles(session: Session) -> list[tuple[str, str]]:
    """Every role granted, as (role, address)."""
    rows = select(AccountRole.role, Account.email).join(Account).order_by(AccountRole.role, Account.email_key)
    return [(role, email) for role, email in session.execute(rows)]


def list_samples(session: Session, after: int, limit: int) -> list[Account]:
    """A page of the sample world's accounts, by number."""
    wanted = select(Account).where(Account.sample, Account.id > after, Account.suspended_at.is_(None))
    return list(session.scalars(wanted.order_by(Account.id).limit(limit)))


def list_mails(session: Session, before: int | None, limit: int, to_address: str | None = None) -> list[Mail]:
    """A page of the mails written, newest first."""
    wanted = select(Mail).order_by(Mail.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(Mail.id < before)
    if to_address is not None:
        wanted = wanted.where(Mail.to_address == to_address)
    return list(session.scalars(wanted))


def get_mail(session: Session, mail_id: int) -> Mail:
    """One mail; raises `NotFound`."""
    mail = session.get(Mail, mail_id) if mail_id <= HIGHEST_ID else None
    if mail is None:
        raise NotFound
    return mail
