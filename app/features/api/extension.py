"""Joins the API to the application: its addresses, who acts behind a token, and nothing else until it is asked."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from flask import Blueprint, Flask, Response, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from app.core.actor import GUEST
from app.core.errors import Invalid, NotFound, SignInNeeded
from app.core.locales import BY_CODE
from app.core.messages import N_, Text
from app.core.settings import Settings
from app.core.web.identity import current_actor, use_actor
from app.core.web.limits import HOUR, limit
from app.core.web.sessions import READING, after_response, db
from app.features.accounts.services.entering import authenticate_token, note_token_use
from app.features.api.routes import PREFIX, ROUTES, Route

MOST_WRITES = 300

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


class TokenNeeded(SignInNeeded):
    """Only a program with a token gets here."""

    message = N_("Please send a valid token: Authorization: Bearer …. You make one under Account, Tokens for programs.")


@blueprint.before_request
def enter() -> None:
    """Find who acts. A browser's session counts for nothing here, so that no page elsewhere can act through it."""
    use_actor(GUEST)
    header = request.headers.get("Authorization")
    if header is not None:
        _act_by(header)
    elif request.endpoint not in PUBLIC:
        raise TokenNeeded
    _check_address()
    if request.method not in READING:
        limit("api.write", MOST_WRITES, HOUR, key=f"account:{current_actor().account_id}")


def _act_by(header: str) -> None:
    settings: Settings = current_app.extensions["settings"]
    kind, _space, token = header.partition(" ")
    token = token.strip()
    actor = None
    if kind.lower() == "bearer" and token:
        actor = authenticate_token(db(), token, samples=settings.embedded)
    if actor is None:
        raise TokenNeeded
    use_actor(actor)
    after_response(lambda session: note_token_use(session, token))


def _check_address() -> None:
    """Refuse a language nobody knows, and what no handle ever holds and PostgreSQL cannot be asked for."""
    if "lang" in request.args and request.args["lang"] not in BY_CODE:
        raise Invalid({"lang": Text(N_("Please choose one from the list."))})
    if any("\0" in str(value) for value in (request.view_args or {}).values()):
        raise NotFound


@blueprint.after_request
def leave(response: Response) -> Response:
    """Ask for a token where one was missing; keep answers to oneself; and never set a cookie."""
    session.modified = False
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Commonweave"'
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.vary.update(("Authorization", "Accept-Language"))
    return response


def _view_of(route: Route) -> Callable[..., ResponseReturnValue]:
    def view(**values: object) -> ResponseReturnValue:
        resource = import_module(f"app.features.api.resources.{route.topic}")
        answer: ResponseReturnValue = getattr(resource, route.name)(**values)
        return answer

    return view


@blueprint.get("/openapi.json", provide_automatic_options=False)
def openapi() -> ResponseReturnValue:
    """The description of everything here, as OpenAPI 3.1."""
    from app.features.api.describing import description

    return Response(description(current_app), mimetype="application/json")  # type: ignore[arg-type]


for _route in ROUTES:
    blueprint.add_url_rule(
        _route.rule, _route.name, _view_of(_route), methods=[_route.method], provide_automatic_options=False
    )
PUBLIC = {"api.openapi", *(f"api.{route.name}" for route in ROUTES if route.public)}


def init_app(app: Flask, csrf: CSRFProtect) -> None:
    """Register the addresses; a token is no cookie, so no form can be forged against them."""
    csrf.exempt(blueprint)
    app.register_blueprint(blueprint)
