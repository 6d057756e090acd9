"""Secrets that go out by mail: issued, looked at, used once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Problem
from app.core.messages import N_
from app.core.tokens import hash_token, new_token
from app.features.accounts.models import Account, AccountToken

VERIFY, CHANGE, RESET = "verify", "change", "reset"
LASTS = {VERIFY: timedelta(days=3), CHANGE: timedelta(days=1), RESET: timedelta(hours=1)}


class LinkOver(Problem):
    """The link was used before, is too old, or never was one."""

    status = 410
    message = N_("This link is no longer valid.")


def issue_token(session: Session, account: Account, purpose: str, **values: Any) -> str:
    """A new secret for ``purpose``; only its hash is kept."""
    token = new_token()
    session.add(
        AccountToken(
            account_id=account.id,
            purpose=purpose,
            token_hash=hash_token(token),
            values=values,
            expires_at=now() + LASTS[purpose],
        )
    )
    session.flush()
    return token


def find_token(session: Session, token: str, *purposes: str) -> AccountToken:
    """The row of a secret that can still be used; raises `LinkOver`."""
    row = session.scalar(
        select(AccountToken).where(
            AccountToken.token_hash == hash_token(token),
            AccountToken.purpose.in_(purposes),
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now(),
        )
    )
    if row is None:
        raise LinkOver
    return row


def use_token(session: Session, row: AccountToken) -> None:
    """Use a secret up; of two that come at once the second gets `LinkOver`."""
    used = session.execute(
        update(AccountToken)
        .where(AccountToken.id == row.id, AccountToken.used_at.is_(None))
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", used).rowcount != 1:
        raise LinkOver


def void_tokens(session: Session, account: Account, *purposes: str) -> None:
    """Make every secret of these purposes that is still out worthless."""
    session.execute(
        update(AccountToken)
        .where(
            AccountToken.account_id == account.id, AccountToken.purpose.in_(purposes), AccountToken.used_at.is_(None)
        )
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )


def purge_tokens(session: Session) -> None:
    """Delete what expired more than a week ago."""
    session.execute(delete(AccountToken).where(AccountToken.expires_at < now() - timedelta(days=7)))
