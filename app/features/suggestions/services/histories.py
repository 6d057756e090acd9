"""Keeping what is learnt from the history of partnerships: worked out by a job, stored beside the match index.

A fit is a folder with a file for each institution that somebody acts for and that the history knows: whom the ranker
puts first among those who are here, anywhere and abroad, and what speaks for each. So a page only reads a small file,
and nothing heavy is loaded where people wait. A fit that was made from another database is not looked at.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.database import Database
from app.features.profiles.services.partnerships import match_known
from app.features.suggestions.queries.partnerships import (
    find_identity,
    find_last_start,
    has_history,
    list_asking,
    mark_history,
    name_nodes,
    stream_participations,
)
from app.features.suggestions.services.generations import Generations
from app.features.suggestions.services.keeping import keeper_of
from app.matching.partnerships.blending import Known
from app.matching.query import Kind, Message

if TYPE_CHECKING:
    from app.matching.partnerships.history import History
    from app.matching.partnerships.serving import Partner

log = logging.getLogger(__name__)

# Which of the two lists answers for a kind of suggestion: partners anywhere, or those across a border.
ANYWHERE, ABROAD = "anywhere", "abroad"
LIST_OF: dict[Kind, str] = {"institutions": ANYWHERE, "collaborators": ABROAD}
NOTE = "fit.json"
PARTNERS = "partners"
# So many are kept for each: enough that some remain who may be suggested and speak a common language.
MOST = 300
# Who asks changes with each institution that is claimed; that alone is no reason to learn anew more often than this.
ASKERS_WAIT = timedelta(hours=1)
# Some are held for the few questions of one page; each takes about a megabyte.
_REMEMBERED = 8

Step = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit was made from, up to its last day, and for how many institutions."""

    until: date | None
    participations: int
    organisations: int
    institutions: int


