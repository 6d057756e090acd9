"""Which weights are in use: switched on by the job that proved them or by an operator, pinned, or back to hand-set."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.database import insert_unless_there
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.messages import N_
from app.features.suggestions.models import MatchChoice, MatchChoiceLog, MatchModel
from app.features.suggestions.policies import can_choose_models
from app.features.suggestions.queries.models import LEARNT_KINDS, find_learnt


class ChangedMeanwhile(Conflict):
    """Somebody else was faster."""

    message = N_("Somebody else changed this meanwhile. Nothing was changed; please look again.")


def choose(session: Session, actor: Actor, kind: str, model_id: int | None, pinned: bool, version: int) -> None:
    """Use a model for a kind (None: the weights set by hand), and pin it so that the job leaves it.

    ``version`` is that of the choice the actor saw, 0 for none; raises `ChangedMeanwhile` if it is another one now.
    """
    if not can_choose_models(actor):
        raise Forbidden
    if kind not in LEARNT_KINDS:
        raise NotFound
    if model_id is not None and find_learnt(session, kind, model_id) is None:
        raise NotFound
    if not _change(session, kind, model_id, pinned, version):
        raise ChangedMeanwhile
    log = MatchChoiceLog(kind=kind, model_id=model_id, pinned=pinned, by_account_id=actor.account_id)
    session.add(log)
    session.flush()


def switch_on(session: Session, row: MatchModel, version: int) -> bool:
    """Use a model that was proven to be better, unless somebody changed or pinned something since it was fitted."""
    if not _change(session, row.kind, row.id, False, version, unless_pinned=True):
        return False
    session.add(MatchChoiceLog(kind=row.kind, model_id=row.id, pinned=False, by_job=True))
    session.flush()
    return True


def _change(
    session: Session, kind: str, model_id: int | None, pinned: bool, version: int, unless_pinned: bool = False
) -> bool:
    """Write the choice if it is still the one that was seen; of two at once only one does."""
    if version == 0:
        new = insert_unless_there(session, MatchChoice, kind=kind, model_id=model_id, pinned=pinned, version=1)
        return session.scalar(new.returning(MatchChoice.kind)) is not None
    statement = update(MatchChoice).where(MatchChoice.kind == kind, MatchChoice.version == version)
    if unless_pinned:
        statement = statement.where(MatchChoice.pinned.is_(False))
    done = session.execute(
        statement.values(model_id=model_id, pinned=pinned, version=version + 1).execution_options(
            synchronize_session="fetch"
        )
    )
    return cast("CursorResult[Any]", done).rowcount == 1
