"""Who may see, plan and change meetings. Facts come loaded: the standing in the community, the event."""

from __future__ import annotations

from app.core.actor import MODERATOR, OPERATOR
from app.features.communities.policies import Standing, can_facilitate, can_read, can_write
from app.features.events.models import PLANNED, Event


def moderates(standing: Standing) -> bool:
    """Whether the actor keeps order on the whole platform."""
    return bool(standing.actor.roles & {OPERATOR, MODERATOR})


def can_see_event(standing: Standing, event: Event) -> bool:
    """Whoever reads the community sees its meetings, but for those a moderator took out of sight."""
    return can_read(standing) and (event.hidden_at is None or moderates(standing))


def can_see_room(standing: Standing) -> bool:
    """The address of the room is for members: strangers in a room of teachers are nobody's wish."""
    return standing.is_member


def can_plan(standing: Standing) -> bool:
    """Members plan meetings and look for times."""
    return can_write(standing)


def can_edit_event(standing: Standing, event: Event) -> bool:
    """Who made it, and facilitators, change and cancel a meeting."""
    own = event.created_by is not None and event.created_by == standing.actor.person_id
    return can_write(standing) and (own or can_facilitate(standing))


def can_answer(standing: Standing, event: Event) -> bool:
    """Members say whether they come, until it is over; a mute keeps nobody from meeting."""
    return standing.is_member and event.state == PLANNED and event.hidden_at is None and not is_over(standing, event)


def is_over(standing: Standing, event: Event) -> bool:
    """Whether it has ended."""
    return event.ends_at <= standing.moment
