"""What the people between groups contribute: a panel for the coordinators of a community."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.registries import Panel, add_panel
from app.features.communities.policies import can_coordinate
from app.features.communities.views.between import IN_PANEL, entries_for


def load_introducers(_session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """For those who coordinate a community: who could introduce it to others."""
    if not can_coordinate(standing):
        return None
    entries = entries_for(standing, IN_PANEL)
    href = url_for("communities.show_introducers", slug=standing.community.slug)
    return {"entries": entries, "href": href} if entries else None


add_panel(Panel("community", "communities.between", "communities/between/panel.html", load_introducers, order=90))
