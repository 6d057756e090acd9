"""Inviting and being invited: links, mails, persons, and the poster for a wall."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.core.errors import Forbidden, Invalid, NotFound, SignInNeeded
from app.core.locales import BY_CODE, OFFERED
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.communities.forms.membership import (
    AddressForm,
    InvitingForm,
    JoinForm,
    LinkForm,
    PersonForm,
)
from app.features.communities.models import MAIL, PERSON, Invitation
from app.features.communities.policies import Standing, can_coordinate, can_invite
from app.features.communities.queries import get_standing
from app.features.communities.queries.invitations import find_invitation, is_open, list_links, list_sent
from app.features.communities.services import invitations as services
from app.features.communities.views.blueprint import blueprint
from app.features.communities.views.drawing import qr_code
from app.features.communities.views.frame import render_in_community
from app.features.communities.views.membership import charter_of, remember_way, state_of
from app.features.communities.views.people import home_of, line_of, views_of
from app.features.communities.views.posters import panels_of
from app.features.profiles.queries.profiles import find_person
from app.features.profiles.views.cards import reading_languages
from app.features.relations.queries import list_connected_ids
from app.features.renditions.queries import list_best

MOST_SUGGESTED = 12
MAILS_A_DAY, ASKED_A_DAY, LINKS_A_DAY = 20, 40, 10


def address_of_invitation(row: Invitation) -> str:
    """The address that goes on paper and into mails: short, and the same whoever reads the page."""
    base: str = current_app.extensions["settings"].base_url
    return base.rstrip("/") + url_for("communities.show_invitation", code=row.code)


def _inviting(slug: str) -> Standing:
    standing = get_standing(db(), current_actor(), slug)
    if not can_invite(standing):
        raise Forbidden(services.NOT_YOURS)
    return standing


def _states(row: Invitation, standing: Standing) -> str:
    if row.withdrawn_at is not None:
        return _("withdrawn")
    if row.answered_at is not None:
        return _("accepted") if row.accepted else _("answered")
    return _("waiting") if is_open(row, standing.moment) else _("too old")


def _sent_lines(standing: Standing) -> list[dict[str, Any]]:
    rows = list_sent(db(), standing)
    views = views_of(row.person_id for row in rows)
    lines = []
    for row in rows:
        view = views.get(row.person_id or 0)
        if row.kind == PERSON and view is None:
            continue
        lines.append(
            {
                "id": row.id,
                "person": line_of(view) if view else None,
                # Mail addresses are shown to whoever typed them only.
                "email": row.email if row.by_person_id == standing.actor.person_id else None,
                "by_mail": row.kind == MAIL,
                "state": _states(row, standing),
                "open": is_open(row, standing.moment),
                "at": row.created_at,
            }
        )
    return lines


def _link_lines(standing: Standing) -> list[dict[str, Any]]:
    rows = list_links(db(), standing)
    makers = views_of(row.by_person_id for row in rows)
    return [
        {
            "row": row,
            "href": address_of_invitation(row),
            "by": line_of(makers[row.by_person_id]) if row.by_person_id in makers else None,
            "mine": row.by_person_id == standing.actor.person_id or can_coordinate(standing),
        }
        for row in rows
    ]


def _page(standing: Standing, shown: FlaskForm | None = None, status: int = 200) -> ResponseReturnValue:
    forms: dict[str, Any] = {
        "link_form": LinkForm(formdata=None),
        "mail_form": AddressForm(formdata=None, locale=current_locale().code),
        "person_form": PersonForm(formdata=None, who=request.args.get("who", "")[:80]),
        "inviting_form": InvitingForm(formdata=None, inviting=standing.community.inviting),
    }
    if shown is not None:
        forms.update({name: shown for name, form in forms.items() if type(form) is type(shown)})
    # Several forms stand on the page: each has ids of its own.
    for name, form in forms.items():
        for field in form:
            field.id = f"{name.partition('_')[0]}-{field.id}"
            field.label.field_id = field.id
    connected = sorted(list_connected_ids(db(), standing.actor.person_id or 0))[:MOST_SUGGESTED]
    people = [line_of(view) for view in views_of(connected).values() if not view.is_institution]
    html = render_in_community(
        standing,
        "communities/invitations/index.html",
        section="members",
        links=_link_lines(standing),
        sent=_sent_lines(standing),
        people=people,
        coordinates=can_coordinate(standing),
        **forms,
    )
    return html, status


@blueprint.get("/communities/<slug>/invitations")
def list_invitations(slug: str) -> ResponseReturnValue:
    """The ways to bring others in, and what became of them."""
    return _page(_inviting(slug))


@blueprint.post("/communities/<slug>/invitations/link")
def make_link(slug: str) -> ResponseReturnValue:
    """Make a link; the next page shows it with its QR code."""
    standing, form = _inviting(slug), LinkForm()
    limit("communities.link", LINKS_A_DAY, DAY, key=str(standing.actor.account_id))
    try:
        row = services.make_link(db(), standing, form.lasts)
    except Invalid as problem:
        form.validate()
        form.show(problem)
        return _page(standing, form, 422)
    return go(url_for("communities.show_link", slug=slug, invitation_id=row.id))


@blueprint.post("/communities/<slug>/invitations/mail")
def invite_address(slug: str) -> ResponseReturnValue:
    """Mail a link to an address; the answer is the same whoever it belongs to."""
    standing, form = _inviting(slug), AddressForm()
    try:
        if not form.validate():
            return _page(standing, form, 422)
        limit("communities.mail", MAILS_A_DAY, DAY, key=str(standing.actor.account_id))
        services.invite_address(
            db(), standing, form.email.data or "", str(form.locale.data or ""), form.note.data or ""
        )
    except Invalid as problem:
        form.show(problem)
        return _page(standing, form, 422)
    flash(_("If this address can be invited, the mail is on its way."), "ok")
    return go(url_for("communities.list_invitations", slug=slug))


@blueprint.post("/communities/<slug>/invitations/person")
def invite_person(slug: str) -> ResponseReturnValue:
    """Ask somebody who is here already."""
    standing, form = _inviting(slug), PersonForm()
    try:
        if not form.validate():
            return _page(standing, form, 422)
        limit("communities.invite", ASKED_A_DAY, DAY, key=str(standing.actor.account_id))
        person = find_person(db(), form.handle)
        services.invite_person(db(), standing, person.id if person else 0, form.note.data or "")
    except Invalid as problem:
        form.show(problem)
        return _page(standing, form, 422)
    flash(_("They are asked, and decide for themselves."), "ok")
    return go(url_for("communities.list_invitations", slug=slug))


@blueprint.post("/communities/<slug>/invitations/who")
def set_inviting(slug: str) -> ResponseReturnValue:
    """Let every member invite, or only coordinators."""
    standing, form = _inviting(slug), InvitingForm()
    try:
        services.set_inviting(db(), standing, str(form.inviting.data or ""))
    except Invalid as problem:
        form.show(problem)
        return _page(standing, form, 422)
    flash(_("Saved."), "ok")
    return go(url_for("communities.list_invitations", slug=slug))


@blueprint.get("/communities/<slug>/invitations/<int:invitation_id>")
def show_link(slug: str, invitation_id: int) -> ResponseReturnValue:
    """A link, to copy, to show as a QR code, or to print on a poster."""
    standing = _inviting(slug)
    row = find_invitation(db(), standing, invitation_id)
    if row is None or row.kind in (MAIL, PERSON) or not is_open(row, standing.moment):
        raise NotFound(services.NoInvitation.message)
    href = address_of_invitation(row)
    return render_in_community(
        standing,
        "communities/invitations/link.html",
        section="members",
        row=row,
        href=href,
        code=qr_code(href),
        mine=row.by_person_id == standing.actor.person_id or can_coordinate(standing),
    )


@blueprint.post("/communities/<slug>/invitations/<int:invitation_id>/withdraw")
def withdraw_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Make an invitation worthless."""
    standing = get_standing(db(), current_actor(), slug)
    if not standing.is_member:
        raise Forbidden
    services.withdraw_invitation(db(), standing, invitation_id)
    flash(_("It does not work any more."), "ok")
    back = "communities.list_invitations" if can_invite(standing) else "communities.list_members"
    return go(url_for(back, slug=slug))


