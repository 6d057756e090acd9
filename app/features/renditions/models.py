"""Tables of renditions: the current wording in each language, the earlier ones, and who asked for which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId

# What became of a wish for a machine's translation.
NOT_ASKED, WAITING, FAILED = "", "waiting", "failed"


class Rendition(Base):
    """A thing in another language: one current wording each. What it belongs to is named by kind and number only."""

    __tablename__ = "renditions"
    __table_args__ = (
        UniqueConstraint("kind", "thing_id", "lang"),
        Index("ix_renditions_by_person_id_id", "by_person_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[int] = mapped_column(BigId)
    lang: Mapped[str] = mapped_column(String(35))
    # Field to text; a field that is missing is not translated yet.
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # What it was made from, as it was then: by it a reader sees what changed since.
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source_lang: Mapped[str] = mapped_column(String(35))
    of_version: Mapped[int]
    # None: a machine, or somebody who left.
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    machine: Mapped[bool] = mapped_column(default=False)
    # Another person with both languages read this wording and found it right.
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    reviewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    # Taken out of sight by a moderator of the platform.
    hidden_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class RenditionVersion(Base):
    """An earlier wording of a rendition; whoever wrote it keeps the credit."""

    __tablename__ = "rendition_versions"

    rendition_id: Mapped[int] = mapped_column(ForeignKey("renditions.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    of_version: Mapped[int]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    machine: Mapped[bool] = mapped_column(default=False)
    # When this wording was written.
    at: Mapped[datetime] = mapped_column(default=now)


class RenditionRequest(Base):
    """A translation that is wished for; who wishes is in `RenditionAsker`."""

    __tablename__ = "rendition_requests"
    __table_args__ = (
        Index("ix_rendition_requests_open", "answered_at", "lang_base", "source_base", "id"),
        Index("ix_rendition_requests_kind_thing_id", "kind", "thing_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[int] = mapped_column(BigId)
    lang: Mapped[str] = mapped_column(String(35))
    # The two languages without script and region: by these the people are found who have both.
    lang_base: Mapped[str] = mapped_column(String(8))
    source_base: Mapped[str] = mapped_column(String(8))
    # "kind:thing:lang" while it is open, so that there is one open request however many ask.
    open_key: Mapped[str | None] = mapped_column(String(100), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]
    machine: Mapped[str] = mapped_column(String(10), default=NOT_ASKED)
    # Why the machine did not manage, marked for translation.
    machine_note: Mapped[str] = mapped_column(String(200), default="")


class RenditionAsker(Base):
    """A person who wishes for a translation."""

    __tablename__ = "rendition_askers"

    request_id: Mapped[int] = mapped_column(ForeignKey("rendition_requests.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class TranslatorAsked(Base):
    """When a person was last told that somebody wishes for a translation: once a day is enough."""

    __tablename__ = "translators_asked"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
