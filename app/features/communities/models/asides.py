"""The table of communities and networks that somebody put aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId


class GroupAside(Base):
    """A community, or a network elsewhere, that is not for a profile: it stays away until that is undone."""

    __tablename__ = "community_asides"
    __table_args__ = (
        UniqueConstraint("profile_id", "community_id"),
        UniqueConstraint("profile_id", "network_id"),
        CheckConstraint("(community_id IS NULL) <> (network_id IS NULL)", name="one"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("external_networks.id", ondelete="CASCADE"), index=True)
    # Why; the words are those of the suggestions.
    reason: Mapped[str] = mapped_column(String(12))
    # The person who did so for an institution.
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
