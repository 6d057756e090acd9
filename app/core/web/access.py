"""The access list: which rule guards which route. A route that is not in the list answers nobody."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from flask import Flask, request

from app.core.actor import MODERATOR, OPERATOR
from app.core.errors import Forbidden, NotFound, SignInNeeded
from app.core.web.identity import current_actor


class Rule(Enum):
    """Who may reach a route at all; what they may do there is for the feature's policies."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    OPERATORS = "operators"
    MODERATORS = "moderators"
    # Anyone may ask; the feature's policy decides by the object asked for.
    OBJECT = "object policy"
    # Only in the embedded mode with its sample world; elsewhere the address does not exist.
    EMBEDDED = "embedded mode"
    # A program with a token; checked by the API itself, which answers 401 as a problem document.
    TOKEN = "token"  # noqa: S105


def check_access(rule: Rule | None, embedded: bool) -> None:
    """Raise unless the current actor may reach a route under ``rule``."""
    actor = current_actor()
    if rule is None or (rule is Rule.EMBEDDED and not embedded):
        raise NotFound
    if rule in (Rule.PUBLIC, Rule.OBJECT, Rule.EMBEDDED, Rule.TOKEN):
        return
    if not actor.signed_in:
        raise SignInNeeded
    if rule is Rule.OPERATORS and OPERATOR not in actor.roles:
        raise Forbidden
    if rule is Rule.MODERATORS and not actor.roles & {OPERATOR, MODERATOR}:
        raise Forbidden


def init_access(app: Flask, access: Mapping[str, Rule], embedded: bool) -> None:
    """Check every request against the access list, before anything else looks at it."""

    @app.before_request
    def guard() -> None:
        if "\0" in request.path:
            # No name here has it, and PostgreSQL can't even be asked.
            raise NotFound
        if request.endpoint is not None:
            check_access(access.get(request.endpoint), embedded)
