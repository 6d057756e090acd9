"""Pages of accounts, split by topic."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, current_app, g, session
from flask_babel import gettext as _

from app.core.actor import Actor
from app.core.settings import Settings
from app.core.web.identity import current_actor, sign_in_session, sign_out_session
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.features.accounts.models import Account
from app.features.accounts.queries import build_actor, get_account, session_key
from app.features.accounts.services.passwords import Passwords

blueprint = Blueprint("accounts", __name__)

# Anybody can write anybody's address into a form that mails it: nobody gets more of these in a day.
MOST_MAILS_A_DAY = 10
# Where somebody was going when they had to sign in, sign up or make a profile first.
ON_THE_WAY = "on_the_way"


@blueprint.after_request
def keep_nothing(response: Response) -> Response:
    """Pages of accounts carry secrets and addresses: no browser or proxy may keep them."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.context_processor
def mode() -> dict[str, bool]:
    """Pages of the embedded mode say where mails and sample people are."""
    return {"embedded": settings().embedded}


def passwords() -> Passwords:
    """The application's password hasher."""
    return cast(Passwords, current_app.extensions["passwords"])


def settings() -> Settings:
    """The application's settings."""
    return cast(Settings, current_app.extensions["settings"])


def own_account() -> Account:
    """The account of whoever is signed in."""
    return get_account(db(), current_actor().account_id)


def begin_session(account: Account, remember: bool = False) -> Actor:
    """Start a session with nothing in it from before except what the guest had chosen."""
    kept = {name: session[name] for name in ("lang", "first_answers", ON_THE_WAY) if name in session}
    session.clear()
    session.update(kept)
    # A form may have had a token of the session that ended here.
    g.pop("csrf_token", None)
    actor = build_actor(db(), account)
    sign_in_session(session_key(account), actor, remember)
    return actor


def end_session() -> None:
    """End this session; the language stays as chosen."""
    kept = {name: session[name] for name in ("lang",) if name in session}
    session.clear()
    session.update(kept)
    sign_out_session()


def first_page() -> str:
    """The address of the first page."""
    return link_for("home.index") or "/"


def after_sign_in(actor: Actor) -> str:
    """Where to go from signing in: to what is still to be done, else to the suggestions."""
    if not actor.verified:
        return link_for("accounts.unverified") or first_page()
    if actor.person_id is None:
        return link_for("profiles.edit_person") or link_for("accounts.settings") or first_page()
    return session.pop(ON_THE_WAY, None) or link_for("suggestions.index") or first_page()


def wait_sentence(seconds: int) -> str:
    """How long to wait after too many attempts."""
    minutes = max(1, round(seconds / 60))
    return _("That was often in a short time. Please try again in about %(minutes)s minutes.", minutes=minutes)


from app.features.accounts.views import entering, joining, leaving, recovery, sample, settings_pages  # noqa: E402, F401
