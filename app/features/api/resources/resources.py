"""Open educational resources that people share, as our JSON and as LRMI in JSON-LD."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.queries import get_readable
from app.features.api.schemas.profiles import named
from app.features.api.schemas.resources import (
    ResourcesQuery,
    ResourcesSchema,
    ResourceWholeSchema,
    as_branches,
    as_counts,
    as_resource,
    filters_from,
)
from app.features.api.schemas.translations import Translations
from app.features.communities.policies import Standing
from app.features.communities.views.people import views_of
from app.features.resources.lrmi import write_collection
from app.features.resources.lrmi.writing import CONTEXT
from app.features.resources.models import Resource
from app.features.resources.queries.lineage import get_lineage
from app.features.resources.queries.listing import ResourcePage, count_choices, find_page, load_origins
from app.features.resources.queries.reviews import list_opinions
from app.features.resources.queries.seeing import get_resource, names_of_communities
from app.features.resources.queries.translations import list_translations
from app.features.resources.views.showing import JSONLD, base_url, json_ld, record_of

_LD = {"type": "object", "properties": {"@context": {"type": "string"}}, "required": ["@context"]}
_DESCRIBED = "As JSON, or for `Accept: application/ld+json` as LRMI."


def _wants_lrmi() -> bool:
    return request.accept_mimetypes.best_match(("application/json", JSONLD), "application/json") == JSONLD


def _vary(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def _given(resources: list[Resource]) -> list[dict[str, Any]]:
    session = db()
    langs, versions = {one.id: one.lang for one in resources}, {one.id: one.version for one in resources}
    texts, opinions = Translations("resource", langs, versions), list_opinions(session, list(langs))
    places = names_of_communities(session, {one.community_id for one in resources if one.community_id is not None})
    return [as_resource(one, texts, opinions.get(one.id), places) for one in resources]


def _collection(page: ResourcePage, standing: Standing | None, query: dict[str, Any]) -> Response:
    """A page as a collection of LRMI."""
    session = db()
    load_origins(session, page.resources)
    also = list_translations(session, [row.id for row in page.resources])
    endpoint = "api.list_community_resources" if standing else "api.list_resources"
    slug: dict[str, Any] = {"slug": standing.community.slug} if standing else {}
    asked = {name: value for name, value in query.items() if name not in ("facets", "cursor")}
    here = base_url() + url_for(endpoint, **slug, **asked, cursor=query.get("cursor"))
    following = base_url() + url_for(endpoint, **slug, **asked, cursor=page.next) if page.next else None
    records = [record_of(row, also[row.id]) for row in page.resources]
    name = standing.community.name if standing else "Commonweave"
    return _vary(json_ld(write_collection(records, name, here, following)))


def _list(query: dict[str, Any], standing: Standing | None) -> Any:
    session, filters, locale = db(), filters_from(query), current_locale().code
    page = find_page(session, standing, filters, locale, query.get("cursor"), query["limit"])
    if _wants_lrmi():
        return _collection(page, standing, query)
    answer: dict[str, Any] = {
        "resources": _given(page.resources), "previous": page.previous, "next": page.next
    }  # fmt: skip
    if query["facets"]:
        choices = count_choices(session, standing, filters, locale)
        answer |= {"total": choices.total, "facets": as_counts(choices)}
    return answer, 200, {"Vary": "Accept"}


@operations.arguments(ResourcesQuery, location="query")
@operations.alt_response(200, schema=_LD, content_type=JSONLD, success=True, description=_DESCRIBED)
@operations.response(200, ResourcesSchema, description=_DESCRIBED)
def list_resources(query: dict[str, Any]) -> Any:
    """Resources that are open to all, the newest first."""
    return _list(query, None)


@operations.arguments(ResourcesQuery, location="query")
@operations.alt_response(200, schema=_LD, content_type=JSONLD, success=True, description=_DESCRIBED)
@operations.response(200, ResourcesSchema, description=_DESCRIBED)
def list_community_resources(query: dict[str, Any], slug: str) -> Any:
    """What a community shares, the newest first."""
    return _list(query, get_readable(db(), current_actor(), slug))


@operations.alt_response(200, schema=_LD, content_type=JSONLD, success=True, description=_DESCRIBED)
@operations.response(200, ResourceWholeSchema, description=_DESCRIBED)
def read_resource(resource_id: int) -> Any:
    """A resource: what it is, what it was made from and what was made from it."""
    session = db()
    seen = get_resource(session, current_actor(), resource_id)
    resource = seen.resource
    if _wants_lrmi():
        also = list_translations(session, [resource_id])[resource_id]
        return _vary(json_ld({"@context": CONTEXT, **record_of(resource, also)}))
    lineage = get_lineage(session, seen)
    by = views_of([resource.added_by]).get(resource.added_by or 0)
    answer = {
        **_given([resource])[0],
        "added_by": named(by) if by is not None else None,
        "sources": as_branches(lineage.sources),
        "made": as_branches(lineage.made),
    }
    return answer, 200, {"Vary": "Accept"}
