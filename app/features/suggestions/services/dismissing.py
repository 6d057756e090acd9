"""Putting someone aside: "not for me, because …", and taking that back."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.features.profiles.models import PERSON, Profile
from app.features.profiles.queries.delegates import find_role
from app.features.profiles.queries.visible import present
from app.features.profiles.services.locking import lock_profile
from app.features.suggestions.models import DISMISS_REASONS, Dismissal
from app.features.suggestions.policies import can_ask_for


def check_asking(session: Session, actor: Actor, profile: Profile) -> None:
    """Raise `Forbidden` unless the actor may ask for this profile's suggestions."""
    if not actor.verified:
        raise Forbidden(N_("Suggestions begin once the mail address is confirmed."))
    role = None if profile.kind == PERSON else find_role(session, actor, profile.id)
    if not can_ask_for(actor, profile, role):
        raise Forbidden


def dismiss(session: Session, actor: Actor, profile: Profile, other: Profile, reason: str) -> None:
    """Put ``other`` aside in the suggestions of ``profile``; again with another reason changes the reason."""
    check_asking(session, actor, profile)
    if reason not in DISMISS_REASONS:
        raise Invalid({"reason": Text(N_("Please choose one of the reasons."))})
    if other.id == profile.id or present(session, actor, other) is None:
        raise NotFound
    lock_profile(session, profile.id)
    row = session.get(Dismissal, (profile.id, other.id))
    if row is None:
        row = Dismissal(profile_id=profile.id, dismissed_id=other.id)
        session.add(row)
    row.reason, row.by_person_id = reason, actor.person_id
    session.flush()


def restore(session: Session, actor: Actor, profile: Profile, other: Profile) -> None:
    """Let ``other`` be suggested to ``profile`` again."""
    check_asking(session, actor, profile)
    session.execute(delete(Dismissal).where(Dismissal.profile_id == profile.id, Dismissal.dismissed_id == other.id))
    session.flush()
