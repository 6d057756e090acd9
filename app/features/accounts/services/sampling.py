"""Signing in as a person of the sample world."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.accounts.models import Account
from app.features.accounts.services.entering import admit

LONGEST = 100


def handle_of(account: Account) -> str:
    """The handle of a sample account: what stands before the sign in its address."""
    return account.email_key.partition("@")[0]


def enter_sample(session: Session, handle: str) -> Account:
    """The sample account of that handle; never an account of the real world."""
    start = handle.strip().lower() + "@"
    match = select(Account).where(Account.sample, Account.email_key.startswith(start, autoescape=True))
    account = session.scalars(match.order_by(Account.id).limit(1)).first() if len(start) <= LONGEST else None
    if account is None:
        raise Invalid({"handle": Text(N_("There is no sample person with this handle."))})
    return admit(session, account)