class HistoryKeeper:
    """The fit of one instance, as this process sees it."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._generations = Generations(folder)
        self._turn = threading.RLock()
        self._name: str | None = None
        self._note: dict[str, Any] = {}
        self._said: OrderedDict[int, dict[str, tuple[Known, ...]]] = OrderedDict()

    def known(self, session: Session, institution_id: int, kind: Kind) -> tuple[Known, ...]:
        """Whom the history puts first for an institution, best first; nobody where it knows nothing of it."""
        if kind not in LIST_OF:
            return ()
        identity = find_identity(session, institution_id)
        if identity is None:
            return ()
        with self._turn:
            self._look()
            if self._note.get("identity") != identity:
                return ()
            if institution_id not in self._said:
                self._said[institution_id] = self._read(institution_id)
                while len(self._said) > _REMEMBERED:
                    self._said.popitem(last=False)
            self._said.move_to_end(institution_id)
            return self._said[institution_id].get(LIST_OF[kind], ())

    def is_outdated(self) -> bool:
        """Whether the history, or who may ask, has changed since the fit; or there is a history without one."""
        with self._turn, self._database.reading() as session:
            self._look()
            if not self._note:
                return has_history(session)
            if self._note["mark"] != mark_history(session):
                return True
            if self._note["identity"] != keeper_of(self._database).identity():
                return True
            old = now() - datetime.fromisoformat(self._note["at"]) > ASKERS_WAIT
            return old and self._note["asking"] != list_asking(session)

    def refit(self, today: date | None = None, step: Step = lambda _done, _all: None) -> Fitted:
        """Learn from the rows as they are now, and use it from now on; ``step`` hears how far that is, of how much."""
        with self._generations.building():
            with self._database.transaction() as session:
                match_known(session)
            return self._fit(today or now().date(), step)

    def _fit(self, today: date, step: Step) -> Fitted:
        identity = keeper_of(self._database).identity()
        with self._database.reading() as session:
            # First by what it is known, then the rows: they are at least as new.
            note: dict[str, Any] = {"identity": identity, "mark": mark_history(session), "asking": list_asking(session)}
            until = find_last_start(session, today)
            names = name_nodes(session)
            history = _load(session, until, names) if until else None
        name = self._generations.new(now())
        folder = self._generations.folder / name
        try:
            if history is not None and until is not None:
                _write_lists(folder, _Here(history, names), until, note["asking"], step)
            (folder / NOTE).write_text(json.dumps({**note, "at": now().isoformat()}), encoding="utf-8")
        except BaseException:
            self._generations.drop(name)
            raise
        self._generations.use(name)
        self._generations.drop_old(now())
        if history is None:
            return Fitted(None, 0, 0, 0)
        return Fitted(until, len(history.participation_org), len(history.organisations), len(note["asking"]))

    def _look(self) -> None:
        """Hold the fit in use, if there is one."""
        name = self._generations.current()
        if name is None or name == self._name:
            return
        try:
            note = json.loads((self._generations.folder / name / NOTE).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            log.warning("the fit of the history %s cannot be used: %s", name, error)
            return
        self._name, self._note = name, note
        self._said.clear()

    def _read(self, institution_id: int) -> dict[str, tuple[Known, ...]]:
        try:
            said = json.loads(_file_of(self._generations.folder / str(self._name), institution_id).read_bytes())
            return {one: tuple(_known(*row) for row in rows) for one, rows in said.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError) as error:
            log.warning("what the history says of institution %s cannot be used: %s", institution_id, error)
            return {}


def _load(session: Session, until: date, names: Mapping[int, str]) -> History:
    from app.matching.partnerships.history import build_history

    return build_history(stream_participations(session, until, names))


class _Here:
    """A history, and which of its organisations are institutions here."""

    def __init__(self, history: History, names: Mapping[int, str]) -> None:
        self.history = history
        self.places = {number: place for number, name in names.items() if (place := history.place_of(name)) is not None}
        self.institutions = {place: number for number, place in self.places.items()}
        self._by_name = {names[number]: number for number in self.places}

    def told(self, partner: Partner) -> list[Any]:
        """What is kept of somebody the ranker names: the institution, and the evidence with institutions for names."""
        said = []
        for message in partner.evidence:
            values = dict(message.values)
            if isinstance(values.get(PARTNERS), tuple):
                nodes = (self._by_name.get(str(name)) for name in message.values[PARTNERS])  # type: ignore[union-attr]
                values[PARTNERS] = tuple(number for number in nodes if number is not None)
            said.append([message.key, values])
        return [self.institutions[partner.organisation], said]


def _write_lists(folder: Path, here: _Here, until: date, asking: list[int], step: Step) -> None:
    """Write for each institution that may ask whom the ranker puts first, in both lists."""
    # A web worker never gets here, and needs none of it.
    import numpy as np

    from app.matching.partnerships.serving import Partners

    among = np.zeros(len(here.history.organisations), np.bool_)
    among[list(here.institutions)] = True
    askers = [here.places[number] for number in asking if number in here.places]
    found: dict[int, dict[str, list[Any]]] = {asker: {} for asker in askers}
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        step(done, len(LIST_OF) * len(askers))

    known = Partners(here.history, until)
    for one in LIST_OF.values():
        for asker, partners in known.of(askers, one == ABROAD, among, MOST, tell):
            found[asker][one] = [here.told(partner) for partner in partners]
    for asker, lists in found.items():
        file = _file_of(folder, here.institutions[asker])
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(lists, separators=(",", ":")), encoding="utf-8")


def _file_of(folder: Path, institution_id: int) -> Path:
    """The file of an institution; a hundred folders, since no folder should hold a hundred thousand files."""
    return folder / f"{institution_id % 100:02d}" / f"{institution_id}.json"


def _known(institution_id: int, said: list[Any]) -> Known:
    evidence = (
        Message(key, {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()})
        for key, values in said
    )
    return Known(institution_id, tuple(evidence))


# By the identity of the database, which lives as long as its keeper does; the application holds the keeper.
_keepers: WeakValueDictionary[int, HistoryKeeper] = WeakValueDictionary()


def keep_history(database: Database, folder: Path) -> HistoryKeeper:
    """Start keeping what is learnt from the history of a database; nothing is opened before the first question."""
    keeper = HistoryKeeper(database, folder)
    _keepers[id(database)] = keeper
    return keeper


def history_of(where: Session | Database) -> HistoryKeeper:
    """The keeper of what is learnt from the history of a session's database."""
    return _keepers[id(Database.of(where) if isinstance(where, Session) else where)]