@blueprint.get("/communities/<slug>/poster")
def show_poster(slug: str) -> ResponseReturnValue:
    """A page for a notice board: in the community's languages side by side, with a QR code."""
    standing = _inviting(slug)
    links = list_links(db(), standing)
    wanted = request.args.get("link", type=int)
    row = next((link for link in links if link.id == wanted), links[0] if links else None)
    if row is None:
        flash(_("First make a link: the poster leads to it."), "info")
        return go(url_for("communities.list_invitations", slug=slug))
    codes = request.args.getlist("in")
    panels = panels_of(db(), standing, [BY_CODE[c] for c in codes if BY_CODE.get(c) in OFFERED])
    href = address_of_invitation(row)
    return render_template(
        "communities/invitations/poster.html",
        community=standing.community,
        panels=panels,
        shown=[panel["code"] for panel in panels],
        offered=OFFERED,
        row=row,
        href=href,
        code=qr_code(href, scale=10),
    )


@blueprint.get("/join/<code>")
def show_invitation(code: str) -> ResponseReturnValue:
    """An invitation, for whoever has its address: what the community is, its charter, and the way in."""
    return _invitation_page(code, JoinForm())


def _summary_of(standing: Standing) -> dict[str, str] | None:
    """What the community is about, in words the reader reads, where a member translated them."""
    community = standing.community
    best = list_best(db(), standing.actor, "community", {community.id: community.lang}, reading=reading_languages())
    translated = best[community.id].text("summary") if community.id in best else None
    if translated:
        return {"text": translated, "lang": best[community.id].lang}
    return {"text": community.summary, "lang": community.lang} if community.summary else None


