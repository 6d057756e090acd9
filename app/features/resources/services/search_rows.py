"""The words by which a resource is found."""

from __future__ import annotations

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from app.core.text import analyse
from app.features.resources.models import Resource, ResourceToken


def write_tokens(session: Session, resource: Resource) -> None:
    """Make its search tokens say what its texts say now."""
    tokens = set(analyse(f"{resource.title}\n{resource.description}", resource.lang))
    tokens.update(analyse("\n".join(resource.authors)))
    session.execute(delete(ResourceToken).where(ResourceToken.resource_id == resource.id))
    if tokens:
        rows = [{"resource_id": resource.id, "token": token} for token in sorted(tokens)]
        session.execute(insert(ResourceToken), rows)
