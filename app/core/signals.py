"""Every signal by which a lower feature tells higher ones that something happened.

A service calls ``announce(session, signal, **facts)`` after its flush. Handlers run once the transaction has
committed, each with the facts as plain values; what they return is thrown away and what they raise
is logged, never shown. What must not be lost when the process dies is a row of the same commit
(a job, a mail, a change row), not a signal.
"""

from __future__ import annotations

import logging
from typing import Any

from blinker import NamedSignal, Namespace
from sqlalchemy import event
from sqlalchemy.orm import Session

_names = Namespace()

profile_changed = _names.signal("profile_changed")
introduction_asked = _names.signal("introduction_asked")
introduction_answered = _names.signal("introduction_answered")
connection_made = _names.signal("connection_made")
institutions_merged = _names.signal("institutions_merged")
account_closed = _names.signal("account_closed")
member_joined = _names.signal("member_joined")
member_left = _names.signal("member_left")

log = logging.getLogger(__name__)


def announce(session: Session, signal: NamedSignal, **facts: Any) -> None:
    """Queue ``signal`` until the session's transaction has committed; a rollback forgets it."""
    session.info.setdefault("announced", []).append((signal, facts))


@event.listens_for(Session, "after_commit")
def _deliver(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for signal, facts in session.info.pop("announced", ()):
        for receiver in signal.receivers_for(None):
            try:
                receiver(None, **facts)
            except Exception:
                log.exception("a handler of %s failed", signal.name)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("announced", None)
