"""Notices of a person and how they want to hear of things."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.features.notifications.models import (
    DAY_BEFORE,
    MONDAY,
    MORNING,
    WEEKLY,
    CommunityFollow,
    Notice,
    NoticeSettings,
)

PAGE = 30
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices, the newest first; ``older``: the number to go on from, or None."""

    notices: list[Notice]
    older: int | None


def list_notices(session: Session, person_id: int, before: int | None = None, limit: int = PAGE) -> NoticePage:
    """A page of what a person was told."""
    rows = select(Notice).where(Notice.person_id == person_id).order_by(Notice.id.desc()).limit(limit + 1)
    if before is not None:
        rows = rows.where(Notice.id < before)
    found = list(session.scalars(rows))
    return NoticePage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def get_notice(session: Session, person_id: int | None, notice_id: int) -> Notice:
    """One of a person's notices; raises `NotFound`."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.person_id != person_id:
        raise NotFound
    return notice


def count_unread(session: Session, person_id: int) -> int:
    """How many notices a person has not read; counted no further than anybody needs."""
    unread = select(Notice.id).where(Notice.person_id == person_id, Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(unread.subquery())) or 0


def list_unread_of_kind(session: Session, kind: str, people: Collection[int]) -> list[Notice]:
    """What some persons were told of one kind and did not read yet."""
    rows = select(Notice).where(Notice.kind == kind, Notice.person_id.in_(people), Notice.read_at.is_(None))
    return list(session.scalars(rows.order_by(Notice.id)))


def list_all(session: Session, person_id: int) -> Iterable[Notice]:
    """Everything a person was told, oldest first."""
    return session.scalars(select(Notice).where(Notice.person_id == person_id).order_by(Notice.id))


def _defaults(person_id: int) -> NoticeSettings:
    return NoticeSettings(
        person_id=person_id, digest=WEEKLY, weekday=MONDAY, hour=MORNING, direct=True, reminders=DAY_BEFORE
    )


def settings_of(session: Session, people: Collection[int]) -> dict[int, NoticeSettings]:
    """How some persons want to hear of things; rows of defaults, not in the database, for those who did not say."""
    rows = session.scalars(select(NoticeSettings).where(NoticeSettings.person_id.in_(people)))
    found = {row.person_id: row for row in rows}
    return {person_id: found.get(person_id) or _defaults(person_id) for person_id in people}


def find_settings(session: Session, person_id: int) -> NoticeSettings:
    """The same of one."""
    return settings_of(session, [person_id])[person_id]


def list_levels(session: Session, person_id: int) -> dict[int, str]:
    """What a person chose to hear of which community; those not in it: everything."""
    rows = select(CommunityFollow.community_id, CommunityFollow.level).where(CommunityFollow.person_id == person_id)
    return {row.community_id: row.level for row in session.execute(rows)}
