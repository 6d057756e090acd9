"""Reporting, and deciding about reports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.cleaning import clean_text
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.core.registries import reportable
from app.features.accounts.models import Account
from app.features.accounts.services.standing import lift_suspension, suspend
from app.features.moderation.models import (
    DECIDED,
    DISMISS,
    HIDE,
    LIFT,
    LONGEST_NOTE,
    OPEN,
    PROFILE,
    REASONS,
    SUSPEND,
    UNHIDE,
    ModerationLog,
    Report,
)
from app.features.moderation.policies import can_change, can_decide, can_moderate, can_report, is_party
from app.features.moderation.queries import Thing, find_account_behind, find_thing, get_report
from app.features.profiles.models import Person, Profile
from app.features.profiles.services.changes import note_change
from app.features.threads.queries import list_acting_ids
from app.features.threads.services import check_text


class AlreadyDecided(Conflict):
    """Another moderator was faster."""

    message = N_("Somebody else decided this meanwhile. Nothing was changed.")


def get_thing(session: Session, actor: Actor, kind: str, thing_id: int) -> Thing:
    """What the actor would like to report; raises `NotFound` if it is not there for them, `Forbidden` if their own.

    Those who moderate read what was reported, not whatever they name: here they are as everybody else.
    """
    thing = find_thing(session, replace(actor, roles=frozenset()), kind, thing_id)
    if thing is None:
        raise NotFound
    if not can_report(actor, thing.author_id in list_acting_ids(session, actor)):
        raise Forbidden(N_("This is your own. You can change or delete it yourself."))
    return thing


def report(
    session: Session, actor: Actor, kind: str, thing_id: int, reason: str, note: str = "", lang: str | None = None
) -> tuple[Report, bool]:
    """Report a thing; the report and whether it is new. A second one by the same person is added to the first."""
    get_thing(session, actor, kind, thing_id)
    if reason not in REASONS:
        raise Invalid({"reason": Text(N_("Please choose what is wrong."))})
    note, tag = check_text("note", note, lang, LONGEST_NOTE, shortest=0)
    key = f"{actor.account_id}:{kind}:{thing_id}"
    number = insert_if_new(
        session, Report, reporter_account_id=actor.account_id, kind=kind, thing_id=thing_id, reason=reason, note=note,
        lang=tag, open_key=key, created_at=now(), state=OPEN,
    )  # fmt: skip
    if number is not None:
        return get_report(session, number), True
    first = session.query(Report).filter_by(open_key=key).one_or_none()
    if first is None:
        raise AlreadyDecided
    first.reason = reason
    if note and note not in first.note:
        first.note = "\n\n".join(filter(None, (first.note, note)))[: 5 * LONGEST_NOTE]
        first.lang = tag
    session.flush()
    return first, False


def take_house_report(
    session: Session, house_report_id: int, kind: str, thing_id: int, reason: str, note: str = "",
    lang: str | None = None, account_id: int | None = None,
) -> int | None:  # fmt: skip
    """Take over what a community passed on; None if the same person reported the same thing here already."""
    key = f"{account_id}:{kind}:{thing_id}" if account_id is not None else f"house:{house_report_id}"
    known = account_id is not None and session.get(Account, account_id) is not None
    return insert_if_new(
        session, Report, reporter_account_id=account_id if known else None, kind=kind, thing_id=thing_id,
        reason=reason if reason in REASONS else "other", note=note, lang=lang, open_key=key, created_at=now(),
        state=OPEN,
    )  # fmt: skip


def _log(session: Session, actor: Actor, action: str, matter: Report, account: Account | None, reason: str) -> None:
    session.add(
        ModerationLog(
            by_account_id=actor.account_id, action=action, report_id=matter.id, kind=matter.kind,
            thing_id=matter.thing_id, account_id=account.id if account else None, reason=reason,
        )
    )  # fmt: skip
    session.flush()


def _check_reason(reason: str) -> str:
    reason = clean_text(reason)
    if not reason:
        raise Invalid({"reason": Text(N_("Please say why; it is kept in the log."))})
    if len(reason) > LONGEST_NOTE:
        values = {"length": len(reason), "limit": LONGEST_NOTE}
        raise Invalid({"reason": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    return reason


def _close(session: Session, actor: Actor, matter: Report, decision: str, reason: str) -> None:
    """Decide every open report of the same thing; raises `AlreadyDecided` if this one is not open any more."""
    done = session.execute(
        update(Report)
        .where(Report.id == matter.id, Report.state == OPEN)
        .values(_decided(actor, decision, reason))
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise AlreadyDecided
    session.execute(
        update(Report)
        .where(Report.kind == matter.kind, Report.thing_id == matter.thing_id, Report.state == OPEN)
        .values(_decided(actor, decision, reason))
        .execution_options(synchronize_session=False)
    )
    session.refresh(matter)


def _decided(actor: Actor, decision: str, reason: str) -> dict[str, Any]:
    return {
        "state": DECIDED, "decision": decision, "decided_by": actor.account_id, "decided_at": now(),
        "decision_note": reason, "open_key": None,
    }  # fmt: skip


def decide(session: Session, actor: Actor, report_id: int, action: str, reason: str) -> Report:
    """Decide an open report: hide the thing, suspend the account behind it, or leave everything as it is."""
    if not can_moderate(actor):
        raise Forbidden
    matter = get_report(session, report_id)
    thing = find_thing(session, actor, matter.kind, matter.thing_id)
    account = find_account_behind(session, thing)
    if is_party(actor, matter, account.id if account else None):
        raise Forbidden(N_("This is your own matter; somebody else decides it."))
    if not can_decide(actor, matter, account.id if account else None):
        raise AlreadyDecided
    reason = _check_reason(reason)
    if action == DISMISS:
        pass
    elif thing is None:
        raise Conflict(N_("This is no longer there; the report can only be closed."))
    elif action == HIDE:
        _hide(session, actor, thing, True)
    elif action == SUSPEND and account is not None:
        _suspend(session, actor, account, reason)
        if thing.kind != PROFILE:
            _hide(session, actor, thing, True)
    else:
        raise Invalid({"action": Text(N_("Please choose what to do."))})
    _close(session, actor, matter, action, reason)
    _log(session, actor, action, matter, account, reason)
    return matter


def undo(session: Session, actor: Actor, report_id: int, action: str, reason: str) -> Report:
    """Show a hidden thing again, or let somebody suspended in again."""
    matter = get_report(session, report_id)
    thing = find_thing(session, actor, matter.kind, matter.thing_id)
    account = find_account_behind(session, thing)
    if not can_change(actor, matter, account.id if account else None):
        raise Forbidden
    reason = _check_reason(reason)
    if thing is None:
        raise Conflict(N_("This is no longer there."))
    suspended = account is not None and account.suspended_at is not None
    if action == UNHIDE and not (suspended and thing.kind == PROFILE):
        _hide(session, actor, thing, False)
    elif action == LIFT and account is not None:
        lift_suspension(session, actor, account)
        _hide_person(session, account, False)
    else:
        raise Invalid({"action": Text(N_("Please choose what to do."))})
    _log(session, actor, action, matter, account, reason)
    return matter


def _hide(session: Session, actor: Actor, thing: Thing, hidden: bool) -> None:
    known = reportable(thing.kind)
    if known is None or known.hide is None:
        raise Invalid({"action": Text(N_("This can't be hidden."))})
    known.hide(session, actor, thing.id, hidden)


def _suspend(session: Session, actor: Actor, account: Account, reason: str) -> None:
    if account.suspended_at is None:
        suspend(session, actor, account, reason)
    _hide_person(session, account, True)


def _hide_person(session: Session, account: Account, hidden: bool) -> None:
    person = session.query(Person).filter_by(account_id=account.id).one_or_none()
    if person is not None:
        hide_profile(session, person.id, hidden)


def hide_profile(session: Session, profile_id: int, hidden: bool) -> None:
    """Take a profile out of sight, or show it again; suggestions and the directory follow."""
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise NotFound
    if (profile.hidden_at is not None) != hidden:
        profile.hidden_at = now() if hidden else None
        note_change(session, profile)
