"""Reads of moderation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.registries import reportable
from app.features.accounts.models import Account
from app.features.moderation.models import DECIDED, KINDS, OPEN, ModerationLog, Report
from app.features.profiles.models import Institution, Person, Profile

PAGE = 25


@dataclass(frozen=True, slots=True)
class Thing:
    """What was reported: its words, who is answerable for them, whether it is out of sight."""

    kind: str
    id: int
    text: str
    lang: str | None
    at: datetime | None
    hidden: bool
    author_id: int | None  # the profile it stands under
    person_id: int | None  # the person who wrote it


def find_thing(session: Session, actor: Actor, kind: str, thing_id: int) -> Thing | None:
    """What stands under a kind and a number, if it is there for this actor."""
    known = reportable(kind) if kind in KINDS and 0 < thing_id < 2**62 else None
    described = known.describe(session, actor, thing_id) if known else None
    if described is None:
        return None
    return Thing(
        kind=kind,
        id=thing_id,
        text=described.get("text") or "",
        lang=described.get("lang"),
        at=described.get("at"),
        hidden=bool(described.get("hidden")),
        author_id=described.get("author_id"),
        person_id=described.get("person_id"),
    )


def find_account_behind(session: Session, thing: Thing | None) -> Account | None:
    """The account of the person who wrote a thing, or whose profile it is; None for an institution's own."""
    if thing is None:
        return None
    person = session.get(Person, thing.person_id or thing.author_id or 0)
    return session.get(Account, person.account_id) if person is not None else None


def get_report(session: Session, report_id: int) -> Report:
    """A report by its number; raises `NotFound`."""
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound
    return report


def list_reports(
    session: Session, decided: bool, after: int | None = None, limit: int = PAGE
) -> tuple[list[Report], int | None]:
    """Open reports, the oldest first, or decided ones, the newest first; and where the next page begins."""
    rows = select(Report).where(Report.state == (DECIDED if decided else OPEN))
    if after is not None:
        rows = rows.where(Report.id < after if decided else Report.id > after)
    order = Report.id.desc() if decided else Report.id
    found = list(session.scalars(rows.order_by(order).limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def count_open(session: Session) -> int:
    """How many reports wait."""
    return session.scalar(select(func.count()).select_from(Report).where(Report.state == OPEN)) or 0


def count_reports_of(session: Session, things: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """How often each of these things was reported, ever."""
    if not things:
        return {}
    rows = session.execute(
        select(Report.kind, Report.thing_id, func.count())
        .where(Report.thing_id.in_({number for _kind, number in things}))
        .group_by(Report.kind, Report.thing_id)
    )
    return {(kind, number): count for kind, number, count in rows if (kind, number) in things}


def list_log(session: Session, report_id: int) -> list[ModerationLog]:
    """What was done about a report, in its order."""
    return list(
        session.scalars(select(ModerationLog).where(ModerationLog.report_id == report_id).order_by(ModerationLog.id))
    )


def list_reports_by(session: Session, account_id: int) -> list[Report]:
    """What an account reported."""
    return list(session.scalars(select(Report).where(Report.reporter_account_id == account_id).order_by(Report.id)))


def names_of(session: Session, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Names and addresses of profiles as those who moderate see them, hidden ones too."""
    if not ids:
        return {}
    found: dict[int, dict[str, Any]] = {}
    for profile in session.scalars(select(Profile).where(Profile.id.in_(ids))):
        named = profile if isinstance(profile, (Person, Institution)) else None
        found[profile.id] = {"name": named.name if named else profile.handle, "handle": profile.handle,
                             "kind": profile.kind}  # fmt: skip
    return found
