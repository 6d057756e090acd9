"""Reporting to the coordinators, and deciding about it; what nobody here can decide goes to the platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.core.actor import GUEST
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid, NotFound
from app.core.jobs import enqueue
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.models import ACTIVE, Community, HouseReport
from app.features.communities.models.order import (
    DECIDED_REPORT,
    FORWARDED,
    HIDDEN,
    LEFT_AS_IT_IS,
    LONGEST_NOTE,
    MUTED,
    OPEN_REPORT,
    PERSON,
    POST,
    REASONS,
    TAKEN_OUT,
)
from app.features.communities.policies import (
    Standing,
    can_facilitate,
    can_keep_order,
    can_read,
    can_remove,
    can_report,
    mute_days,
)
from app.features.communities.queries import standing_in
from app.features.communities.queries.order import (
    Thing,
    find_member,
    find_thing,
    get_report,
    list_deciders,
    list_same,
)
from app.features.communities.services import talk
from app.features.communities.services.activity import note_presence
from app.features.communities.services.logging import log_deed
from app.features.communities.services.measures import check_reason, mute, remove
from app.features.profiles.models import Person
from app.features.threads.services import check_text


class AlreadyDecided(Conflict):
    """Somebody else was faster."""

    message = N_("Somebody else decided this in the meantime. Nothing was changed.")


class OwnMatter(Forbidden):
    """Nobody decides about what they reported or what is about themselves."""

    message = N_("You reported this yourself, so somebody else decides it.")


def get_thing(session: Session, standing: Standing, kind: str, thing_id: int) -> Thing:
    """What the actor would like to report; raises `NotFound` if it is not there for them, `Forbidden` if their own."""
    thing = find_thing(session, standing.community.id, kind, thing_id) if can_read(standing) else None
    if not standing.is_member and can_read(standing):
        # Whoever asks for numbers of persons does not learn who once had to do with the community.
        raise Forbidden(N_("Only members report something to the coordinators."))
    if thing is None or thing.hidden or thing.withdrawn or not standing.is_member:
        raise NotFound
    if not can_report(standing, thing.person_id):
        raise Forbidden(N_("This is your own. You can change it or take it back yourself."))
    if kind == PERSON:
        member = find_member(session, standing.community.id, thing_id)
        if member is None or member.state != ACTIVE:
            raise NotFound
    return thing


def report_thing(
    session: Session, standing: Standing, kind: str, thing_id: int, reason: str, note: str, lang: str | None
) -> tuple[HouseReport, bool]:
    """Tell the coordinators; the report and whether it is new. A second one of the same thing is added to the first."""
    thing = get_thing(session, standing, kind, thing_id)
    if reason not in REASONS:
        raise Invalid({"reason": Text(N_("Please choose what is wrong."))})
    note, tag = check_text("note", note, lang, LONGEST_NOTE, shortest=0)
    community, person_id = standing.community, standing.actor.person_id
    key = f"{community.id}:{person_id}:{kind}:{thing_id}"
    number = insert_if_new(
        session, HouseReport, community_id=community.id, by_person_id=person_id, about_id=thing.person_id, kind=kind,
        thing_id=thing_id, reason=reason, note=note, lang=tag, open_key=key, created_at=now(), state=OPEN_REPORT,
        answer="",
    )  # fmt: skip
    if number is None:
        return _add_to_first(session, key, reason, note, tag), False
    report = session.get(HouseReport, number)
    assert report is not None
    deciders = list_deciders(session, report)
    if deciders:
        tell(session, deciders, "house_report", community=community.name, slug=community.slug)
    else:
        _forward(session, standing, [report], "")
    return report, True


def _add_to_first(session: Session, key: str, reason: str, note: str, lang: str | None) -> HouseReport:
    first = session.scalar(select(HouseReport).where(HouseReport.open_key == key))
    if first is None:
        raise AlreadyDecided
    first.reason = reason
    if note and note not in first.note:
        first.note = "\n\n".join(filter(None, (first.note, note)))[: 5 * LONGEST_NOTE]
        first.lang = lang
    session.flush()
    return first


def choices_for(session: Session, standing: Standing, report: HouseReport, thing: Thing | None) -> list[str]:
    """What the actor may do about an open report; empty where it is not for them to decide."""
    same = list_same(session, report.community_id, {(report.kind, report.thing_id)})
    member = find_member(session, report.community_id, report.about_id)
    active = member is not None and member.state == ACTIVE
    role = member.role if member is not None and active else None
    own = any(row.by_person_id == standing.actor.person_id for row in same)
    if report.state != OPEN_REPORT or own or not can_keep_order(standing, report.about_id, role):
        return []
    found = [LEFT_AS_IT_IS]
    if thing is not None and thing.kind == POST and not thing.hidden and not thing.withdrawn:
        found.append(HIDDEN)
    if active and mute_days(standing):
        found.append(MUTED)
    if member is not None and can_remove(standing, report.about_id):
        found.append(TAKEN_OUT)
    return [*found, FORWARDED]


def decide(
    session: Session, standing: Standing, report_id: int, outcome: str, reason: str, lang: str | None = None,
    days: int | None = None, also_hide: bool = False,
) -> HouseReport:  # fmt: skip
    """Decide an open report, and every other one about the same thing with it."""
    report = get_report(session, standing, report_id)
    _hold(session, report)
    thing = find_thing(session, report.community_id, report.kind, report.thing_id)
    if report.state != OPEN_REPORT:
        raise AlreadyDecided
    choices = choices_for(session, standing, report, thing)
    if not choices:
        raise OwnMatter if can_facilitate(standing) else Forbidden
    if outcome not in choices:
        raise Invalid({"outcome": Text(N_("Please choose what to do."))})
    reason, tag = check_reason(reason, lang, wanted=outcome not in (LEFT_AS_IT_IS, FORWARDED))
    same = list_same(session, report.community_id, {(report.kind, report.thing_id)})
    if outcome == FORWARDED:
        _forward(session, standing, same, reason, standing.actor.person_id)
        log_deed(session, standing, "forward", report.kind, report.thing_id, cause=report.reason)
        note_presence(session, standing)
        return report
    _close(session, same, outcome, reason, standing.actor.person_id)
    if outcome == HIDDEN or (also_hide and HIDDEN in choices and outcome in (MUTED, TAKEN_OUT)):
        talk.hide_post(session, standing, report.thing_id, reason)
    if outcome == MUTED:
        mute(session, standing, report.about_id or 0, days or 0, reason, tag, report.reason)
    elif outcome == TAKEN_OUT:
        remove(session, standing, report.about_id or 0, days, reason, tag, report.reason)
    elif outcome == LEFT_AS_IT_IS:
        log_deed(session, standing, "leave", report.kind, report.thing_id, cause=report.reason, reason=reason)
    note_presence(session, standing)
    _answer(session, standing, same, "house_left" if outcome == LEFT_AS_IT_IS else "house_acted")
    return report


def _hold(session: Session, report: HouseReport) -> None:
    """Hold all reports of one thing, so that two who decide about it come one after the other and see what is."""
    same = update(HouseReport).where(
        HouseReport.community_id == report.community_id,
        HouseReport.kind == report.kind,
        HouseReport.thing_id == report.thing_id,
    )
    held = same.values(state=HouseReport.state)
    session.execute(held.execution_options(synchronize_session=False))
    session.refresh(report)


def _close(session: Session, same: Iterable[HouseReport], outcome: str, answer: str, by: int | None) -> None:
    """Close reports that are open; raises `AlreadyDecided` if somebody closed one of them meanwhile."""
    for report in sorted(same, key=lambda row: row.id):
        done = session.execute(
            update(HouseReport)
            .where(HouseReport.id == report.id, HouseReport.state == OPEN_REPORT)
            .values(
                state=DECIDED_REPORT, outcome=outcome, answer=answer, open_key=None, decided_at=now(),
                decided_by=by,
            )
            .execution_options(synchronize_session=False)
        )  # fmt: skip
        if cast("CursorResult[Any]", done).rowcount != 1:
            raise AlreadyDecided
        session.refresh(report)


def _answer(session: Session, standing: Standing, same: Iterable[HouseReport], kind: str) -> None:
    """Tell those who reported that something was decided, not what was done to whom."""
    people = {row.by_person_id for row in same if row.by_person_id is not None}
    tell(session, people, kind, community=standing.community.name, slug=standing.community.slug)


def _forward(
    session: Session, standing: Standing, reports: list[HouseReport], words: str, by: int | None = None
) -> None:
    """Pass reports on to the moderators of the platform: nobody here may decide them, or it is beyond those who may.

    A job of the same commit, so that it is neither lost nor passed on without this; moderation, above, takes it.
    ``by``: who decided so; None where nobody here could.
    """
    _close(session, reports, FORWARDED, words, by)
    accounts = _accounts_of(session, reports)
    for row in reports:
        enqueue(
            session, "moderation.take_house_report", unique=f"house-report:{row.id}", house_report_id=row.id,
            kind="profile" if row.kind == PERSON else row.kind, thing_id=row.thing_id, reason=row.reason,
            note="\n\n".join(filter(None, (row.note, words))), lang=row.lang,
            account_id=accounts.get(row.by_person_id or 0),
        )  # fmt: skip
    _answer(session, standing, reports, "house_forwarded")


def _accounts_of(session: Session, reports: Iterable[HouseReport]) -> dict[int, int]:
    wanted = {row.by_person_id for row in reports if row.by_person_id is not None}
    rows = session.execute(select(Person.id, Person.account_id).where(Person.id.in_(wanted)))
    return dict(rows.all())


def forward_undecidable(session: Session, community: Community) -> int:
    """Pass on open reports that nobody here may decide any more, since those who could have left; how many."""
    waiting = session.scalars(
        select(HouseReport)
        .where(HouseReport.community_id == community.id, HouseReport.state == OPEN_REPORT)
        .order_by(HouseReport.id)
    )
    stuck = [report for report in waiting if not list_deciders(session, report)]
    if stuck:
        _forward(session, standing_in(session, GUEST, community), stuck, "")
    return len(stuck)
