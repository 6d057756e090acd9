"""What accounts contribute to the registries: their part of the download, and of the erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.mail import Mail
from app.core.registries import add_eraser, add_exporter
from app.features.accounts.models import AccountToken
from app.features.accounts.queries import get_account, list_api_tokens


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def export_account(session: Session, account_id: int) -> dict[str, Any]:
    """The account's row in plain words; secrets are no data of the person and stay out."""
    account = get_account(session, account_id)
    links = select(AccountToken).where(AccountToken.account_id == account_id).order_by(AccountToken.id)
    mails = select(Mail).where(Mail.to_address == account.email).order_by(Mail.id)
    return {
        "email": account.email,
        "language": account.locale,
        "roles": sorted(role.role for role in account.roles),
        "created_at": _moment(account.created_at),
        "verified_at": _moment(account.verified_at),
        "last_seen_at": _moment(account.last_seen_at),
        "adult_confirmed_at": _moment(account.adult_confirmed_at),
        "privacy_accepted_at": _moment(account.privacy_accepted_at),
        "privacy_version": account.privacy_version,
        "suspended_at": _moment(account.suspended_at),
        "suspended_reason": account.suspended_reason,
        "api_tokens": [
            {"name": t.name, "created_at": _moment(t.created_at), "last_used_at": _moment(t.last_used_at)}
            for t in list_api_tokens(session, account_id)
        ],
        "links_sent": [
            {"purpose": t.purpose, "created_at": _moment(t.created_at), "used_at": _moment(t.used_at)}
            for t in session.scalars(links)
        ],
        "mails": [
            {"kind": m.template, "written_at": _moment(m.created_at), "sent_at": _moment(m.sent_at)}
            for m in session.scalars(mails)
        ],
    }


def erase_mails(session: Session, account_id: int) -> None:
    """Forget the mails written to the person's address; one not yet sent is not sent any more."""
    session.execute(delete(Mail).where(Mail.to_address == get_account(session, account_id).email))


add_exporter("account", export_account)
add_eraser("accounts", erase_mails)
