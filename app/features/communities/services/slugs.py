"""Names of communities in addresses."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.communities.models import Community
from app.features.profiles.services.handles import latin_handle

# What stands in addresses where the name of a community could.
RESERVED = frozenset(
    ("new", "elsewhere", "filters", "missing", "mine", "invitations", "feed", "search", "networks", "between")
)


def _taken(session: Session, slug: str) -> bool:
    return slug in RESERVED or session.scalar(select(Community.id).where(Community.slug == slug)) is not None


def new_slug(session: Session, name: str) -> str:
    """A free name in addresses: from the name where it has Latin letters, else one that says nothing."""
    wanted = latin_handle(name)
    for slug in [wanted, *(f"{wanted}-{number}" for number in range(2, 20))] if wanted else ():
        if not _taken(session, slug):
            return slug
    while _taken(session, slug := f"{wanted or 'community'}-{secrets.token_hex(3)}"):
        pass
    return slug
