"""Signing up and confirming the address."""

from __future__ import annotations

from flask import flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Invalid
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.core.web.limits import DAY, HOUR, limit
from app.core.web.pages import go, safe_next
from app.core.web.sessions import db
from app.features.accounts.forms import SignUpForm
from app.features.accounts.queries import build_actor
from app.features.accounts.services import joining
from app.features.accounts.services.addresses import fold_address
from app.features.accounts.services.tokens import CHANGE, VERIFY, LinkOver, find_token
from app.features.accounts.views import (
    MOST_MAILS_A_DAY,
    ON_THE_WAY,
    after_sign_in,
    blueprint,
    own_account,
    passwords,
)


def _next() -> str:
    return safe_next(request.values.get("next"), "")


@blueprint.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    """Ask for what an account needs."""
    if current_actor().signed_in:
        return go(after_sign_in(current_actor()))
    return render_template("accounts/sign_up.html", form=SignUpForm(), next=_next())


@blueprint.post("/sign-up", endpoint="join")
def join() -> ResponseReturnValue:
    """Open an account; the answer is the same for an address that has one."""
    form = SignUpForm()
    complete = form.validate_on_submit()
    wish = joining.Wish(
        form.email.data or "",
        form.password.data or "",
        bool(form.adult.data),
        bool(form.privacy.data),
        current_locale().code,
        _next(),
    )
    try:
        # Asked in any case, so that everything that is wrong is told at once.
        joining.check_wish(wish)
        if complete:
            limit("sign-up", 30, HOUR)
            address = fold_address(wish.email)
            limit("sign-up-address", 5, HOUR, key=address)
            limit("sign-up-address-day", MOST_MAILS_A_DAY, DAY, key=address)
            joining.sign_up(db(), passwords(), wish)
            session["sent_to"] = wish.email
            return go(url_for("accounts.sign_up_sent"))
    except Invalid as problem:
        told = {name: text for name, text in problem.fields.items() if not form.errors.get(name)}
        if told:
            form.show(Invalid(told))
    return render_template("accounts/sign_up.html", form=form, next=_next()), 422


@blueprint.get("/sign-up/sent")
def sign_up_sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("accounts/sign_up_sent.html", sent_to=session.get("sent_to"))


@blueprint.get("/verify/<token>")
def verify(token: str) -> ResponseReturnValue:
    """Show a button: programs that look into mails follow links, but press nothing."""
    try:
        row = find_token(db(), token, VERIFY, CHANGE)
    except LinkOver as problem:
        return _over(problem)
    return render_template("accounts/verify.html", new_address=row.values.get("email"))


@blueprint.post("/verify/<token>", endpoint="confirm")
def confirm(token: str) -> ResponseReturnValue:
    """Take the link as proof of the address."""
    try:
        back = find_token(db(), token, VERIFY, CHANGE).values.get("back")
        account = joining.confirm_address(db(), token)
    except LinkOver as problem:
        return _over(problem)
    if back:
        # The mail may be read on another device than the one they signed up on.
        session[ON_THE_WAY] = back
    actor = current_actor()
    if actor.account_id == account.id:
        flash(_("Thank you. Your mail address is confirmed."), "ok")
        return go(url_for("accounts.settings") if actor.person_id else after_sign_in(build_actor(db(), account)))
    flash(_("Thank you. Your mail address is confirmed, and you can sign in now."), "ok")
    return go(url_for("accounts.sign_in"))


def _over(problem: LinkOver) -> ResponseReturnValue:
    return render_template("accounts/link_over.html", kind="verify"), problem.status


@blueprint.get("/verify")
def unverified() -> ResponseReturnValue:
    """Ask to confirm the address, and offer to send the mail again."""
    return render_template("accounts/unverified.html", account=own_account())


@blueprint.post("/verify", endpoint="resend")
def resend() -> ResponseReturnValue:
    """Send the mail with the link again."""
    account = own_account()
    limit("verify", 3, HOUR, key=str(account.id))
    joining.send_verification(db(), account)
    flash(_("The mail is on its way. It can take a few minutes."), "ok")
    return go(url_for("accounts.unverified"))
