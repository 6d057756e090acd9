"""Verifying, claiming, vouching for and merging institutions."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Forbidden, Invalid, NotFound
from app.core.web.forms import Form
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, limit
from app.core.web.pages import go
from app.core.web.sessions import READING, db
from app.features.profiles.forms.institutions import AddressForm, MergeForm, RorForm, VouchForm
from app.features.profiles.models import Institution
from app.features.profiles.policies import can_claim, can_merge, can_verify
from app.features.profiles.queries.delegates import find_role
from app.features.profiles.queries.profiles import find_institution
from app.features.profiles.queries.verification import list_vouched_by, list_vouchers
from app.features.profiles.services import verifying
from app.features.profiles.services.merging import merge_institutions
from app.features.profiles.services.vouching import NEEDED, list_counting_vouches, vouch_for, withdraw_vouch
from app.features.profiles.views import blueprint
from app.features.profiles.views.institutions import open_institution


def _took(form: Form, write: Callable[[], None]) -> bool:
    """Whether the form was sent and what it asks for could be done; else it says what is wrong."""
    if request.method in READING or not form.validate():
        return False
    limit("verification", 10, DAY, key=str(current_actor().account_id))
    try:
        write()
    except Invalid as problem:
        form.show(problem)
        return False
    return True


def _sent(handle: str) -> ResponseReturnValue:
    flash(_("A mail with a link is on its way. Open the link within three days."), "ok")
    return go(url_for("profiles.show_institution", handle=handle))


def _status() -> int:
    return 200 if request.method in READING else 422


@blueprint.route("/institutions/<handle>/claim", methods=["GET", "POST"])
def claim_institution(handle: str) -> ResponseReturnValue:
    """Ask to act for a record that nobody acts for yet."""
    institution = open_institution(handle)
    actor = current_actor()
    form = AddressForm()
    if institution.claimed:
        return go(url_for("profiles.show_institution", handle=handle))
    if _took(form, lambda: verifying.ask_claim(db(), actor, institution, form.address.data or "")):
        return _sent(handle)
    page = render_template(
        "profiles/claim.html",
        institution=institution,
        form=form,
        domains=verifying.claim_domains(institution),
        may=can_claim(actor, institution),
        has_profile=actor.person_id is not None,
    )
    return page, _status()


@blueprint.get("/institutions/<handle>/verification")
def verification(handle: str) -> ResponseReturnValue:
    """How an institution is verified, and the ways to do it."""
    return _verification_page(_own(handle), RorForm(prefix="ror"), AddressForm(prefix="mail"))


@blueprint.post("/institutions/<handle>/verification/<method>")
def ask_verification(handle: str, method: str) -> ResponseReturnValue:
    """Have the link sent by which an institution is verified."""
    institution, actor = _own(handle), current_actor()
    ror, mail = RorForm(prefix="ror"), AddressForm(prefix="mail")
    if method == "ror":
        took = _took(
            ror, lambda: verifying.ask_by_ror(db(), actor, institution, ror.ror_id.data or "", ror.address.data or "")
        )
    elif method == "mail":
        took = _took(mail, lambda: verifying.ask_by_mail(db(), actor, institution, mail.address.data or ""))
    else:
        raise NotFound
    return _sent(handle) if took else _verification_page(institution, ror, mail)


def _own(handle: str) -> Institution:
    institution = open_institution(handle)
    if not can_verify(current_actor(), institution, find_role(db(), current_actor(), institution.id)):
        raise Forbidden
    return institution


def _verification_page(institution: Institution, ror: RorForm, mail: AddressForm) -> ResponseReturnValue:
    page = render_template(
        "profiles/verification.html",
        institution=institution,
        ror=ror,
        mail=mail,
        record_domains=verifying.record_domains(institution) if institution.ror_id else [],
        website_domains=verifying.website_domains(institution),
        vouched_by=[by for _vouch, by in list_counting_vouches(db(), institution.id)],
        needed=NEEDED,
    )
    return page, _status()


@blueprint.route("/institutions/verify/<token>", methods=["GET", "POST"])
def complete_verification(token: str) -> ResponseReturnValue:
    """The link of the mail: the page asks, the button confirms (mail programs open links by themselves)."""
    actor = current_actor()
    if request.method in READING:
        row, institution = verifying.get_verification(db(), actor, token)
        return render_template("profiles/verify.html", institution=institution, method=row.method)
    claims = verifying.get_verification(db(), actor, token)[0].method == verifying.CLAIM
    institution = verifying.complete_verification(db(), actor, token)
    name = institution.name
    flash(_("You now act for %(name)s.", name=name) if claims else _("%(name)s is verified.", name=name), "ok")
    return go(url_for("profiles.show_institution", handle=institution.handle))


@blueprint.route("/institutions/<handle>/vouch", methods=["GET", "POST"])
def vouch(handle: str) -> ResponseReturnValue:
    """Say in the name of one's own verified institution that this one is known, or take that back."""
    institution, actor = open_institution(handle), current_actor()
    vouchers = {one.handle: one for one in list_vouchers(db(), actor, institution)}
    if not vouchers or not institution.claimed:
        raise Forbidden
    form = VouchForm()
    form.by.choices = [(key, one.name) for key, one in vouchers.items()]
    done = list_vouched_by(db(), institution.id, [one.id for one in vouchers.values()])
    chosen = vouchers.get(form.by.data or "")
    if request.method not in READING and chosen is not None:
        act = withdraw_vouch if request.form.get("action") == "withdraw" else vouch_for
        if _took(form, lambda: act(db(), actor, institution, chosen)):
            flash(_("Saved. Thank you."), "ok")
            return go(url_for("profiles.show_institution", handle=handle))
    page = render_template(
        "profiles/vouch.html",
        institution=institution,
        form=form,
        vouched=[one for one in vouchers.values() if one.id in done],
        open=[one for one in vouchers.values() if one.id not in done],
        needed=NEEDED,
    )
    return page, _status()


@blueprint.route("/institutions/<handle>/merge", methods=["GET", "POST"])
def merge_institution(handle: str) -> ResponseReturnValue:
    """Put a duplicate into this institution: first which one, then a question, then it is done."""
    institution, actor = open_institution(handle), current_actor()
    role = find_role(db(), actor, institution.id)
    if not can_merge(actor, role, role):
        raise Forbidden
    form = MergeForm()
    duplicate = _named(form.duplicate.data or "")
    if duplicate is not None and request.form.get("sure") != "yes" and form.validate():
        return render_template("profiles/merge_sure.html", institution=institution, duplicate=duplicate)
    if duplicate is None and request.method not in READING and form.validate():
        form.duplicate.errors = [_("There is no institution with this address.")]
    elif duplicate is not None and _took(form, lambda: merge_institutions(db(), actor, institution, duplicate)):
        flash(_("The two are one now. The old address leads here."), "ok")
        return go(url_for("profiles.show_institution", handle=handle))
    return render_template("profiles/merge.html", institution=institution, form=form), _status()


def _named(text: str) -> Institution | None:
    """The institution somebody named by its handle or by the address of its page."""
    handle = text.strip().rstrip("/").rpartition("/")[2]
    return find_institution(db(), handle) if handle else None
