"""Founding a community: drafts that survive a phone switched off, and the one moment in which it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, NotFound, Problem
from app.core.messages import N_
from app.features.communities.models import (
    CANVAS_PARTS,
    CHARTER_PARTS,
    COORDINATOR,
    OPEN,
    Community,
    CommunityDraft,
    CommunityFacet,
    CommunitySeed,
)
from app.features.communities.policies import Standing, can_found
from app.features.communities.queries.standing import standing_in
from app.features.communities.services.charters import first_charter
from app.features.communities.services.invitations import invite_person
from app.features.communities.services.logging import log_deed
from app.features.communities.services.membership import let_in
from app.features.communities.services.plans import FACETS, STEPS, Plan, check_plan
from app.features.communities.services.slugs import new_slug

MOST_DRAFTS, MOST_INVITED = 10, 30
LONGEST_UNCHECKED, MOST_UNCHECKED = 20_000, 50


class BeingFounded(Conflict):
    """The same draft is being founded by another request."""

    message = N_("This community is being founded already. Please look again in a moment.")


def plant_seed(
    session: Session, for_person_id: int, facets: Mapping[str, Sequence[str]], person_ids: Sequence[int]
) -> CommunitySeed:
    """Keep a community that should exist, so that opening it fills in the founding pages and invites those persons."""
    kept = {kind: list(codes) for kind, codes in facets.items() if kind in FACETS.values()}
    seed = CommunitySeed(for_person_id=for_person_id, facets=kept, person_ids=list(person_ids)[:MOST_INVITED])
    session.add(seed)
    session.flush()
    return seed


def begin_draft(session: Session, actor: Actor, plan: Mapping[str, Any], seed_id: int | None = None) -> CommunityDraft:
    """Begin to found a community; of more drafts than anybody needs the oldest give way."""
    if not can_found(actor):
        raise Forbidden
    own = select(CommunityDraft.id).where(
        CommunityDraft.person_id == actor.person_id, CommunityDraft.founded_at.is_(None)
    )
    old = session.scalars(own.order_by(CommunityDraft.id.desc()).offset(MOST_DRAFTS - 1)).all()
    if old:
        session.execute(delete(CommunityDraft).where(CommunityDraft.id.in_(old)))
    draft = CommunityDraft(person_id=actor.person_id, data=dict(plan), seed_id=seed_id)
    session.add(draft)
    session.flush()
    return draft


def save_answers(session: Session, draft: CommunityDraft, answers: Mapping[str, Any]) -> None:
    """Keep what was answered, right or not yet: it is checked when going on, and once more when it is founded."""
    if draft.founded_at is not None:
        raise NotFound
    draft.data = {**draft.data, **{name: _clipped(value) for name, value in answers.items()}}
    draft.updated_at = now()
    session.flush()


def _clipped(value: Any) -> Any:
    """What is kept unchecked on the way back: long enough to be put right, too short to fill the database."""
    if isinstance(value, str):
        return value[:LONGEST_UNCHECKED]
    return [_clipped(one) for one in value[:MOST_UNCHECKED]] if isinstance(value, list) else value


def discard_draft(session: Session, draft: CommunityDraft) -> None:
    """Give up founding."""
    session.delete(draft)
    session.flush()


def found(session: Session, actor: Actor, draft: CommunityDraft, last: Mapping[str, Any] | None = None) -> Community:
    """Found what a draft describes, once: whoever sends it again gets the same community.

    ``last``: answers given with it (``invited``, ``invitation_note``). Raises `Invalid` while an answer is missing.
    """
    if not can_found(actor) or draft.person_id != actor.person_id:
        raise Forbidden
    if draft.community_id is None:
        answers = {**draft.data, **(last or {})}
        plan = {**answers, **check_plan(answers, tuple(STEPS))}
        if _take(session, draft):
            return _found(session, actor, draft, plan)
    session.refresh(draft)
    community = session.get(Community, draft.community_id) if draft.community_id is not None else None
    if community is None:
        raise BeingFounded
    return community


def _take(session: Session, draft: CommunityDraft) -> bool:
    """Whether this is the request that founds; a second one waits here for the first to end."""
    taken = session.execute(
        update(CommunityDraft)
        .where(CommunityDraft.id == draft.id, CommunityDraft.founded_at.is_(None))
        .values(founded_at=now())
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", taken).rowcount == 1


def _found(session: Session, actor: Actor, draft: CommunityDraft, plan: Plan) -> Community:
    community = _add_community(session, actor, plan)
    charter = {part: plan[f"charter_{part}"] for part in CHARTER_PARTS}
    first_charter(session, community, actor, plan["lang"], charter, plan["licence"])
    founder = let_in(session, community, cast(int, actor.person_id), COORDINATOR)
    founder.charter_version, founder.active_at = 1, community.created_at
    session.execute(
        update(CommunityDraft)
        .where(CommunityDraft.id == draft.id)
        .values(community_id=community.id)
        .execution_options(synchronize_session=False)
    )
    standing = standing_in(session, actor, community)
    log_deed(session, standing, "founded", "community", community.id)
    _invite_from_seed(session, standing, draft, plan)
    session.flush()
    return community


def _invite_from_seed(session: Session, standing: Standing, draft: CommunityDraft, plan: Plan) -> None:
    """Ask those for whom the community was suggested; whoever can't be asked any more is passed over."""
    seed = session.get(CommunitySeed, draft.seed_id) if draft.seed_id is not None else None
    if seed is None or seed.for_person_id != standing.actor.person_id:
        return
    seed.community_id = standing.community.id
    chosen = set(plan.get("invited", seed.person_ids))
    for person_id in seed.person_ids:
        if person_id in chosen:
            with suppress(Problem):
                invite_person(session, standing, person_id, str(plan.get("invitation_note", ""))[:500])


def _add_community(session: Session, actor: Actor, plan: Plan) -> Community:
    """The row and its facets; tried again under another address when somebody took it at the same moment."""
    for _attempt in range(5):
        community = Community(
            slug=new_slug(session, plan["name"]), name=plan["name"], summary=plan["summary"], lang=plan["lang"],
            template=plan["template"], canvas={part: plan[f"canvas_{part}"] for part in CANVAS_PARTS},
            joining=plan["joining"] or OPEN, inviting=plan["inviting"], reading=plan["reading"],
            questions=plan["questions"], first_task=plan["first_task"], created_by=actor.person_id,
        )  # fmt: skip
        community.facets = facet_rows(plan)
        try:
            with session.begin_nested():
                session.add(community)
                session.flush()
        except IntegrityError:
            continue
        return community
    raise Conflict


def facet_rows(plan: Mapping[str, Any]) -> list[CommunityFacet]:
    """The facets of a plan as rows."""
    return [CommunityFacet(kind=kind, code=code) for name, kind in FACETS.items() for code in plan[name]]


def community_of_draft(session: Session, draft: CommunityDraft) -> Community | None:
    """The community that a draft became."""
    return session.get(Community, draft.community_id) if draft.community_id is not None else None
