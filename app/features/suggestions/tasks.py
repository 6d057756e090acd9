"""The jobs of suggestions: a new generation of the index from time to time, and forgetting what was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

from app.core.database import Database
from app.core.jobs import LEASE, Cancelled, Progress, enqueue, job
from app.features.suggestions.queries.partnerships import has_history
from app.features.suggestions.services.appearing import count_appearances
from app.features.suggestions.services.grouping import find_introducers, find_missing
from app.features.suggestions.services.histories import history_of
from app.features.suggestions.services.keeping import keeper_of
from app.features.suggestions.services.showing import purge_shown

BEAT = LEASE / 4


@job("suggestions.rebuild", every=timedelta(hours=6))
def rebuild(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Make a new generation of the match index."""
    keeper_of(database).rebuild()


@job("suggestions.tend", every=timedelta(minutes=10))
def tend(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Make a new generation when much has changed since the last one."""
    keeper = keeper_of(database)
    if keeper.is_overgrown():
        keeper.rebuild()
    if history_of(database).is_outdated():
        with database.transaction() as session:
            enqueue(session, "suggestions.refit_history", unique="suggestions.refit_history")


@job("suggestions.refit_history", every=timedelta(days=7))
def refit_history(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Learn from the history of partnerships anew, where one is known."""
    keeper = history_of(database)
    with database.reading() as session:
        if not has_history(session):
            return
    with _holding(progress) as tell:
        keeper.refit(step=tell)


@contextmanager
def _holding(progress: Progress) -> Iterator[Callable[[int, int], None]]:
    """Hold the job's lease while it learns, which takes minutes without a step; what is yielded says how far it is."""
    at, over = [0, 0], Event()

    def beat() -> None:
        while not over.wait(BEAT.total_seconds()):
            try:
                progress.advance(at[0], at[1])
            except Cancelled:
                # The next step learns of it, too, and ends the work.
                return

    def tell(done: int, whole: int) -> None:
        at[:] = done, whole
        progress.advance(done, whole)

    beating = Thread(target=beat, daemon=True)
    beating.start()
    try:
        yield tell
    finally:
        over.set()
        beating.join()


@job("suggestions.refit", every=timedelta(days=7))
def refit_weights(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Learn what each criterion is worth from what came of the lists, and use it where it is proven better."""
    # It brings scikit-learn with it, which nobody else here needs.
    from app.features.suggestions.services.refitting import refit

    refit(database, step=progress.advance)


@job("suggestions.purge", every=timedelta(days=1))
def purge(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Forget what was shown long ago."""
    with database.transaction() as session:
        purge_shown(session)


@job("suggestions.count_appearances", every=timedelta(hours=6))
def count_shown(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Count for each profile how often it was suggested on the days that are over."""
    with database.transaction() as session:
        count_appearances(session)


@job("suggestions.find_clusters", every=timedelta(days=1))
def find_clusters(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Find the communities that should exist; run again it finds the same."""
    find_missing(database, progress.advance)


@job("suggestions.find_introducers", every=timedelta(days=1))
def find_between(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Find those who could introduce groups to each other."""
    find_introducers(database, progress.advance)
