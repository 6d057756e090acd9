"""The table of reviews: what peers say of a resource."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

# What is asked, each answered from 1 (hardly) to 4 (very well).
CRITERIA = ("quality", "inclusion", "suitability")
LONGEST_REVIEW = 2000
# Fewer voices than this are read one by one and make no average.
FEWEST_FOR_AVERAGE = 3


class Review(Base):
    """What one peer says of a resource; ``suitability`` is for where they teach: ``country`` and ``language``."""

    __tablename__ = "resource_reviews"
    __table_args__ = (
        UniqueConstraint("resource_id", "person_id"),
        Index("ix_resource_reviews_resource_id_id", "resource_id", "id"),
        CheckConstraint("quality BETWEEN 1 AND 4", name="quality"),
        CheckConstraint("inclusion BETWEEN 1 AND 4", name="inclusion"),
        CheckConstraint("suitability BETWEEN 1 AND 4", name="suitability"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"))
    # None: the account was closed.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    quality: Mapped[int]
    inclusion: Mapped[int]
    suitability: Mapped[int]
    country: Mapped[str | None] = mapped_column(String(2))
    language: Mapped[str | None] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str | None] = mapped_column(String(35))
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
