"""One resource as somebody sees it, and the condition under which everybody does."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.actor import Actor
from app.core.errors import NotFound
from app.features.communities.models import EVERYONE, Community
from app.features.communities.policies import Standing
from app.features.communities.queries import standing_in
from app.features.resources.models import Resource
from app.features.resources.policies import Seen, can_see


def stands() -> ColumnElement[bool]:
    """Neither withdrawn nor hidden."""
    return and_(Resource.withdrawn_at.is_(None), Resource.hidden_at.is_(None))


def open_to_all() -> ColumnElement[bool]:
    """What everyone may read: `policies.is_open_to_all` as a condition."""
    public = select(Community.id).where(Community.reading == EVERYONE, Community.hidden_at.is_(None))
    return and_(stands(), or_(Resource.community_id.is_(None), Resource.community_id.in_(public)))


def seen_by(session: Session, actor: Actor, resource: Resource) -> Seen:
    """A loaded resource with where the actor stands."""
    standing = None
    if resource.community_id is not None:
        community = session.get(Community, resource.community_id)
        standing = standing_in(session, actor, community) if community is not None else None
    return Seen(actor, resource, standing)


def find_resource(session: Session, actor: Actor, resource_id: int) -> Seen | None:
    """A resource, if the actor may see it."""
    query = select(Resource).where(Resource.id == resource_id)
    resource = session.scalar(query.options(selectinload(Resource.facets), selectinload(Resource.origins)))
    if resource is None:
        return None
    seen = seen_by(session, actor, resource)
    return seen if can_see(seen) else None


def get_resource(session: Session, actor: Actor, resource_id: int) -> Seen:
    """The same; raises `NotFound`."""
    seen = find_resource(session, actor, resource_id)
    if seen is None:
        raise NotFound
    return seen


def visible_in(standing: Standing | None) -> ColumnElement[bool]:
    """What readers of a community's list may meet: its own and what is open to all."""
    if standing is None:
        return open_to_all()
    return or_(and_(stands(), Resource.community_id == standing.community.id), open_to_all())


def names_of_communities(session: Session, ids: Collection[int]) -> dict[int, Community]:
    """Communities by number, to be named beside what was shared in them."""
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(Community).where(Community.id.in_(ids)))}