def _invitation_page(code: str, form: JoinForm, status: int = 200) -> ResponseReturnValue:
    try:
        row, standing = services.get_invitation(db(), current_actor(), code)
    except services.NoInvitation:
        # Many open a right one behind one address, at a conference; nobody needs many wrong ones.
        limit("communities.code", 60, HOUR)
        raise
    if standing.is_member:
        return go(home_of(standing.community.slug))
    state = state_of(standing)
    remember_way(state)
    charter = charter_of(standing.community.id)
    if charter is not None:
        form.charter.data = str(charter["version"])
    by = views_of([row.by_person_id]).get(row.by_person_id or 0)
    html = render_in_community(
        standing,
        "communities/invitations/show.html",
        section="join",
        row=row,
        form=form,
        # What an open invitation is good for is coming in, however others come in.
        state=state if state in ("guest", "unready", "kept_out", "closed") else "open",
        charter=charter,
        by=line_of(by) if by else None,
        summary=_summary_of(standing),
        personal=row.kind == PERSON,
        home=home_of(standing.community.slug),
    )
    return html, status


@blueprint.post("/join/<code>")
def take_invitation(code: str) -> ResponseReturnValue:
    """Come in by an invitation."""
    actor, form = current_actor(), JoinForm()
    if not actor.signed_in:
        raise SignInNeeded
    limit("communities.join", 30, DAY, key=str(actor.account_id))
    try:
        services.take_invitation(db(), actor, code, form.agreed)
    except Invalid as problem:
        form.show(problem)
        return _invitation_page(code, form, 422)
    _row, standing = services.get_invitation(db(), actor, code)
    flash(_("Welcome. You belong to this community now."), "ok")
    return go(url_for("communities.show_membership", slug=standing.community.slug))


@blueprint.post("/join/<code>/decline")
def decline_invitation(code: str) -> ResponseReturnValue:
    """Say no, thank you."""
    actor = current_actor()
    _row, standing = services.get_invitation(db(), actor, code)
    services.decline_invitation(db(), actor, code)
    flash(_("You said no. Whoever invited you is not told."), "ok")
    return go(home_of(standing.community.slug))
