"""Tables of suggestions: what was put aside, what was shown and to what effect, which database an index belongs to."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId
from app.core.messages import N_

# Why someone is not for me; the words are shown beside the tick.
DISMISS_REASONS = {
    "subject": N_("Not my subject"),
    "level": N_("Not my level"),
    "language": N_("The language is too hard"),
    "known": N_("We already know each other"),
    "time": N_("Too far away in time"),
    "other": N_("Another reason"),
}


class Dismissal(Base):
    """A profile put another aside: it is not suggested to it again until that is undone."""

    __tablename__ = "suggestion_dismissals"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    dismissed_id: Mapped[int] = mapped_column(
        ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    reason: Mapped[str] = mapped_column(String(12))
    # The person who did so for an institution.
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class SuggestionShown(Base):
    """A list that was shown to a profile: one row a list, with the ids and scores in their order."""

    __tablename__ = "suggestion_shown"
    __table_args__ = (Index("ix_suggestion_shown_profile_id_kind", "profile_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(15))
    shown: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class SuggestionAppearance(Base):
    """How often a profile stood on lists of a kind on a day, and for which criteria most: to whom isn't kept."""

    __tablename__ = "suggestion_appearances"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(15), primary_key=True)
    times: Mapped[int]
    # Criterion to how many of the times it counted most.
    criteria: Mapped[dict[str, Any]]


class ExposureReport(Base):
    """What all lists of the last 90 days gave regions and languages of the attention: sums, about nobody in particular.

    They are made coarse before they are published (`insights`), and tell the next lists whom they owe.
    """

    __tablename__ = "exposure_reports"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    figures: Mapped[dict[str, Any]]


class MatchIdentity(Base):
    """One row that names this content of the database: an index made from another one is known to be stale.

    A restore gives it a new name; an emptied database has none.
    """

    __tablename__ = "match_identity"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))
