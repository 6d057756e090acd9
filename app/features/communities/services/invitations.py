"""Invitations: a link that can be printed, a mail, or a question to somebody who is here already."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.cleaning import clean_text
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.locales import BY_CODE, OFFERED
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.accounts.queries import find_account
from app.features.accounts.services.addresses import read_address
from app.features.communities.models import (
    ACTIVE,
    CLOSED,
    COORDINATOR,
    LINK,
    MAIL,
    MEMBERS,
    PERSON,
    REMOVED,
    Community,
    Invitation,
    Member,
)
from app.features.communities.policies import Standing, can_coordinate, can_invite, can_take_invitation, is_kept_out
from app.features.communities.queries import standing_in
from app.features.communities.queries.invitations import is_open
from app.features.communities.services.activity import note_presence
from app.features.communities.services.membership import check_agreed, let_in
from app.features.communities.services.newcomers import welcome
from app.features.communities.services.turns import lock_community
from app.features.communities.services.words import name_for_members
from app.features.profiles.models import Person
from app.features.profiles.policies import can_see_at_all
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.relations.queries import list_blocked_ids

# Easily read aloud and typed from paper: no letter or digit that looks like another.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 12
LONGEST_NOTE = 500
MOST_LINKS = 50
LINK_LASTS = (7, 30, 365)
ANSWER_WITHIN = timedelta(days=60)
# One address hears of one community once in so long, and from all of us together so often a day.
MAIL_AGAIN_AFTER = timedelta(days=14)
MAILS_A_DAY_TO_ONE = 3
NOT_YOURS = N_("You cannot invite others to this community.")


class NoInvitation(NotFound):
    """The link leads nowhere, or not any more."""

    message = N_("This invitation cannot be used any more. Ask whoever gave it to you for a new one.")


def _check_may_invite(standing: Standing) -> int:
    person_id = standing.actor.person_id
    if person_id is None or not standing.actor.verified or not can_invite(standing):
        raise Forbidden(NOT_YOURS)
    return person_id


def _check_note(note: str) -> str:
    text = clean_text(note)
    if len(text) > LONGEST_NOTE:
        values = {"length": len(text), "limit": LONGEST_NOTE}
        raise Invalid({"note": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    return text


def _write(session: Session, standing: Standing, kind: str, expires_at: datetime | None, **values: Any) -> Invitation:
    row = Invitation(
        community_id=standing.community.id, kind=kind, by_person_id=standing.actor.person_id, expires_at=expires_at,
        code="".join(secrets.choice(_LETTERS) for _letter in range(CODE_LENGTH)), **values,
    )  # fmt: skip
    session.add(row)
    session.flush()
    note_presence(session, standing)
    return row


def make_link(session: Session, standing: Standing, days: int | None = None, note: str = "") -> Invitation:
    """A link that lets in whoever has it; ``days``: how long it works, None for as long as nobody withdraws it."""
    _check_may_invite(standing)
    if days is not None and days not in LINK_LASTS:
        raise Invalid({"days": Text(N_("Please choose one from the list."))})
    links = select(func.count()).select_from(Invitation)
    links = links.where(
        Invitation.community_id == standing.community.id, Invitation.kind == LINK, Invitation.withdrawn_at.is_(None)
    )
    if (session.scalar(links) or 0) >= MOST_LINKS:
        raise Invalid(message=N_("There are many links already. Use one of them, or withdraw some."))
    expires_at = now() + timedelta(days=days) if days else None
    return _write(session, standing, LINK, expires_at, note=_check_note(note))


def invite_person(session: Session, standing: Standing, person_id: int, note: str = "") -> Invitation:
    """Ask somebody who is here already; they say yes or no. Asked twice, they are asked once."""
    own_id = _check_may_invite(standing)
    note = _check_note(note)
    person = session.get(Person, person_id)
    if person is None or not can_see_at_all(standing.actor, person, person_id in list_blocked_ids(session, own_id)):
        raise Invalid({"who": Text(N_("There is nobody with this name here."))})
    community = standing.community
    lock_community(session, community.id)
    theirs = session.get(Member, (community.id, person_id), populate_existing=True)
    if theirs is not None and theirs.state == ACTIVE:
        raise Invalid({"who": Text(N_("They belong to this community already."))})
    if theirs is not None and theirs.state == REMOVED and is_kept_out(Standing(Actor(), community, theirs, now())):
        raise Invalid({"who": Text(N_("The coordinators removed this person, so they cannot be invited now."))})
    waiting = session.scalar(
        select(Invitation).where(
            Invitation.community_id == community.id,
            Invitation.person_id == person_id,
            Invitation.answered_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now(),
        )
    )
    waiting = waiting or _ask_no_more(session, community.id, own_id, person_id)
    if waiting is not None:
        return waiting
    row = _write(session, standing, PERSON, now() + ANSWER_WITHIN, person_id=person_id, note=note)
    name = name_for_members(session, own_id)
    tell(session, [person_id], "community_invited", name=name, community=community.name, code=row.code)
    return row


def _ask_no_more(session: Session, community_id: int, own_id: int, person_id: int) -> Invitation | None:
    """The invitation that a person was told of lately and did not take: they are not told again, so that asking and
    taking back fills no mailbox. One that was taken back holds again; a no stays one, and whoever asks is not told.

    Raises `Invalid` where the actor asked them several times today, wherever to.
    """
    lately = select(Invitation).where(Invitation.person_id == person_id)
    today = lately.where(Invitation.by_person_id == own_id, Invitation.created_at > now() - timedelta(days=1))
    before = session.scalar(
        lately.where(Invitation.community_id == community_id, Invitation.created_at > now() - MAIL_AGAIN_AFTER)
        .where(Invitation.accepted.is_not(True))
        .order_by(Invitation.id.desc())
        .limit(1)
    )
    if before is not None and before.answered_at is None:
        before.withdrawn_at, before.expires_at, before.by_person_id = None, now() + ANSWER_WITHIN, own_id
        session.flush()
    if before is None and len(session.scalars(today).all()) >= MAILS_A_DAY_TO_ONE:
        raise Invalid({"who": Text(N_("You have invited them several times today. Please wait until tomorrow."))})
    return before


def invite_address(session: Session, standing: Standing, email: str, locale: str, note: str = "") -> None:
    """Mail a link to an address, in a language the inviter chose.

    The answer is the same whether or not the address has an account, was invited before, or wants nothing of them.
    """
    own_id = _check_may_invite(standing)
    address = read_address(email)
    note = _check_note(note)
    if BY_CODE.get(locale) not in OFFERED:
        raise Invalid({"locale": Text(N_("Please choose one from the list."))})
    community = standing.community
    lock_community(session, community.id)
    if not _may_be_mailed(session, community.id, own_id, address.key):
        return
    row = _write(session, standing, MAIL, now() + ANSWER_WITHIN, email=address.email, note=note)
    queue_mail(
        session, address.email, "community_invitation", locale,
        name=name_for_members(session, own_id), community=community.name, summary=community.summary, note=note,
        code=row.code, days=ANSWER_WITHIN.days,
    )  # fmt: skip


def _may_be_mailed(session: Session, community_id: int, own_id: int, key: str) -> bool:
    sent = select(func.count()).select_from(Invitation).where(func.lower(Invitation.email) == key)
    recent = Invitation.created_at > now() - timedelta(days=1)
    here = (Invitation.community_id == community_id, Invitation.created_at > now() - MAIL_AGAIN_AFTER)
    if (session.scalar(sent.where(*here)) or 0) or (session.scalar(sent.where(recent)) or 0) >= MAILS_A_DAY_TO_ONE:
        return False
    account = find_account(session, key)
    person = find_person_of_account(session, account.id) if account else None
    if person is None:
        return True
    theirs = session.get(Member, (community_id, person.id))
    belongs = theirs is not None and theirs.state in (ACTIVE, REMOVED)
    return not belongs and person.id not in list_blocked_ids(session, own_id)


def get_invitation(session: Session, actor: Actor, code: str) -> tuple[Invitation, Standing]:
    """An invitation that can still be used, and where the actor stands; raises `NoInvitation`."""
    row = session.scalar(select(Invitation).where(Invitation.code == code.lower()))
    community = session.get(Community, row.community_id) if row is not None else None
    if row is None or community is None or community.hidden_at is not None or community.state == CLOSED:
        raise NoInvitation
    mine = row.kind != PERSON or row.person_id == actor.person_id
    standing = standing_in(session, actor, community)
    # Whoever came in by it may open it again: they are led to the community.
    if not mine or not (is_open(row, now()) or standing.is_member):
        raise NoInvitation
    return row, standing


def take_invitation(session: Session, actor: Actor, code: str, agreed: int | None) -> Member:
    """Come in by an invitation; sent twice, nothing happens twice."""
    row, standing = get_invitation(session, actor, code)
    community = standing.community
    if standing.is_member and standing.member is not None:
        return standing.member
    if not can_take_invitation(standing) or actor.person_id is None:
        raise Forbidden(N_("You cannot join this community now."))
    version = check_agreed(session, community.id, agreed)
    lock_community(session, community.id)
    _use(session, row)
    member = let_in(session, community, actor.person_id)
    member.charter_version, member.active_at = version, now()
    welcome(session, community, member)
    if row.by_person_id is not None and row.by_person_id not in list_blocked_ids(session, actor.person_id):
        name = name_for_members(session, actor.person_id)
        tell(session, [row.by_person_id], "invitation_taken", name=name, community=community.name, slug=community.slug)
    session.flush()
    return member


def _use(session: Session, row: Invitation) -> None:
    """Count a use of a link; an invitation for one is used up, and of two who come at once one is too late."""
    values: dict[str, Any] = {"uses": Invitation.uses + 1}
    if row.kind != LINK:
        values |= {"answered_at": now(), "accepted": True}
    done = session.execute(
        update(Invitation)
        .where(Invitation.id == row.id, Invitation.withdrawn_at.is_(None), Invitation.answered_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise NoInvitation


def decline_invitation(session: Session, actor: Actor, code: str) -> None:
    """Say no to being invited. Whoever invited is not told."""
    row, _standing = get_invitation(session, actor, code)
    if row.kind == LINK:
        raise Forbidden
    session.execute(
        update(Invitation)
        .where(Invitation.id == row.id, Invitation.answered_at.is_(None))
        .values(answered_at=now(), accepted=False)
        .execution_options(synchronize_session=False)
    )


def withdraw_invitation(session: Session, standing: Standing, invitation_id: int) -> None:
    """Make an invitation worthless: one's own, or as a coordinator any."""
    row = session.get(Invitation, invitation_id)
    if row is None or row.community_id != standing.community.id:
        raise NotFound
    if row.by_person_id != standing.actor.person_id and not can_coordinate(standing):
        raise Forbidden(N_("Only whoever made it, or a coordinator, can withdraw it."))
    if row.answered_at is not None:
        raise Conflict(N_("This invitation was answered already."))
    row.withdrawn_at = row.withdrawn_at or now()
    session.flush()


def set_inviting(session: Session, standing: Standing, who: str) -> None:
    """Decide whether every member may invite, or only those who coordinate."""
    if not can_coordinate(standing):
        raise Forbidden
    if who not in (MEMBERS, f"{COORDINATOR}s"):
        raise Invalid({"inviting": Text(N_("Please choose one from the list."))})
    session.execute(
        update(Community)
        .where(Community.id == standing.community.id)
        .values(inviting=who)
        .execution_options(synchronize_session=False)
    )
    session.expire(standing.community, ["inviting"])
    note_presence(session, standing)


def forget_addresses(session: Session) -> int:
    """Forget the addresses of invitations that are over; how many there were."""
    over = (Invitation.expires_at < now()) | Invitation.answered_at.is_not(None) | Invitation.withdrawn_at.is_not(None)
    done = session.execute(
        update(Invitation)
        # Kept a while, so that the same address isn't mailed again and again.
        .where(Invitation.email.is_not(None), over, Invitation.created_at < now() - MAIL_AGAIN_AFTER)
        .values(email=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount
