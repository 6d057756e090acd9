"""On a person's page: to which of their own communities the reader could invite them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.registries import Panel, add_panel
from app.features.communities.queries.inviting import list_open_for
from app.features.profiles.models import Person


def load_invitable(session: Session, actor: Actor, person: Person) -> dict[str, Any] | None:
    """The ways to invite this person; nothing where there is none."""
    if actor.person_id is None or not actor.verified or actor.person_id == person.id:
        return None
    rows = [
        {
            "name": c.name,
            "lang": c.lang,
            "href": url_for("communities.list_invitations", slug=c.slug, who=person.handle),
        }
        for c in list_open_for(session, actor.person_id, person.id, now())
    ]
    return {"rows": rows} if rows else None


add_panel(Panel("person", "communities.inviting", "communities/invitations/person.html", load_invitable, order=20))
