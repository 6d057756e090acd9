"""Reads of the house log: coordinators see everything, members what concerns them, and that something was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.features.communities.models import HouseLog, HouseReport
from app.features.communities.policies import Standing, can_coordinate

PAGE = 30


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log as one reader sees it; where ``open`` is false, neither who, nor to whom, nor the reason."""

    id: int
    at: datetime
    action: str
    kind: str
    cause: str | None
    open: bool
    by_id: int | None = None
    person_id: int | None = None
    thing_id: int | None = None
    reason: str = ""
    lang: str | None = None
    days: int | None = None
    # Of a post or a thread: the thread it stands in, as it was called then.
    thread_id: int | None = None
    title: str = ""
    title_lang: str | None = None


def _line(row: HouseLog, standing: Standing) -> LogLine:
    actor = standing.actor.person_id
    mine = actor is not None and actor in (row.person_id, row.by_person_id)
    cause = row.details.get("cause")
    if not (can_coordinate(standing) or mine):
        return LogLine(row.id, row.at, row.action, row.kind, cause, False)
    facts = row.details
    days, thread_id = facts.get("days"), facts.get("thread_id", row.thing_id if row.kind == "thread" else None)
    return LogLine(
        row.id, row.at, row.action, row.kind, cause, True, row.by_person_id, row.person_id, row.thing_id, row.reason,
        facts.get("lang"), days if isinstance(days, int) else None, thread_id, facts.get("title", ""),
        facts.get("title_lang"),
    )  # fmt: skip


def list_log(
    session: Session, standing: Standing, mine: bool = False, before: int | None = None, limit: int = PAGE
) -> tuple[list[LogLine], int | None]:
    """The log, the newest first, and where the next page begins; ``mine``: only what concerns the actor."""
    rows = select(HouseLog).where(HouseLog.community_id == standing.community.id)
    if mine:
        person_id = standing.actor.person_id
        rows = rows.where(or_(HouseLog.person_id == person_id, HouseLog.by_person_id == person_id))
    if before is not None:
        rows = rows.where(HouseLog.id < before)
    found = list(session.scalars(rows.order_by(HouseLog.id.desc()).limit(limit + 1)))
    return [_line(row, standing) for row in found[:limit]], found[limit - 1].id if len(found) > limit else None


def find_closing_reason(session: Session, community_id: int) -> str:
    """Why a community was closed the last time, in the words of who did it; empty where nothing was said."""
    rows = select(HouseLog.reason).where(
        HouseLog.community_id == community_id, HouseLog.kind == "community", HouseLog.action == "closed"
    )
    return session.scalar(rows.order_by(HouseLog.id.desc()).limit(1)) or ""


def list_about(session: Session, person_id: int) -> Iterable[HouseLog]:
    """Everything that was done in any community and concerns a person, oldest first."""
    return session.scalars(select(HouseLog).where(HouseLog.person_id == person_id).order_by(HouseLog.id))


def list_reports_by(session: Session, person_id: int) -> Iterable[HouseReport]:
    """Everything a person reported in any community, oldest first."""
    return session.scalars(select(HouseReport).where(HouseReport.by_person_id == person_id).order_by(HouseReport.id))
