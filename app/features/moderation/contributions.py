"""What moderation contributes: profiles as something that can be reported, and the download of one's own reports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.registries import Panel, Reportable, add_eraser, add_exporter, add_panel, add_reportable
from app.features.moderation.models import PROFILE, Report
from app.features.moderation.policies import can_moderate
from app.features.moderation.queries import count_open, list_reports_by
from app.features.moderation.services import hide_profile
from app.features.profiles.models import Profile
from app.features.profiles.queries.visible import present


def describe_profile(session: Session, actor: Actor, profile_id: int) -> dict[str, Any] | None:
    """A profile as it is reported: its texts as everybody who may see it reads them."""
    profile = session.get(Profile, profile_id)
    if profile is None:
        return None
    if not can_moderate(actor) and present(session, actor, profile) is None:
        return None
    return {
        "text": "\n\n".join(text.text for text in profile.texts),
        "lang": profile.texts[0].lang if profile.texts else None,
        "at": profile.updated_at,
        "author_id": profile.id,
        "person_id": None,
        "hidden": profile.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, profile_id: int, hidden: bool) -> None:
    """Take a profile out of sight, or show it again."""
    hide_profile(session, profile_id, hidden)


def load_open(session: Session, actor: Actor, _subject: Any) -> dict[str, Any] | None:
    """For those who moderate: how many reports wait."""
    number = count_open(session) if can_moderate(actor) else 0
    return {"number": number} if number else None


def export_reports(session: Session, account_id: int) -> Any:
    """What the person reported."""
    return [
        {
            "kind": row.kind,
            "reason": row.reason,
            "note": row.note,
            "language": row.lang,
            "reported_at": row.created_at.isoformat(),
            "state": row.state,
        }
        for row in list_reports_by(session, account_id)
    ]


def erase_reports(session: Session, account_id: int) -> None:
    """What the person reported stays to be decided, without who reported it and without their words."""
    session.execute(
        update(Report)
        .where(Report.reporter_account_id == account_id)
        .values(reporter_account_id=None, note="", lang=None, open_key=None)
    )


add_reportable(Reportable(PROFILE, describe_profile, hide))
add_panel(Panel("home", "moderation.open", "moderation/home.html", load_open, order=20))
add_exporter("reports", export_reports)
add_eraser("moderation", erase_reports)
