"""Tables of what the network is found to lack: communities that should exist, and who could bring groups together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

# What an introducer stands between: two communities (their numbers as text), or those who work in two languages.
BETWEEN_COMMUNITIES, BETWEEN_LANGUAGES = "community", "language"


class MissingCommunity(Base):
    """A group of people and institutions who match one another and share no community; found anew by a job."""

    __tablename__ = "missing_communities"
    __table_args__ = (Index("ix_missing_communities_people_id", "people", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Kind of `FACETS` to codes.
    facets: Mapped[dict[str, Any]] = mapped_column(default=dict)
    countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    people: Mapped[int]
    institutions: Mapped[int] = mapped_column(default=0)
    # How alike the group is from one look to the next, in per cent.
    stability: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(default=now)


class MissingMember(Base):
    """Somebody who would be in such a community; ``place``: the most central first."""

    __tablename__ = "missing_community_members"

    missing_id: Mapped[int] = mapped_column(ForeignKey("missing_communities.id", ondelete="CASCADE"), primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True, index=True)
    place: Mapped[int]


class Introducer(Base):
    """Somebody who could introduce two groups to each other; found anew by a job."""

    __tablename__ = "introducers"
    __table_args__ = (
        Index("ix_introducers_kind_one", "kind", "one", "place"),
        Index("ix_introducers_kind_other", "kind", "other", "place"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    # The two groups: numbers of communities as text, or language tags.
    one: Mapped[str] = mapped_column(String(35))
    other: Mapped[str] = mapped_column(String(35))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    # "both": belongs to both; "one": to one of them; "liaison": to none.
    role: Mapped[str] = mapped_column(String(10))
    # How many they know on either side.
    known_one: Mapped[int]
    known_other: Mapped[int]
    # Of several for the same two groups the best first, from 0.
    place: Mapped[int]
    found_at: Mapped[datetime] = mapped_column(default=now)
