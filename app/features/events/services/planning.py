"""Planning, changing and cancelling meetings, and what is kept of them afterwards."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.clock import now
from app.core.database import insert_if_new, insert_unless_there
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.policies import Standing
from app.features.communities.queries import list_member_ids
from app.features.communities.services.activity import touch
from app.features.communities.services.logging import log_deed
from app.features.events.models import CANCELLED, MAYBE, MOST_PEOPLE, PLANNED, YES, Event, EventAnswer, EventLoad
from app.features.events.policies import can_edit_event, can_plan
from app.features.events.queries import list_series
from app.features.events.queries.loads import list_attendees_to_be
from app.features.events.services.drafts import Draft, Errors, check_draft, clean_address, clean_long, clean_tag
from app.features.relations.queries import list_blocked_ids
from app.matching.meetings import load_of

# What calendars show, besides the agenda, by which a change is one that those who come must hear of.
_SHOWN = ("title", "description", "starts_at", "minutes", "link", "place")
_TEXTS = ("title", "lang", "minutes", "zone", "description", "agenda", "link", "place", "capacity")
LONGEST_REASON = 500


def plan_events(
    session: Session, standing: Standing, draft: Draft, token: str, person_ids: Collection[int] = ()
) -> Event | None:
    """Plan a meeting, or one for each start of the draft as a series; the first of them, or None if the same form was
    sent before. ``person_ids``: those for whom the time was found; what it costs them is kept."""
    if not can_plan(standing):
        raise Forbidden
    checked = check_draft(draft, standing.moment)
    # Only as forms make them.
    if not re.fullmatch(r"[0-9a-f]{32}", token):
        raise Invalid(message=N_("This page was open for a long time. Please send it again."))
    series = uuid.uuid4().hex if len(checked.starts) > 1 else None
    made = []
    for number, start in enumerate(checked.starts):
        row = insert_if_new(
            session, Event, community_id=standing.community.id, uid=str(uuid.uuid4()), token=token, series=series,
            number=number, starts_at=start, languages=list(checked.languages), state=PLANNED,
            interpretation=[list(pair) for pair in checked.interpretation], created_by=standing.actor.person_id,
            **{name: getattr(checked, name) for name in _TEXTS},
        )  # fmt: skip
        if row is None:
            return None
        made.append(session.get_one(Event, row))
    _keep_loads(session, standing, made, person_ids)
    touch(session, standing)
    _tell_members(session, standing, made[0])
    return made[0]


def _tell_members(session: Session, standing: Standing, event: Event) -> None:
    me = standing.actor.person_id or 0
    people = set(list_member_ids(session, standing.community.id)) - list_blocked_ids(session, me) - {me}
    tell(session, people, "event_planned", **_told(standing, event))


def _told(standing: Standing, event: Event) -> dict[str, object]:
    slug, name = standing.community.slug, standing.community.name
    return {"slug": slug, "event_id": event.id, "title": event.title, "community": name}


def _keep_loads(session: Session, standing: Standing, events: Sequence[Event], person_ids: Collection[int]) -> None:
    """Write down what the times cost those they were found for, by what is known of them now."""
    members = set(list_member_ids(session, standing.community.id)) & set(person_ids)
    if not members or len(members) > MOST_PEOPLE:
        return
    span: tuple[date, date] = (events[0].starts_at.date(), events[-1].starts_at.date())
    people, _unknown = list_attendees_to_be(session, standing.community.id, sorted(members), span, "en", remember=False)
    for event in events:
        for person in people:
            points = load_of(person.participant, event.starts_at, event.minutes).points
            session.execute(
                insert_unless_there(
                    session, EventLoad, event_id=event.id, person_id=person.participant.id, points=points
                )
            )


def _check_edit(standing: Standing, event: Event) -> None:
    if not can_edit_event(standing, event):
        raise Forbidden


def _check_version(event: Event, version: int) -> None:
    if event.version != version:
        raise Conflict(N_("This was changed elsewhere while you were writing. Nothing was overwritten."))


def _flush(session: Session) -> None:
    try:
        session.flush()
    except StaleDataError:
        raise Conflict(N_("This was changed elsewhere while you were writing. Nothing was overwritten.")) from None


def _tell_attendees(session: Session, standing: Standing, event: Event, kind: str) -> None:
    """Tell those who said they come, or perhaps; past a block, too: else they would come for nothing."""
    rows = select(EventAnswer.person_id).where(
        EventAnswer.event_id == event.id, EventAnswer.answer.in_((YES, MAYBE))
    )  # fmt: skip
    here = set(list_member_ids(session, standing.community.id)) - {standing.actor.person_id or 0}
    tell(session, here & set(session.scalars(rows)), kind, **_told(standing, event))


def change_event(session: Session, standing: Standing, event: Event, draft: Draft, version: int) -> bool:
    """Change a meeting; whether calendars and those who come were told, because of when, where or what it is."""
    _check_edit(standing, event)
    if event.state == CANCELLED:
        raise Conflict(N_("This event was cancelled. Plan a new one instead."))
    checked = check_draft(draft, standing.moment, event)
    if len(checked.starts) != 1:
        raise Invalid({"day": Text(N_("Please say when it is."))})
    _check_version(event, version)
    before, agenda = {name: getattr(event, name) for name in _SHOWN}, event.agenda
    moved = event.starts_at != checked.starts[0] or event.minutes != checked.minutes
    event.starts_at, event.languages = checked.starts[0], list(checked.languages)
    event.interpretation = [list(pair) for pair in checked.interpretation]
    for name in _TEXTS:
        setattr(event, name, getattr(checked, name))
    shown = any(getattr(event, name) != value for name, value in before.items())
    if shown or event.agenda != agenda:
        event.sequence += 1
    event.updated_at = now()
    _flush(session)
    if moved:
        _reckon_again(session, standing, event)
    if shown:
        _tell_attendees(session, standing, event, "event_moved" if moved else "event_changed")
    touch(session, standing)
    return shown


def _reckon_again(session: Session, standing: Standing, event: Event) -> None:
    rows = list(session.scalars(select(EventLoad).where(EventLoad.event_id == event.id)))
    people = [row.person_id for row in rows]
    for row in rows:
        session.delete(row)
    session.flush()
    if people:
        _keep_loads(session, standing, [event], people)


def cancel_event(session: Session, standing: Standing, event: Event, reason: str, following: bool = False) -> int:
    """Cancel a meeting, with ``following`` also those of its series after it; how many. They stay in calendars as
    cancelled."""
    _check_edit(standing, event)
    errors: Errors = {}
    said = clean_long(reason, "reason", errors)
    if len(said) > LONGEST_REASON:
        values = {"length": len(said), "limit": LONGEST_REASON}
        errors["reason"] = Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)
    if errors:
        raise Invalid(errors)
    later = [other for other in list_series(session, event) if other.starts_at > event.starts_at] if following else []
    cancelled = [one for one in (event, *later) if one.state == PLANNED]
    for one in cancelled:
        one.state, one.cancel_reason, one.sequence, one.updated_at = CANCELLED, said, one.sequence + 1, now()
        _flush(session)
        _tell_attendees(session, standing, one, "event_cancelled")
    if event.created_by != standing.actor.person_id and cancelled:
        log_deed(session, standing, "cancel", "event", event.id, event.created_by, said, title=event.title)
    touch(session, standing)
    return len(cancelled)


def write_afterwards(
    session: Session, standing: Standing, event: Event, recording: str, notes: str, lang: str | None, version: int
) -> None:
    """Keep the recording and the notes of a meeting."""
    _check_edit(standing, event)
    errors: Errors = {}
    address, text = clean_address(recording, "recording", errors), clean_long(notes, "notes", errors)
    tag = clean_tag(lang, "notes_lang", errors) if text else None
    if errors:
        raise Invalid(errors)
    _check_version(event, version)
    event.recording, event.notes, event.notes_lang, event.updated_at = address, text, tag, now()
    _flush(session)
    touch(session, standing)


def hide_event(session: Session, event: Event, hidden: bool) -> None:
    """Take a meeting out of sight, or show it again."""
    event.hidden_at = now() if hidden else None
    event.sequence, event.updated_at = event.sequence + 1, now()
    session.flush()
