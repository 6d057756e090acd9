"""The table of practice notes: what was tried in a class, and what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

AGAIN = ("yes", "changes", "no")
CLASS_SIZES = ("1-15", "16-30", "31-60", "61-")
CONNECTIVITY = ("none", "sometimes", "phones", "good")


class PracticeNote(Base):
    """What a member tried: where and with whom, what they changed, what happened, whether they would again."""

    __tablename__ = "practice_notes"
    __table_args__ = (
        UniqueConstraint("community_id", "token"),
        Index("ix_practice_notes_community_id_created_at_id", "community_id", "created_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    # None: the account was closed.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    resource_id: Mapped[int | None] = mapped_column(ForeignKey("resources.id", ondelete="SET NULL"), index=True)
    lang: Mapped[str] = mapped_column(String(35))
    title: Mapped[str] = mapped_column(String(200))
    tried: Mapped[str] = mapped_column(Text)
    adapted: Mapped[str] = mapped_column(Text, default="")
    happened: Mapped[str] = mapped_column(Text)
    # One of `AGAIN`.
    again: Mapped[str] = mapped_column(String(8))
    # The context, as far as it is said.
    country: Mapped[str | None] = mapped_column(String(2))
    subject: Mapped[str | None] = mapped_column(String(4))
    level: Mapped[str | None] = mapped_column(String(4))
    language: Mapped[str | None] = mapped_column(String(35))
    class_size: Mapped[str | None] = mapped_column(String(8))
    connectivity: Mapped[str | None] = mapped_column(String(12))
    token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
