"""The meetings of the sample communities: past and to come, with who comes and what the time costs whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.core.registries import version_of
from app.features.events.models import CANCELLED, MAYBE, PLANNED, YES, Event, EventAnswer, EventLoad
from app.features.events.queries.loads import list_attendees_to_be
from app.features.samples.services.communities.known import Known, Row, mark, write_numbered, write_rows
from app.features.samples.services.communities.translating import Translations
from app.features.samples.world.community_shapes import SampleCommunity, SampleEvent
from app.matching.meetings import load_of

PLANNED_AHEAD = 12


def write_events(
    session: Session, communities: Sequence[SampleCommunity], known: Known, done: Translations
) -> None:  # fmt: skip
    """Write all meetings."""
    for community in communities:
        place = known.places[community.slug]
        for number, event in enumerate(community.events):
            rows = list(_event_rows(event, place, mark("event", place, number), known))
            numbers = write_numbered(session, Event, rows)
            for row, event_id in zip(rows, numbers, strict=True):
                write_rows(session, EventAnswer, _answer_rows(event, event_id, row, known))
            _write_loads(session, event, place, rows, numbers, known)
            words = {name: str(rows[0][name]) for name in ("title", "description", "agenda") if rows[0][name]}
            done.add("event", numbers[0], event.lang, version_of(words), words, event.renditions)


def _start(event: SampleEvent, day: int, minute: int, known: Known) -> datetime:
    zone = ZoneInfo(event.zone)
    there = (known.moment.astimezone(zone) + timedelta(days=day)).replace(hour=0, minute=0, second=0, microsecond=0)
    return there.replace(hour=minute // 60 % 24, minute=minute % 60).astimezone(UTC)


def _event_rows(event: SampleEvent, place: int, token: str, known: Known) -> Iterator[Row]:
    said, moment = event.texts, known.moment
    defaults: Row = {"description": "", "agenda": "", "link": "", "place": "", "capacity": None, "interpretation": []}
    texts = {name: said.get(name, value) for name, value in defaults.items()}
    coming = {answer: sum(1 for _who, what in event.answers if what == answer) for answer in (YES, MAYBE)}
    for number, (day, minute) in enumerate(event.times):
        start = _start(event, day, minute, known)
        over = start + timedelta(minutes=event.minutes) < moment
        cancelled = "cancelled" in said and number == len(event.times) - 1
        made = min(moment, start) - timedelta(days=PLANNED_AHEAD if over else 3)
        yield {
            **texts, "community_id": place, "uid": str(uuid5(NAMESPACE_URL, f"{token} {number} {start}")),
            "token": token, "series": token if len(event.times) > 1 else None, "number": number,
            "title": event.title, "lang": event.lang, "starts_at": start, "minutes": event.minutes,
            "zone": event.zone, "languages": list(event.languages), "state": CANCELLED if cancelled else PLANNED,
            "cancel_reason": said["cancelled"] if cancelled else "", "sequence": 1 if cancelled else 0,
            "yes_count": coming[YES], "maybe_count": coming[MAYBE],
            "recording": said.get("recording", "") if over else "", "notes": said.get("notes", "") if over else "",
            "notes_lang": said.get("notes_lang", event.lang) if over and "notes" in said else None,
            "created_by": known.ids[event.by], "created_at": made, "updated_at": made, "sample": True,
        }  # fmt: skip


def _answer_rows(event: SampleEvent, event_id: int, row: Row, known: Known) -> Iterator[Row]:
    for at, (handle, answer) in enumerate(event.answers):
        when = min(row["created_at"] + timedelta(hours=2 + at), known.moment)
        yield {"event_id": event_id, "person_id": known.ids[handle], "answer": answer, "at": when}


def _write_loads(
    session: Session, event: SampleEvent, place: int, rows: Sequence[Row], numbers: Sequence[int], known: Known
) -> None:
    """What the times cost those they were found for, reckoned as when a meeting is planned."""
    if not event.found_for:
        return
    ids = sorted(known.ids[handle] for handle in event.found_for)
    span = (rows[0]["starts_at"].date(), rows[-1]["starts_at"].date())
    people, _unknown = list_attendees_to_be(session, place, ids, span, "en", remember=False)
    write_rows(session, EventLoad, (
        {"event_id": number, "person_id": one.participant.id,
         "points": load_of(one.participant, row["starts_at"], event.minutes).points}
        for row, number in zip(rows, numbers, strict=True) for one in people
    ))  # fmt: skip
