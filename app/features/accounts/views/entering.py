"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from flask import flash, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import limits
from app.core.errors import Invalid, TooMany
from app.core.locales import BY_CODE, OFFERED
from app.core.web.identity import current_actor
from app.core.web.kept import KeptForm, read_kept
from app.core.web.limits import MINUTE, client_address, limit
from app.core.web.pages import go, safe_next
from app.core.web.sessions import after_response, database, db
from app.features.accounts.forms import SignInForm
from app.features.accounts.services import entering
from app.features.accounts.services.addresses import fold_address
from app.features.accounts.services.preferences import choose_language
from app.features.accounts.views import (
    after_sign_in,
    begin_session,
    blueprint,
    end_session,
    first_page,
    passwords,
    settings,
    wait_sentence,
)

SPAN = 15 * MINUTE


def _next() -> str:
    return safe_next(request.values.get("next"), "")


def _page(form: SignInForm) -> str:
    """The page to sign in on; what somebody sent after their session had ended stays in their hand."""
    return render_template("accounts/sign_in.html", form=form, next=_next(), kept=read_kept(request.form.get("kept")))


def sign_in_with(kept: KeptForm) -> str:
    """The page to sign in on for somebody whose session had ended when they sent a form."""
    return render_template("accounts/sign_in.html", form=SignInForm(formdata=None), next="", kept=kept)


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Ask for address and password."""
    actor = current_actor()
    if actor.signed_in:
        return go(_next() or after_sign_in(actor))
    return _page(SignInForm())


@blueprint.post("/sign-in", endpoint="enter")
def enter() -> ResponseReturnValue:
    """Sign in."""
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422
    key = f"{fold_address(form.email.data)}|{client_address()}"
    try:
        limit("sign-in", 10, SPAN, key=key)
        limit("sign-in-address", 100, SPAN)
        account = entering.sign_in(db(), passwords(), form.email.data, form.password.data, samples=settings().embedded)
    except Invalid as problem:
        form.show(problem)
        return _page(form), 422
    except TooMany as problem:
        form.form_errors.append(wait_sentence(problem.retry_after))
        response = make_response(_page(form), 429)
        response.headers["Retry-After"] = str(problem.retry_after)
        return response
    except entering.Suspended as problem:
        return render_template("accounts/suspended.html", reason=problem.reason), 403
    # Counted in transactions of their own, so forgotten in one of its own too, once this one has ended.
    store = database()
    after_response(lambda _session: limits.clear(store, "sign-in", key))
    actor = begin_session(account, remember=form.remember.data)
    kept = read_kept(request.form.get("kept"))
    if kept is not None:
        title, lead = _("You are signed in again"), _("What you wanted to send is still here.")
        return render_template("errors/send_again.html", kept=kept, title=title, lead=lead)
    target = _next()
    if target and not actor.verified:
        flash(_("Please confirm your mail address with the link we sent you. Some things wait for it."), "warning")
    return go(target or after_sign_in(actor))


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    end_session()
    flash(_("You are signed out."), "ok")
    return go(first_page())


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the account."""
    entering.sign_out_everywhere(db(), current_actor())
    end_session()
    flash(_("You are signed out on every device."), "ok")
    return go(url_for("accounts.sign_in"))


@blueprint.post("/language")
def set_language() -> ResponseReturnValue:
    """Show the pages, and write the mails, in another language."""
    chosen = BY_CODE.get(request.form.get("lang", ""))
    if chosen in OFFERED and chosen is not None:
        session["lang"] = chosen.code
        choose_language(db(), current_actor(), chosen.code)
    return go(safe_next(request.form.get("next"), first_page()))
