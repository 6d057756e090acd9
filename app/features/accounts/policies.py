"""Who may do what with accounts."""

from __future__ import annotations

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.features.accounts.models import Account

# Raised with each change of the privacy notice; kept with each acceptance.
PRIVACY_VERSION = "2026-11-22"
MOST_TOKENS = 20


def can_enter(account: Account) -> bool:
    """Whether the account may sign in at all."""
    return account.suspended_at is None


def can_suspend(actor: Actor, account: Account) -> bool:
    """Whether ``actor`` may suspend the account or lift it: never one's own, and moderators not an operator's."""
    if actor.account_id == account.id:
        return False
    if actor.is_operator:
        return True
    return MODERATOR in actor.roles and OPERATOR not in {role.role for role in account.roles}
