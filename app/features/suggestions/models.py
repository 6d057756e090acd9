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

# Why a community or a network is not for me: the same, some in other words.
GROUP_REASONS = {
    **DISMISS_REASONS,
    "known": N_("I know it already"),
    "time": N_("I have no time for it"),
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


class GuestListing(Base):
    """A list that guests were shown, once a day however often: whom it named and what it gave, nothing of who asked."""

    __tablename__ = "suggestion_guest_lists"

    day: Mapped[date] = mapped_column(primary_key=True)
    # By which the same list is known again.
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    shown: Mapped[dict[str, Any]]


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


class MatchModel(Base):
    """Weights for a kind of suggestion that were learnt from outcomes, and how they did on the period held out.

    Rows are only ever added: sums over many people, about nobody in particular.
    """

    __tablename__ = "match_models"
    __table_args__ = (Index("ix_match_models_kind_id", "kind", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(15))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # The outcomes it was made from: from when to when, how many, and how many of them were held out.
    window_from: Mapped[datetime]
    window_to: Mapped[datetime]
    outcomes: Mapped[int]
    held_out: Mapped[int]
    queries: Mapped[int]
    # NDCG on the period held out, of the model in use then (``against_id``; None: hand-set) and of this one, the
    # difference and its 95 % interval.
    figures: Mapped[dict[str, Any]]
    # By the names of `app.matching.model.Worth`.
    weights: Mapped[dict[str, Any]]
    against_id: Mapped[int | None] = mapped_column(ForeignKey("match_models.id", ondelete="SET NULL"))
    better: Mapped[bool]


class MatchChoice(Base):
    """Which weights are in use for a kind of suggestion; no row, or no model: those set by hand."""

    __tablename__ = "match_choices"

    kind: Mapped[str] = mapped_column(String(15), primary_key=True)
    model_id: Mapped[int | None] = mapped_column(ForeignKey("match_models.id", ondelete="SET NULL"))
    # Pinned: the job leaves it as it is.
    pinned: Mapped[bool] = mapped_column(default=False)
    # Counted up with each change, so that of two operators at once the second learns that something changed.
    version: Mapped[int] = mapped_column(default=1)


class MatchChoiceLog(Base):
    """Each change of what is in use: what, when, and who did so (nobody: the job). Rows are only ever added."""

    __tablename__ = "match_choice_log"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(15))
    model_id: Mapped[int | None] = mapped_column(ForeignKey("match_models.id", ondelete="SET NULL"))
    pinned: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=now)
    by_account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    by_job: Mapped[bool] = mapped_column(default=False)
