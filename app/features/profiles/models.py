"""Tables of profiles: what persons and institutions share, and what each has of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, BigId
from app.features.profiles import search_table  # noqa: F401 - made together with the tables below

PERSON, INSTITUTION = "person", "institution"
OFFER, NEED = "offer", "need"
NATIVE = 7  # beside CEFR A1..C2 as 1..6
DEFAULT_ACCEPTS = 3  # B1

# As what somebody may be suggested to others, in the order in which it is asked; each can be refused.
SUGGESTED_AS = {
    PERSON: ("peers", "collaborators", "bridges", "introducers", "groups", "guests"),
    INSTITUTION: ("institutions", "collaborators", "groups"),
}

# Who may see a part of a profile, narrowest last.
AUDIENCES = ("everyone", "members", "connections", "me")
# The parts of a person's profile that have an audience of their own, with what holds until the person chooses.
PARTS = {
    "name": "members",
    "place": "members",
    "teaching": "everyone",  # subjects and levels
    "languages": "everyone",
    "exchange": "everyone",  # offers and needs
    "texts": "members",  # biography and interests
    "institutions": "members",
    "connections": "connections",
}


class Profile(Base):
    """What persons and institutions share: a handle, a place, facets and texts."""

    __tablename__ = "profiles"
    __table_args__ = (
        Index("ix_profiles_kind_country", "kind", "country"),
        Index("ix_profiles_confirmed_at_id", "confirmed_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    # The name in addresses and commands; unique over persons and institutions.
    handle: Mapped[str] = mapped_column(String(80), unique=True)
    country: Mapped[str | None] = mapped_column(String(2))
    city: Mapped[str | None] = mapped_column(String(120))
    timezone: Mapped[str | None] = mapped_column(String(60))
    # How many new contacts a month are welcome; None: not said.
    monthly_contacts: Mapped[int | None]
    suggestible: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    # Raised at every change of the profile or of anything that hangs on it; two tabs are told apart by it.
    version: Mapped[int] = mapped_column(default=1)
    # Taken out of sight by an operator, or because the account is suspended or closed.
    hidden_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(default=False)

    subjects: Mapped[list[ProfileSubject]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ProfileSubject.code"
    )
    levels: Mapped[list[ProfileLevel]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ProfileLevel.code"
    )
    languages: Mapped[list[ProfileLanguage]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(ProfileLanguage.level.desc(), ProfileLanguage.tag)",
    )
    activities: Mapped[list[ProfileActivity]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ProfileActivity.id"
    )
    tags: Mapped[list[ProfileTag]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ProfileTag.tag"
    )
    texts: Mapped[list[ProfileText]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ProfileText.id"
    )
    refusals: Mapped[list[ProfileRefusal]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ProfileRefusal.kind"
    )

    __mapper_args__ = {"polymorphic_on": "kind", "version_id_col": version}

    @property
    def offers(self) -> list[ProfileActivity]:
        """The activities offered."""
        return [a for a in self.activities if a.direction == OFFER]

    @property
    def needs(self) -> list[ProfileActivity]:
        """The activities needed."""
        return [a for a in self.activities if a.direction == NEED]


class Person(Profile):
    """A person. ``audiences`` says for each part of `PARTS` who may see it."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_lang: Mapped[str | None] = mapped_column(String(35))
    audiences: Mapped[dict[str, Any]] = mapped_column(default=lambda: dict(PARTS))

    hours: Mapped[list[ProfileHours]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(ProfileHours.weekday, ProfileHours.begin)"
    )

    __mapper_args__ = {"polymorphic_identity": PERSON}


class Institution(Profile):
    """An institution; persons act for it by a `Delegation`.

    ``verified_by`` is None (unverified), ``ror``, ``mail`` or ``vouch``. ``claimed`` is false for a record that was
    imported and that nobody acts for yet: it stands in the directory and is never suggested.
    """

    __tablename__ = "institutions"

    id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    type: Mapped[str] = mapped_column(String(30), default="other")
    website: Mapped[str | None] = mapped_column(String(500))
    # Its nine characters alone; whoever reads it is shown the address.
    ror_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    # active, inactive or withdrawn, as ROR says; None for an institution without a record.
    ror_status: Mapped[str | None] = mapped_column(String(12))
    # Digest of the record last imported, by which an unchanged record is known.
    ror_digest: Mapped[str | None] = mapped_column(String(64))
    claimed: Mapped[bool] = mapped_column(default=True)
    verified_by: Mapped[str | None] = mapped_column(String(10))
    verified_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id", ondelete="SET NULL"))

    names: Mapped[list[InstitutionName]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="InstitutionName.id", lazy="selectin"
    )
    domains: Mapped[list[InstitutionDomain]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="InstitutionDomain.domain"
    )

    __mapper_args__ = {"polymorphic_identity": INSTITUTION, "inherit_condition": id == Profile.id}

    @property
    def name(self) -> str:
        """The main name."""
        return next((n.name for n in self.names if n.main), self.names[0].name if self.names else self.handle)


