"""Putting a community or a network aside: "not for me, because …", and taking that back."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.features.communities.models import ExternalNetwork, GroupAside
from app.features.communities.queries.networks import get_network
from app.features.communities.queries.standing import get_standing
from app.features.communities.queries.suiting import find_aside
from app.features.profiles.models import Profile
from app.features.profiles.services.locking import lock_profile
from app.features.suggestions.models import GROUP_REASONS
from app.features.suggestions.services.dismissing import check_asking
from app.features.suggestions.services.groups import Group

COMMUNITY, NETWORK = "community", "network"


def get_group(session: Session, actor: Actor, kind: str, slug: str) -> Group:
    """A community, or a network with `NETWORK`, that the actor may see; raises `NotFound`."""
    return get_network(session, actor, slug) if kind == NETWORK else get_standing(session, actor, slug).community


def dismiss_group(session: Session, actor: Actor, profile: Profile, group: Group, reason: str) -> None:
    """Put ``group`` aside in the suggestions of ``profile``; again with another reason changes the reason."""
    check_asking(session, actor, profile)
    if reason not in GROUP_REASONS:
        raise Invalid({"reason": Text(N_("Please choose one of the reasons."))})
    lock_profile(session, profile.id)
    row = find_aside(session, profile.id, group)
    if row is None:
        row = GroupAside(profile_id=profile.id)
        row.network_id, row.community_id = (group.id, None) if isinstance(group, ExternalNetwork) else (None, group.id)
        session.add(row)
    row.reason, row.by_person_id = reason, actor.person_id
    session.flush()


def restore_group(session: Session, actor: Actor, profile: Profile, group: Group) -> None:
    """Let ``group`` be suggested to ``profile`` again."""
    check_asking(session, actor, profile)
    row = find_aside(session, profile.id, group)
    if row is not None:
        session.execute(delete(GroupAside).where(GroupAside.id == row.id))
        session.flush()
