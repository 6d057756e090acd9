"""Standing on the platform: roles, suspension."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden, Invalid
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.features.accounts.models import Account, AccountRole
from app.features.accounts.policies import can_suspend


def grant_role(session: Session, account: Account, role: str) -> bool:
    """Give a role; says whether it is new."""
    if any(held.role == role for held in account.roles):
        return False
    account.roles.append(AccountRole(role=role))
    session.flush()
    return True


def revoke_role(session: Session, account: Account, role: str) -> bool:
    """Take a role; says whether it was held."""
    held = [row for row in account.roles if row.role == role]
    for row in held:
        account.roles.remove(row)
    session.flush()
    return bool(held)


def suspend(session: Session, actor: Actor, account: Account, reason: str) -> None:
    """Keep someone out, with a reason they are told; every session and every token stops at once."""
    if not can_suspend(actor, account):
        raise Forbidden
    reason = reason.strip()
    if not reason:
        raise Invalid({"reason": Text(N_("Please say why; the person will read it."))})
    account.suspended_at, account.suspended_reason = now(), reason
    account.session_epoch += 1
    session.flush()
    queue_mail(session, account.email, "account_suspended", account.locale, reason=reason)


def lift_suspension(session: Session, actor: Actor, account: Account) -> None:
    """Let someone in again; nothing happens if they were."""
    if not can_suspend(actor, account):
        raise Forbidden
    if account.suspended_at is None:
        return
    account.suspended_at = account.suspended_reason = None
    session.flush()
    queue_mail(session, account.email, "account_lifted", account.locale)
