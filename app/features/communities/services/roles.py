"""Roles: who coordinates and who facilitates; nobody becomes a coordinator without saying yes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.models import ACTIVE, COORDINATOR, FACILITATOR, MEMBER, ROLES, Member
from app.features.communities.policies import OPEN_TO_ALL, Standing, can_see
from app.features.communities.services.activity import note_presence
from app.features.communities.services.logging import log_deed
from app.features.communities.services.membership import LastCoordinator, is_needed
from app.features.communities.services.succession import end_succession
from app.features.communities.services.turns import lock_community, lock_member
from app.features.communities.services.words import name_for_members

RANK = {MEMBER: 0, FACILITATOR: 1, COORDINATOR: 2}


class Settled(Conflict):
    """The question is not open any more."""

    message = N_("This was settled in the meantime: somebody looks after the community.")


def _own_now(session: Session, standing: Standing) -> Member:
    """The actor's membership as it is now that it is their turn."""
    lock_community(session, standing.community.id)
    person_id = standing.actor.person_id
    member = lock_member(session, standing.community.id, person_id) if person_id is not None else None
    if member is None or member.state != ACTIVE or not can_see(standing):
        raise Forbidden
    return member


def set_role(session: Session, standing: Standing, person_id: int, role: str) -> None:
    """Give a member another role; whoever is to coordinate is asked first."""
    if role not in ROLES:
        raise Invalid({"role": Text(N_("Please choose one from the list."))})
    if person_id == standing.actor.person_id:
        step_back(session, standing, role)
        return
    # Two who take the role from each other at once: the second has none any more.
    if _own_now(session, standing).role != COORDINATOR:
        raise Forbidden(N_("Only coordinators change roles."))
    community = standing.community
    member = lock_member(session, community.id, person_id)
    if member is None or member.state != ACTIVE:
        raise NotFound
    there = {"community": community.name, "slug": community.slug}
    if member.role == role:
        member.offered_role = None
    elif role == COORDINATOR:
        member.offered_role, member.offered_by, member.offered_at = role, standing.actor.person_id, now()
        tell(session, [person_id], "role_offered", **there)
    else:
        before, member.role, member.offered_role = member.role, role, None
        raised = RANK[role] > RANK[before]
        tell(session, [person_id], "role_given" if raised else "role_taken", **there)
        log_deed(session, standing, "role", "person", person_id, person_id, role=role, before=before)
    note_presence(session, standing)
    session.flush()


def step_back(session: Session, standing: Standing, role: str = MEMBER) -> None:
    """Lay down one's own role, wholly or in part; not as the last who coordinates."""
    member = _own_now(session, standing)
    if RANK[role] > RANK[member.role]:
        raise Forbidden(N_("Only coordinators change roles."))
    if RANK[role] == RANK[member.role]:
        return
    if is_needed(session, standing.community, member):
        raise LastCoordinator
    before, member.role = member.role, role
    log_deed(session, standing, "role", "person", member.person_id, member.person_id, role=role, before=before)
    session.flush()


def accept_role(session: Session, standing: Standing) -> Member:
    """Say yes to coordinating: asked by a coordinator, or because nobody coordinates any more."""
    member = _own_now(session, standing)
    community = standing.community
    session.refresh(community, ["orphaned_at"])
    alone = community.orphaned_at
    asked_by_someone = member.offered_role is not None and member.offered_by is not None
    open_to_all = alone is not None and alone <= now() - OPEN_TO_ALL
    if not asked_by_someone and not (alone is not None and (member.offered_role is not None or open_to_all)):
        raise Settled
    before, member.role, member.offered_role = member.role, COORDINATOR, None
    session.flush()
    log_deed(session, standing, "role", "person", member.person_id, member.person_id, role=COORDINATOR, before=before)
    if alone is not None:
        waiting = end_succession(session, community, but=member.person_id)
        name = name_for_members(session, member.person_id)
        tell(session, waiting, "succession_done", name=name, community=community.name, slug=community.slug)
    member.active_at = now()
    session.flush()
    return member


def decline_role(session: Session, standing: Standing) -> None:
    """Say no to coordinating; nobody is told who said no."""
    member = _own_now(session, standing)
    member.offered_role = None
    session.flush()
