"""Reads of the order in the house: reports, who decides them, the measures in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import NotFound
from app.features.communities.models import ACTIVE, COORDINATOR, FACILITATOR, MEMBER, REMOVED, HouseReport, Member
from app.features.communities.models.order import DECIDED_REPORT, OPEN_REPORT, PERSON, POST, REPORT_KINDS
from app.features.communities.policies import Standing, can_coordinate, can_facilitate
from app.features.profiles.models import Person
from app.features.threads.models import CommunityThread, Post

PAGE = 20


@dataclass(frozen=True, slots=True)
class Thing:
    """What is reported: a post with where it stands, or a person."""

    kind: str
    id: int
    person_id: int | None  # whose matter it is
    text: str = ""
    lang: str | None = None
    at: datetime | None = None
    thread_id: int | None = None
    title: str = ""
    title_lang: str | None = None
    hidden: bool = False
    withdrawn: bool = False


def find_things(
    session: Session, community_id: int, named: Collection[tuple[str, int]]
) -> dict[tuple[str, int], Thing]:
    """The posts and persons under these kinds and numbers, as far as they are of this community."""
    found: dict[tuple[str, int], Thing] = {}
    posts = {number for kind, number in named if kind == POST}
    people = {number for kind, number in named if kind == PERSON}
    if posts:
        rows = select(Post, CommunityThread.title, CommunityThread.lang).join(
            CommunityThread, CommunityThread.id == Post.thread_id
        )
        for post, title, lang in session.execute(rows.where(Post.id.in_(posts), Post.community_id == community_id)):
            found[POST, post.id] = Thing(
                POST, post.id, post.author_id, post.text, post.lang, post.created_at, post.thread_id, title, lang,
                post.hidden_at is not None, post.withdrawn_at is not None,
            )  # fmt: skip
    if people:
        known = select(Member.person_id).where(Member.community_id == community_id, Member.person_id.in_(people))
        for number in session.scalars(known):
            found[PERSON, number] = Thing(PERSON, number, number)
    return found


def find_thing(session: Session, community_id: int, kind: str, thing_id: int) -> Thing | None:
    """One of them."""
    if kind not in REPORT_KINDS or not 0 < thing_id < 2**62:
        return None
    return find_things(session, community_id, {(kind, thing_id)}).get((kind, thing_id))


def find_member(session: Session, community_id: int, person_id: int | None) -> Member | None:
    """The row of membership of a person, whatever became of it."""
    return session.get(Member, (community_id, person_id)) if person_id is not None else None


def get_member_by_handle(session: Session, community_id: int, handle: str) -> Member:
    """The same by the name in addresses; raises `NotFound`."""
    rows = select(Member).join(Person, Person.id == Member.person_id)
    member = session.scalar(rows.where(Member.community_id == community_id, Person.handle == handle))
    if member is None:
        raise NotFound
    return member


def roles_of(session: Session, community_id: int, person_ids: Collection[int | None]) -> dict[int, str]:
    """The roles of those who belong to a community now."""
    wanted = {number for number in person_ids if number is not None}
    if not wanted:
        return {}
    rows = select(Member.person_id, Member.role).where(
        Member.community_id == community_id, Member.state == ACTIVE, Member.person_id.in_(wanted)
    )
    return dict(session.execute(rows).all())


def list_deciders(session: Session, report: HouseReport) -> list[int]:
    """Who may decide a report: neither who reported it, nor whose matter it is; coordinators alone about each other."""
    about = find_member(session, report.community_id, report.about_id)
    ranked = about is not None and about.state == ACTIVE and about.role != MEMBER
    roles = (COORDINATOR,) if ranked else (COORDINATOR, FACILITATOR)
    parties = {number for number in (report.by_person_id, report.about_id) if number is not None}
    rows = select(Member.person_id).where(
        Member.community_id == report.community_id,
        Member.state == ACTIVE,
        Member.role.in_(roles),
        Member.person_id.not_in(parties),
    )
    return list(session.scalars(rows.order_by(Member.person_id)))


def _shown_to(standing: Standing) -> list[ColumnElement[bool]]:
    """The reports that somebody who keeps order sees: of their community, not about themselves, not above them."""
    conditions: list[ColumnElement[bool]] = [
        HouseReport.community_id == standing.community.id,
        or_(HouseReport.about_id.is_(None), HouseReport.about_id != standing.actor.person_id),
    ]
    if not can_coordinate(standing):
        ranked = select(Member.person_id).where(
            Member.community_id == standing.community.id, Member.state == ACTIVE, Member.role != MEMBER
        )
        conditions.append(or_(HouseReport.about_id.is_(None), HouseReport.about_id.not_in(ranked)))
    return conditions


def _is_first() -> ColumnElement[bool]:
    """An open report that no other of the same thing came before: they are decided together, and listed once."""
    earlier = aliased(HouseReport)
    before = select(earlier.id).where(
        earlier.community_id == HouseReport.community_id,
        earlier.kind == HouseReport.kind,
        earlier.thing_id == HouseReport.thing_id,
        earlier.state == OPEN_REPORT,
        earlier.id < HouseReport.id,
    )
    return and_(HouseReport.state == OPEN_REPORT, ~before.exists())


def get_report(session: Session, standing: Standing, report_id: int) -> HouseReport:
    """A report for somebody who keeps order; raises `NotFound` for those whom it is not for."""
    found = None
    if can_facilitate(standing):
        found = session.scalar(select(HouseReport).where(HouseReport.id == report_id, *_shown_to(standing)))
    if found is None:
        raise NotFound
    return found


def list_reports(
    session: Session, standing: Standing, decided: bool = False, after: int | None = None, limit: int = PAGE
) -> tuple[list[HouseReport], int | None]:
    """Open reports, the oldest first, one for each thing; or decided ones, the newest first; and where it goes on."""
    rows = select(HouseReport).where(HouseReport.state == DECIDED_REPORT, *_shown_to(standing))
    if not decided:
        rows = select(HouseReport).where(_is_first(), *_shown_to(standing))
    if after is not None:
        rows = rows.where(HouseReport.id < after if decided else HouseReport.id > after)
    return _page(session, rows.order_by(HouseReport.id.desc() if decided else HouseReport.id), limit)


def list_own_reports(
    session: Session, community_id: int, person_id: int, before: int | None = None, limit: int = PAGE
) -> tuple[list[HouseReport], int | None]:
    """What a person reported in a community, the newest first; and where the next page begins."""
    rows = select(HouseReport).where(HouseReport.community_id == community_id, HouseReport.by_person_id == person_id)
    if before is not None:
        rows = rows.where(HouseReport.id < before)
    return _page(session, rows.order_by(HouseReport.id.desc()), limit)


def _page(session: Session, rows: Select[Any], limit: int) -> tuple[list[HouseReport], int | None]:
    found = list(session.scalars(rows.limit(limit + 1)))
    return found[:limit], found[limit - 1].id if len(found) > limit else None


def count_open(session: Session, standing: Standing) -> int:
    """How many things that were reported wait for somebody who keeps order."""
    rows = select(func.count()).select_from(HouseReport).where(_is_first(), *_shown_to(standing))
    return session.scalar(rows) or 0


def count_open_in(
    session: Session, person_id: int, coordinated: Collection[int], facilitated: Collection[int]
) -> dict[int, int]:
    """How many reported things wait for a person in each of the communities they coordinate or facilitate."""
    about = aliased(Member)
    above = select(about.person_id).where(
        about.community_id == HouseReport.community_id,
        about.person_id == HouseReport.about_id,
        about.state == ACTIVE,
        about.role != MEMBER,
    )
    rows = select(HouseReport.community_id, func.count()).where(
        HouseReport.community_id.in_({*coordinated, *facilitated}),
        _is_first(),
        or_(HouseReport.about_id.is_(None), HouseReport.about_id != person_id),
        # Whoever reported something does not decide it.
        or_(HouseReport.by_person_id.is_(None), HouseReport.by_person_id != person_id),
        or_(HouseReport.community_id.in_(coordinated), ~above.exists()),
    )
    return dict(session.execute(rows.group_by(HouseReport.community_id)).all())


def list_same(session: Session, community_id: int, named: Collection[tuple[str, int]]) -> list[HouseReport]:
    """Every open report about these things in a community."""
    if not named:
        return []
    rows = select(HouseReport).where(
        HouseReport.community_id == community_id,
        HouseReport.state == OPEN_REPORT,
        HouseReport.thing_id.in_({number for _kind, number in named}),
    )
    return [row for row in session.scalars(rows.order_by(HouseReport.id)) if (row.kind, row.thing_id) in named]


def list_measures(
    session: Session, standing: Standing, after: int | None = None, limit: int = PAGE
) -> tuple[list[Member], int | None]:
    """Those who are muted or kept out now, by number; and where the next page begins."""
    muted = and_(Member.state == ACTIVE, Member.muted_until > standing.moment)
    still = or_(Member.removed_until.is_(None), Member.removed_until > standing.moment)
    rows = select(Member).where(
        Member.community_id == standing.community.id, or_(muted, and_(Member.state == REMOVED, still))
    )
    if after is not None:
        rows = rows.where(Member.person_id > after)
    found = list(session.scalars(rows.order_by(Member.person_id).limit(limit + 1)))
    return found[:limit], found[limit - 1].person_id if len(found) > limit else None
