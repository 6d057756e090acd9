"""Coming in and going out: signing in, by password or by token, and ending every session."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid
from app.core.messages import N_
from app.core.tokens import hash_token
from app.features.accounts.models import Account, ApiToken
from app.features.accounts.policies import can_enter
from app.features.accounts.queries import build_actor, find_account, get_account
from app.features.accounts.services.addresses import fold_address
from app.features.accounts.services.passwords import Passwords

SEEN_EVERY = timedelta(hours=1)


class Suspended(Forbidden):
    """The account is suspended; ``reason`` is in the words of who did it."""

    message = N_("This account is suspended.")

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__()


def sign_in(session: Session, passwords: Passwords, email: str, password: str, samples: bool = True) -> Account:
    """The account with this address and password; ``samples`` lets the accounts of the sample world in too.

    Raises `Invalid` without saying which of the two was wrong, and `Suspended` only once both were right.
    """
    account = find_account(session, fold_address(email))
    if account is not None and account.sample and not samples:
        account = None
    right = passwords.verify(account.password_hash if account else None, password)
    if account is None or not right:
        raise Invalid(message=N_("The address or the password is not right. Please try again."))
    if passwords.is_outdated(account.password_hash):
        account.password_hash = passwords.hash(password)
    return admit(session, account)


def admit(session: Session, account: Account) -> Account:
    """Note that someone came in; raises `Suspended`."""
    if not can_enter(account):
        raise Suspended(account.suspended_reason or "")
    account.last_seen_at = now()
    session.flush()
    return account


def sign_out_everywhere(session: Session, actor: Actor) -> Account:
    """End every session of the account, this one too."""
    account = get_account(session, actor.account_id)
    account.session_epoch += 1
    session.flush()
    return account


def authenticate_token(session: Session, token: str, samples: bool = True) -> Actor | None:
    """The actor a program's token stands for; None if the token is unknown or its account suspended.

    ``samples`` lets the accounts of the sample world in too.
    """
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)))
    account = session.get(Account, row.account_id) if row else None
    if account is None or not can_enter(account) or (account.sample and not samples):
        return None
    return build_actor(session, account)


def note_token_use(session: Session, token: str) -> None:
    """Note when a token was last used; for after the response, and not more often than once an hour."""
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(token)))
    if row is not None and (row.last_used_at is None or row.last_used_at < now() - SEEN_EVERY):
        row.last_used_at = now()


def note_seen(session: Session, account_id: int) -> None:
    """Note that the person was here; for after the response."""
    account = session.get(Account, account_id)
    if account is not None and is_seen_long_ago(account):
        account.last_seen_at = now()


def is_seen_long_ago(account: Account) -> bool:
    """Whether the last visit noted is old enough to note another."""
    return account.last_seen_at is None or account.last_seen_at < now() - SEEN_EVERY
