"""Tables of external networks: those that live elsewhere and are listed beside the communities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.database import Base, BigId
from app.features.communities.models.communities import search_text_of

REACHES = ("local", "national", "regional", "global")
WHO = ("everyone", "professionals", "institutions", "invited")


def key_of_address(url: str) -> str:
    """What is the same for the few ways in which one address is written: without scheme, ``www.`` and last slash."""
    return url.rstrip("/").partition("://")[2].removeprefix("www.")


def _url_key(context: Any) -> str:
    return key_of_address(context.get_current_parameters()["url"])


def _search_text(context: Any) -> str:
    row = context.get_current_parameters()
    return search_text_of(row.get("name") or "", row.get("summary") or "", row.get("lang"))


class ExternalNetwork(Base):
    """A network elsewhere, kept here by members."""

    __tablename__ = "external_networks"
    __table_args__ = (Index("ix_external_networks_checked_at_id", "checked_at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    url: Mapped[str] = mapped_column(String(500))
    # Unique, so that one listed by two people at the same moment is there once; none of those once listed twice.
    url_key: Mapped[str | None] = mapped_column(String(500), unique=True, default=_url_key)
    summary: Mapped[str] = mapped_column(String(600), default="")
    lang: Mapped[str] = mapped_column(String(35))
    # One of `REACHES`.
    reach: Mapped[str] = mapped_column(String(12), default="global")
    # One of `WHO`.
    who_can_join: Mapped[str] = mapped_column(String(20), default="everyone")
    added_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    # When a member last looked whether all of this still holds.
    checked_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("persons.id", ondelete="SET NULL"))
    hidden_at: Mapped[datetime | None]
    # Name and summary as the searches find them; written by whoever writes these.
    search_text: Mapped[str | None] = mapped_column(Text, default=_search_text)
    version: Mapped[int] = mapped_column(default=1)

    facets: Mapped[list[NetworkFacet]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(NetworkFacet.kind, NetworkFacet.code)"
    )

    __mapper_args__ = {"version_id_col": version}

    def codes(self, kind: str) -> tuple[str, ...]:
        """The codes of one kind of facets: subject, language, level or place."""
        return tuple(facet.code for facet in self.facets if facet.kind == kind)


class NetworkFacet(Base):
    """One facet of an external network."""

    __tablename__ = "network_facets"
    __table_args__ = (Index("ix_network_facets_kind_code", "kind", "code"),)

    network_id: Mapped[int] = mapped_column(ForeignKey("external_networks.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(String(35), primary_key=True)
