"""What notices contribute: their part of the download, and of the erasure."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.registries import add_eraser, add_exporter
from app.features.communities.models import Community
from app.features.notifications.models import CommunityFollow, Notice, NoticeSettings
from app.features.notifications.queries import find_settings, list_all
from app.features.notifications.services.forgetting import forget_name
from app.features.profiles.queries.profiles import find_person_of_account


def export_notices(session: Session, account_id: int) -> Any:
    """What a person was told, and how they want to hear of things."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {}
    wanted = find_settings(session, person.id)
    follows = (
        select(Community.slug, CommunityFollow.level)
        .join(Community, Community.id == CommunityFollow.community_id)
        .where(CommunityFollow.person_id == person.id)
        .order_by(Community.slug)
    )
    return {
        "digest": wanted.digest,
        "weekday": wanted.weekday,
        "hour": wanted.hour,
        "mail_at_once": wanted.direct,
        "reminders": wanted.reminders,
        "communities": {row.slug: row.level for row in session.execute(follows)},
        "notices": [
            {
                "kind": notice.kind,
                "values": notice.values,
                "at": notice.created_at.isoformat(),
                "read_at": notice.read_at.isoformat() if notice.read_at else None,
            }
            for notice in list_all(session, person.id)
        ],
    }


def erase_notices(session: Session, account_id: int) -> None:
    """Nothing of it stays, nor the person's name in what others were told."""
    person = find_person_of_account(session, account_id)
    if person is not None:
        forget_name(session, person)
        for table in (Notice, NoticeSettings, CommunityFollow):
            session.execute(delete(table).where(table.person_id == person.id))


add_exporter("notices", export_notices)
add_eraser("notices", erase_notices)
