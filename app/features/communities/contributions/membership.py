"""What membership contributes: tabs, notices, panels, the download, and what happens when somebody's account closes."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import Panel, Tab, add_eraser, add_exporter, add_panel, add_tab
from app.features.communities.models import CLOSED, MEMBER, PERSON, Invitation
from app.features.communities.policies import OPEN_TO_ALL, can_take_over
from app.features.communities.queries.invitations import list_by, list_memberships
from app.features.communities.queries.members import list_longest_untended, list_offers
from app.features.communities.queries.own import list_waiting_for
from app.features.communities.services.membership import erase_memberships
from app.features.communities.services.newcomers import NEW_FOR
from app.features.communities.views.people import home_of, line_of, views_of
from app.features.profiles.queries.profiles import find_person_of_account

SHOWN_AT_HOME = 5


def load_notice(_session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """On a community's pages: that nobody coordinates it, or that the reader is asked to."""
    member = standing.member
    if not standing.is_member or standing.community.state == CLOSED:
        return None
    asked = member.offered_role is not None and (member.offered_by is not None or standing.community.orphaned_at)
    if not asked and standing.community.orphaned_at is None:
        return None
    href = url_for("communities.answer_offer", slug=standing.community.slug)
    return {"asked": bool(asked), "open": can_take_over(standing), "href": href}


def load_first_steps(_session: Session, _actor: Actor, standing: Any) -> dict[str, Any] | None:
    """On a community's first page, for whoever is new: the buddy and the first small task."""
    member, community = standing.member, standing.community
    if standing.role != MEMBER or member.joined_at is None or member.joined_at < standing.moment - NEW_FOR:
        return None
    views = views_of([member.buddy_id])
    buddy = line_of(views[member.buddy_id]) if member.buddy_id in views else None
    if buddy is None and (not community.first_task or member.task_done_at is not None):
        return None
    return {"community": community, "member": member, "buddy": buddy}


def load_waiting(session: Session, actor: Actor, _subject: Any) -> dict[str, Any] | None:
    """On the first page: invitations, communities that ask for the reader, and for operators those left alone."""
    if actor.person_id is None:
        return None
    moment = now()
    waiting, _more = list_waiting_for(session, actor.person_id, moment, limit=SHOWN_AT_HOME)
    invited = [
        {"name": c.name, "lang": c.lang, "href": url_for("communities.show_invitation", code=row.code)}
        for row, c in waiting
    ]
    offered = [
        {"name": c.name, "lang": c.lang, "href": url_for("communities.answer_offer", slug=c.slug)}
        for c, member in list_offers(session, actor.person_id)
        if member.offered_by is not None or c.orphaned_at is not None
    ]
    alone = list_longest_untended(session, moment - OPEN_TO_ALL) if actor.is_operator else []
    untended = [{"name": c.name, "lang": c.lang, "since": c.orphaned_at, "href": home_of(c.slug)} for c in alone]
    found = {"invited": invited, "offered": offered, "untended": untended}
    return found if any(found.values()) else None


def _at(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None


def export_memberships(session: Session, account_id: int) -> Any:
    """The communities of a person, what they answered there, and invitations they made or got."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {"memberships": [], "invitations": []}
    return {
        "memberships": [
            {
                "community": community.slug,
                "role": member.role,
                "state": member.state,
                "asked_at": _at(member.asked_at),
                "joined_at": _at(member.joined_at),
                "left_at": _at(member.left_at),
                "answers": member.answers,
                "answers_language": member.answers_lang,
                "charter_version": member.charter_version,
                "welcomes_newcomers": member.buddy_willing,
                "reason_told": member.measure_reason,
            }
            for member, community in list_memberships(session, person.id)
        ],
        "invitations": [
            {
                "kind": row.kind,
                "made_by_me": row.by_person_id == person.id,
                "to": row.email if row.by_person_id == person.id else None,
                "note": row.note,
                "created_at": _at(row.created_at),
                "accepted": row.accepted,
            }
            for row in list_by(session, person.id)
        ],
    }


def erase_membership(session: Session, account_id: int) -> None:
    """The person leaves every community; where nobody else coordinates, the others are asked. Links that stand on a
    poster stay, without who made them."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return
    erase_memberships(session, person.id)
    mine = or_(Invitation.person_id == person.id, Invitation.by_person_id == person.id)
    session.execute(delete(Invitation).where(Invitation.kind == PERSON, mine))


_MEMBERS, _OFFER, _OWN = "communities.list_members", "communities.answer_offer", "communities.show_membership"
_JOIN = "communities.join_community"
for _kind, _text, _endpoint, _part, _mail in (
    ("community_asked", N_("%(name)s asks to join “%(community)s”"), "communities.list_requests", "slug", False),
    ("community_let_in", N_("You belong to “%(community)s” now"), _OWN, "slug", False),
    ("community_declined", N_("“%(community)s” cannot let you in now; read why"), _JOIN, "slug", False),
    ("community_invited", N_("%(name)s invites you to “%(community)s”"), "communities.show_invitation", "code", True),
    ("invitation_taken", N_("%(name)s came to “%(community)s” by your invitation"), _MEMBERS, "slug", False),
    ("role_offered", N_("You are asked to coordinate “%(community)s”"), _OFFER, "slug", True),
    ("role_given", N_("You have a new role in “%(community)s”"), _OWN, "slug", True),
    ("role_taken", N_("Your role in “%(community)s” has changed"), _OWN, "slug", True),
    ("succession_asked", N_("Nobody looks after “%(community)s” any more. Would you?"), _OFFER, "slug", True),
    ("succession_done", N_("%(name)s looks after “%(community)s” now"), _MEMBERS, "slug", False),
    ("community_orphaned", N_("Nobody looks after “%(community)s” for thirty days"), _MEMBERS, "slug", False),
    ("buddy_found", N_("%(name)s welcomes you in “%(community)s”: say hello"), _OWN, "slug", False),
    ("newcomer_to_meet", N_("%(name)s is new in “%(community)s”; you share a language. Say hello"), _OWN, "slug", True),
):  # fmt: skip
    # Given and taken again and again, a role is told of once until that was read: each is a mail.
    _once = (_part,) if _kind.startswith("role_") else ()
    add_notice_kind(NoticeKind(_kind, _text, _endpoint, (_part,), _mail, _once))

add_tab(Tab("community", "members", N_("Members"), _MEMBERS, order=60, open_to="readers"))
add_panel(Panel("community-notice", "communities.succession", "communities/members/notice.html", load_notice, order=20))
add_panel(Panel("community", "communities.first_steps", "communities/newcomers/panel.html", load_first_steps, order=5))
add_panel(Panel("home", "communities.waiting", "communities/members/home.html", load_waiting, order=12))
add_exporter("communities", export_memberships)
add_eraser("communities_membership", erase_membership)
