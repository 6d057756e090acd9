"""What harvesters are offered: resources in the order in which they changed, those that went among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.features.communities.models import EVERYONE, Community
from app.features.resources.models import Resource
from app.features.resources.queries.seeing import open_to_all

SETS = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked for: changed between two seconds (both included), of one community, of any, or all."""

    since: datetime | None = None
    until: datetime | None = None
    community_id: int | None = None
    in_any_community: bool = False


@dataclass(frozen=True, slots=True)
class Harvested:
    """A resource, whether it is still there to be read, and the community it was shared in."""

    resource: Resource
    deleted: bool
    community: Community | None = None


def _offered() -> ColumnElement[bool]:
    """What is open to all, and what once was: of that, harvesters hear that it went."""
    return or_(open_to_all(), Resource.listed.is_not(None))


def _wanted(offer: Offer) -> list[ColumnElement[bool]]:
    found = [_offered()]
    if offer.since is not None:
        found.append(Resource.changed_at >= offer.since)
    if offer.until is not None:
        found.append(Resource.changed_at <= offer.until)
    if offer.community_id is not None:
        found.append(Resource.community_id == offer.community_id)
    if offer.in_any_community:
        found.append(Resource.community_id.is_not(None))
    return found


def count_offered(session: Session, offer: Offer) -> int:
    """How many records there are of it."""
    return session.scalar(select(func.count()).select_from(Resource).where(*_wanted(offer))) or 0


def list_offered(session: Session, offer: Offer, after: tuple[datetime, int] | None, limit: int) -> list[Harvested]:
    """The next records in the order of their changes; one more than ``limit`` where there are more."""
    query = select(Resource, open_to_all().label("open")).where(*_wanted(offer))
    if after is not None:
        moment, number = after
        query = query.where(
            or_(Resource.changed_at > moment, and_(Resource.changed_at == moment, Resource.id > number))
        )
    options = (selectinload(Resource.facets), selectinload(Resource.origins))
    query = query.order_by(Resource.changed_at, Resource.id).limit(limit + 1).options(*options)
    rows = session.execute(query).all()
    communities = _communities(session, {row[0].community_id for row in rows if row[0].community_id is not None})
    return [Harvested(row[0], not row[1], communities.get(row[0].community_id or 0)) for row in rows]


def _communities(session: Session, ids: set[int]) -> dict[int, Community]:
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(Community).where(Community.id.in_(ids)))}


def find_offered(session: Session, resource_id: int) -> Harvested | None:
    """One record, if it is or was offered."""
    query = select(Resource, open_to_all().label("open")).where(Resource.id == resource_id, _offered())
    row = session.execute(query.options(selectinload(Resource.facets), selectinload(Resource.origins))).one_or_none()
    if row is None:
        return None
    community = session.get(Community, row[0].community_id) if row[0].community_id is not None else None
    return Harvested(row[0], not row[1], community)


def find_earliest(session: Session) -> datetime | None:
    """When the record that changed longest ago changed."""
    return session.scalar(select(func.min(Resource.changed_at)).where(_offered()))


def list_sets(session: Session, after: int, limit: int = SETS) -> list[Community]:
    """The communities that are open to everyone, as sets; one more than ``limit`` where there are more."""
    rows = select(Community).where(Community.reading == EVERYONE, Community.hidden_at.is_(None), Community.id > after)
    return list(session.scalars(rows.order_by(Community.id).limit(limit + 1)))


def find_set(session: Session, slug: str) -> Community | None:
    """The community of a set."""
    return session.scalar(select(Community).where(Community.slug == slug))
