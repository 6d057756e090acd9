"""Choosing a new password after forgetting the old one."""

from __future__ import annotations

from flask import flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Invalid
from app.core.web.i18n import current_locale
from app.core.web.limits import DAY, HOUR, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.accounts.forms import ForgotForm, NewPasswordForm
from app.features.accounts.services import renewal
from app.features.accounts.services.addresses import fold_address
from app.features.accounts.services.tokens import RESET, LinkOver, find_token
from app.features.accounts.views import MOST_MAILS_A_DAY, blueprint, end_session, passwords


@blueprint.get("/forgot")
def forgot() -> ResponseReturnValue:
    """Ask for the address."""
    return render_template("accounts/forgot.html", form=ForgotForm())


@blueprint.post("/forgot", endpoint="ask_reset")
def ask_reset() -> ResponseReturnValue:
    """Send a mail; the answer is the same for an address without an account."""
    form = ForgotForm()
    if form.validate_on_submit():
        limit("forgot", 20, HOUR)
        address = fold_address(form.email.data)
        limit("forgot-address", 5, HOUR, key=address)
        limit("forgot-address-day", MOST_MAILS_A_DAY, DAY, key=address)
        try:
            renewal.ask_reset(db(), form.email.data, current_locale().code)
        except Invalid as problem:
            form.show(problem)
        else:
            session["sent_to"] = form.email.data
            return go(url_for("accounts.forgot_sent"))
    return render_template("accounts/forgot.html", form=form), 422


@blueprint.get("/forgot/sent")
def forgot_sent() -> ResponseReturnValue:
    """Say that a mail is on its way."""
    return render_template("accounts/forgot_sent.html", sent_to=session.get("sent_to"))


@blueprint.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    """Ask for the new password."""
    try:
        find_token(db(), token, RESET)
    except LinkOver as problem:
        return _over(problem)
    return render_template("accounts/reset.html", form=NewPasswordForm())


@blueprint.post("/reset/<token>", endpoint="take_reset")
def take_reset(token: str) -> ResponseReturnValue:
    """Set the new password; whoever was signed in is signed out."""
    form = NewPasswordForm()
    limit("reset", 30, HOUR)
    try:
        find_token(db(), token, RESET)
        if form.validate_on_submit():
            renewal.reset_password(db(), passwords(), token, form.password.data)
            end_session()
            flash(_("Your new password is set. You can sign in with it now."), "ok")
            return go(url_for("accounts.sign_in"))
    except LinkOver as problem:
        return _over(problem)
    except Invalid as problem:
        form.show(problem)
    return render_template("accounts/reset.html", form=form), 422


def _over(problem: LinkOver) -> ResponseReturnValue:
    return render_template("accounts/link_over.html", kind="reset"), problem.status
