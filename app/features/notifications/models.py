"""Tables of notices: what a person was told, how they want to hear of it, and of which communities."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

DAILY, WEEKLY, NEVER = "daily", "weekly", "none"
RHYTHMS = (DAILY, WEEKLY, NEVER)
MONDAY, MORNING = 0, 7

# When people are reminded of what they said they come to: a day before, an hour before, too, or not at all.
DAY_BEFORE, HOUR_BEFORE, UNREMINDED = "day", "both", "none"
REMINDERS = (DAY_BEFORE, HOUR_BEFORE, UNREMINDED)

# What of a community goes into mails: also what is new there, only what concerns the person, nothing.
EVERYTHING, MINE, NOTHING = "all", "mine", "none"
LEVELS = (EVERYTHING, MINE, NOTHING)


class Notice(Base):
    """Something a person was told of: a kind (`core.notices`) with its values."""

    __tablename__ = "notices"
    __table_args__ = (
        # The key of the telling: a job that runs twice tells once.
        UniqueConstraint("key", "person_id"),
        Index("ix_notices_person_id_id", "person_id", "id"),
        Index("ix_notices_person_id_read_at", "person_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]]
    # The community it is about, by which mails are arranged.
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]
    # When it went out, in a mail of its own or in a digest.
    mailed_at: Mapped[datetime | None]


class NoticeSettings(Base):
    """How a person wants to hear of things; without a row, as the defaults say."""

    __tablename__ = "notice_settings"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    # One of `RHYTHMS`; the weekday from Monday as 0; the hour on the person's own clock.
    digest: Mapped[str] = mapped_column(String(8), default=WEEKLY)
    weekday: Mapped[int] = mapped_column(default=MONDAY)
    hour: Mapped[int] = mapped_column(default=MORNING)
    # Whether what is meant for them alone is mailed at once.
    direct: Mapped[bool] = mapped_column(default=True)
    # One of `REMINDERS`.
    reminders: Mapped[str] = mapped_column(String(8), default=DAY_BEFORE, server_default=DAY_BEFORE)
    # The day on their clock, and the moment, of the last time a digest was due.
    digest_on: Mapped[date | None]
    digest_at: Mapped[datetime | None]


class CommunityFollow(Base):
    """What of a community a person wants in mails, one of `LEVELS`; without a row: everything."""

    __tablename__ = "community_follows"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    community_id: Mapped[int] = mapped_column(
        ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[str] = mapped_column(String(8), default=EVERYTHING)
