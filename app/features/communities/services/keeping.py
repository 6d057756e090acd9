"""Keeping a community: changing what it says of itself, closing and reopening it, letting it fall asleep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.orm.exc import StaleDataError

from app.core.clock import now
from app.core.errors import Conflict, Forbidden
from app.core.messages import N_
from app.core.notices import tell
from app.features.communities.models import CANVAS_PARTS, CLOSED, COORDINATOR, DORMANT, LIVE, Community, CommunityFacet
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries.standing import list_member_ids
from app.features.communities.services.logging import log_deed
from app.features.communities.services.plans import FACETS, STEPS, check_plan, plan_of

# Nothing happened for so long: it falls asleep; its coordinators hear of it so long before.
QUIET, NOTICE = timedelta(days=90), timedelta(days=14)
CHUNK = 200


class ChangedElsewhere(Conflict):
    """Somebody saved the same community meanwhile; nothing was overwritten."""

    message = N_("Another coordinator changed this in the meantime. Nothing was overwritten.")


def change_community(session: Session, standing: Standing, seen: int, section: str, plan: Mapping[str, Any]) -> bool:
    """Change what one section of the settings asks; says whether anything changed.

    ``seen``: the version the coordinator began from. Raises `Invalid`, or `ChangedElsewhere` if it is another by now.
    """
    community = standing.community
    if not can_coordinate(standing):
        raise Forbidden
    cleaned = check_plan(plan, (section,))
    if community.version != seen:
        raise ChangedElsewhere
    before = plan_of(community)
    changed = [name for name in STEPS[section] if before[name] != cleaned[name]]
    if not changed:
        return False
    _fill(community, cleaned, changed)
    try:
        session.flush()
    except StaleDataError:
        raise ChangedElsewhere from None
    log_deed(session, standing, "changed", "community", community.id, section=section, fields=changed)
    return True


def _fill(community: Community, plan: Mapping[str, Any], changed: list[str]) -> None:
    for name in changed:
        if name in FACETS:
            _set_facets(community, FACETS[name], plan[name])
        elif not name.startswith("canvas_"):
            setattr(community, name, plan[name])
    canvas = {part: plan[f"canvas_{part}"] for part in CANVAS_PARTS if f"canvas_{part}" in changed}
    if canvas:
        community.canvas = {**community.canvas, **canvas}
    if canvas or {"name", "summary", "lang"} & set(changed):
        community.text_version += 1
    # Facets are rows of their own: raise the version of the community for them, too.
    flag_modified(community, "name")


def _set_facets(community: Community, kind: str, codes: list[str]) -> None:
    there = set(community.codes(kind))
    community.facets = [
        *(facet for facet in community.facets if facet.kind != kind or facet.code in codes),
        *(CommunityFacet(kind=kind, code=code) for code in codes if code not in there),
    ]


def close_community(session: Session, standing: Standing, reason: str) -> None:
    """Close it: what was written stays readable, nobody writes or joins any more. The members are told."""
    _set_state(session, standing, CLOSED, "closed", reason)
    _tell_all(session, standing.community, "community_closed")


def reopen_community(session: Session, standing: Standing) -> None:
    """Open it again."""
    _set_state(session, standing, LIVE, "reopened", "")
    _tell_all(session, standing.community, "community_reopened")


def _set_state(session: Session, standing: Standing, state: str, action: str, reason: str) -> None:
    if not can_coordinate(standing):
        raise Forbidden
    community = standing.community
    if (community.state == CLOSED) == (state == CLOSED):
        raise ChangedElsewhere
    community.state, community.active_at = state, now()
    session.flush()
    log_deed(session, standing, action, "community", community.id, reason=reason)


def put_out_of_sight(session: Session, community_id: int, hidden: bool) -> None:
    """Take a community out of sight for everyone but moderators, or show it again; that is for moderators to decide."""
    session.execute(
        update(Community)
        .where(
            Community.id == community_id, Community.hidden_at.is_(None) if hidden else Community.hidden_at.is_not(None)
        )
        .values(hidden_at=now() if hidden else None)
    )


def _tell_all(session: Session, community: Community, kind: str) -> None:
    tell(session, list_member_ids(session, community.id), kind, name=community.name, slug=community.slug)


def warn_quiet(session: Session, moment: datetime) -> int:
    """Tell the coordinators of communities that will fall asleep soon; how many communities. Call until it is 0."""
    silent = moment - (QUIET - NOTICE)
    quiet = (
        select(Community)
        .where(
            Community.state == LIVE,
            Community.hidden_at.is_(None),
            Community.active_at < silent,
            or_(Community.dormant_warned_at.is_(None), Community.dormant_warned_at < Community.active_at),
        )
        .order_by(Community.id)
        .limit(CHUNK)
    )
    found = session.scalars(quiet).all()
    for community in found:
        # Not through the row: somebody may write there at this moment, and neither is to fail for the other.
        session.execute(
            update(Community)
            .where(Community.id == community.id)
            .values(dormant_warned_at=moment)
            .execution_options(synchronize_session=False)
        )
        coordinators = list_member_ids(session, community.id, [COORDINATOR])
        tell(session, coordinators, "community_quiet", name=community.name, slug=community.slug)
    return len(found)


def fall_asleep(session: Session, moment: datetime) -> int:
    """Mark communities as dormant where nothing happened since long and the coordinators know; how many."""
    condition = (
        Community.state == LIVE,
        Community.active_at < moment - QUIET,
        Community.dormant_warned_at > Community.active_at,
        Community.dormant_warned_at <= moment - NOTICE,
    )
    rows = session.execute(select(Community.id, Community.slug, Community.name).where(*condition).limit(CHUNK)).all()
    asleep = 0
    for number, slug, name in rows:
        done = session.execute(
            update(Community)
            .where(Community.id == number, *condition)
            .values(state=DORMANT)
            .execution_options(synchronize_session=False)
        )
        if cast("CursorResult[Any]", done).rowcount:
            asleep += 1
            tell(session, list_member_ids(session, number, [COORDINATOR]), "community_dormant", name=name, slug=slug)
    return asleep
