"""What a person may do in a community. Facts come loaded: the actor, the community, and their row of membership."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.messages import N_, Text
from app.features.communities.models import (
    ACTIVE,
    CLOSED,
    COORDINATOR,
    EVERYONE,
    FACILITATOR,
    MEMBERS,
    OPEN,
    REMOVED,
    REQUEST,
    Community,
    Member,
)

# After so long without a coordinator every member may become it.
OPEN_TO_ALL = timedelta(days=30)


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


def can_found(actor: Actor) -> bool:
    """Found a community: whoever has a profile and a verified address."""
    return actor.person_id is not None and actor.verified


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


def obstacle_to_write(standing: Standing) -> Text | None:
    """Why the actor can't write here, in words for them; None if they can."""
    if can_write(standing):
        return None
    if standing.community.state == CLOSED or standing.community.hidden_at is not None:
        return Text(N_("This community is closed. What was written stays readable."))
    if is_kept_out(standing):
        return Text(N_("You were taken out of this community and cannot write here."))
    member = standing.member
    if member is None or not standing.is_member:
        return Text(N_("Members write here. Become one, and you can take part."))
    values = {"until": member.muted_until or standing.moment, "reason": member.measure_reason}
    if not member.measure_reason:
        return Text(N_("You were asked to be quiet here until %(until)s. You can read everything."), values)
    return Text(
        N_("You were asked to be quiet here until %(until)s. The reason: “%(reason)s” You can read everything."), values
    )


def obstacle_to_take_part(standing: Standing) -> Text | None:
    """Why somebody who is quiet for now, or was taken out, does not write about what stands here either."""
    return obstacle_to_write(standing) if standing.muted or is_kept_out(standing) else None


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


def can_invite(standing: Standing) -> bool:
    """Bring others in: members who are not muted, or the coordinators only, as the community chose."""
    if not can_write(standing):
        return False
    return standing.community.inviting == MEMBERS or standing.role == COORDINATOR


def can_list_members(standing: Standing) -> bool:
    """See everybody who belongs: whoever may read, once signed in; guests see who coordinates."""
    return can_read(standing) and standing.actor.signed_in


def can_take_over(standing: Standing) -> bool:
    """Become its coordinator because nobody is: those who were asked, and after a while every member."""
    orphaned, member = standing.community.orphaned_at, standing.member
    if orphaned is None or member is None or not standing.is_member or not can_see(standing):
        return False
    return member.offered_role == COORDINATOR or orphaned <= standing.moment - OPEN_TO_ALL


def _could_belong(standing: Standing) -> bool:
    actor, community = standing.actor, standing.community
    ready = actor.person_id is not None and actor.verified and not standing.is_member and not is_kept_out(standing)
    return ready and community.state != CLOSED and community.hidden_at is None


# For how many days somebody can be muted; facilitators only for the shorter times. Removed: for 30 days, or for good.
MUTE_DAYS = (1, 3, 7, 30)
FACILITATORS_MOST = 7
REMOVE_DAYS = (30, None)


def can_report(standing: Standing, about_id: int | None) -> bool:
    """Tell the coordinators of a post or a person: members, also those who are muted, but not of themselves."""
    return can_see(standing) and standing.is_member and (about_id is None or about_id != standing.actor.person_id)


def can_keep_order(standing: Standing, about_id: int | None, role: str | None) -> bool:
    """Decide in a matter of somebody who has ``role`` here (None: not a member), never in one's own.

    Facilitators keep order among members; what is about a facilitator or a coordinator is for the coordinators.
    """
    if not can_facilitate(standing) or (about_id is not None and about_id == standing.actor.person_id):
        return False
    return can_coordinate(standing) or role not in (FACILITATOR, COORDINATOR)


def mute_days(standing: Standing) -> tuple[int, ...]:
    """For how many days the actor may mute."""
    if can_coordinate(standing):
        return MUTE_DAYS
    return tuple(days for days in MUTE_DAYS if days <= FACILITATORS_MOST) if can_facilitate(standing) else ()


def can_remove(standing: Standing, about_id: int | None) -> bool:
    """Take somebody out of the community: coordinators, and nobody themselves."""
    return can_coordinate(standing) and about_id != standing.actor.person_id


def can_keep_networks(actor: Actor) -> bool:
    """List a network that lives elsewhere, change what is said of it, and say that it still holds."""
    return actor.person_id is not None and actor.verified
