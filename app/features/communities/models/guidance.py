"""Tables of what coordinators decided about the guidance in their community, and of who has read it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId


class GuidanceChoice(Base):
    """A piece of guidance that a community switched off, or replaced by words of its own."""

    __tablename__ = "guidance_choices"

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True)
    # Which piece: first_post, declining, scheduling, one_country
    piece: Mapped[str] = mapped_column(String(30), primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    # The community's own words; empty: ours.
    text: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str | None] = mapped_column(String(35))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=now)


class GuidanceRead(Base):
    """A person has read a piece of guidance and need not be shown it again, unless its words change."""

    __tablename__ = "guidance_reads"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    piece: Mapped[str] = mapped_column(String(30), primary_key=True)
    # The community whose own words they were; 0 for ours, which need reading only once.
    community_id: Mapped[int] = mapped_column(BigId, primary_key=True, default=0, autoincrement=False)
    at: Mapped[datetime] = mapped_column(default=now)
