"""Coming and going: joining, asking to join, being let in, leaving."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.cleaning import clean_text
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.core.signals import announce, member_joined, member_left
from app.features.communities.models import (
    ACTIVE,
    ASKED,
    CLOSED,
    COORDINATOR,
    FACILITATOR,
    LEFT,
    MEMBER,
    REMOVED,
    Charter,
    Community,
    Invitation,
    Member,
)
from app.features.communities.policies import Standing, can_ask_to_join, can_facilitate, can_join
from app.features.communities.queries import list_member_ids
from app.features.communities.services.activity import note_presence
from app.features.communities.services.logging import log_deed
from app.features.communities.services.newcomers import replace_buddy, welcome
from app.features.communities.services.succession import begin_succession, count_coordinators
from app.features.communities.services.turns import lock_community, lock_member
from app.features.communities.services.words import mail_about_request, name_for_members
from app.features.vocabularies.queries import normalise_language

LONGEST_ANSWER, LONGEST_REASON = 1000, 500


class NotAMember(Conflict):
    """Only someone who belongs can do this."""

    message = N_("You do not belong to this community any more.")


class LastCoordinator(Conflict):
    """A community is not left alone by accident."""

    message = N_("You are the only one who coordinates this community. Please decide first what becomes of it.")


def let_in(
    session: Session, community: Community, person_id: int, role: str = MEMBER, at: datetime | None = None
) -> Member:
    """Make a person a member, whatever they were before; who belongs already stays as they are.

    Asks nobody whether they may: that is for the caller. Nobody is welcomed by this, see `welcome`.
    """
    moment = at or now()
    lock_community(session, community.id)
    member = lock_member(session, community.id, person_id)
    if member is not None and member.state == ACTIVE:
        return member
    if member is None:
        member = Member(community_id=community.id, person_id=person_id)
        session.add(member)
    member.state, member.role, member.joined_at = ACTIVE, role, moment
    member.left_at = member.removed_until = member.offered_role = member.buddy_id = None
    if member.muted_until is None or member.muted_until <= moment:
        member.measure_reason, member.measure_lang = "", None
    session.flush()
    _count(session, community, 1)
    announce(session, member_joined, community_id=community.id, person_id=person_id, role=role)
    return member


def _count(session: Session, community: Community, change: int) -> None:
    """Count by a statement: the row has a version, and two who come at once change nothing of the community itself."""
    session.execute(
        update(Community)
        .where(Community.id == community.id)
        .values(member_count=Community.member_count + change)
        .execution_options(synchronize_session=False)
    )
    session.expire(community, ["member_count"])


def get_charter_version(session: Session, community_id: int) -> int | None:
    """The number of the charter in force; None if there is none."""
    return session.scalar(select(func.max(Charter.version)).where(Charter.community_id == community_id))


def check_agreed(session: Session, community_id: int, agreed: int | None) -> int | None:
    """The charter's version that somebody agrees to; raises `Invalid` unless it is the one in force."""
    version = get_charter_version(session, community_id)
    if version is None or agreed == version:
        return version
    if agreed is None:
        raise Invalid({"agree": Text(N_("Please read the charter, and say that you agree."))})
    raise Invalid({"agree": Text(N_("The charter was changed while you read it. Please have another look."))})


def join(session: Session, standing: Standing, agreed: int | None) -> Member:
    """Come in where the door is open; sent twice, nothing happens twice."""
    if standing.is_member and standing.member is not None:
        return standing.member
    if not can_join(standing):
        raise Forbidden(N_("You cannot join this community by yourself."))
    version = check_agreed(session, standing.community.id, agreed)
    assert standing.actor.person_id is not None
    member = let_in(session, standing.community, standing.actor.person_id)
    member.charter_version, member.active_at = version, now()
    welcome(session, standing.community, member)
    return member


def ask_to_join(
    session: Session, standing: Standing, answers: Sequence[str], lang: str | None, agreed: int | None
) -> Member:
    """Ask the coordinators to be let in, with answers to the community's questions."""
    community, person_id = standing.community, standing.actor.person_id
    if not can_ask_to_join(standing) or person_id is None:
        raise Forbidden(N_("You cannot ask to join this community."))
    texts, tag = _check_answers(community, answers, lang)
    version = check_agreed(session, community.id, agreed)
    lock_community(session, community.id)
    member = lock_member(session, community.id, person_id)
    if member is None:
        member = Member(community_id=community.id, person_id=person_id)
        session.add(member)
    if member.state == ACTIVE:
        return member
    first = member.state != ASKED
    member.state, member.role = ASKED, MEMBER
    member.answers, member.answers_lang, member.charter_version = texts, tag, version
    member.measure_reason = ""
    if first:
        member.asked_at = now()
        name = name_for_members(session, person_id)
        receivers = list_member_ids(session, community.id, (COORDINATOR, FACILITATOR))
        tell(session, receivers, "community_asked", name=name, community=community.name, slug=community.slug)
    session.flush()
    return member


def _check_answers(community: Community, answers: Sequence[str], lang: str | None) -> tuple[list[str], str | None]:
    wrong: dict[str, Text] = {}
    texts = [clean_text(text) for text in answers][: len(community.questions)]
    texts += [""] * (len(community.questions) - len(texts))
    for number, text in enumerate(texts):
        if not text:
            wrong[f"answer_{number}"] = Text(N_("Please write something."))
        elif len(text) > LONGEST_ANSWER:
            values = {"length": len(text), "limit": LONGEST_ANSWER}
            message = N_("This has %(length)s characters; please keep it to %(limit)s.")
            wrong[f"answer_{number}"] = Text(message, values)
    tag = normalise_language(lang) if lang else None
    if texts and tag is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    if wrong:
        raise Invalid(wrong)
    return texts, tag


