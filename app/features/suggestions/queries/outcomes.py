"""What came of the lists that were shown: the examples from which the weights are learnt.

Nothing is kept for this but what was noted of each list for a while anyway: whom it named, and what each score was made
of. What came of it is read from where it stands: introductions, dismissals, communities, translations, projects.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.features.introductions.models import ACCEPTED, DECLINED, EXPIRED, Introduction
from app.features.profiles.models import Institution
from app.features.suggestions.models import Dismissal, SuggestionShown
from app.features.suggestions.queries.together import Pair, as_moment, chunks, list_first_projects, list_together
from app.matching import outcomes as known_outcomes
from app.matching.outcomes import OUTCOMES, UNTOUCHED
from app.matching.query import Measured
from app.matching.weights import CRITERIA

if TYPE_CHECKING:
    from app.matching.examples import Candidate

LASTS = timedelta(days=14)
"""What somebody does longer after a list was shown isn't put down to it."""
PROJECT_LASTS = timedelta(days=730)
"""But for a project of two institutions: it has to be written, decided on, and paid for."""
RIPENS = timedelta(days=7)
"""Whoever was shown more recently, and to nobody's answer, may still be answered."""
MOST_OUTCOMES = 100_000
MOST_ASKERS = 2000
"""So many of those who asked, the latest, tell enough: weights are a few numbers."""
GLANCED_OUTCOMES, GLANCED_ASKERS = 1000, 100
"""For a page that somebody waits for, the latest of each are enough."""
_AT_ONCE = 50  # of those who asked: each may have seen a hundred lists
_KNOWN = "known"  # put aside because they know each other: they may suit one another very well
_FIRST_PAGE = "home"
_NUMBERS = 2 * len(CRITERIA) + 3


@dataclass(frozen=True, slots=True)
class _Outcome:
    outcome: str
    began: datetime
    known: datetime
    lasts: timedelta = LASTS


def write_measured(measured: Measured | None) -> list[int] | None:
    """What a score is made of, as it is noted; None for what isn't learnt from."""
    if measured is None:
        return None
    noted = [*measured.forward, *measured.reverse, measured.language, measured.hours, measured.static]
    if measured.far_language is None and not measured.reach:
        return noted
    # Of a bridge: what only those have.
    far = measured.language if measured.far_language is None else measured.far_language
    return [*noted, far, measured.reach]


def read_measured(noted: Sequence[int] | None) -> Measured | None:
    """The same read; None for what was noted before, or otherwise."""
    if not noted or len(noted) not in (_NUMBERS, _NUMBERS + 2):
        return None
    number = len(CRITERIA)
    return Measured(tuple(noted[:number]), tuple(noted[number : 2 * number]), *noted[2 * number :])


def list_candidates(
    session: Session,
    kind: str,
    since: datetime,
    moment: datetime,
    most_outcomes: int = MOST_OUTCOMES,
    most_askers: int = MOST_ASKERS,
) -> list[Candidate]:
    """Whom the lists of a kind named from ``since`` on, each once an asker, with what came of it until ``moment``.

    Only those who asked and whom it led to something at least once: nobody else tells which of two is the better. Of
    many outcomes, and of many who asked, only the latest.
    """
    from app.matching.examples import Candidate

    outcomes = _outcomes(session, since, moment, most_outcomes)
    led: dict[int, datetime] = {}
    for (asker, _other), one in outcomes.items():
        if one is not None and OUTCOMES[one.outcome].gain:
            led[asker] = max(led.get(asker, one.known), one.known)
    askers = sorted(sorted(led, key=lambda asker: (led[asker], asker), reverse=True)[:most_askers])
    found: dict[Pair, Candidate] = {}
    for asker, at, place, other, measured in _shown(session, askers, kind, since):
        known = outcomes.get((asker, other))
        if (asker, other) in outcomes and known is None:
            continue
        if known is not None and at <= known.began < at + known.lasts:
            outcome, when = known.outcome, known.known
        elif known is None and at + RIPENS <= moment:
            outcome, when = UNTOUCHED, at
        else:
            continue
        found[asker, other] = Candidate(asker, when.timestamp(), measured, place, outcome)
    return list(found.values())


def glance_at_outcomes(session: Session, kind: str, since: datetime, moment: datetime) -> Counter[str]:
    """How often each outcome came of the lists of a kind lately, among the latest of what would be learnt from now."""
    found = list_candidates(session, kind, since, moment, GLANCED_OUTCOMES, GLANCED_ASKERS)
    return Counter(one.outcome for one in found)


