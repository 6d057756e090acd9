"""What a person prefers about the pages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.features.accounts.queries import get_account


def choose_language(session: Session, actor: Actor, code: str) -> None:
    """Keep the language of pages and mails with the account; a guest has none to keep it with."""
    if actor.signed_in:
        get_account(session, actor.account_id).locale = code
        session.flush()
