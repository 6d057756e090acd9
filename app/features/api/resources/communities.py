"""Communities of practice: finding them, their charters, coming and going."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from app.core.errors import Invalid
from app.core.messages import Text
from app.core.web.i18n import current_locale, translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.sessions import db
from app.features.api.describing import operations
from app.features.api.schemas.communities import (
    CharterQuery,
    CharterSchema,
    CharterVersionsQuery,
    CharterVersionsSchema,
    CommunitiesQuery,
    CommunitiesSchema,
    CommunityWholeSchema,
    JoinBody,
    LeaveQuery,
    MembershipSchema,
    OwnCommunitiesQuery,
    OwnCommunitiesSchema,
    as_community,
    as_membership,
    as_name,
    as_version,
    filters_from,
)
from app.features.api.schemas.filtering import as_choices, check
from app.features.api.schemas.profiles import named
from app.features.api.schemas.translations import NOTHING, Translations
from app.features.communities.models import ASKED, COORDINATOR, Community
from app.features.communities.policies import Standing, can_ask_to_join, obstacle_to_write
from app.features.communities.queries import finding, get_standing, list_member_ids
from app.features.communities.queries.chapters import diverge, find_parent
from app.features.communities.queries.charters import get_charter, get_version, list_versions
from app.features.communities.queries.overview import count_readers
from app.features.communities.queries.own import find_own_page
from app.features.communities.services import membership as services
from app.features.communities.views.people import views_of

MOST_COORDINATORS = 6


def _texts(communities: Sequence[Community]) -> Translations:
    langs = {one.id: one.lang for one in communities}
    return Translations("community", langs, {one.id: one.text_version for one in communities})


@operations.arguments(CommunitiesQuery, location="query")
@operations.response(200, CommunitiesSchema)
def list_communities(query: dict[str, Any]) -> dict[str, Any]:
    """Communities by words and filters, page by page: where something happened last comes first."""
    session, filters, locale = db(), filters_from(query), current_locale().code
    page = finding.find_page(session, filters, locale, query.get("cursor"), query["limit"])
    joined = finding.list_joined_ids(session, current_actor(), [one.id for one in page.communities])
    texts = _texts(page.communities)
    answer: dict[str, Any] = {
        "total": page.total,
        "communities": [as_community(one, texts, joined) for one in page.communities],
        "previous": page.previous,
        "next": page.next,
    }
    if query["facets"]:
        answer["facets"] = as_choices(finding.count_facets(session, filters, locale))
    return answer


@operations.arguments(OwnCommunitiesQuery, location="query")
@operations.response(200, OwnCommunitiesSchema)
def list_own_communities(query: dict[str, Any]) -> dict[str, Any]:
    """The communities you belong to, with your place in each, page by page."""
    session, person_id = db(), current_actor().person_id
    check(query, (), ())
    if person_id is None:
        return {"communities": [], "previous": None, "next": None}
    page = find_own_page(session, person_id, query.get("cursor"), query["limit"])
    communities = [community for community, _member in page.rows]
    texts, joined = _texts(communities), {one.id for one in communities}
    return {
        "communities": [
            {**as_community(community, texts, joined), "membership": as_membership(member)}
            for community, member in page.rows
        ],
        "previous": page.previous,
        "next": page.next,
    }


def _standing(slug: str) -> Standing:
    return get_standing(db(), current_actor(), slug)


def _chapter(community: Community) -> dict[str, Any] | None:
    if community.chapter_kind is None or community.chapter_code is None:
        return None
    parent = find_parent(db(), community)
    kind, code = community.chapter_kind, community.chapter_code
    return {"of": as_name(parent) if parent is not None else None, "kind": kind, "code": code}


@operations.response(200, CommunityWholeSchema)
def read_community(slug: str) -> dict[str, Any]:
    """A community with its canvas, who coordinates it, and how many members read which language."""
    session, actor, standing = db(), current_actor(), _standing(slug)
    community, member = standing.community, standing.member
    views = views_of(list_member_ids(session, community.id, [COORDINATOR])[:MOST_COORDINATORS])
    obstacle = obstacle_to_write(standing)
    joined = {community.id} if standing.is_member else set()
    return {
        **as_community(community, _texts([community]), joined),
        "canvas": {part: text for part, text in community.canvas.items() if str(text).strip()},
        "questions": community.questions,
        "chapter": _chapter(community),
        "coordinators": [named(view) for view in views.values()],
        "readers": count_readers(session, actor, community),
        "charter_version": services.get_charter_version(session, community.id),
        "membership": as_membership(member) if member is not None else None,
        "obstacle": translate(obstacle) if obstacle is not None else None,
    }


@operations.arguments(CharterQuery, location="query")
@operations.response(200, CharterSchema)
def read_charter(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """The charter in force, or with `version` an earlier one."""
    session, community = db(), _standing(slug).community
    newest = get_charter(session, community.id)
    version = query.get("version", newest.version)
    charter = newest if version == newest.version else get_version(session, community.id, version)
    parent = find_parent(session, community) if charter is newest else None
    # Translations are of the community's charter, whatever version they were made from.
    texts = Translations("charter", {community.id: charter.lang}, {community.id: charter.version})
    return {
        **as_version(charter, views_of([charter.created_by])),
        **(texts.of(community.id) if charter is newest else NOTHING),
        "in_force": charter is newest,
        "lang": charter.lang,
        "parts": {part: text for part, text in charter.parts.items() if text},
        "licence": charter.licence,
        "divergence": {p.part: p.state for p in diverge(session, charter, parent) if p.differs} if parent else {},
    }


@operations.arguments(CharterVersionsQuery, location="query")
@operations.response(200, CharterVersionsSchema)
def list_charter_versions(query: dict[str, Any], slug: str) -> dict[str, Any]:
    """The versions of a charter, the newest first."""
    session, community = db(), _standing(slug).community
    before = int(query["cursor"]) if "cursor" in query else None
    versions = list_versions(session, community.id, before)
    views = views_of([version.created_by for version in versions])
    more = versions[-1].version if versions and versions[-1].version > 1 else None
    return {
        "versions": [as_version(version, views) for version in versions],
        "next": str(more) if more is not None else None,
    }


def _named_as_sent(fields: Mapping[str, Text]) -> dict[str, Text]:
    """What is wrong, beside the names by which a program sent it."""
    return {"charter" if name == "agree" else name.replace("answer_", "answers-"): fields[name] for name in fields}


@operations.arguments(JoinBody, location="json", required=False)
@operations.response(200, MembershipSchema)
def join_community(body: dict[str, Any], slug: str) -> dict[str, Any]:
    """Come in, or where a community asks first, ask to be let in; sent twice, nothing happens twice."""
    session, standing = db(), _standing(slug)
    limit("communities.join", 30, DAY, key=str(standing.actor.account_id))
    try:
        if can_ask_to_join(standing):
            member = services.ask_to_join(session, standing, body["answers"], body["lang"], body["charter"])
        else:
            member = services.join(session, standing, body["charter"])
    except Invalid as problem:
        raise Invalid(_named_as_sent(problem.fields)) from None
    return as_membership(member)


@operations.arguments(LeaveQuery, location="query")
@operations.response(204)
def leave_community(query: dict[str, Any], slug: str) -> Response:
    """Leave, or take back that you asked to be let in. The only coordinator is asked to say `even_so`."""
    session, standing = db(), _standing(slug)
    if standing.member is not None and standing.member.state == ASKED:
        services.withdraw_request(session, standing)
    else:
        services.leave(session, standing, even_so=query["even_so"])
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer
