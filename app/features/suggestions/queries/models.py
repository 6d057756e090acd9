"""Which weights are in use, and what was learnt so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.accounts.models import Account
from app.features.profiles.models import Person
from app.features.suggestions.models import MatchChoice, MatchChoiceLog, MatchModel
from app.matching.model import HAND_SET, Model, Worth
from app.matching.query import KINDS

LEARNT_KINDS: tuple[str, ...] = KINDS
"""Kinds whose weights are learnt: all, each where enough came of its lists."""


def find_model(session: Session) -> Model:
    """The weights in use for every kind; each question reads them, so a change holds at once in every process."""
    rows = session.execute(
        select(MatchChoice.kind, MatchModel.id, MatchModel.weights).join(
            MatchModel, MatchModel.id == MatchChoice.model_id
        )
    ).all()
    if not rows:
        return HAND_SET
    name = ",".join(f"{kind}:{number}" for kind, number, _weights in sorted((row.kind, row.id, 0) for row in rows))
    return replace(HAND_SET, name=name, **{row.kind: Worth(**row.weights) for row in rows})


def load_choices(session: Session) -> dict[str, MatchChoice]:
    """What is in use, by kind; a kind nobody changed yet is not among them."""
    return {row.kind: row for row in session.scalars(select(MatchChoice))}


def find_learnt(session: Session, kind: str, model_id: int) -> MatchModel | None:
    """What was learnt for a kind under a number, or None."""
    row = session.get(MatchModel, model_id)
    return row if row is not None and row.kind == kind else None


def list_learnt(session: Session, kind: str, limit: int, before: int | None = None) -> Sequence[MatchModel]:
    """What was learnt for a kind, the latest first; ``before``: a number to go on from."""
    query = select(MatchModel).where(MatchModel.kind == kind).order_by(MatchModel.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(MatchModel.id < before)).all()


def list_choices(session: Session, kind: str, limit: int) -> list[tuple[MatchChoiceLog, str | None]]:
    """The latest changes of what is in use for a kind, with the name of who did so."""
    rows = session.execute(
        select(MatchChoiceLog, Account.email, Person.name)
        .outerjoin(Account, Account.id == MatchChoiceLog.by_account_id)
        .outerjoin(Person, Person.account_id == Account.id)
        .where(MatchChoiceLog.kind == kind)
        .order_by(MatchChoiceLog.id.desc())
        .limit(limit)
    )
    return [(row, name or email) for row, email, name in rows]
