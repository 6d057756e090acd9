"""Tables of the order in the house: what members report to their coordinators, and what these did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

# What is reported, why, and what became of it.
POST, PERSON = "post", "person"
REPORT_KINDS = (POST, PERSON)
REASONS = ("unkind", "off_topic", "selling", "untrue", "unsafe", "other")
OPEN_REPORT, DECIDED_REPORT = "open", "decided"
LEFT_AS_IT_IS, HIDDEN, MUTED, TAKEN_OUT, FORWARDED = "left", "hidden", "muted", "removed", "forwarded"
# What a report says; and why something was decided, which stands on top of pages.
LONGEST_NOTE, LONGEST_REASON = 2000, 500


class HouseReport(Base):
    """A member tells the coordinators that a post or a person needs a look."""

    __tablename__ = "house_reports"
    __table_args__ = (
        Index("ix_house_reports_community_id_state_id", "community_id", "state", "id"),
        Index("ix_house_reports_kind_thing_id", "kind", "thing_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    # Whose matter it is: who wrote the post, or the person themselves. They never see the report.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    # "post" or "person"
    kind: Mapped[str] = mapped_column(String(12))
    thing_id: Mapped[int] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str | None] = mapped_column(String(35))
    # "person:kind:thing" while it is open, so that nobody reports the same thing twice.
    open_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    # "open" or "decided"
    state: Mapped[str] = mapped_column(String(10), default=OPEN_REPORT)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    # What was done: left, hidden, muted, removed, or forwarded to the moderators of the platform.
    outcome: Mapped[str | None] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(Text, default="")


class HouseLog(Base):
    """What was done in a community to posts, threads and people, by whom, and why. Rows are only ever added."""

    __tablename__ = "house_log"
    __table_args__ = (Index("ix_house_log_community_id_id", "community_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(default=now)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(20))
    # "post", "thread", "person", "charter", "community"
    kind: Mapped[str] = mapped_column(String(12))
    thing_id: Mapped[int | None] = mapped_column(BigId)
    # The member it concerns, who always sees the entry.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
