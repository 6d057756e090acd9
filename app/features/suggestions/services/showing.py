"""Noting what was shown to whom, for the figures on fair exposure; kept for a while only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import delete, func, not_, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import insert_unless_there
from app.features.profiles.models import Institution
from app.features.suggestions.models import GuestListing, SuggestionShown
from app.features.suggestions.queries.exposure import write_listing
from app.features.suggestions.queries.marks import find_last_shown
from app.features.suggestions.queries.outcomes import write_measured
from app.features.suggestions.services.suggesting import Suggestions
from app.matching.query import Contribution

KEPT = timedelta(days=90)
# Lists that were shown to institutions and name institutions only, which tell nothing about anybody: a project together
# takes that long to come of one.
KEPT_BETWEEN_INSTITUTIONS = timedelta(days=730)
# The same list again within this time is the same showing: a page reloaded, a step back.
SAME = timedelta(minutes=30)
# So many different lists of guests are noted a day.
GUEST_LISTS = 1000
# So many of the criteria that count most are kept of each one shown.
CRITERIA_KEPT = 2


def details_of(found: Suggestions) -> dict[str, Any]:
    """What is noted of a list beside ids and scores: for what each is on it most, and what it gave to whom.

    ``for`` holds for each one the weightiest criteria; ``gave`` the list's exposure, see `queries.exposure`;
    ``measured`` what each score is made of, to learn from what comes of it (`queries.outcomes`).
    """
    details: dict[str, Any] = {
        "kind": found.kind,
        "for": [_weightiest(item.match.contributions) for item in found.items],
        "measured": [write_measured(item.match.measured) for item in found.items],
    }
    return details if found.exposure is None else {**details, "gave": write_listing(found.exposure)}


def _weightiest(contributions: Sequence[Contribution]) -> list[str]:
    positive = sorted((one for one in contributions if one.points > 0), key=lambda one: -one.points)
    return [one.criterion for one in positive[:CRITERIA_KEPT]]


def note_shown(
    session: Session,
    profile_id: int,
    kind: str,
    shown: Sequence[tuple[int, int]],
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note that a list of (id, score) was shown to a profile; run it after the response, in its own transaction."""
    if not shown:
        return
    kept = {"ids": [key for key, _ in shown], "scores": [score for _, score in shown]}
    last = find_last_shown(session, profile_id, kind)
    if last is not None and last.at > now() - SAME and {name: last.shown.get(name) for name in kept} == kept:
        return
    session.add(SuggestionShown(profile_id=profile_id, kind=kind, shown={**kept, **(details or {})}))
    session.flush()


def note_shown_to_guest(session: Session, ids: Sequence[int], details: Mapping[str, Any]) -> None:
    """Note that guests were shown a list, once a day and at most so many: whoever asks again and again adds nothing."""
    day = now().astimezone(UTC).date()
    mark = blake2b(repr(list(ids)).encode(), digest_size=16).hexdigest()
    today = select(func.count()).select_from(GuestListing).where(GuestListing.day == day)
    known = session.get(GuestListing, (day, mark))
    if not ids or known is not None or (session.scalar(today) or 0) >= GUEST_LISTS:
        return
    kept = {name: details[name] for name in ("for", "gave") if name in details}
    session.execute(insert_unless_there(session, GuestListing, day=day, mark=mark, shown={"ids": list(ids), **kept}))


def purge_shown(session: Session) -> None:
    """Forget what was shown long ago."""
    between = (SuggestionShown.kind == "institutions") & SuggestionShown.profile_id.in_(select(Institution.id))
    session.execute(delete(SuggestionShown).where(SuggestionShown.at < now() - KEPT, not_(between)))
    session.execute(delete(SuggestionShown).where(SuggestionShown.at < now() - KEPT_BETWEEN_INSTITUTIONS))
    session.execute(delete(GuestListing).where(GuestListing.day < (now() - KEPT).astimezone(UTC).date()))


def kept_for(kind: str) -> timedelta:
    """How long lists of a kind may be looked back on."""
    return KEPT_BETWEEN_INSTITUTIONS if kind == "institutions" else KEPT
