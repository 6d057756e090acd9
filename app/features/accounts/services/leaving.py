"""Leaving: taking one's data along, and closing the account."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.mail import queue_mail
from app.core.registries import erasers, exporters
from app.core.signals import account_closed, announce
from app.features.accounts.queries import get_account


def gather_download(session: Session, actor: Actor) -> dict[str, Any]:
    """Everything every feature holds of this person, as plain data, by name."""
    account = get_account(session, actor.account_id)
    return {name: export(session, account.id) for name, export in exporters()}


def close_account(session: Session, actor: Actor) -> None:
    """Erase what every feature holds of this person, then the account itself."""
    account = get_account(session, actor.account_id)
    account_id, email, locale = account.id, account.email, account.locale
    for _name, erase in erasers():
        erase(session, account_id)
    session.flush()
    session.expire_all()
    session.delete(get_account(session, account_id))
    session.flush()
    queue_mail(session, email, "account_closed", locale)
    announce(session, account_closed, account_id=account_id)
