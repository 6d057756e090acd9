"""Tables of charters: their versions, and what chapters offer to the community they belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

CHARTER_PARTS = ("purpose", "welcome", "talk", "decide", "languages", "licence", "conflicts")
OFFERED, TAKEN, DECLINED, WITHDRAWN = "offered", "taken", "declined", "withdrawn"


class Charter(Base):
    """One version of a community's charter; the highest is in force. Other languages are renditions (``charter``)."""

    __tablename__ = "charters"
    __table_args__ = (UniqueConstraint("community_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    version: Mapped[int]
    lang: Mapped[str] = mapped_column(String(35))
    # Part of `CHARTER_PARTS` to Markdown text.
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # SPDX identifier of the licence of what is made here.
    licence: Mapped[str] = mapped_column(String(40), default="CC-BY-4.0")
    # What changed, in the words of who changed it.
    note: Mapped[str] = mapped_column(String(500), default="")
    # Of a chapter: the version of the parent's charter it was forked from, or last caught up with.
    base_id: Mapped[int | None] = mapped_column(ForeignKey("charters.id", ondelete="SET NULL"))
    # Of a chapter: for each part the parent's version it was last brought in line with (``version_id``), and the
    # wording here that says the same (``text``: the same words, or their translation).
    anchors: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # A correction of spelling or the like: members are not asked to accept it.
    small: Mapped[bool] = mapped_column(default=False)
    # The offer of a chapter that this version took in.
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("charter_offers.id", ondelete="SET NULL"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class CharterOffer(Base):
    """A part of a chapter's charter, offered to the community it belongs to."""

    __tablename__ = "charter_offers"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    chapter_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), index=True)
    part: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(35))
    note: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(12), default=OFFERED)
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    offered_at: Mapped[datetime] = mapped_column(default=now)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
