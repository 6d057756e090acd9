"""Adding, changing and withdrawing resources."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.features.communities.models import Community
from app.features.communities.policies import Standing
from app.features.communities.services.activity import touch
from app.features.communities.services.logging import log_deed
from app.features.resources.addresses import same_as
from app.features.resources.models import LANGUAGE, LEVEL, SUBJECT, UNCHECKED, Origin, Resource, ResourceFacet
from app.features.resources.policies import Seen, can_add, can_edit, can_withdraw, is_open_to_all
from app.features.resources.queries.lineage import list_ancestors
from app.features.resources.queries.seeing import visible_in
from app.features.resources.services.checking import check_values
from app.features.resources.services.search_rows import write_tokens
from app.features.resources.values import OriginValues, ResourceValues

TOKEN = re.compile(r"[0-9a-f]{32}")


class AlreadyHere(Invalid):
    """The address stands here already; ``resource_id`` is where."""

    def __init__(self, resource: Resource) -> None:
        self.resource_id = resource.id
        super().__init__({"url": Text(N_("This is here already: “%(title)s”."), {"title": resource.title})})


def _live_key(community_id: int | None, url_hash: str) -> str:
    return f"{community_id or 0}:{url_hash}"


def _columns(values: ResourceValues) -> dict[str, Any]:
    return {
        "url": values.url,
        "url_hash": same_as(values.url),
        "lang": values.lang,
        "title": values.title,
        "description": values.description,
        "licence": values.licence,
        "authors": list(values.authors),
        "type": values.type,
        "formats": list(values.formats),
        "audiences": list(values.audiences),
    }


def note_change(resource: Resource, community: Community | None) -> None:
    """Note for harvesters that a resource changed, and whether they are offered it."""
    resource.changed_at = now().replace(microsecond=0)
    if is_open_to_all(resource, community):
        resource.listed = True
    elif resource.listed:
        resource.listed = False


def _take_facets(resource: Resource, values: ResourceValues) -> None:
    wanted = {
        *((SUBJECT, code) for code in values.subjects),
        *((LEVEL, code) for code in values.levels),
        *((LANGUAGE, tag) for tag in values.languages),
    }
    kept = {(facet.kind, facet.code): facet for facet in resource.facets}
    for pair, facet in kept.items():
        if pair not in wanted:
            resource.facets.remove(facet)
    resource.facets.extend(ResourceFacet(kind=kind, code=code) for kind, code in sorted(wanted - set(kept)))


Found = list[tuple[OriginValues, str, Resource | None]]


def _resolve_origins(
    session: Session, values: ResourceValues, standing: Standing | None, resource_id: int | None = None
) -> Found:
    """What a resource was made from, each with the one that stands here under that address; never in a circle."""
    found: dict[str, tuple[OriginValues, str, Resource | None]] = {}
    own = same_as(values.url)
    for number, given in enumerate(values.origins):
        field, url_hash = f"origins-{number}-url", same_as(given.url)
        if url_hash == own:
            raise Invalid({field: Text(N_("This is the address of the resource itself."))})
        parent = _find_parent(session, url_hash, standing)
        if parent is not None and resource_id in {parent.id, *list_ancestors(session, parent.id)}:
            raise Invalid({field: Text(N_("“%(title)s” was itself made from this one."), {"title": parent.title})})
        found.setdefault(url_hash, (given, url_hash, parent))
    return list(found.values())


def _take_origins(resource: Resource, origins: Found) -> None:
    kept = {origin.url_hash: origin for origin in resource.origins}
    for given, url_hash, parent in origins:
        origin = kept.pop(url_hash, None)
        if origin is None:
            origin = Origin(url_hash=url_hash)
            resource.origins.append(origin)
        origin.url, origin.relation, origin.licence = given.url, given.relation, given.licence
        origin.parent_id = parent.id if parent is not None else None
    for origin in kept.values():
        resource.origins.remove(origin)


def _find_parent(session: Session, url_hash: str, standing: Standing | None) -> Resource | None:
    rows = select(Resource).where(Resource.url_hash == url_hash, visible_in(standing)).order_by(Resource.id)
    found = list(session.scalars(rows.limit(20)))
    here = standing.community.id if standing is not None else None
    return next((row for row in found if row.community_id == here), found[0] if found else None)


def _adopt(session: Session, resource: Resource) -> None:
    """Link what was made from this address before it stood here; never in a circle."""
    above = {resource.id, *list_ancestors(session, resource.id)}
    session.execute(
        update(Origin)
        .where(Origin.url_hash == resource.url_hash, Origin.parent_id.is_(None), Origin.resource_id.not_in(above))
        .values(parent_id=resource.id)
        .execution_options(synchronize_session=False)
    )


def add_resource(
    session: Session, actor: Actor, values: ResourceValues, token: str, standing: Standing | None = None
) -> tuple[Resource, bool]:
    """Add a resource, in a community or for everyone; with it whether it is new.

    Sent twice by the same form it is added once; raises `AlreadyHere` where the address stands already.
    """
    if not can_add(actor, standing):
        raise Forbidden
    if not TOKEN.fullmatch(token):
        raise Invalid(message=N_("This page was open for a long time. Please send it again."))
    values = check_values(values)
    origins = _resolve_origins(session, values, standing)
    community_id = standing.community.id if standing is not None else None
    columns = _columns(values)
    key = _live_key(community_id, columns["url_hash"])
    number = insert_if_new(
        session, Resource, **columns, live_key=key, community_id=community_id, added_by=actor.person_id, token=token
    )
    if number is None:
        there = session.scalar(select(Resource).where(Resource.live_key == key))
        if there is None:
            raise Conflict
        if there.token == token and there.added_by == actor.person_id:
            return there, False
        raise AlreadyHere(there)
    resource = session.get_one(Resource, number)
    _fill(session, resource, values, origins, standing)
    _adopt(session, resource)
    if standing is not None:
        touch(session, standing)
    return resource, True


def _fill(
    session: Session, resource: Resource, values: ResourceValues, origins: Found, standing: Standing | None
) -> None:
    _take_facets(resource, values)
    _take_origins(resource, origins)
    note_change(resource, standing.community if standing is not None else None)
    session.flush()
    write_tokens(session, resource)


def change_resource(session: Session, seen: Seen, values: ResourceValues, version: int) -> Resource:
    """Change what is said of a resource; ``version`` is what the form was opened with."""
    resource = seen.resource
    if not can_edit(seen):
        raise Forbidden
    if resource.version != version:
        raise Conflict
    values = check_values(values)
    origins = _resolve_origins(session, values, seen.standing, resource.id)
    columns = _columns(values)
    if columns["url_hash"] != resource.url_hash:
        key = _live_key(resource.community_id, columns["url_hash"])
        there = session.scalar(select(Resource).where(Resource.live_key == key))
        if there is resource:
            # It was led there since it was loaded, by somebody who was faster.
            raise Conflict
        if there is not None:
            raise AlreadyHere(there)
        resource.live_key = key
        # It leads elsewhere now: nothing is known of that yet.
        resource.link_state, resource.link_failed_since, resource.link_failed_days = UNCHECKED, None, 0
        resource.link_checked_at = None
    for name, value in columns.items():
        setattr(resource, name, value)
    resource.edited_at = now()
    _fill(session, resource, values, origins, seen.standing)
    if seen.standing is not None:
        touch(session, seen.standing)
        if not seen.own:
            log_deed(session, seen.standing, "edit", "resource", resource.id, resource.added_by, title=resource.title)
    return resource


def withdraw_resource(session: Session, seen: Seen, version: int, reason: str = "") -> None:
    """Take a resource back: it stands nowhere any more, and harvesters are told."""
    resource = seen.resource
    if not can_withdraw(seen):
        raise Forbidden
    if resource.version != version:
        raise Conflict
    resource.withdrawn_at, resource.live_key = now(), None
    note_change(resource, seen.community)
    session.flush()
    if seen.standing is not None and not seen.own:
        person, title = resource.added_by, resource.title
        log_deed(session, seen.standing, "withdraw", "resource", resource.id, person, reason, title=title)


def hide_resource(session: Session, resource_id: int, hidden: bool) -> None:
    """Take a resource out of sight, or show it again; what moderators decide."""
    resource = session.get(Resource, resource_id)
    if resource is None:
        raise NotFound
    resource.hidden_at = now() if hidden else None
    community = session.get(Community, resource.community_id) if resource.community_id is not None else None
    note_change(resource, community)
    session.flush()
