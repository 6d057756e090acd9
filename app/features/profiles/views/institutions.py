"""Institutions: the page others see, entering one, changing it, and those one acts for."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import redirect

from app.core.errors import Invalid, NotFound
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go, load_panels
from app.core.web.sessions import READING, db
from app.features.profiles.forms.institutions import ROLE_MEANINGS, ROLE_NAMES
from app.features.profiles.forms.place import NewInstitutionForm
from app.features.profiles.models import Institution, Profile
from app.features.profiles.policies import (
    can_claim,
    can_create_institution,
    can_delegate,
    can_edit,
    can_merge,
    can_see_at_all,
    can_verify,
)
from app.features.profiles.queries.delegates import find_delegation, find_role, list_delegations, list_delegations_of
from app.features.profiles.queries.profiles import get_institution
from app.features.profiles.queries.verification import list_vouchers
from app.features.profiles.queries.visible import present, present_many
from app.features.profiles.services.institutions import create_institution
from app.features.profiles.services.saving import check_may_edit, confirm_profile
from app.features.profiles.services.vouching import list_counting_vouches
from app.features.profiles.views import blueprint, editing
from app.features.profiles.views.cards import reading_languages
from app.features.profiles.views.texts import chosen_texts


def open_institution(handle: str) -> Institution:
    """The institution of that handle if there is one for this actor; raises `NotFound`."""
    institution = get_institution(db(), handle)
    if institution.merged_into_id is not None or not can_see_at_all(current_actor(), institution):
        raise NotFound
    return institution


def _moved(institution: Institution) -> ResponseReturnValue | None:
    """Where an institution went that was merged into another."""
    kept = db().get(Institution, institution.merged_into_id) if institution.merged_into_id else None
    if kept is None:
        return None
    return redirect(url_for("profiles.show_institution", handle=kept.handle), 301 if request.method == "GET" else 308)


@blueprint.get("/institutions/<handle>")
def show_institution(handle: str) -> ResponseReturnValue:
    """An institution, with who acts for it and what one may do."""
    actor = current_actor()
    institution = get_institution(db(), handle)
    moved = _moved(institution)
    if moved is not None:
        return moved
    view = present(db(), actor, institution, reading_languages())
    if view is None:
        raise NotFound
    return render_template(
        "profiles/institution.html",
        view=view,
        texts=chosen_texts(institution, view, request.args.get("text")),
        people=_people(institution),
        vouched_by=[by for _vouch, by in list_counting_vouches(db(), institution.id)],
        may=_may(institution),
        panels=load_panels("institution", institution),
    )


def _may(institution: Institution) -> dict[str, Any]:
    """What this actor may do with the institution."""
    actor = current_actor()
    delegation = find_delegation(db(), institution.id, actor.person_id) if actor.person_id else None
    role = delegation.role if delegation and delegation.accepted_at else None
    return {
        "role": ROLE_NAMES.get(role) if role else None,
        "asked": ROLE_MEANINGS[delegation.role] if delegation is not None and role is None else None,
        "edit": can_edit(actor, institution, role),
        "merge": can_merge(actor, role, role),
        "verify": can_verify(actor, institution, role),
        "claim": can_claim(actor, institution) or (not actor.signed_in and not institution.claimed),
        "vouch": institution.claimed and bool(list_vouchers(db(), actor, institution)),
    }


def _people(institution: Institution) -> list[dict[str, Any]]:
    """Those who act for it and let this reader know."""
    roles = {person.id: d.role for d, person in list_delegations(db(), institution.id) if d.accepted_at}
    views = present_many(db(), current_actor(), list(roles), reading_languages())
    return [
        {"view": view, "role": ROLE_NAMES[roles[view.id]]}
        for view in views
        if "institutions" in view.open_parts and view.name
    ]


@blueprint.get("/institutions/mine")
def own_institutions() -> ResponseReturnValue:
    """The institutions one acts for, and those one is asked to act for."""
    actor = current_actor()
    rows = list_delegations_of(db(), actor.person_id) if actor.person_id is not None else []
    views = {view.id: view for view in present_many(db(), actor, [i.id for _d, i in rows], reading_languages())}
    lines = [(d, {"institution": i, "view": views.get(i.id), "role": ROLE_NAMES[d.role]}) for d, i in rows]
    return render_template(
        "profiles/own_institutions.html",
        own=[line for d, line in lines if d.accepted_at],
        asked=[line for d, line in lines if not d.accepted_at],
        may_create=can_create_institution(actor),
    )


@blueprint.route("/institutions/new", methods=["GET", "POST"])
def new_institution() -> ResponseReturnValue:
    """Enter an institution."""
    actor = current_actor()
    if not can_create_institution(actor):
        return render_template("profiles/institution_first.html", has_profile=actor.person_id is not None)
    form = NewInstitutionForm(data={"lang": reading_languages()[0]})
    if request.method in READING:
        return render_template("profiles/institution_new.html", form=form)
    if form.validate():
        limit("institution", 10, DAY, key=str(actor.account_id))
        try:
            institution = create_institution(db(), actor, form.facets())
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_("It is there, marked as not verified yet. Say more about it here, and verify it next."), "ok")
            return go(url_for("profiles.edit_institution", handle=institution.handle))
    return render_template("profiles/institution_new.html", form=form), 422


@blueprint.get("/institutions/<handle>/edit")
def edit_institution(handle: str) -> ResponseReturnValue:
    """An institution's sections with what they hold."""
    institution = open_institution(handle)
    check_may_edit(db(), current_actor(), institution)
    role = find_role(db(), current_actor(), institution.id)
    return render_template(
        "profiles/institution_edit.html",
        institution=institution,
        view=present(db(), current_actor(), institution, reading_languages()),
        sections=editing.overview_of(institution),
        is_owner=can_delegate(current_actor(), institution, role),
    )


@blueprint.route("/institutions/<handle>/edit/<section>", methods=["GET", "POST"])
def edit_institution_section(handle: str, section: str) -> ResponseReturnValue:
    """One section of an institution."""
    institution: Profile = open_institution(handle)
    return editing.edit(institution, section)


@blueprint.post("/institutions/<handle>/confirm")
def confirm_institution(handle: str) -> ResponseReturnValue:
    """Say that everything said of an institution is still true."""
    institution = open_institution(handle)
    confirm_profile(db(), current_actor(), institution)
    flash(_("Thank you. Others see that this is up to date."), "ok")
    return go(url_for("profiles.edit_institution", handle=handle))
