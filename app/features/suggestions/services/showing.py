"""Noting what was shown to whom, for the figures on fair exposure; kept for a while only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.core.clock import now
from app.features.suggestions.models import SuggestionShown
from app.features.suggestions.queries.marks import find_last_shown

KEPT = timedelta(days=90)
# The same list again within this time is the same showing: a page reloaded, a step back.
SAME = timedelta(minutes=30)


def note_shown(session: Session, profile_id: int, kind: str, shown: Sequence[tuple[int, int]]) -> None:
    """Note that a list of (id, score) was shown to a profile; run it after the response, in its own transaction."""
    if not shown:
        return
    kept = {"ids": [key for key, _ in shown], "scores": [score for _, score in shown]}
    last = find_last_shown(session, profile_id, kind)
    if last is not None and last.shown == kept and last.at > now() - SAME:
        return
    session.add(SuggestionShown(profile_id=profile_id, kind=kind, shown=kept))
    session.flush()


def purge_shown(session: Session) -> None:
    """Forget what was shown long ago."""
    session.execute(delete(SuggestionShown).where(SuggestionShown.at < now() - KEPT))
