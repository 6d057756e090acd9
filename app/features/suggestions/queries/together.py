"""What two did together after they met here: communities, translations, and projects elsewhere.

Only what has both sides on record, and a day. A project counts when it was the first of the two, of at most
:data:`LARGEST` partners, and began after they met: whoever worked together before needed no suggestion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.features.communities.models import ACTIVE, COORDINATOR, Community, Member
from app.features.profiles.models import Delegation, Institution
from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject
from app.features.renditions.models import Rendition, RenditionVersion
from app.matching.outcomes import FOUNDED, LED, MADE, OUTCOMES, PROJECT
from app.matching.partnerships import LARGEST

CHUNK = 500
_PAIRS = 100

Item = TypeVar("Item")
Pair = tuple[int, int]
Came = tuple[str, datetime]
"""Which outcome, and when."""


def list_together(session: Session, met: Mapping[Pair, datetime], until: datetime) -> dict[Pair, Came]:
    """What pairs who agreed to be in contact, each from a moment on, came to do together: what is worth most."""
    found: dict[Pair, Came] = {}
    for what in (_communities(session, met), _translations(session, met), _projects(session, met, until)):
        for pair, outcome, at in what:
            before = found.get(pair)
            if before is None or OUTCOMES[outcome].gain > OUTCOMES[before[0]].gain:
                found[pair] = outcome, at
    return found


def list_first_projects(session: Session, ids: Collection[int], since: date, until: date) -> dict[Pair, date]:
    """When institutions began their first project with others here, of each of ``ids`` and the other."""
    found: dict[Pair, date] = {}
    for some in chunks(sorted(set(ids))):
        lately = dict(_shared(session, some, PartnershipProject.started_on.between(since, until)))
        earlier = PartnershipProject.started_on < since
        for others in chunks(sorted({other for _one, other in lately})):
            for pair, _day in _shared(session, some, earlier, others):
                lately.pop(pair, None)
        found.update(lately)
    return found


def chunks(ids: Iterable[Item], size: int = CHUNK) -> Iterator[tuple[Item, ...]]:
    """Yield so many of ``ids`` at a time as a statement takes."""
    every = tuple(ids)
    for begin in range(0, len(every), size):
        yield every[begin : begin + size]


def _communities(session: Session, met: Mapping[Pair, datetime]) -> Iterator[tuple[Pair, str, datetime]]:
    """Communities that both are in and one joined since; those that began since and both coordinate count more."""
    one, other = aliased(Member), aliased(Member)
    for pairs in chunks(sorted(met), _PAIRS):
        askers, others = zip(*pairs, strict=True)
        rows = session.execute(
            select(
                one.person_id,
                other.person_id,
                one.joined_at,
                other.joined_at,
                (one.role == COORDINATOR) & (other.role == COORDINATOR),
                Community.created_at,
            )
            .join(other, other.community_id == one.community_id)
            .join(Community, Community.id == one.community_id)
            # These pairs alone: all members of a large community are many. By both columns, too, which have an index.
            .where(one.person_id.in_(sorted({*askers})), other.person_id.in_(sorted({*others})))
            .where(tuple_(one.person_id, other.person_id).in_(pairs))
            .where(one.state == ACTIVE, other.state == ACTIVE)
            .order_by(one.community_id)
        )
        for mine, theirs, my_day, their_day, lead, begun in rows:
            since = met[mine, theirs]
            if my_day is None or their_day is None or max(my_day, their_day) < since:
                continue
            yield (mine, theirs), FOUNDED if lead and begun >= since else LED, max(my_day, their_day)


def _translations(session: Session, met: Mapping[Pair, datetime]) -> Iterator[tuple[Pair, str, datetime]]:
    """Translations that both wrote at or reviewed since; a machine's wording is nobody's work."""
    known = defaultdict(set)
    for one, other in met:
        known[one].add(other)
    worked: dict[int, dict[int, datetime]] = defaultdict(dict)
    for number, who, at in _acts(session, sorted({one for pair in met for one in pair})):
        worked[number][who] = max(at, worked[number].get(who, at))
    for _number, acts in sorted(worked.items()):
        for one in acts:
            for other in known[one] & acts.keys():
                first, last = sorted((acts[one], acts[other]))
                if first >= met[one, other]:
                    yield (one, other), MADE, last


def _acts(session: Session, people: Collection[int]) -> Iterator[tuple[int, int, datetime]]:
    """Which translation somebody worked on, who, and when."""
    shown, version = Rendition.hidden_at.is_(None), RenditionVersion
    for some in chunks(people):
        wrote = select(Rendition.id, Rendition.by_person_id, Rendition.updated_at).where(
            shown, Rendition.by_person_id.in_(some), Rendition.machine.is_(False)
        )
        reviewed = select(Rendition.id, Rendition.reviewed_by, Rendition.reviewed_at).where(
            shown, Rendition.reviewed_by.in_(some)
        )
        earlier = (
            select(Rendition.id, version.by_person_id, version.at)
            .join(version, version.rendition_id == Rendition.id)
            .where(shown, version.by_person_id.in_(some), version.machine.is_(False))
        )
        for statement in (wrote, reviewed, earlier):
            for number, who, at in session.execute(statement):
                if who is not None and at is not None:
                    yield number, who, at


def _projects(session: Session, met: Mapping[Pair, datetime], until: datetime) -> Iterator[tuple[Pair, str, datetime]]:
    """First projects of the two, or of the institutions they act for, that began since."""
    if not met:
        return
    parties = _parties(session, {one for pair in met for one in pair})
    asking = {number for one, _ in met for number in parties[one]}
    first = list_first_projects(session, asking, min(met.values()).date(), until.date())
    for (one, other), since in met.items():
        days = [first.get((mine, theirs)) for mine in parties[one] for theirs in parties[other] if mine != theirs]
        later = [day for day in days if day is not None and day > since.date()]
        if later and not parties[one] & parties[other]:
            yield (one, other), PROJECT, as_moment(min(later))


def as_moment(day: date) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(), UTC)


def _parties(session: Session, ids: Collection[int]) -> Mapping[int, set[int]]:
    """The institutions for which each of some profiles stands: itself, or those it acts for."""
    found: dict[int, set[int]] = defaultdict(set)
    for some in chunks(sorted(ids)):
        for number in session.scalars(select(Institution.id).where(Institution.id.in_(some))):
            found[number].add(number)
        acting = select(Delegation.person_id, Delegation.institution_id).where(
            Delegation.person_id.in_(some), Delegation.accepted_at.is_not(None)
        )
        for person, institution in session.execute(acting):
            found[person].add(institution)
    return found


def _shared(
    session: Session, ids: Collection[int], when: ColumnElement[bool], others: Collection[int] | None = None
) -> Iterator[tuple[Pair, date]]:
    """The first of the projects of a time that institutions share with each of ``others``, or of all others."""
    mine, theirs = aliased(PartnershipParticipation), aliased(PartnershipParticipation)
    one, other, every = aliased(PartnerOrganisation), aliased(PartnerOrganisation), aliased(PartnershipParticipation)
    size = select(func.count()).select_from(every).where(every.project_id == PartnershipProject.id).scalar_subquery()
    statement = (
        select(one.institution_id, other.institution_id, func.min(PartnershipProject.started_on))
        .select_from(one)
        .join(mine, mine.organisation_id == one.id)
        .join(PartnershipProject, PartnershipProject.id == mine.project_id)
        .join(theirs, theirs.project_id == mine.project_id)
        .join(other, other.id == theirs.organisation_id)
        .where(one.institution_id.in_(ids), other.institution_id != one.institution_id, when, size <= LARGEST)
        .group_by(one.institution_id, other.institution_id)
    )
    if others is not None:
        statement = statement.where(other.institution_id.in_(others))
    for asker, partner, day in session.execute(statement):
        if asker is not None and partner is not None and day is not None:
            yield (asker, partner), day
