"""Who may report and decide. Facts come loaded."""

from __future__ import annotations

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.features.moderation.models import OPEN, Report


def can_moderate(actor: Actor) -> bool:
    """Operators and moderators see reports."""
    return bool(actor.roles & {OPERATOR, MODERATOR})


def can_report(actor: Actor, own: bool) -> bool:
    """Whoever is signed in reports what others wrote."""
    return actor.signed_in and not own


def is_party(actor: Actor, report: Report, account_id: int | None) -> bool:
    """Whether the actor reported it, or is the one it is about: nobody decides in their own matter."""
    return actor.account_id is not None and actor.account_id in (report.reporter_account_id, account_id)


def can_decide(actor: Actor, report: Report, account_id: int | None) -> bool:
    """Moderators decide what is open, unless it is their own matter."""
    return can_moderate(actor) and report.state == OPEN and not is_party(actor, report, account_id)


def can_change(actor: Actor, report: Report, account_id: int | None) -> bool:
    """Hiding and showing again stay possible after the decision, for those who could decide."""
    return can_moderate(actor) and not is_party(actor, report, account_id)
