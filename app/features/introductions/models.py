"""Table of introductions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

PENDING, ACCEPTED, DECLINED, EXPIRED, WITHDRAWN = "pending", "accepted", "declined", "expired", "withdrawn"
DECLINE_REASONS = ("busy", "field", "language", "other")


class Introduction(Base):
    """A request for contact that both sides must agree to."""

    __tablename__ = "introductions"
    __table_args__ = (
        Index("ix_introductions_to_profile_id_created_at", "to_profile_id", "created_at"),
        Index("ix_introductions_from_profile_id_created_at", "from_profile_id", "created_at"),
        Index("ix_introductions_by_person_id_created_at", "by_person_id", "created_at"),
        Index("ix_introductions_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    from_profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    to_profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    # The person who asked, for themselves or for an institution, and the one who answered.
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text)
    note_lang: Mapped[str | None] = mapped_column(String(35))
    state: Mapped[str] = mapped_column(String(10), default=PENDING)
    # "low:high" while the introduction waits, so that a pair never has two that wait, whoever asks.
    open_key: Mapped[str | None] = mapped_column(String(50), unique=True)
    decline_reason: Mapped[str | None] = mapped_column(String(20))
    reply: Mapped[str | None] = mapped_column(Text)
    reply_lang: Mapped[str | None] = mapped_column(String(35))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    # The note was taken out of sight by a moderator.
    hidden_at: Mapped[datetime | None]