class InstitutionName(Base):
    """A name of an institution, with its language if known. ``kind``: label, alias or acronym."""

    __tablename__ = "institution_names"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(400))
    lang: Mapped[str | None] = mapped_column(String(35))
    kind: Mapped[str] = mapped_column(String(10), default="label")
    main: Mapped[bool] = mapped_column(default=False)


class InstitutionDomain(Base):
    """A mail domain that belongs to an institution (from its ROR record or its verified website)."""

    __tablename__ = "institution_domains"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), primary_key=True)
    domain: Mapped[str] = mapped_column(String(253), primary_key=True, index=True)


class Delegation(Base):
    """A person acts for an institution. ``role``: owner, editor or representative; counts once accepted."""

    __tablename__ = "delegations"
    __table_args__ = (UniqueConstraint("institution_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]


class DelegationInvitation(Base):
    """An invitation to act for an institution that went to a mail address; whoever holds the link may take it."""

    __tablename__ = "delegation_invitations"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Verification(Base):
    """A step by which an institution is verified: a mail to its domain, a ROR record claimed."""

    __tablename__ = "verifications"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"))
    # claim: a record nobody acts for; ror: a record joined to one's own institution; mail: the website's own domain.
    method: Mapped[str] = mapped_column(String(10))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"))
    address: Mapped[str | None] = mapped_column(String(320))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Vouch(Base):
    """A verified institution says that it knows another."""

    __tablename__ = "vouches"

    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), primary_key=True)
    by_institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id", ondelete="CASCADE"), primary_key=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class ProfileRefusal(Base):
    """As what somebody is not to be suggested, though they may be otherwise; a kind of `SUGGESTED_AS`."""

    __tablename__ = "profile_refusals"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(15), primary_key=True)


class ProfileSubject(Base):
    """A subject: an ISCED-F 2013 code of any depth."""

    __tablename__ = "profile_subjects"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(4), primary_key=True, index=True)


class ProfileLevel(Base):
    """A level: ISCED 2011 0 to 8, or ``nf`` for non-formal."""

    __tablename__ = "profile_levels"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(2), primary_key=True, index=True)


class ProfileLanguage(Base):
    """A language: BCP 47 tag, CEFR level (A1..C2 as 1..6, native as 7), used for teaching or not, and the lowest
    level accepted in others."""

    __tablename__ = "profile_languages"
    __table_args__ = (Index("ix_profile_languages_tag_level", "tag", "level"),)

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(35), primary_key=True)
    level: Mapped[int]
    teaches: Mapped[bool] = mapped_column(default=False)
    accepts: Mapped[int] = mapped_column(default=DEFAULT_ACCEPTS)


class ProfileActivity(Base):
    """An offer or a need: an activity with, optionally, its subject and its language."""

    __tablename__ = "profile_activities"
    __table_args__ = (
        UniqueConstraint("profile_id", "direction", "code", "subject", "language"),
        Index("ix_profile_activities_direction_code", "direction", "code"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), index=True)
    direction: Mapped[str] = mapped_column(String(5))
    code: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str | None] = mapped_column(String(4))
    language: Mapped[str | None] = mapped_column(String(35))


class ProfileTag(Base):
    """A free tag for an interest, as typed."""

    __tablename__ = "profile_tags"

    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(60), primary_key=True)


class ProfileText(Base):
    """A text of a profile in one language. ``field``: about (biography, description) or interests."""

    __tablename__ = "profile_texts"
    __table_args__ = (UniqueConstraint("profile_id", "field", "lang"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    profile_id: Mapped[int] = mapped_column(ForeignKey("profiles.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(String(12))
    lang: Mapped[str] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(Text)


class ProfileHours(Base):
    """A span of a person's working hours, by the clocks of their time zone; who may see the place may see them.

    ``begin`` and ``end`` are minutes of the day in half hours, ``end`` up to 1440; Monday is 0.
    """

    __tablename__ = "profile_hours"

    profile_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    begin: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int]


class ProfileChange(Base):
    """A profile changed: the match index and the search rows take it in from here.

    Rows become visible in another order than their numbers when transactions overlap, so readers look back over
    a span of time instead of going on from the highest number.
    """

    __tablename__ = "profile_changes"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    profile_id: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class ImportRun(Base):
    """How far the import of a file has come, saved with each batch, so that a killed run goes on where it was."""

    __tablename__ = "import_runs"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    file_digest: Mapped[str] = mapped_column(String(64), index=True)
    position: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, Any]]
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
