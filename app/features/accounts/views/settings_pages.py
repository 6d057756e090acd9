"""The account's settings: password, address, language, tokens for programs."""

from __future__ import annotations

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import Invalid
from app.core.web.identity import current_actor
from app.core.web.limits import HOUR, MINUTE, limit
from app.core.web.pages import go
from app.core.web.sessions import db
from app.features.accounts.forms import ChangeAddressForm, ChangePasswordForm, TokenForm
from app.features.accounts.queries import list_api_tokens
from app.features.accounts.services import renewal
from app.features.accounts.views import begin_session, blueprint, own_account, passwords


def limit_guesses() -> None:
    """Someone at a browser left open must not try passwords without end."""
    limit("own-password", 10, 15 * MINUTE, key=str(current_actor().account_id))


@blueprint.get("/account", endpoint="settings")
def overview() -> ResponseReturnValue:
    """Everything that can be set about the account, each with its page."""
    return render_template("accounts/settings.html", account=own_account())


@blueprint.get("/account/password")
def password() -> ResponseReturnValue:
    """Ask for the old and the new password."""
    return render_template("accounts/password.html", form=ChangePasswordForm(), account=own_account())


@blueprint.post("/account/password", endpoint="change_password")
def change_password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        limit_guesses()
        try:
            account = renewal.change_password(db(), passwords(), current_actor(), form.current.data, form.password.data)
        except Invalid as problem:
            form.show(problem)
        else:
            begin_session(account)
            flash(_("Your password is changed. Every other device is signed out."), "ok")
            return go(url_for("accounts.settings"))
    return render_template("accounts/password.html", form=form, account=own_account()), 422


@blueprint.get("/account/email")
def address() -> ResponseReturnValue:
    """Ask for the new address."""
    return render_template("accounts/address.html", form=ChangeAddressForm(), account=own_account())


@blueprint.post("/account/email", endpoint="change_address")
def change_address() -> ResponseReturnValue:
    """Mail a link to the new address."""
    form = ChangeAddressForm()
    if form.validate_on_submit():
        limit_guesses()
        limit("change-address", 5, HOUR, key=str(current_actor().account_id))
        try:
            renewal.ask_change_of_address(db(), passwords(), current_actor(), form.current.data, form.email.data)
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_("We sent a mail to the new address. It counts once you follow the link in it."), "ok")
            return go(url_for("accounts.settings"))
    return render_template("accounts/address.html", form=form, account=own_account()), 422


def _tokens_page(form: TokenForm, secret: str | None = None) -> str:
    tokens = list_api_tokens(db(), own_account().id)
    return render_template("accounts/tokens.html", form=form, tokens=tokens, secret=secret)


@blueprint.get("/account/tokens")
def tokens() -> ResponseReturnValue:
    """The tokens for programs."""
    return _tokens_page(TokenForm())


@blueprint.post("/account/tokens", endpoint="create_token")
def create_token() -> ResponseReturnValue:
    """Make a token and show it this once: on this very page, so that it goes into no cookie."""
    form = TokenForm()
    if form.validate_on_submit():
        try:
            secret = renewal.create_api_token(db(), own_account().id, form.name.data)
        except Invalid as problem:
            form.show(problem)
        else:
            return _tokens_page(TokenForm(formdata=None), secret)
    return _tokens_page(form), 422


@blueprint.post("/account/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make a token worthless."""
    name = renewal.revoke_api_token(db(), current_actor(), token_id)
    flash(_("The token %(name)s is revoked.", name=name), "ok")
    return go(url_for("accounts.tokens"))
