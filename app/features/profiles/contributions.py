"""What profiles contribute: the person behind an account, their download, and their going."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.backup import after_restore
from app.core.registries import add_eraser, add_exporter, set_person_loader
from app.features.profiles.models import Person, ProfileLanguage
from app.features.profiles.services.leaving import erase_person, export_person
from app.features.profiles.services.search_rows import rebuild_after_restore

READS = 2  # A2: from here on somebody is shown texts in a language


def load_person(session: Session, account_id: int) -> dict[str, Any] | None:
    """The person behind an account, in two queries: every request asks for it."""
    row = session.execute(
        select(Person.id, Person.handle, Person.name, Person.timezone).where(Person.account_id == account_id)
    ).first()
    if row is None:
        return None
    languages = session.scalars(
        select(ProfileLanguage.tag)
        .where(ProfileLanguage.profile_id == row.id, ProfileLanguage.level >= READS)
        .order_by(ProfileLanguage.level.desc(), ProfileLanguage.tag)
    )
    return {
        "person_id": row.id,
        "handle": row.handle,
        "name": row.name,
        "timezone": row.timezone,
        "languages": list(languages),
    }


set_person_loader(load_person)
add_exporter("profile", export_person)
add_eraser("profiles", erase_person)
after_restore.append(rebuild_after_restore)
