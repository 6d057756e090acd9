"""Noting that a profile changed, so that everything computed from it follows."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.signals import announce, profile_changed
from app.features.profiles.models import Profile, ProfileChange
from app.features.profiles.services.search_rows import write_search_rows


def note_change(session: Session, profile: Profile) -> None:
    """Raise the profile's version and write a change row; call it in every service that changes a profile
    or what is shown or matched of it (facets, texts, names, audiences, hiding, delegations)."""
    profile.updated_at = now()
    session.flush()
    note_for_index(session, profile.id)
    write_search_rows(session, [profile.id])
    announce(session, profile_changed, profile_id=profile.id)


def note_for_index(session: Session, profile_id: int) -> None:
    """Have the match index look at a profile again: something counts for it that the profile itself does not say."""
    session.add(ProfileChange(profile_id=profile_id))
    session.flush()
