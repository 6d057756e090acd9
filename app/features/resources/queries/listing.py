"""Lists of resources: found by words and filters, page by page, with what can still be chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.core.text import query_terms
from app.features.communities.policies import Standing
from app.features.profiles.queries.directory.paging import read_cursor, write_cursor
from app.features.resources.licences import USES, codes_for
from app.features.resources.models import LANGUAGE, LEVEL, SUBJECT, Resource, ResourceFacet, ResourceToken
from app.features.resources.queries.filters import Filters
from app.features.resources.queries.seeing import open_to_all, stands
from app.features.vocabularies.queries import find_exact

PAGE = 20
MOST_CHOICES = 12
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """A page of resources, the newest first, with the cursors to its neighbours."""

    resources: list[Resource]
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """How many the filters find, and how many of them each further choice would."""

    total: int = 0
    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def _has(kind: str, codes: Iterable[str]) -> ColumnElement[bool]:
    column = ResourceFacet.code
    if kind == SUBJECT:
        wanted = [column == code if len(code) == 4 else column.like(f"{code}%") for code in codes]
    elif kind == LANGUAGE:
        wanted = [column == tag if "-" in tag else or_(column == tag, column.like(f"{tag}-%")) for tag in codes]
    else:
        wanted = [column.in_(list(codes))]
    return Resource.id.in_(select(ResourceFacet.resource_id).where(ResourceFacet.kind == kind, or_(*wanted)))


def _worded(text: str, locale: str) -> ColumnElement[bool]:
    """Every word is found in the texts, or the words together are the name of a subject or language it has."""
    terms = query_terms(text, locale)
    if not terms:
        return false()
    token = ResourceToken.token
    found = []
    for term in terms:
        hit = and_(token >= term.token, token < term.token + _LAST) if term.prefix else token == term.token
        hit = or_(hit, token == term.stem) if term.stem else hit
        found.append(Resource.id.in_(select(ResourceToken.resource_id).where(hit)))
    ways = [and_(*found)]
    for kind in (SUBJECT, LANGUAGE, LEVEL):
        if code := find_exact(kind, text):
            ways.append(_has(kind, (code,)))
    return or_(*ways)


def _licensed(uses: Iterable[str]) -> ColumnElement[bool]:
    # Whoever wants to change it and to earn with it needs both: these narrow each other.
    return and_(*(Resource.licence.in_(codes_for(use)) for use in uses))


def conditions(standing: Standing | None, filters: Filters, locale: str) -> list[ColumnElement[bool]]:
    """The filters as conditions, in a community or (None) among everything that is open to all."""
    inside = and_(stands(), Resource.community_id == standing.community.id) if standing else open_to_all()
    found = [inside]
    if filters.text:
        found.append(_worded(filters.text, locale))
    found += [_has(kind, filters.codes(kind)) for kind in (SUBJECT, LEVEL, LANGUAGE) if filters.codes(kind)]
    if filters.use:
        found.append(_licensed(filters.use))
    if filters.type:
        found.append(Resource.type.in_(filters.type))
    return found


def find_page(
    session: Session,
    standing: Standing | None,
    filters: Filters,
    locale: str,
    cursor: str | None = None,
    limit: int = PAGE,
) -> ResourcePage:
    """The page a cursor leads to."""
    at = read_cursor(cursor)
    forward = at is None or at[0] == "a"
    query = select(Resource).where(*conditions(standing, filters, locale)).options(selectinload(Resource.facets))
    if at is not None:
        _rank, moment, number = at[1]
        created, key = Resource.created_at, Resource.id
        later = or_(created < moment, and_(created == moment, key < number))
        earlier = or_(created > moment, and_(created == moment, key > number))
        query = query.where(later if forward else earlier)
    keys = (Resource.created_at, Resource.id)
    order = [key.desc() if forward else key.asc() for key in keys]
    rows = list(session.scalars(query.order_by(*order).limit(limit + 1)))
    more, rows = len(rows) > limit, rows[:limit]
    if not forward:
        rows.reverse()
    if not rows:
        return ResourcePage([])
    first, last = ((0, row.created_at, row.id) for row in (rows[0], rows[-1]))
    has_previous = more if not forward else at is not None
    has_next = more if forward else True
    return ResourcePage(
        rows,
        write_cursor("b", first) if has_previous else None,
        write_cursor("a", last) if has_next else None,
    )


def count_choices(session: Session, standing: Standing | None, filters: Filters, locale: str) -> Choices:
    """The choices beside a list, in two queries however many there are."""
    ids = select(Resource.id).where(*conditions(standing, filters, locale))
    counts = _facet_counts(session, ids, filters)
    rows = session.execute(
        select(Resource.type, Resource.licence, func.count())
        .where(*conditions(standing, filters, locale))
        .group_by(Resource.type, Resource.licence)
    )
    types: Counter[str] = Counter()
    licences: Counter[str] = Counter()
    for type_, licence, number in rows:
        types[type_] += number
        licences[licence] += number
    uses = Counter({use: sum(licences[code] for code in codes_for(use)) for use in USES})
    counts["use"] = [(use, uses[use]) for use in USES if uses[use]]
    counts["type"] = _most(types, filters.type)
    return Choices(sum(types.values()), counts)


def _facet_counts(session: Session, ids: Select[int], filters: Filters) -> dict[str, list[tuple[str, int]]]:
    rows = session.execute(
        select(ResourceFacet.kind, ResourceFacet.code, func.count())
        .where(ResourceFacet.resource_id.in_(ids))
        .group_by(ResourceFacet.kind, ResourceFacet.code)
    )
    by_kind: dict[str, Counter[str]] = {kind: Counter() for kind in (SUBJECT, LEVEL, LANGUAGE)}
    for kind, code, number in rows:
        if kind in by_kind:
            by_kind[kind][code] += number
    return {kind: _most(counter, filters.codes(kind)) for kind, counter in by_kind.items()}


def _most(counter: Counter[str], chosen: Collection[str]) -> list[tuple[str, int]]:
    """The most frequent choices, and in any case those that are on."""
    ranked = sorted(counter.items(), key=lambda pair: (pair[0] not in chosen, -pair[1], pair[0]))
    shown = ranked[: max(MOST_CHOICES, len(chosen))]
    return shown + [(code, 0) for code in chosen if code not in counter]


def list_newest(session: Session, community_id: int, limit: int = 3) -> list[Resource]:
    """The newest resources of a community."""
    query = select(Resource).where(stands(), Resource.community_id == community_id)
    order = (Resource.created_at.desc(), Resource.id.desc())
    return list(session.scalars(query.options(selectinload(Resource.facets)).order_by(*order).limit(limit)))


def load_origins(session: Session, resources: Iterable[Resource]) -> None:
    """Load what the resources of a page were made from in one query; a list that names no origins needs none."""
    wanted = select(Resource).where(Resource.id.in_([resource.id for resource in resources]))
    session.scalars(wanted.options(selectinload(Resource.origins))).all()
