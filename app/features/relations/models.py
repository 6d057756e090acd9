"""Tables of relations: who is connected with whom, who has blocked whom, and who worked with whom elsewhere."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId


class Connection(Base):
    """Two profiles that agreed to be in contact. One row a pair, the lower id first."""

    __tablename__ = "connections"
    __table_args__ = (CheckConstraint("low_id < high_id", name="ordered"),)

    low_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Block(Base):
    """One profile wants nothing to do with another; neither sees or is suggested to the other."""

    __tablename__ = "blocks"

    blocker_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class PartnerOrganisation(Base):
    """An organisation as a history of partnerships elsewhere knows it, and the institution here that it is, if known.

    ``ror_id`` is what was said of it and may name a record that is not here yet: it is matched once that comes.
    """

    __tablename__ = "partner_organisations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(120), unique=True)
    ror_id: Mapped[str | None] = mapped_column(String(40), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id", ondelete="SET NULL"), index=True)


class PartnershipProject(Base):
    """A project that organisations worked in together; ``programmes`` are the source's codes, with ``;`` between."""

    __tablename__ = "partnership_projects"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    external_id: Mapped[str] = mapped_column(String(80), unique=True)
    started_on: Mapped[date]
    programmes: Mapped[str] = mapped_column(String(1000), default="")


class PartnershipParticipation(Base):
    """An organisation took part in a project; its country and type are those that the source gives it there."""

    __tablename__ = "partnership_participations"

    project_id: Mapped[int] = mapped_column(ForeignKey("partnership_projects.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("partner_organisations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(40), default="participant")
    organisation_type: Mapped[str] = mapped_column(String(40), default="")
    country: Mapped[str] = mapped_column(String(8), default="")
