"""The jobs of resources: looking after links, and after what harvesters are offered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, cast

from app.core.clock import now
from app.core.database import Database
from app.core.fetching import Fetched, fetch
from app.core.jobs import Progress, job
from app.core.settings import Settings
from app.features.resources.services.links import answers, list_due, note_answer
from app.features.resources.services.listing import settle_listing

# Set by `extension`, which knows the settings; a worker runs in the same application.
_settings: list[Settings] = []
_ENOUGH = 4096


def use_settings(settings: Settings) -> None:
    """Tell by which settings addresses may be fetched."""
    _settings[:] = [settings]


def _ask(url: str, method: str) -> Fetched:
    wanted = cast('Literal["GET", "HEAD"]', method)
    return fetch(url, settings=_settings[0], method=wanted, most_bytes=_ENOUGH, timeout=15.0, cut=True)


@job("resources.check_links", every=timedelta(hours=2))
def check_links(database: Database, _payload: dict[str, Any], progress: Progress) -> None:
    """Look at the links that are due, one after the other; what was looked at is noted at once, so it goes on there."""
    with database.reading() as session:
        due = list_due(session, now())
    for done, (number, url) in enumerate(due, start=1):
        works = answers(url, _ask)
        with database.transaction() as session:
            note_answer(session, number, url, works, now())
        progress.advance(done, len(due))


@job("resources.settle_listing", every=timedelta(hours=1))
def settle(database: Database, _payload: dict[str, Any], _progress: Progress) -> None:
    """Tell harvesters of communities that opened or closed their doors."""
    with database.transaction() as session:
        settle_listing(session)
