"""Who acts for an institution: the owners' page, and the answers of those who are asked."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.accounts.services.addresses import fold_address
from app.features.profiles.forms.institutions import ROLE_NAMES, InviteForm
from app.features.profiles.models import Institution
from app.features.profiles.policies import can_delegate
from app.features.profiles.queries.delegates import find_role, list_delegations
from app.features.profiles.queries.profiles import find_person
from app.features.profiles.queries.visible import present_many
from app.features.profiles.services import delegations
from app.features.profiles.services.delegations import LastOwner
from app.features.profiles.views import blueprint
from app.features.profiles.views.cards import reading_languages
from app.features.profiles.views.institutions import open_institution

MOST_TO_ONE = 3


def _people_page(institution: Institution, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "profiles/people.html",
        institution=institution,
        form=form,
        rows=_rows(institution),
        roles=ROLE_NAMES,
        may=can_delegate(current_actor(), institution, find_role(db(), current_actor(), institution.id)),
    )
    return page, status


def _rows(institution: Institution) -> list[dict[str, Any]]:
    """Everybody who acts for it or is asked to, called as far as they let this reader know their name."""
    rows = list_delegations(db(), institution.id)
    views = present_many(db(), current_actor(), [person.id for _delegation, person in rows], reading_languages())
    known = {view.id: view for view in views}
    return [
        {
            "delegation": delegation,
            "handle": person.handle,
            "own": person.id == current_actor().person_id,
            "view": known.get(person.id),
        }
        for delegation, person in rows
    ]


@blueprint.route("/institutions/<handle>/people", methods=["GET", "POST"])
def delegations_of(handle: str) -> ResponseReturnValue:
    """Everybody who acts for an institution, and the form to ask more; for those who act for it."""
    institution = open_institution(handle)
    if find_role(db(), current_actor(), institution.id) is None:
        raise Forbidden
    form = InviteForm()
    if request.method in READING:
        return _people_page(institution, form)
    if form.validate():
        asking, asked = current_actor().account_id, fold_address(form.who.data or "")
        limit("delegation", 30, DAY, key=str(asking))
        # Each is a mail to them: asked, taken back and asked again fills no mailbox.
        limit("delegation-to", MOST_TO_ONE, DAY, key=f"{asking}|{asked.removeprefix('@')}")
        try:
            delegations.invite(db(), current_actor(), institution, form.who.data or "", str(form.role.data or ""))
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_("Asked. As soon as they say yes, they act for it."), "ok")
            return go(url_for("profiles.delegations_of", handle=handle))
    return _people_page(institution, form, 422)


@blueprint.post("/institutions/<handle>/people/<person_handle>")
def change_delegation(handle: str, person_handle: str) -> ResponseReturnValue:
    """Give somebody another role, or take it away."""
    institution = open_institution(handle)
    person = find_person(db(), person_handle)
    if person is None:
        raise NotFound
    try:
        if request.form.get("action") == "remove":
            delegations.remove_delegate(db(), current_actor(), institution, person)
        else:
            delegations.change_role(db(), current_actor(), institution, person, request.form.get("role", ""))
    except (LastOwner, Invalid) as problem:
        flash(translate(problem.text), "error")
    else:
        flash(_("Saved."), "ok")
    if find_role(db(), current_actor(), institution.id) is None:
        return go(url_for("profiles.own_institutions"))
    return go(url_for("profiles.delegations_of", handle=handle))


@blueprint.post("/institutions/<handle>/membership")
def answer_delegation(handle: str) -> ResponseReturnValue:
    """Say yes or no to acting for an institution, or stop doing so."""
    institution = open_institution(handle)
    if request.form.get("answer") == "accept":
        delegations.accept_delegation(db(), current_actor(), institution)
        flash(_("You now act for %(name)s.", name=institution.name), "ok")
        return go(url_for("profiles.show_institution", handle=handle))
    try:
        delegations.leave_institution(db(), current_actor(), institution)
    except LastOwner as problem:
        flash(translate(problem.text), "error")
        return go(url_for("profiles.delegations_of", handle=handle))
    flash(_("You no longer act for %(name)s.", name=institution.name), "ok")
    return go(url_for("profiles.own_institutions"))


@blueprint.route("/institutions/join/<token>", methods=["GET", "POST"])
def take_invitation(token: str) -> ResponseReturnValue:
    """An invitation that came by mail: the page asks, the button accepts (mail programs open links by themselves)."""
    if request.method not in READING:
        institution = delegations.take_invitation(db(), current_actor(), token)
        flash(_("You now act for %(name)s.", name=institution.name), "ok")
        return go(url_for("profiles.show_institution", handle=institution.handle))
    invitation, institution = delegations.get_invitation(db(), token)
    return render_template(
        "profiles/join.html",
        institution=institution,
        role=ROLE_NAMES[invitation.role],
        has_profile=current_actor().person_id is not None,
    )