def _shown(
    session: Session, askers: Iterable[int], kind: str, since: datetime
) -> Iterator[tuple[int, datetime, int, int, Measured]]:
    """Who was shown to whom, when, at which place and why, the latest last."""
    for some in chunks(askers, _AT_ONCE):
        rows = session.execute(
            select(SuggestionShown.profile_id, SuggestionShown.kind, SuggestionShown.at, SuggestionShown.shown)
            # The short lists of first pages are of the kind that stands in what was noted.
            .where(SuggestionShown.profile_id.in_(some), SuggestionShown.kind.in_((kind, _FIRST_PAGE)))
            .where(SuggestionShown.at >= since)
            .order_by(SuggestionShown.id)
        )
        for row in rows:
            if row.shown.get("kind", row.kind) == kind:
                yield from _places(row.profile_id, row.at, row.shown)


def _places(asker: int, at: datetime, shown: dict[str, Any]) -> Iterator[tuple[int, datetime, int, int, Measured]]:
    noted = zip(shown["ids"], shown.get("measured", ()), strict=False)
    for place, (other, numbers) in enumerate(noted):
        measured = read_measured(numbers)
        if measured is not None:
            yield asker, at, place, other, measured


def _outcomes(session: Session, since: datetime, moment: datetime, most: int) -> dict[Pair, _Outcome | None]:
    """What came of each pair; None where that says nothing of how well they suit each other."""
    found: dict[Pair, _Outcome | None] = {}
    for asker, other, reason, at in session.execute(
        select(Dismissal.profile_id, Dismissal.dismissed_id, Dismissal.reason, Dismissal.created_at)
        .where(Dismissal.created_at >= since)
        .order_by(Dismissal.created_at.desc())
        .limit(most)
    ):
        found[asker, other] = None if reason == _KNOWN else _Outcome(known_outcomes.NOT_FOR_ME, at, at)
    found.update(_introduced(session, since, moment, most))
    for pair, day in _between_institutions(session, since, moment, most):
        # What they did says more than what was clicked before, unless that was that they know each other.
        if found.get(pair, _Outcome("", day, day)) is not None:
            found[pair] = _Outcome(known_outcomes.PROJECT, day, day, PROJECT_LASTS)
    return found


def _introduced(session: Session, since: datetime, moment: datetime, most: int) -> dict[Pair, _Outcome | None]:
    rows = session.execute(
        select(
            Introduction.from_profile_id,
            Introduction.to_profile_id,
            Introduction.state,
            Introduction.created_at,
            Introduction.decided_at,
            Introduction.expires_at,
        )
        .where(Introduction.created_at >= since)
        .order_by(Introduction.created_at.desc())
        .limit(most)
    ).all()
    met = {
        (row.from_profile_id, row.to_profile_id): row.decided_at
        for row in reversed(rows)
        if row.state == ACCEPTED and row.decided_at is not None
    }
    together = list_together(session, met, moment)
    said = {
        ACCEPTED: known_outcomes.ACCEPTED,
        DECLINED: known_outcomes.DECLINED,
        EXPIRED: known_outcomes.IGNORED,
    }
    found: dict[Pair, _Outcome | None] = {}
    for asker, other, state, began, decided, expires in reversed(rows):
        outcome, known = said.get(state), expires if state == EXPIRED else decided
        if outcome is None or known is None:
            # Waiting or taken back: nobody has answered.
            found[asker, other] = None
        elif state == ACCEPTED and (asker, other) in together:
            better, came = together[asker, other]
            found[asker, other] = _Outcome(better, began, came)
        else:
            found[asker, other] = _Outcome(outcome, began, known)
    return found


def _between_institutions(
    session: Session, since: datetime, moment: datetime, most: int
) -> Iterator[tuple[Pair, datetime]]:
    """When institutions to whom lists were shown began their first project with another, introduced or not."""
    shown = exists().where(SuggestionShown.profile_id == Institution.id, SuggestionShown.at >= since)
    asking = session.scalars(select(Institution.id).where(shown).order_by(Institution.id.desc()).limit(most)).all()
    for pair, day in sorted(list_first_projects(session, asking, since.date(), moment.date()).items()):
        yield pair, as_moment(day)
