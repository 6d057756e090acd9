"""Error pages, and problem documents (RFC 9457) for programs."""

from __future__ import annotations

import logging
from typing import Any, cast

from flask import Flask, Response, current_app, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BuildError
from werkzeug.wrappers import Response as BaseResponse

from app.core.errors import Conflict, Invalid, Problem, SignInNeeded, TooMany
from app.core.messages import N_, Text
from app.core.web.i18n import translate
from app.core.web.kept import came_from_here, find_kept, find_sign_in_page
from app.core.web.pages import go
from app.core.web.sessions import READING, undo

log = logging.getLogger(__name__)

TITLES = {
    400: N_("That could not be understood"),
    401: N_("Please sign in first"),
    403: N_("You may not do this"),
    404: N_("There is nothing here"),
    405: N_("That is not possible here"),
    409: N_("Changed in the meantime"),
    412: N_("Changed in the meantime"),
    413: N_("That is too large"),
    422: N_("Please look at what you entered"),
    429: N_("A little too often"),
    500: N_("Something went wrong on our side"),
}
EXPLANATIONS = {
    404: N_("The address may have changed, or what was here is not open to you. The directory may help."),
    405: N_("This page was reached in a way it does not know. Going back usually helps."),
    413: N_("What you sent is larger than this page can take. Nothing was changed."),
    500: N_("Nothing you entered before was lost. Please try again in a moment; we have noted what happened."),
}

# What was sent was in order and could not be taken just now: it is given back.
_SENT_IN_VAIN = (409, 429, 500)


def wants_problem() -> bool:
    """Whether a program asks, which gets a problem document instead of a page."""
    return request.path.startswith("/api/")


def problem_document(status: int, detail: str, extra: dict[str, Any] | None = None) -> Response:
    """An RFC 9457 problem document."""
    body = {"type": "about:blank", "title": translate(TITLES.get(status, TITLES[400])), "status": status}
    response = jsonify({**body, "detail": detail, **(extra or {})})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _answer(status: int, detail: str, extra: dict[str, Any] | None = None, anew: str | None = None) -> Response:
    # What failed is not kept in any case, and the page that says so reads from the database itself.
    undo()
    if wants_problem():
        return problem_document(status, detail, extra)
    title = _("Please fill it in once more") if anew else translate(TITLES.get(status, TITLES[400]))
    kept = find_kept() if status in _SENT_IN_VAIN and request.method not in READING else None
    page = render_template("errors/error.html", status=status, title=title, detail=detail, kept=kept, anew=anew)
    return Response(page, status)


def _on_problem(problem: Problem) -> BaseResponse:
    detail = translate(problem.text)
    if isinstance(problem, SignInNeeded) and not wants_problem() and "HX-Request" not in request.headers:
        try:
            return _ask_to_sign_in()
        except BuildError:
            pass
    extra: dict[str, Any] = {}
    if isinstance(problem, Invalid) and problem.fields:
        extra["errors"] = {name: translate(text) for name, text in problem.fields.items()}
    response = _answer(problem.status, detail, extra)
    if isinstance(problem, TooMany):
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _ask_to_sign_in() -> BaseResponse:
    """Lead to where one signs in, and from there on to what was asked for; what was sent is kept on the way."""
    if request.method in READING:
        return go(url_for("accounts.sign_in", next=request.full_path))
    kept, sign_in_page = find_kept(), find_sign_in_page()
    if kept is None or sign_in_page is None:
        return go(url_for("accounts.sign_in"))
    undo()
    return Response(sign_in_page(kept), SignInNeeded.status)


def _on_http(error: HTTPException) -> BaseResponse:
    if error.response is not None:
        return cast(BaseResponse, error.response)
    status = error.code or 500
    explanation = EXPLANATIONS.get(status, TITLES.get(status, TITLES[400]))
    response = _answer(status, translate(Text(explanation)))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _on_csrf(_error: CSRFError) -> BaseResponse:
    kept = find_kept()
    if wants_problem() or "HX-Request" in request.headers or not came_from_here():
        detail = _(
            "This page was open for a long time, or the form did not come from here. Please go back and send it again."
        )
        return _answer(400, detail)
    if kept is None:
        there = current_app.url_map.bind("").test(request.path, "GET")
        detail = _("The page had been open for a long time, or your browser kept no cookie of ours.")
        return _answer(400, detail, anew=request.full_path.rstrip("?") if there else None)
    undo()
    title = _("Please send it once more")
    lead = _("The page had been open for a long time, or your browser kept no cookie of ours.")
    return Response(render_template("errors/send_again.html", kept=kept, title=title, lead=lead), 400)


def _on_stale(_error: StaleDataError) -> BaseResponse:
    return _on_problem(Conflict())


def _on_clash(error: IntegrityError) -> BaseResponse:
    """Two wrote at once what may be there only once, or one took away what the other wrote to: the first one won."""
    log.warning("the request %s %s clashed with another", request.method, request.path, exc_info=error)
    return _on_problem(Conflict())


def _on_crash(error: Exception) -> BaseResponse:
    log.exception("the request %s %s failed", request.method, request.path, exc_info=error)
    return _answer(500, translate(Text(EXPLANATIONS[500])))


def init_errors(app: Flask) -> None:
    """Answer each kind of error in words."""
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Problem, _on_problem)
    app.register_error_handler(StaleDataError, _on_stale)
    app.register_error_handler(IntegrityError, _on_clash)
    if not app.testing:
        app.register_error_handler(Exception, _on_crash)
