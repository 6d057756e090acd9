"""Who may ask for suggestions, and for whom."""

from __future__ import annotations

from app.core.actor import Actor
from app.features.profiles.models import PERSON, Profile
from app.features.profiles.policies import DELEGATED_ROLES


def can_ask_for(actor: Actor, profile: Profile, role: str | None) -> bool:
    """A person asks for themselves; for an institution whoever acts for it, in any role (``role``).

    Suggestions tell what members may see of others, so the address has to be confirmed first.
    """
    if not actor.verified:
        return False
    if profile.kind == PERSON:
        return actor.person_id is not None and actor.person_id == profile.id
    return role in DELEGATED_ROLES


def can_choose_models(actor: Actor) -> bool:
    """Operators see what was learnt from outcomes, and choose what is used."""
    return actor.is_operator
