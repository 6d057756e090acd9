"""One database session a request, one commit at its edge."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.database import Database

READING = {"GET", "HEAD", "OPTIONS"}
log = logging.getLogger(__name__)


def database() -> Database:
    """The application's database."""
    return cast(Database, current_app.extensions["database"])


def db() -> Session:
    """This request's session, made when first asked for. A request that only reads cannot write with it."""
    if "db_session" not in g:
        g.db_session = database().reader() if request.method in READING else database().sessions()
    return cast(Session, g.db_session)


def undo() -> None:
    """Give up what this request wrote; its session can be used again, whatever went wrong with it."""
    session: Session | None = g.get("db_session")
    if session is not None:
        session.rollback()


def after_response(write: Callable[[Session], None]) -> None:
    """Have ``write(session)`` run in a transaction of its own once the response has gone out.

    For marks nobody waits for (seen, shown); a failure is logged and harms nobody.
    """
    g.setdefault("after_response", []).append(write)


def _run_writers(store: Database, writers: list[Callable[[Session], None]]) -> None:
    for write in writers:
        try:
            with store.transaction() as session:
                write(session)
        except Exception:
            log.exception("a write after the response failed")


def _commit_at_the_edge(response: Response) -> Response:
    session: Session | None = g.get("db_session")
    if session is not None:
        if request.method in READING or response.status_code >= 400:
            session.rollback()
        else:
            try:
                session.commit()
            except (StaleDataError, IntegrityError) as error:
                session.rollback()
                g.pop("after_response", None)
                return current_app.make_response(current_app.handle_user_exception(error))
    writers = g.pop("after_response", None)
    if writers and response.status_code < 400:
        store = database()
        response.call_on_close(lambda: _run_writers(store, writers))
    return response


def _close(_error: BaseException | None) -> None:
    session: Session | None = g.pop("db_session", None)
    if session is not None:
        session.close()


def init_sessions(app: Flask) -> None:
    """Commit once after each successful request that may write; close the session after every request."""
    app.after_request(_commit_at_the_edge)
    app.teardown_request(_close)
