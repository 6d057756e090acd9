"""The mails of introductions: who gets them and what they say, in each receiver's language."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.mail import queue_mail
from app.features.accounts.models import Account
from app.features.introductions.models import Introduction
from app.features.profiles.models import Delegation, Person, Profile
from app.features.profiles.queries.visible import present
from app.features.relations.queries import list_blocked_ids

MOST_RECEIVERS = 20


def people_of(session: Session, profile_id: int) -> Iterator[tuple[Account, Person]]:
    """Those who read what is sent to a profile: the person, or everybody who acts for the institution."""
    acts = select(Delegation.person_id).where(
        Delegation.institution_id == profile_id, Delegation.accepted_at.is_not(None)
    )
    rows = session.execute(
        select(Account, Person)
        .join(Person, Person.account_id == Account.id)
        .where(
            or_(Person.id == profile_id, Person.id.in_(acts)),
            Account.suspended_at.is_(None),
            Account.verified_at.is_not(None),
        )
        .order_by(Person.id)
        .limit(MOST_RECEIVERS)
    )
    yield from rows


def _send(session: Session, template: str, introduction: Introduction, to_id: int, about_id: int) -> None:
    """One mail to each reader of ``to_id`` about the side ``about_id``, named as that reader may see it."""
    about, own = session.get(Profile, about_id), session.get(Profile, to_id)
    if about is None or own is None:
        return
    blocked = list_blocked_ids(session, about_id)
    for account, person in people_of(session, to_id):
        if person.id in blocked:
            # Of an institution's people, those between whom and the other stands a block are not written to.
            continue
        reader = Actor(account_id=account.id, person_id=person.id, locale=account.locale, verified=True)
        view, side = present(session, reader, about), present(session, reader, own)
        queue_mail(
            session,
            account.email,
            template,
            account.locale,
            name=view.name if view else None,
            country=view.country if view else None,
            greeting=person.name,
            institution=side.name if side and side.is_institution else None,
            introduction_id=introduction.id,
            note=introduction.note,
            reply=introduction.reply,
            reason=introduction.decline_reason,
            days=(introduction.expires_at - introduction.created_at).days,
        )


def mail_asked(session: Session, introduction: Introduction) -> None:
    """Tell those who were asked."""
    _send(session, "introduction_asked", introduction, introduction.to_profile_id, introduction.from_profile_id)


def mail_answered(session: Session, introduction: Introduction) -> None:
    """Tell both sides how it ended."""
    template = f"introduction_{introduction.state}"
    _send(session, template, introduction, introduction.from_profile_id, introduction.to_profile_id)
    if introduction.state == "accepted":
        _send(session, "introduction_made", introduction, introduction.to_profile_id, introduction.from_profile_id)