def withdraw_request(session: Session, standing: Standing) -> None:
    """Take back that one asked to join."""
    person_id = standing.actor.person_id
    member = lock_member(session, standing.community.id, person_id) if person_id is not None else None
    if member is not None and member.state == ASKED:
        member.state, member.left_at, member.answers = LEFT, now(), []
        session.flush()


def _get_asking(session: Session, standing: Standing, person_id: int) -> Member:
    if not can_facilitate(standing):
        raise Forbidden
    lock_community(session, standing.community.id)
    member = lock_member(session, standing.community.id, person_id)
    if member is None or member.state != ASKED:
        raise Conflict(N_("This was decided already, or taken back. Nothing was changed."))
    return member


def accept_request(session: Session, standing: Standing, person_id: int) -> Member:
    """Let in somebody who asked."""
    _get_asking(session, standing, person_id)
    community = standing.community
    member = let_in(session, community, person_id)
    log_deed(session, standing, "let_in", "person", person_id, person_id)
    note_presence(session, standing)
    tell(session, [person_id], "community_let_in", community=community.name, slug=community.slug)
    mail_about_request(session, community, person_id, "community_let_in")
    welcome(session, community, member)
    return member


def decline_request(session: Session, standing: Standing, person_id: int, reason: str) -> None:
    """Say no to somebody who asked, with a reason that they read."""
    reason = clean_text(reason)
    if not reason:
        raise Invalid({"reason": Text(N_("Please say why: they will read it."))})
    if len(reason) > LONGEST_REASON:
        values = {"length": len(reason), "limit": LONGEST_REASON}
        raise Invalid({"reason": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    member = _get_asking(session, standing, person_id)
    community = standing.community
    member.state, member.left_at, member.measure_reason, member.answers = LEFT, now(), reason, []
    log_deed(session, standing, "decline", "person", person_id, person_id, reason)
    note_presence(session, standing)
    tell(session, [person_id], "community_declined", community=community.name, slug=community.slug)
    mail_about_request(session, community, person_id, "community_declined", reason=reason)
    session.flush()


def leave(session: Session, standing: Standing, even_so: bool = False) -> None:
    """Stop belonging. The last coordinator says what becomes of the community first; ``even_so``: they did."""
    community, person_id = standing.community, standing.actor.person_id
    lock_community(session, community.id)
    member = lock_member(session, community.id, person_id) if person_id is not None else None
    if member is None or member.state != ACTIVE:
        raise NotAMember
    if not even_so and is_needed(session, community, member):
        raise LastCoordinator
    end_membership(session, community, member, LEFT)


def is_needed(session: Session, community: Community, member: Member) -> bool:
    """Whether nobody else coordinates while others belong to the community; a closed one needs nobody."""
    if community.state == CLOSED or member.role != COORDINATOR or count_coordinators(session, member.community_id) > 1:
        return False
    others = select(func.count()).select_from(Member)
    others = others.where(Member.community_id == member.community_id, Member.state == ACTIVE)
    return (session.scalar(others) or 0) > 1


def end_membership(
    session: Session, community: Community, member: Member, state: str, until: datetime | None = None, reason: str = ""
) -> None:
    """Take a member out (``LEFT`` or ``REMOVED``); when nobody is left who coordinates, the others are asked.

    The caller has locked the community and decided that it may be.
    """
    coordinated, person_id = member.role == COORDINATOR, member.person_id
    member.state, member.role, member.left_at = state, MEMBER, now()
    member.removed_until, member.offered_role, member.buddy_id, member.buddy_willing = until, None, None, False
    if state == REMOVED:
        member.measure_reason = reason
        session.execute(
            update(Invitation)
            .where(
                Invitation.community_id == community.id,
                Invitation.by_person_id == person_id,
                Invitation.withdrawn_at.is_(None),
            )
            .values(withdrawn_at=now())
            .execution_options(synchronize_session=False)
        )
    session.flush()
    _count(session, community, -1)
    replace_buddy(session, community, person_id)
    announce(session, member_left, community_id=community.id, person_id=person_id)
    if coordinated and count_coordinators(session, community.id) == 0:
        begin_succession(session, community, now())


def set_willing(session: Session, standing: Standing, willing: bool) -> None:
    """Say whether one gladly welcomes newcomers."""
    if standing.member is None or not standing.is_member:
        raise NotAMember
    standing.member.buddy_willing = willing
    session.flush()


def erase_memberships(session: Session, person_id: int) -> None:
    """Take a person who closes their account out of every community, and forget that they were there."""
    rows = session.execute(
        select(Member, Community)
        .join(Community, Community.id == Member.community_id)
        .where(Member.person_id == person_id)
        # In the order of their numbers: two who close their accounts at once don't wait for one another.
        .order_by(Community.id)
    )
    for community in [row[1] for row in rows]:
        lock_community(session, community.id)
        member = lock_member(session, community.id, person_id)
        if member is None:
            continue
        if member.state == ACTIVE:
            end_membership(session, community, member, LEFT)
        session.delete(member)
        session.flush()
