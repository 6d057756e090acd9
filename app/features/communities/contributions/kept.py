"""On the first page of those who look after communities: what waits there."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.registries import Panel, add_panel
from app.features.communities.queries.kept import list_kept


def load_kept(session: Session, actor: Actor, _subject: Any) -> dict[str, Any] | None:
    """The communities in which something waits; nothing where nothing does."""
    rows = list_kept(session, actor.person_id, now()) if actor.person_id is not None else []
    return {"rows": rows} if rows else None


add_panel(Panel("home", "communities.kept", "communities/members/kept.html", load_kept, order=14))
