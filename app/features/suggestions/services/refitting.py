"""Refitting: learn the weights of each kind from what came of its lists, and use them where they are proven better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.core.clock import now
from app.core.database import Database
from app.features.suggestions.models import MatchModel
from app.features.suggestions.queries.models import LEARNT_KINDS, find_model, load_choices
from app.features.suggestions.queries.outcomes import list_candidates
from app.features.suggestions.services.choosing import switch_on
from app.features.suggestions.services.showing import kept_for
from app.matching.model import HAND_SET

if TYPE_CHECKING:
    from app.matching.learning import Trial

IN_USE, PINNED, KEPT_OUT, TOO_FEW = "in use", "better, but another is pinned", "kept out", "too few outcomes"


@dataclass(frozen=True, slots=True)
class Refitted:
    """What came of a kind: the trial, from when to when its outcomes are and how many of each, what became of it."""

    kind: str
    since: datetime
    until: datetime
    trial: Trial
    state: str
    answers: Mapping[str, int]
    model_id: int | None = None


def refit(
    database: Database, dry_run: bool = False, step: Callable[[int, int], None] = lambda _done, _whole: None
) -> list[Refitted]:
    """Learn the weights of every kind; with ``dry_run`` nothing is recorded and nothing switched on.

    Reading and learning take no lock; only the few rows at the end are written, each kind in its own transaction.
    """
    found = []
    for place, kind in enumerate(LEARNT_KINDS):
        step(place, len(LEARNT_KINDS))
        found.append(_refit_kind(database, kind, dry_run))
    step(len(LEARNT_KINDS), len(LEARNT_KINDS))
    return found


def _refit_kind(database: Database, kind: str, dry_run: bool) -> Refitted:
    from app.matching.learning import learn

    until = now()
    since = until - kept_for(kind)
    with database.reading() as session:
        choice = load_choices(session).get(kind)
        version, against_id = (choice.version, choice.model_id) if choice is not None else (0, None)
        pinned, in_use = choice is not None and choice.pinned, find_model(session).of(kind)
        candidates = list_candidates(session, kind, since, until)
    trial = learn(candidates, in_use, HAND_SET.of(kind))
    state, answers = _state(trial, pinned), Counter(one.outcome for one in candidates)
    if dry_run or trial.worth is None:
        return Refitted(kind, since, until, trial, state, answers)
    with database.transaction() as session:
        row = MatchModel(
            kind=kind,
            window_from=since,
            window_to=until,
            outcomes=trial.outcomes,
            held_out=trial.held_out,
            queries=trial.queries,
            figures={**figures_of(trial), "came": dict(sorted(answers.items()))},
            weights=asdict(trial.worth),
            against_id=against_id,
            better=trial.better,
        )
        session.add(row)
        session.flush()
        if state == IN_USE and not switch_on(session, row, version):
            state = PINNED
        return Refitted(kind, since, until, trial, state, answers, row.id)


def figures_of(trial: Trial) -> dict[str, Any]:
    """The figures of a trial as they are kept; none where there was too little to learn from."""
    if trial.worth is None:
        return {}
    said = {name: getattr(trial, name) for name in ("old", "new", "difference", "lower", "upper", "apart")}
    return {name: round(number, 4) for name, number in said.items()}


def _state(trial: Trial, pinned: bool) -> str:
    if trial.worth is None:
        return TOO_FEW
    if not trial.better:
        return KEPT_OUT
    return PINNED if pinned else IN_USE
