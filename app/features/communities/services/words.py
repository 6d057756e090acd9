"""How people are named to others, and the mails that go to them about a community."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.mail import queue_mail
from app.features.accounts.models import Account
from app.features.communities.models import Community
from app.features.profiles.models import Person


def name_for_members(session: Session, person_id: int | None) -> str:
    """A person's name where it is open to everyone signed in, else the name in their address."""
    person = session.get(Person, person_id) if person_id is not None else None
    if person is None:
        return "–"
    return person.name if person.audiences.get("name", "members") in ("everyone", "members") else f"@{person.handle}"


def find_account_of(session: Session, person_id: int) -> Account | None:
    """The account behind a person, if mails may go to it."""
    row = select(Account).join(Person, Person.account_id == Account.id)
    return session.scalar(row.where(Person.id == person_id, Account.suspended_at.is_(None)))


def mail_about_request(session: Session, community: Community, person_id: int, template: str, **values: Any) -> None:
    """Tell somebody by mail what became of their asking to join."""
    account = find_account_of(session, person_id)
    if account is not None:
        queue_mail(
            session, account.email, template, account.locale,
            community=community.name, slug=community.slug, **values,
        )  # fmt: skip
