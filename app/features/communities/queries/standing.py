"""Where an actor stands in a community: loaded once for each request, asked by every policy."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.messages import Text
from app.features.communities.models import ACTIVE, Community, Member
from app.features.communities.policies import Standing, can_see, obstacle_to_take_part

# Asked by every page of a community, so put together once.
_BY_SLUG = select(Community).where(Community.slug == bindparam("slug"))


def standing_in(session: Session, actor: Actor, community: Community) -> Standing:
    """Where the actor stands in a community that is loaded already."""
    member = session.get(Member, (community.id, actor.person_id)) if actor.person_id is not None else None
    return Standing(actor, community, member, now())


def find_obstacle(session: Session, actor: Actor, community_id: int | None) -> Text | None:
    """Why the actor does not write about what stands in a community: muted or taken out there; None for all others."""
    community = session.get(Community, community_id) if community_id is not None else None
    return obstacle_to_take_part(standing_in(session, actor, community)) if community is not None else None


def find_standing(session: Session, actor: Actor, slug: str) -> Standing | None:
    """Where the actor stands in the community of that name in addresses; None if there is none for them to see."""
    if "\0" in slug:
        return None
    # Its facets come when a page asks for them: most don't.
    community = session.scalar(_BY_SLUG, {"slug": slug})
    if community is None:
        return None
    standing = standing_in(session, actor, community)
    return standing if can_see(standing) else None


def get_standing(session: Session, actor: Actor, slug: str) -> Standing:
    """The same; raises `NotFound`."""
    standing = find_standing(session, actor, slug)
    if standing is None:
        raise NotFound
    return standing


def list_member_ids(session: Session, community_id: int, roles: Sequence[str] = ()) -> list[int]:
    """The persons who belong to a community, those of some roles only if named; longest-standing first."""
    query = select(Member.person_id).where(Member.community_id == community_id, Member.state == ACTIVE)
    if roles:
        query = query.where(Member.role.in_(roles))
    return list(session.scalars(query.order_by(Member.joined_at, Member.person_id)))


def list_communities_of(session: Session, person_id: int) -> list[tuple[Community, Member]]:
    """The communities a person belongs to with their membership, the most recently active first."""
    query = (
        select(Community, Member)
        .join(Member, Member.community_id == Community.id)
        .where(Member.person_id == person_id, Member.state == ACTIVE, Community.hidden_at.is_(None))
        .order_by(Community.active_at.desc(), Community.id.desc())
    )
    return [(row[0], row[1]) for row in session.execute(query)]
