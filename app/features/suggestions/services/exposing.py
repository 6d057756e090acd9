"""What all lists of some time gave regions and languages, summed up by a job for the report and the next lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.features.suggestions.models import ExposureReport, GuestListing, SuggestionShown
from app.features.suggestions.queries.exposure import count_people, read_listing, write_listing
from app.features.suggestions.queries.rows import GUESTS
from app.features.suggestions.services.showing import KEPT
from app.matching.exposure import Listing, added, owed_after

_BATCH = 500


@dataclass
class _Seen:
    """What was met while the lists were summed up."""

    lists: int = 0
    askers: set[int] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    most_given_up: float = 0.0

    def noted(self, kind: str, listing: Listing) -> Listing:
        """Count a list, and give it back."""
        self.lists += 1
        self.kinds[kind] += 1
        self.most_given_up = max(self.most_given_up, listing.given_up)
        return listing


def measure_exposure(database: Database) -> ExposureReport:
    """Sum up what the lists of the last 90 days gave, and keep it as the latest report."""
    seen = _Seen()
    with database.reading() as session:
        members = added(_listings(session, seen))
        lists = seen.lists
        guests = added(_guest_listings(session, seen))
        people = count_people(session)
    figures: dict[str, Any] = {
        **write_listing(added((members, guests))),
        "lists": lists,
        "guest_lists": seen.lists - lists,
        "askers": len(seen.askers),
        "kinds": dict(seen.kinds),
        "most_given_up": seen.most_given_up,
        "people": people,
        # Guests' lists are counted and owe nothing: nobody is to steer what members see by asking as a guest.
        "owed": asdict(owed_after(members, lists)),
        "days": KEPT.days,
    }
    with database.transaction() as session:
        report = ExposureReport(figures=figures)
        session.add(report)
        session.execute(delete(ExposureReport).where(ExposureReport.at < now() - KEPT))
        session.flush()
        session.expunge(report)
    return report


def _listings(session: Session, seen: _Seen) -> Iterator[Listing]:
    """The lists that were measured, one at a time, the oldest first."""
    query = select(SuggestionShown).where(SuggestionShown.at > now() - KEPT).order_by(SuggestionShown.id)
    for row in session.scalars(query.execution_options(yield_per=_BATCH)):
        kept = row.shown.get("gave")
        if kept is None:
            continue
        seen.askers.add(row.profile_id)
        yield seen.noted(row.kind, read_listing(kept))


def _guest_listings(session: Session, seen: _Seen) -> Iterator[Listing]:
    """The lists that guests saw, each once a day."""
    since = (now() - KEPT).astimezone(UTC).date()
    query = select(GuestListing.shown).where(GuestListing.day > since).order_by(GuestListing.day, GuestListing.mark)
    for shown in session.scalars(query.execution_options(yield_per=_BATCH)):
        if "gave" in shown:
            yield seen.noted(GUESTS, read_listing(shown["gave"]))
