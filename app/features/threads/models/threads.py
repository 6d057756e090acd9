"""What every thread is, the thread of a pair with its messages, and how far each person has read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

CONNECTION, COMMUNITY = "connection", "community"
LONGEST_MESSAGE = 5000


class Thread(Base):
    """What people write to each other: two profiles, or (`CommunityThread`) the members of a community.

    A side of a pair that left becomes empty; the other keeps what was written.
    """

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("low_id", "high_id"), CheckConstraint("low_id < high_id", name="ordered"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), default=CONNECTION)
    low_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id", ondelete="SET NULL"))
    high_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": CONNECTION}


class Message(Base):
    """A message. ``author_profile_id`` is the side that speaks, ``by_person_id`` the person who wrote for it."""

    __tablename__ = "messages"
    __table_args__ = (
        # The form carries a token, so that sending it twice writes one message.
        UniqueConstraint("thread_id", "token"),
        Index("ix_messages_thread_id_id", "thread_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"))
    author_profile_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id", ondelete="SET NULL"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str | None] = mapped_column(String(35))
    token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # Taken out of sight by a moderator.
    hidden_at: Mapped[datetime | None]


class ThreadRead(Base):
    """How far a person has read a thread."""

    __tablename__ = "thread_reads"

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True)
    last_read_id: Mapped[int] = mapped_column(BigId, default=0)
