"""Jobs of renditions: finding those who could translate, and letting a machine do it."""

from __future__ import annotations

from typing import Any

from app.core.database import Database
from app.core.jobs import Progress, job
from app.core.registries import Original
from app.core.settings import Settings
from app.features.accounts.models import Account
from app.features.accounts.queries import build_actor
from app.features.renditions.models import WAITING, RenditionRequest
from app.features.renditions.queries import find_original
from app.features.renditions.services.asking import tell_translators
from app.features.renditions.services.machine import MachineProblem, note_done, note_failure, translate_original
from app.features.renditions.services.writing import save_machine_rendition

_settings: list[Settings] = []


def use_settings(settings: Settings) -> None:
    """Tell the jobs which server translates."""
    _settings[:] = [settings]


@job("renditions.find_translators")
def find_translators(database: Database, payload: dict[str, Any], progress: Progress) -> None:
    """Tell a few persons with both languages that somebody wishes for a translation."""
    with database.transaction() as session:
        tell_translators(session, payload["request_id"])


@job("renditions.translate")
def translate(database: Database, payload: dict[str, Any], progress: Progress) -> None:
    """Have the machine translate what was asked for, as whoever asked may read it."""
    request_id = payload["request_id"]
    # No transaction stays open while the machine thinks.
    with database.reading() as session:
        found = _load(session, payload)
    if found is None:
        with database.transaction() as session:
            note_done(session, request_id)
        return
    original, lang = found
    try:
        texts = translate_original(original, lang, _settings[0], progress.advance)
    except MachineProblem as problem:
        with database.transaction() as session:
            note_failure(session, request_id, problem.message)
        return
    with database.transaction() as session:
        save_machine_rendition(session, original, lang, texts)
        note_done(session, request_id)


def _load(session: Any, payload: dict[str, Any]) -> tuple[Original, str] | None:
    request = session.get(RenditionRequest, payload["request_id"])
    account = session.get(Account, payload["account_id"])
    if request is None or account is None or request.machine != WAITING:
        return None
    original = find_original(session, build_actor(session, account), request.kind, request.thing_id)
    return (original, request.lang) if original is not None else None
