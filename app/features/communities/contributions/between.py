"""What is found about the network contributes: a panel for coordinators, the download and the going of a person."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.registries import Panel, add_eraser, add_exporter, add_panel
from app.features.communities.models import Introducer, MissingCommunity, MissingMember
from app.features.communities.policies import can_coordinate
from app.features.communities.views.between import IN_PANEL, entries_for
from app.features.profiles.queries.profiles import find_person_of_account


def load_introducers(_session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """For those who coordinate a community: who could introduce it to others."""
    if not can_coordinate(standing):
        return None
    entries = entries_for(standing, IN_PANEL)
    href = url_for("communities.show_introducers", slug=standing.community.slug)
    return {"entries": entries, "href": href} if entries else None


def export_found(session: Session, account_id: int) -> Any:
    """In which communities that could exist a person would be, and between which groups they were found to stand."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {"communities_that_could_exist": [], "between": []}
    missing = session.scalars(
        select(MissingCommunity)
        .join(MissingMember, MissingMember.missing_id == MissingCommunity.id)
        .where(MissingMember.profile_id == person.id)
        .order_by(MissingCommunity.id)
    )
    between = session.scalars(select(Introducer).where(Introducer.person_id == person.id).order_by(Introducer.id))
    return {
        "communities_that_could_exist": [
            {"facets": row.facets, "people": row.people, "found_at": row.found_at.isoformat()} for row in missing
        ],
        "between": [
            {"kind": row.kind, "one": row.one, "other": row.other, "found_at": row.found_at.isoformat()}
            for row in between
        ],
    }


def erase_found(session: Session, account_id: int) -> None:
    """Whoever goes is in no group any more at once, not only when the groups are found anew."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return
    session.execute(delete(MissingMember).where(MissingMember.profile_id == person.id))
    session.execute(delete(Introducer).where(Introducer.person_id == person.id))


add_panel(Panel("community", "communities.between", "communities/between/panel.html", load_introducers, order=90))
add_exporter("communities_found", export_found)
add_eraser("communities_found", erase_found)
