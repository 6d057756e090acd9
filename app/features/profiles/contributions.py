"""What profiles contribute: the person behind an account, their download, and their going."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.backup import after_restore
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import add_eraser, add_exporter, set_person_loader
from app.features.profiles.models import Person, ProfileLanguage
from app.features.profiles.services.leaving import erase_person, export_person
from app.features.profiles.services.search_rows import rebuild_after_restore

READS = 2  # A2: from here on somebody is shown texts in a language


def load_people(session: Session, account_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The people behind some accounts, in two queries: every request asks for its own."""
    rows = session.execute(
        select(Person.account_id, Person.id, Person.handle, Person.name, Person.timezone).where(
            Person.account_id.in_(list(account_ids))
        )
    ).all()
    if not rows:
        return {}
    languages: dict[int, list[str]] = {row.id: [] for row in rows}
    for profile_id, tag in session.execute(
        select(ProfileLanguage.profile_id, ProfileLanguage.tag)
        .where(ProfileLanguage.profile_id.in_(languages), ProfileLanguage.level >= READS)
        .order_by(ProfileLanguage.level.desc(), ProfileLanguage.tag)
    ):
        languages[profile_id].append(tag)
    return {
        row.account_id: {
            "person_id": row.id,
            "handle": row.handle,
            "name": row.name,
            "timezone": row.timezone,
            "languages": languages[row.id],
        }
        for row in rows
    }


def load_person(session: Session, account_id: int) -> dict[str, Any] | None:
    """The person behind an account, if there is one."""
    return load_people(session, [account_id]).get(account_id)


set_person_loader(load_person, load_people)
add_notice_kind(
    NoticeKind(
        "vouched_renamed", N_("%(before)s, which you vouched for, has a new name: %(name)s"),
        "profiles.show_institution", ("handle",),
    )
)  # fmt: skip
add_exporter("profile", export_person)
add_eraser("profiles", erase_person)
after_restore.append(rebuild_after_restore)
