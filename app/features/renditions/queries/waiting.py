"""What waits to be translated: for somebody who could, for whom it was asked, and where nobody can yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.registries import Original, translatable
from app.features.accounts.models import Account
from app.features.profiles.models import Person, ProfileLanguage
from app.features.renditions.models import Rendition, RenditionAsker, RenditionRequest, TranslatorAsked
from app.features.renditions.policies import ENOUGH
from app.features.renditions.queries.originals import list_originals
from app.features.renditions.queries.renditions import count_askers, is_stale, list_levels

PAGE = 20
# How many open requests are looked at for a page: some are of things this person may not read.
LOOKED_AT = 80
MOST_OWN = 30
MOST_PAIRS = 20
CANDIDATES = 25
BETWEEN_NOTICES = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for a translation, with what it is about."""

    request: RenditionRequest
    original: Original
    askers: int


@dataclass(frozen=True, slots=True)
class Pair:
    """From one language into another wishes wait, and nobody here has both."""

    source: str
    target: str
    number: int


def list_wishes(session: Session, actor: Actor, after: int | None = None) -> tuple[list[Wish], int | None]:
    """Wishes that this person could fulfil, the oldest first; the mark of the next page, if there is one."""
    levels = list_levels(session, actor.person_id)
    mine = [tag for tag, level in levels.items() if level >= ENOUGH]
    if len(mine) < 2:
        return [], None
    open_ones = (
        RenditionRequest.answered_at.is_(None),
        RenditionRequest.lang_base.in_(mine),
        RenditionRequest.source_base.in_(mine),
        RenditionRequest.id > (after or 0),
    )
    query = select(RenditionRequest).where(*open_ones).order_by(RenditionRequest.id).limit(LOOKED_AT + 1)
    rows = list(session.scalars(query))
    found = list_originals(session, actor, ((row.kind, row.thing_id) for row in rows[:LOOKED_AT]))
    seen = [row for row in rows[:LOOKED_AT] if (row.kind, row.thing_id) in found]
    page = seen[:PAGE]
    if len(seen) > PAGE:
        mark: int | None = page[-1].id
    else:
        mark = rows[LOOKED_AT - 1].id if len(rows) > LOOKED_AT else None
    askers = count_askers(session, [row.id for row in page])
    return [Wish(row, found[row.kind, row.thing_id], askers.get(row.id, 0)) for row in page], mark


def list_own_wishes(session: Session, actor: Actor) -> list[Wish]:
    """What this person asked for, the newest first; what they may not read any more is left out."""
    query = (
        select(RenditionRequest)
        .join(RenditionAsker, RenditionAsker.request_id == RenditionRequest.id)
        .where(RenditionAsker.person_id == actor.person_id)
        .order_by(RenditionRequest.id.desc())
        .limit(MOST_OWN)
    )
    rows = list(session.scalars(query))
    found = list_originals(session, actor, ((row.kind, row.thing_id) for row in rows))
    seen = [row for row in rows if (row.kind, row.thing_id) in found]
    askers = count_askers(session, [row.id for row in seen])
    return [Wish(row, found[row.kind, row.thing_id], askers.get(row.id, 0)) for row in seen]


def list_own_stale(session: Session, actor: Actor) -> list[tuple[Rendition, Original]]:
    """Of this person's latest translations those whose originals changed since."""
    query = select(Rendition).where(Rendition.by_person_id == actor.person_id, Rendition.hidden_at.is_(None))
    rows = list(session.scalars(query.order_by(Rendition.id.desc()).limit(LOOKED_AT)))
    found = list_originals(session, actor, ((row.kind, row.thing_id) for row in rows))
    pairs = ((row, found.get((row.kind, row.thing_id))) for row in rows)
    return [(row, original) for row, original in pairs if original is not None and is_stale(row, original)]


def _speaks(base: str, person_id: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Whether a person has a language, of whatever script or region, well enough."""
    tag = or_(ProfileLanguage.tag == base, ProfileLanguage.tag.like(f"{base}-%"))
    whose = Person.id if person_id is None else person_id
    return exists().where(ProfileLanguage.profile_id == whose, ProfileLanguage.level >= ENOUGH, tag)


def _able(source: str, target: str) -> list[ColumnElement[bool]]:
    ready = (Account.verified_at.is_not(None), Account.suspended_at.is_(None), Person.hidden_at.is_(None))
    return [*ready, _speaks(source), _speaks(target)]


def list_pairs_without_anybody(session: Session) -> list[Pair]:
    """The pairs of languages in which most wishes wait while nobody here has both; in two queries."""
    number = func.count(RenditionRequest.id)
    rows = session.execute(
        select(RenditionRequest.source_base, RenditionRequest.lang_base, number)
        .where(RenditionRequest.answered_at.is_(None))
        .group_by(RenditionRequest.source_base, RenditionRequest.lang_base)
        .order_by(number.desc(), RenditionRequest.source_base, RenditionRequest.lang_base)
        .limit(MOST_PAIRS)
    ).all()
    if not rows:
        return []
    somebody = [
        exists(select(Person.id).join(Account, Account.id == Person.account_id).where(*_able(source, target))).label(
            f"pair{at}"
        )
        for at, (source, target, _number) in enumerate(rows)
    ]
    there = session.execute(select(*somebody)).one()
    return [Pair(*row) for row, found in zip(rows, there, strict=True) if not found]


def list_candidates(session: Session, request: RenditionRequest, without: Collection[int]) -> list[tuple[Account, int]]:
    """Who could fulfil a wish and was not told of another since yesterday, the most recently active first.

    ``without``: persons not to ask (who asked, and whoever a block stands between).
    """
    thing = translatable(request.kind)
    readers = thing.readers(session, request.thing_id) if thing and thing.readers else None
    told = exists().where(TranslatorAsked.person_id == Person.id, TranslatorAsked.at > now() - BETWEEN_NOTICES)
    query = (
        select(Account, Person.id)
        .join(Person, Person.account_id == Account.id)
        .where(*_able(request.source_base, request.lang_base), ~told, Person.id.not_in(list(without)))
        .order_by(Account.last_seen_at.desc().nulls_last(), Person.id)
        .limit(CANDIDATES)
    )
    if readers is not None:
        query = query.where(Person.id.in_(readers))
    return [(account, person_id) for account, person_id in session.execute(query)]
