"""What a person may do in a community. Facts come loaded: the actor, the community, and their row of membership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.features.communities.models import (
    ACTIVE,
    CLOSED,
    COORDINATOR,
    EVERYONE,
    FACILITATOR,
    OPEN,
    REMOVED,
    REQUEST,
    Community,
    Member,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an actor stands in a community, at a moment: what every policy here is asked with."""

    actor: Actor
    community: Community
    member: Member | None
    moment: datetime

    @property
    def is_member(self) -> bool:
        """Whether they belong to it now."""
        return self.member is not None and self.member.state == ACTIVE

    @property
    def role(self) -> str | None:
        """Their role, if they belong to it."""
        return self.member.role if self.member is not None and self.is_member else None

    @property
    def muted(self) -> bool:
        """Whether they are to be quiet for now."""
        member = self.member
        return member is not None and member.muted_until is not None and member.muted_until > self.moment


def can_see(standing: Standing) -> bool:
    """The community's own page: everyone, unless a moderator of the platform hid it."""
    return standing.community.hidden_at is None or bool(standing.actor.roles & {OPERATOR, MODERATOR})


def can_read(standing: Standing) -> bool:
    """What is written inside: everyone or its members, as the community chose."""
    return can_see(standing) and (standing.community.reading == EVERYONE or standing.is_member)


def can_write(standing: Standing) -> bool:
    """Threads, posts, events, resources: members who are not muted, while it is not closed."""
    open_now = standing.community.state != CLOSED and standing.community.hidden_at is None
    return open_now and standing.is_member and not standing.muted


def can_facilitate(standing: Standing) -> bool:
    """Keep order in the house: facilitators and coordinators."""
    return can_see(standing) and standing.role in (FACILITATOR, COORDINATOR)


def can_coordinate(standing: Standing) -> bool:
    """Change the community itself, its charter and its roles: coordinators."""
    return can_see(standing) and standing.role == COORDINATOR


def is_kept_out(standing: Standing) -> bool:
    """Whether they were removed, and the time of it is not over."""
    member = standing.member
    if member is None or member.state != REMOVED:
        return False
    return member.removed_until is None or member.removed_until > standing.moment


def can_join(standing: Standing) -> bool:
    """Become a member at once, without being asked anything or invited."""
    return _could_belong(standing) and standing.community.joining == OPEN


def can_ask_to_join(standing: Standing) -> bool:
    """Ask to be let in, where that is how it goes."""
    return _could_belong(standing) and standing.community.joining == REQUEST


def can_take_invitation(standing: Standing) -> bool:
    """Come in by an invitation; it opens every living community."""
    return _could_belong(standing)


def _could_belong(standing: Standing) -> bool:
    actor, community = standing.actor, standing.community
    ready = actor.person_id is not None and actor.verified and not standing.is_member and not is_kept_out(standing)
    return ready and community.state != CLOSED and community.hidden_at is None
