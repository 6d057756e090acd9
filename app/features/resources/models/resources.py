"""The table of open educational resources, with their facets, what they were made from, and their search tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, BigId

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_URL = 300, 5000, 2000

SUBJECT, LEVEL, LANGUAGE = "subject", "level", "language"

# What a resource is; the codes stand in addresses, the words for them in ``wording``.
TYPES = (
    "course", "module", "lesson_plan", "textbook", "reading", "worksheet", "exercise", "assessment", "presentation",
    "video", "audio", "image", "simulation", "game", "software", "dataset", "reference", "guide", "collection", "other",
)  # fmt: skip

# For whom it is, by the roles that LRMI names.
AUDIENCES = ("student", "teacher", "teacher_educator", "parent", "administrator", "general_public")

ADAPTATION, TRANSLATION = "adaptation", "translation"
RELATIONS = (ADAPTATION, TRANSLATION)

# What is known of a link. It is dead after failing on three days.
UNCHECKED, FINE, FAILING, DEAD = "unchecked", "fine", "failing", "dead"

# Compared by the code points on both databases, so that "begins with" is a range.
_Token = String(64).with_variant(String(64, collation="C"), "postgresql")


class Resource(Base):
    """A link to something open to learn with. Title and description are in ``lang``; others are renditions."""

    __tablename__ = "resources"
    __table_args__ = (
        Index("ix_resources_community_id_created_at_id", "community_id", "created_at", "id"),
        Index("ix_resources_created_at_id", "created_at", "id"),
        Index("ix_resources_changed_at_id", "changed_at", "id"),
        Index("ix_resources_link_checked_at_id", "link_checked_at", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    # "place:hash of the address" while it stands, so that an address stands once in each place; None once withdrawn.
    live_key: Mapped[str | None] = mapped_column(String(100), unique=True)
    # The hash alone, by which the same resource is found in other places.
    url_hash: Mapped[str] = mapped_column(String(64), index=True)
    # Shared in a community, or (None) with everyone.
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"))
    # None: the account was closed.
    added_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"), index=True)
    lang: Mapped[str] = mapped_column(String(35))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    description: Mapped[str] = mapped_column(Text, default="")
    # A key of ``licences.LICENCES``: SPDX where there is one.
    licence: Mapped[str] = mapped_column(String(40))
    authors: Mapped[list[str]] = mapped_column(default=list)
    type: Mapped[str] = mapped_column(String(30))
    # Media types.
    formats: Mapped[list[str]] = mapped_column(default=list)
    audiences: Mapped[list[str]] = mapped_column(default=list)
    # The form carries a token, so that sending it twice adds one resource.
    token: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    # When anything that harvesters take over changed last, to the second.
    changed_at: Mapped[datetime] = mapped_column(default=lambda: now().replace(microsecond=0))
    # Whether harvesters were offered it: None never, True now, False not any more (they are told that it went).
    listed: Mapped[bool | None]
    withdrawn_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    link_state: Mapped[str] = mapped_column(String(10), default=UNCHECKED)
    link_checked_at: Mapped[datetime | None]
    link_failed_since: Mapped[datetime | None]
    link_failed_days: Mapped[int] = mapped_column(default=0)
    sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    facets: Mapped[list[ResourceFacet]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(ResourceFacet.kind, ResourceFacet.code)"
    )
    origins: Mapped[list[Origin]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="Origin.id",
        foreign_keys="Origin.resource_id",
    )

    __mapper_args__ = {"version_id_col": version}

    def codes(self, kind: str) -> tuple[str, ...]:
        """The codes of one kind: ISCED-F subjects, ISCED levels, or the languages it can be learnt from in."""
        return tuple(facet.code for facet in self.facets if facet.kind == kind)


class ResourceFacet(Base):
    """A subject, level or language of a resource."""

    __tablename__ = "resource_facets"
    __table_args__ = (Index("ix_resource_facets_kind_code", "kind", "code"),)

    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(String(35), primary_key=True)


class Origin(Base):
    """What a resource was made from: another one that stands here, or only an address."""

    __tablename__ = "resource_origins"
    __table_args__ = (UniqueConstraint("resource_id", "url_hash"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("resources.id", ondelete="SET NULL"), index=True)
    # Its address; kept so that the way back stays when the other resource goes.
    url: Mapped[str] = mapped_column(String(LONGEST_URL))
    url_hash: Mapped[str] = mapped_column(String(64))
    relation: Mapped[str] = mapped_column(String(12), default=ADAPTATION)
    # The licence of what stands only elsewhere, if whoever added it knows.
    licence: Mapped[str | None] = mapped_column(String(40))


class ResourceToken(Base):
    """A word by which a resource is found; computed from its texts by the analyser."""

    __tablename__ = "resource_tokens"
    __table_args__ = (Index("ix_resource_tokens_token_resource_id", "token", "resource_id"),)

    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(_Token, primary_key=True)
