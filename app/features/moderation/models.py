"""Tables of moderation: what was reported, and what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

OPEN, DECIDED = "open", "decided"
PROFILE, INTRODUCTION, MESSAGE, POST, THREAD = "profile", "introduction", "message", "post", "thread"
RENDITION, NETWORK, COMMUNITY = "rendition", "network", "community"
RESOURCE, REVIEW, PRACTICE = "resource", "review", "practice"
EVENT = "event"
KINDS = (
    PROFILE, INTRODUCTION, MESSAGE, POST, THREAD, RENDITION, NETWORK, COMMUNITY, RESOURCE, REVIEW, PRACTICE, EVENT,
)  # fmt: skip
REASONS = ("unkind", "untrue", "selling", "unsafe", "illegal", "other")
LONGEST_NOTE = 2000

# What is done about a report.
HIDE, UNHIDE, SUSPEND, LIFT, DISMISS = "hide", "unhide", "suspend", "lift", "dismiss"


class Report(Base):
    """Somebody says that something should not stand here."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_state_id", "state", "id"),
        Index("ix_reports_kind_thing_id", "kind", "thing_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    reporter_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[int] = mapped_column(BigId)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str | None] = mapped_column(String(35))
    # "account:kind:thing" while it is open, so that the same person reports the same thing once.
    open_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[str] = mapped_column(String(10), default=OPEN)
    decision: Mapped[str | None] = mapped_column(String(20))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None] = mapped_column(Text)


class ModerationLog(Base):
    """What a moderator or operator did, to whom, and why. Rows are only ever added."""

    __tablename__ = "moderation_log"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    by_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(20))
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[int] = mapped_column(BigId)
    # The account that was suspended, or the one behind what was hidden.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
