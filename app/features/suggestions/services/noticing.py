"""Noticing what changes who may be suggested, besides what the profiles feature notes itself.

An account that is confirmed or suspended, a profile that goes: each writes a change row in the same flush, so that no
process is told too late and nothing is lost with one.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, event, insert, inspect, literal, select
from sqlalchemy.orm import Session, UOWTransaction

from app.core.clock import now
from app.core.database import UtcDateTime
from app.features.accounts.models import Account
from app.features.profiles.models import Person, Profile, ProfileChange

_DECIDING = ("verified_at", "suspended_at")


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _context: UOWTransaction) -> None:
    profiles = {one.id for one in session.deleted if isinstance(one, Profile)}
    accounts = {one.id for one in session.dirty if isinstance(one, Account) and _decides(one)}
    if profiles:
        _note(session.connection(), profiles)
    if accounts:
        _note_persons(session.connection(), accounts)


def _decides(account: Account) -> bool:
    state = inspect(account)
    return any(state.attrs[name].history.has_changes() for name in _DECIDING)


def _note(connection: Connection, profiles: Iterable[int]) -> None:
    moment = now()
    connection.execute(insert(ProfileChange), [{"profile_id": one, "at": moment} for one in sorted(profiles)])


def _note_persons(connection: Connection, accounts: Iterable[int]) -> None:
    moment = literal(now(), UtcDateTime())
    persons = select(Person.__table__.c.id, moment).where(Person.__table__.c.account_id.in_(sorted(accounts)))
    connection.execute(insert(ProfileChange).from_select(["profile_id", "at"], persons))
