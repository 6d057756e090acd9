"""Forgetting the name of somebody who leaves, in what others were told of them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.notices import notice_kinds
from app.features.notifications.models import Notice
from app.features.profiles.models import Person

# Kinds whose ``name`` is a person's; besides those that can be said without it, with this at their end.
_NAMED = (
    "community_asked",
    "community_invited",
    "invitation_taken",
    "buddy_found",
    "newcomer_to_meet",
    "succession_done",
)
_UNNAMED = "_unnamed"
NOBODY = "–"


def forget_name(session: Session, person: Person) -> None:
    """Take a person's name out of the notices of others, also out of those about a namesake: nothing tells them apart.

    Every notice is looked at: it is done once, when somebody goes for good.
    """
    plain = {kind.kind.removesuffix(_UNNAMED) for kind in notice_kinds() if kind.kind.endswith(_UNNAMED)}
    named = select(Notice).where(
        Notice.kind.in_([*sorted(plain), *_NAMED]),
        Notice.values["name"].as_string().in_([person.name, f"@{person.handle}"]),
    )
    for notice in session.scalars(named):
        if notice.kind in plain:
            notice.kind += _UNNAMED
            notice.values = {name: value for name, value in notice.values.items() if name != "name"}
        else:
            notice.values = {**notice.values, "name": NOBODY}
    session.flush()
