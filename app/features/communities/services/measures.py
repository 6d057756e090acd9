"""Measures: muting a member for a time, taking somebody out, and undoing either; each with a reason they read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.models import ACTIVE, LEFT, REMOVED, HouseLog, Member
from app.features.communities.models.order import LONGEST_REASON, REASONS
from app.features.communities.policies import REMOVE_DAYS, Standing, can_keep_order, can_remove, mute_days
from app.features.communities.services.activity import note_presence
from app.features.communities.services.logging import log_deed
from app.features.communities.services.membership import end_membership, let_in
from app.features.communities.services.turns import lock_community, lock_member
from app.features.threads.services import check_text

CHOOSE = Text(N_("Please choose what to do."))


class NotInForce(Conflict):
    """There is nothing to undo any more."""

    message = N_("This is not in force any more. Nothing was changed.")


def check_reason(reason: str, lang: str | None, wanted: bool = True) -> tuple[str, str | None]:
    """The reason of a decision, cleaned; raises `Invalid` where there must be one."""
    if wanted and not reason.strip():
        raise Invalid({"reason": Text(N_("Please say why, in words for the person it is about."))})
    return check_text("reason", reason, lang, LONGEST_REASON, shortest=1 if wanted else 0)


def check_cause(cause: str) -> str:
    """The kind of reason, as it stands in the log that all members see; raises `Invalid` for one we don't know."""
    if cause not in REASONS:
        raise Invalid({"cause": Text(N_("Please choose what it is about."))})
    return cause


def _take_turn(session: Session, standing: Standing, person_id: int) -> tuple[Standing, Member]:
    """Both memberships as they are now that nobody else can change them: two may act against each other at once."""
    community = standing.community
    lock_community(session, community.id)
    own_id = standing.actor.person_id
    own = lock_member(session, community.id, own_id) if own_id is not None else None
    member = lock_member(session, community.id, person_id)
    moment = Standing(standing.actor, community, own, now())
    if member is None:
        raise Conflict(N_("They never belonged to this community."))
    if not can_keep_order(moment, person_id, member.role if member.state == ACTIVE else None):
        raise Forbidden(N_("This is for somebody else to decide: nobody decides about themselves or above themselves."))
    return moment, member


def mute(
    session: Session, standing: Standing, person_id: int, days: int, reason: str, lang: str | None, cause: str
) -> Member:
    """Let a member read and not write for some days; a measure in force is replaced."""
    reason, tag = check_reason(reason, lang)
    check_cause(cause)
    moment, member = _take_turn(session, standing, person_id)
    if member.state != ACTIVE:
        raise Conflict(N_("They do not belong to this community now, so they can't be muted."))
    if days not in mute_days(moment):
        raise Invalid({"days": Text(N_("Please choose for how long."))})
    _spare_longer(moment, member)
    member.muted_until = moment.moment + timedelta(days=days)
    member.measure_reason, member.measure_lang = reason, tag
    _note(session, moment, "mute", member, reason, tag, cause=cause, days=days)
    return member


def unmute(session: Session, standing: Standing, person_id: int, reason: str = "", lang: str | None = None) -> None:
    """Let somebody write again before the time is over."""
    reason, tag = check_reason(reason, lang, wanted=False)
    moment, member = _take_turn(session, standing, person_id)
    if member.muted_until is None or member.muted_until <= moment.moment:
        raise NotInForce
    _spare_longer(moment, member)
    member.muted_until, member.measure_reason, member.measure_lang = None, "", None
    _note(session, moment, "unmute", member, reason, tag)


def remove(
    session: Session, standing: Standing, person_id: int, days: int | None, reason: str, lang: str | None, cause: str
) -> Member:
    """Take somebody out of the community, for some days or (None) for good; who left already is kept out."""
    reason, tag = check_reason(reason, lang)
    check_cause(cause)
    if days not in REMOVE_DAYS:
        raise Invalid({"days": Text(N_("Please choose for how long."))})
    moment, member = _take_turn(session, standing, person_id)
    if not can_remove(moment, person_id):
        raise Forbidden(N_("Only coordinators take somebody out of a community."))
    until = moment.moment + timedelta(days=days) if days else None
    belonged = member.state == ACTIVE
    if belonged:
        end_membership(session, moment.community, member, REMOVED, until, reason)
    else:
        member.state, member.removed_until = REMOVED, until
    member.muted_until, member.measure_reason, member.measure_lang = None, reason, tag
    _note(session, moment, "remove", member, reason, tag, cause=cause, days=days, belonged=belonged)
    return member


def restore(session: Session, standing: Standing, person_id: int, reason: str = "", lang: str | None = None) -> None:
    """Let somebody back in before the time is over: a member again, if they were one."""
    reason, tag = check_reason(reason, lang, wanted=False)
    moment, member = _take_turn(session, standing, person_id)
    if not can_remove(moment, person_id):
        raise Forbidden(N_("Only coordinators let somebody back in."))
    if member.state != REMOVED or (member.removed_until is not None and member.removed_until <= moment.moment):
        raise NotInForce
    if _belonged(session, member):
        joined = member.joined_at
        let_in(session, moment.community, person_id)
        member.joined_at = joined or member.joined_at
    else:
        member.state, member.removed_until = LEFT, None
    member.measure_reason, member.measure_lang = "", None
    _note(session, moment, "restore", member, reason, tag)


def _belonged(session: Session, member: Member) -> bool:
    """Whether somebody who was taken out was a member then; who had left before is not made one."""
    last = session.scalar(
        select(HouseLog.details)
        .where(
            HouseLog.community_id == member.community_id,
            HouseLog.person_id == member.person_id,
            HouseLog.action == "remove",
        )
        .order_by(HouseLog.id.desc())
        .limit(1)
    )
    return bool((last or {}).get("belonged", True))


def _spare_longer(standing: Standing, member: Member) -> None:
    """A facilitator neither shortens nor replaces what only a coordinator could decide."""
    most = max(mute_days(standing), default=0)
    if member.muted_until is not None and member.muted_until > standing.moment + timedelta(days=most):
        raise Forbidden(N_("The coordinators decided this for longer than you may. Please ask them."))


_NOTICES = {"mute": "house_muted", "unmute": "house_unmuted", "remove": "house_removed", "restore": "house_restored"}


def _note(
    session: Session, standing: Standing, action: str, member: Member, reason: str, lang: str | None, **facts: Any
) -> None:
    """Write it down, and tell the person."""
    details = {name: value for name, value in {"lang": lang, **facts}.items() if value is not None}
    log_deed(session, standing, action, "person", member.person_id, member.person_id, reason, **details)
    note_presence(session, standing)
    community = standing.community
    tell(session, [member.person_id], _NOTICES[action], community=community.name, slug=community.slug, reason=reason)


def list_actions(standing: Standing, member: Member, ranked: str | None) -> list[str]:
    """What the actor may do about a person now: ``mute``, ``unmute``, ``remove``, ``restore``.

    ``ranked``: the person's role, if they belong to the community.
    """
    if not can_keep_order(standing, member.person_id, ranked):
        return []
    kept_out = member.state == REMOVED and (member.removed_until is None or member.removed_until > standing.moment)
    muted = member.muted_until is not None and member.muted_until > standing.moment
    found = ["unmute"] if muted and not kept_out else []
    if member.state == ACTIVE and mute_days(standing):
        found.append("mute")
    if can_remove(standing, member.person_id):
        found.append("restore" if kept_out else "remove")
    return found
