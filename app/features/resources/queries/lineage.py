"""What a resource was made from and what was made from it, over several steps."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import CTE, select
from sqlalchemy.orm import Session

from app.features.resources.models import Origin, Resource
from app.features.resources.policies import Seen
from app.features.resources.queries.seeing import visible_in

MOST_EDGES = 120
MOST_DEEP = 6


@dataclass(frozen=True, slots=True)
class Branch:
    """One resource of a lineage: ``resource`` if it stands here for the reader, else only its address."""

    relation: str
    url: str
    licence: str | None = None
    resource: Resource | None = None
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """Both directions."""

    sources: tuple[Branch, ...] = ()
    made: tuple[Branch, ...] = ()
    # The licences of everything it was made from directly.
    licences: tuple[str, ...] = field(default=())


def _reach(resource_id: int, upwards: bool) -> CTE:
    """The edges one can go along from a resource; each once, so that a circle ends it."""
    here, there = (Origin.resource_id, Origin.parent_id) if upwards else (Origin.parent_id, Origin.resource_id)
    begin = select(Origin.id, here.label("here"), there.label("there")).where(here == resource_id)
    edges = begin.cte("reach_up" if upwards else "reach_down", recursive=True)
    further = select(Origin.id, here, there).join(edges, here == edges.c.there)
    return edges.union(further)


def list_ancestors(session: Session, resource_id: int) -> set[int]:
    """The numbers of everything a resource was made from, over all steps."""
    edges = _reach(resource_id, upwards=True)
    rows = session.scalars(select(edges.c.there).where(edges.c.there.is_not(None)).limit(10_000))
    return {int(row) for row in rows}


def _edges(session: Session, resource_id: int, upwards: bool) -> list[Origin]:
    reach = _reach(resource_id, upwards)
    rows = select(Origin).where(Origin.id.in_(select(reach.c.id))).order_by(Origin.id).limit(MOST_EDGES)
    return list(session.scalars(rows))


class _Tree:
    """Edges as branches, each resource once on any way down."""

    def __init__(self, edges: list[Origin], known: dict[int, Resource], upwards: bool) -> None:
        self.edges, self.known, self.upwards = edges, known, upwards

    def branches(self, resource_id: int, passed: Collection[int] = ()) -> tuple[Branch, ...]:
        """What hangs on a resource."""
        found = []
        for edge in self.edges:
            if (edge.resource_id if self.upwards else edge.parent_id) != resource_id:
                continue
            other = edge.parent_id if self.upwards else edge.resource_id
            resource = self.known.get(other) if other is not None else None
            if resource is None and not self.upwards:
                continue
            way = (*passed, resource_id)
            deeper = resource is not None and resource.id not in way and len(way) < MOST_DEEP
            below = self.branches(resource.id, way) if resource is not None and deeper else ()
            url = resource.url if resource is not None else edge.url
            licence = resource.licence if resource is not None else edge.licence
            found.append(Branch(edge.relation, url, licence, resource, below))
        return tuple(found)


def get_lineage(session: Session, seen: Seen) -> Lineage:
    """The lineage of a resource, of what the reader may see; three queries however large it is."""
    number = seen.resource.id
    up, down = _edges(session, number, upwards=True), _edges(session, number, upwards=False)
    ids = {edge.parent_id for edge in up} | {edge.resource_id for edge in down}
    known: dict[int, Resource] = {}
    if ids:
        rows = select(Resource).where(Resource.id.in_([i for i in ids if i is not None]), visible_in(seen.standing))
        known = {row.id: row for row in session.scalars(rows)}
    sources = _Tree(up, known, upwards=True).branches(number)
    made = _Tree(down, known, upwards=False).branches(number)
    return Lineage(sources, made, tuple(branch.licence for branch in sources if branch.licence))
