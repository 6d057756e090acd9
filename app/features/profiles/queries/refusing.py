"""Who may be suggested as what: the condition for every query that names people to others."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, not_

from app.features.profiles.models import ProfileRefusal


def is_willing(profile_id: ColumnElement[int], kinds: Iterable[str]) -> ColumnElement[bool]:
    """The condition that a profile refused to be suggested as none of some kinds (of `SUGGESTED_AS`)."""
    return not_(exists().where(ProfileRefusal.profile_id == profile_id, ProfileRefusal.kind.in_(list(kinds))))
