"""Tables of events: meetings, who comes, what they cost whom, and secret calendar addresses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

PLANNED, CANCELLED = "planned", "cancelled"
YES, MAYBE, NO = "yes", "maybe", "no"
ANSWERS = (YES, MAYBE, NO)
REMINDER = "event_reminder"  # the kind of notice

LONGEST_TITLE, LONGEST_TEXT, LONGEST_ADDRESS, LONGEST_PLACE = 200, 10_000, 500, 300
MOST_MEETINGS, MOST_PEOPLE = 12, 40


class Event(Base):
    """A meeting of a community. ``starts_at`` is the moment; ``zone`` is where it was set, by whose clocks a series
    stays at the same time. Its texts are in ``lang``; other languages are renditions of kind ``event``."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_community_id_starts_at_id", "community_id", "starts_at", "id"),
        # What begins soon anywhere, of which people are reminded.
        Index("ix_events_starts_at_id", "starts_at", "id"),
        # The form carries a token, so that sending it twice plans one meeting (or each of a series once).
        UniqueConstraint("community_id", "token", "number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    # What calendars know it by, for ever.
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    token: Mapped[str] = mapped_column(String(64))
    # The meetings of a series share it; ``number`` is the place in it, from 0.
    series: Mapped[str | None] = mapped_column(String(40), index=True)
    number: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    # Markdown.
    description: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(35))
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=60)
    zone: Mapped[str] = mapped_column(String(60))
    # BCP 47 tags spoken, and pairs [from, to] that are interpreted.
    languages: Mapped[list[str]] = mapped_column(default=list)
    interpretation: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    # The address of the video room, for members only; and a place where one can go.
    link: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), default="")
    place: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="")
    capacity: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12), default=PLANNED)
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    # Raised at each change that calendars must hear of.
    sequence: Mapped[int] = mapped_column(default=0)
    yes_count: Mapped[int] = mapped_column(default=0)
    maybe_count: Mapped[int] = mapped_column(default=0)
    # Afterwards.
    recording: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    notes_lang: Mapped[str | None] = mapped_column(String(35))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    # Taken out of sight by a moderator of the platform.
    hidden_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def ends_at(self) -> datetime:
        """The moment it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


class EventAnswer(Base):
    """Whether a person comes: one of `ANSWERS`."""

    __tablename__ = "event_answers"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True
    )  # fmt: skip
    answer: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(default=now)


class EventLoad(Base):
    """What the time of a meeting costs a person it was found for; kept, so that the next one can spare them."""

    __tablename__ = "event_loads"

    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True
    )  # fmt: skip
    points: Mapped[int]


class CalendarFeed(Base):
    """A person's secret calendar address; only the digest of its token is kept. A new one makes the old one void."""

    __tablename__ = "calendar_feeds"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
