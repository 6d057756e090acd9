"""The table of communities and of the facets that make up their domain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, ForeignKey, Index, String, Text, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, BigId
from app.core.text import analyse

LIVE, DORMANT, CLOSED = "live", "dormant", "closed"
STATES = (LIVE, DORMANT, CLOSED)

# Who becomes a member: whoever wants, whoever is let in, whoever was invited.
OPEN, REQUEST, INVITATION = "open", "request", "invitation"
JOINING = (OPEN, REQUEST, INVITATION)

# Who reads what is written inside; the canvas, the charter and the name are always open to everyone.
EVERYONE, MEMBERS = "everyone", "members"
READING = (EVERYONE, MEMBERS)

TEMPLATES = ("subject", "language", "region", "level", "project", "circle")
FACETS = ("subject", "language", "level", "place")

# The canvas, after Wenger: domain, community, practice; then how it lives. Keys of ``Community.canvas``.
CANVAS_PARTS = ("domain", "people", "practice", "languages", "rhythm", "first_months", "success")


def search_text_of(name: str, summary: str, lang: str | None) -> str:
    """The words a community is found by, folded, each between spaces.

    >>> search_text_of("Calculs d'Été", "", "fr")
    ' calculs calcul d ete '
    """
    return f" {' '.join(analyse(f'{name} {summary}', lang))} "


def _search_text(context: Any) -> str:
    row = context.get_current_parameters()
    return search_text_of(row.get("name") or "", row.get("summary") or "", row.get("lang"))


class Community(Base):
    """A community of practice. Its texts are in ``lang``; other languages are renditions of kind ``community``."""

    __tablename__ = "communities"
    __table_args__ = (
        Index("ix_communities_state_active_at_id", "state", "active_at", "id"),
        # One chapter for each country and language; of communities without a parent the rule says nothing.
        Index("ix_communities_parent_id_chapter", "parent_id", "chapter_kind", "chapter_code", unique=True),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(400), default="")
    lang: Mapped[str] = mapped_column(String(35))
    template: Mapped[str] = mapped_column(String(20), default="subject")
    # Part of `CANVAS_PARTS` to Markdown text.
    canvas: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(12), default=LIVE)
    joining: Mapped[str] = mapped_column(String(12), default=OPEN)
    reading: Mapped[str] = mapped_column(String(12), default=EVERYONE)
    # Who may invite: ``members``, or ``coordinators`` only.
    inviting: Mapped[str] = mapped_column(String(12), default="members")
    # What those who ask to join are asked, in ``lang``; at most five.
    questions: Mapped[list[str]] = mapped_column(default=list)
    # A first small task for newcomers, in ``lang``.
    first_task: Mapped[str] = mapped_column(String(500), default="")
    # A chapter belongs to a community and is for one country or language of it.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="SET NULL"))
    chapter_kind: Mapped[str | None] = mapped_column(String(12))  # "country" or "language"
    chapter_code: Mapped[str | None] = mapped_column(String(35))
    # The institution that hosts it, if one does.
    host_id: Mapped[int | None] = mapped_column(ForeignKey("profiles.id", ondelete="SET NULL"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # The last time somebody wrote, met or shared something here.
    active_at: Mapped[datetime] = mapped_column(default=now)
    # Active members; kept by the services that let people in and out.
    member_count: Mapped[int] = mapped_column(default=0)
    # Since when nobody coordinates it (the last one left or fell silent); the longest-standing are asked.
    orphaned_at: Mapped[datetime | None]
    # Taken out of sight by a moderator of the platform.
    hidden_at: Mapped[datetime | None]
    sample: Mapped[bool] = mapped_column(default=False)
    # What it is found by: follows from name, summary and language by itself.
    search_text: Mapped[str | None] = mapped_column(Text, default=_search_text)
    # Raised when name, summary or canvas change: translations are told stale by it.
    text_version: Mapped[int] = mapped_column(default=1, server_default="1")
    # When the coordinators were last told that it is about to fall asleep.
    dormant_warned_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    facets: Mapped[list[CommunityFacet]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(CommunityFacet.kind, CommunityFacet.code)"
    )

    __mapper_args__ = {"version_id_col": version}

    def codes(self, kind: str) -> tuple[str, ...]:
        """The codes of one kind of `FACETS`: ISCED-F subjects, BCP 47 languages, ISCED levels, countries or regions."""
        return tuple(facet.code for facet in self.facets if facet.kind == kind)


@event.listens_for(Community, "before_update")
def _follow(_mapper: Mapper[Community], _connection: Connection, community: Community) -> None:
    text = search_text_of(community.name, community.summary, community.lang)
    if community.search_text != text:
        community.search_text = text


class CommunityFacet(Base):
    """One facet of a community's domain."""

    __tablename__ = "community_facets"
    __table_args__ = (Index("ix_community_facets_kind_code", "kind", "code"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(String(35), primary_key=True)


class CommunitySeed(Base):
    """A community that should exist, as it was suggested to somebody: opening it fills in the founding pages."""

    __tablename__ = "community_seeds"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    for_person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    # Kind of `FACETS` to codes.
    facets: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # Ids of the persons who would be invited.
    person_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="SET NULL"))


class CommunityDraft(Base):
    """A community that somebody is founding, step by step; a phone may be switched off in between."""

    __tablename__ = "community_drafts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id", ondelete="CASCADE"), index=True)
    # What was answered so far, by the names of `services.plans.Plan`.
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seed_id: Mapped[int | None] = mapped_column(ForeignKey("community_seeds.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now)
    # Taken once, however often "found it" is sent; then the community it became.
    founded_at: Mapped[datetime | None]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("communities.id", ondelete="SET NULL"))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
