"""What came of the lists that were shown: the examples from which the weights are learnt.

Nothing is kept for this but what was noted of each list for 90 days anyway: whom it named, and what each score was made
of. What came of it is read from the introductions, the dismissals and the memberships as they are now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.features.communities.models import ACTIVE, Member
from app.features.introductions.models import ACCEPTED, DECLINED, EXPIRED, Introduction
from app.features.suggestions.models import Dismissal, SuggestionShown
from app.matching.query import Measured
from app.matching.weights import CRITERIA

if TYPE_CHECKING:
    from app.matching.learning import Candidate

LASTS = timedelta(days=14)
"""What somebody does longer after a list was shown isn't put down to it."""
RIPENS = timedelta(days=7)
"""Whoever was shown more recently, and to nobody's answer, may still be answered."""
MOST_OUTCOMES = 100_000
MOST_ASKERS = 2000
"""So many of those who asked, the latest, tell enough: weights are a few numbers."""
_CHUNK = 500
_KNOWN = "known"  # put aside because they know each other: they may suit one another very well
_NUMBERS = 2 * len(CRITERIA) + 3

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Outcome:
    outcome: str
    began: datetime
    known: datetime


def write_measured(measured: Measured | None) -> list[int] | None:
    """What a score is made of, as it is noted; None for what isn't learnt from."""
    if measured is None:
        return None
    return [*measured.forward, *measured.reverse, measured.language, measured.hours, measured.static]


def read_measured(noted: Sequence[int] | None) -> Measured | None:
    """The same read; None for what was noted before, or otherwise."""
    if not noted or len(noted) != _NUMBERS:
        return None
    number = len(CRITERIA)
    return Measured(tuple(noted[:number]), tuple(noted[number : 2 * number]), *noted[2 * number :])


def list_candidates(session: Session, kind: str, since: datetime, moment: datetime) -> list[Candidate]:
    """Whom the lists of a kind named from ``since`` on, each once an asker, with what came of it until ``moment``.

    Only those who asked and were accepted at least once: nobody else tells which of two is the better.
    """
    from app.matching import learning

    outcomes = _outcomes(session, since)
    led: dict[int, datetime] = {}
    for (asker, _other), one in outcomes.items():
        if one is not None and learning.GAINS[one.outcome]:
            led[asker] = max(led.get(asker, one.known), one.known)
    askers = sorted(sorted(led, key=lambda asker: (led[asker], asker), reverse=True)[:MOST_ASKERS])
    found: dict[Pair, Candidate] = {}
    for asker, at, place, other, measured in _shown(session, askers, kind, since):
        known = outcomes.get((asker, other))
        if (asker, other) in outcomes and known is None:
            continue
        if known is not None and at <= known.began < at + LASTS:
            outcome, when = known.outcome, known.known
        elif known is None and at + RIPENS <= moment:
            outcome, when = learning.UNTOUCHED, at
        else:
            continue
        found[asker, other] = learning.Candidate(asker, when.timestamp(), measured, place, outcome)
    return list(found.values())


def _shown(
    session: Session, askers: Iterable[int], kind: str, since: datetime
) -> Iterator[tuple[int, datetime, int, int, Measured]]:
    """Who was shown to whom, when, at which place and why, the latest last."""
    for some in _chunks(askers):
        rows = session.execute(
            select(SuggestionShown.profile_id, SuggestionShown.kind, SuggestionShown.at, SuggestionShown.shown)
            .where(SuggestionShown.profile_id.in_(some), SuggestionShown.at >= since)
            .order_by(SuggestionShown.id)
            .execution_options(yield_per=_CHUNK)
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


def _outcomes(session: Session, since: datetime) -> dict[Pair, _Outcome | None]:
    """What came of each pair; None where that says nothing of how well they suit each other."""
    found: dict[Pair, _Outcome | None] = {}
    for asker, other, reason, at in session.execute(
        select(Dismissal.profile_id, Dismissal.dismissed_id, Dismissal.reason, Dismissal.created_at)
        .where(Dismissal.created_at >= since)
        .order_by(Dismissal.created_at.desc())
        .limit(MOST_OUTCOMES)
    ):
        found[asker, other] = None if reason == _KNOWN else _Outcome("not for me", at, at)
    found.update(_introduced(session, since))
    return found


def _introduced(session: Session, since: datetime) -> dict[Pair, _Outcome | None]:
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
        .limit(MOST_OUTCOMES)
    ).all()
    led = _led_on(session, {(row.from_profile_id, row.to_profile_id) for row in rows if row.state == ACCEPTED}, since)
    found: dict[Pair, _Outcome | None] = {}
    for asker, other, state, began, decided, expires in reversed(rows):
        outcome = {ACCEPTED: "accepted", DECLINED: "declined", EXPIRED: "ignored"}.get(state)
        known = expires if state == EXPIRED else decided
        if outcome is None or known is None:
            # Waiting or taken back: nobody has answered.
            found[asker, other] = None
        else:
            joined = led.get((asker, other))
            found[asker, other] = _Outcome("led on" if joined and joined >= known else outcome, began, known)
    return found


def _led_on(session: Session, pairs: Collection[Pair], since: datetime) -> dict[Pair, datetime]:
    """Since when two who were introduced are in a community together, where one of them joined it lately."""
    one, other = aliased(Member), aliased(Member)
    found: dict[Pair, datetime] = {}
    for some in _chunks(sorted({asker for asker, _ in pairs})):
        rows = session.execute(
            select(one.person_id, other.person_id, one.joined_at, other.joined_at)
            .join(other, other.community_id == one.community_id)
            .where(
                one.person_id.in_(some),
                one.person_id != other.person_id,
                one.state == ACTIVE,
                other.state == ACTIVE,
                (one.joined_at >= since) | (other.joined_at >= since),
            )
        )
        for asker, met, mine, theirs in rows:
            if (asker, met) in pairs and mine is not None and theirs is not None:
                since_when = max(mine, theirs)
                found[asker, met] = max(found.get((asker, met), since_when), since_when)
    return found


def _chunks(ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    every = tuple(ids)
    for begin in range(0, len(every), _CHUNK):
        yield every[begin : begin + _CHUNK]
