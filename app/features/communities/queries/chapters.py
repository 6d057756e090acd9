"""Reads of chapters: which a community has, where they differ from it, what they offer to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.features.communities.diverging import BOTH, HERE, SAME, THERE, divergence_of
from app.features.communities.models import CHARTER_PARTS, CLOSED, OFFERED, Charter, CharterOffer, Community
from app.features.communities.queries.charters import find_charter

COUNTRY, LANGUAGE = "country", "language"
KINDS = (COUNTRY, LANGUAGE)
PAGE = 20


@dataclass(frozen=True, slots=True)
class PartDivergence:
    """A part of a chapter's charter beside the parent's: who changed it since both said the same."""

    part: str
    state: str
    here: str
    there: str
    # What both sides said the same with, each in its own words.
    here_began: str
    there_began: str
    # The parent's version in force.
    there_id: int

    @property
    def differs(self) -> bool:
        """Whether somebody changed it."""
        return self.state != SAME

    @property
    def changed_there(self) -> bool:
        """Whether the parent has newer words."""
        return self.state in (THERE, BOTH)

    @property
    def changed_here(self) -> bool:
        """Whether the chapter has words of its own."""
        return self.state in (HERE, BOTH)


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter in the list of its parent, with how many parts of the charter differ."""

    community: Community
    changed_here: int
    changed_there: int


def find_parent(session: Session, community: Community) -> Community | None:
    """The community a chapter belongs to; None for others, and where the parent is closed or out of sight."""
    parent = session.get(Community, community.parent_id) if community.parent_id is not None else None
    if parent is None or parent.hidden_at is not None or parent.state == CLOSED:
        return None
    return parent


def find_origin(session: Session, charter: Charter) -> Community | None:
    """The community whose charter a chapter began from, also after they parted."""
    if charter.base_id is None:
        return None
    query = select(Community).join(Charter, Charter.community_id == Community.id).where(Charter.id == charter.base_id)
    return session.scalar(query.where(Community.hidden_at.is_(None)))


def diverge(session: Session, charter: Charter, parent: Community) -> list[PartDivergence]:
    """Where a chapter's charter and its parent's stand, part by part; two queries."""
    there = find_charter(session, parent.id)
    if there is None:
        return []
    began = _parts_of(session, _anchored(charter))
    return _beside(charter, there, began)


def _anchored(charter: Charter) -> set[int]:
    ids = {anchor.get("version_id") for anchor in charter.anchors.values()} | {charter.base_id}
    return {i for i in ids if i is not None}


def _parts_of(session: Session, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The parts of some versions, by their ids."""
    wanted = sorted(set(ids))
    rows = session.execute(select(Charter.id, Charter.parts).where(Charter.id.in_(wanted))) if wanted else ()
    return {row[0]: row[1] for row in rows}


def _beside(charter: Charter, there: Charter, began: dict[int, dict[str, Any]]) -> list[PartDivergence]:
    lines = []
    for part in CHARTER_PARTS:
        anchor = charter.anchors.get(part, {})
        base = began.get(anchor.get("version_id") or charter.base_id or 0, {})
        here_text, there_text = charter.parts.get(part, ""), there.parts.get(part, "")
        there_began = base.get(part, "")
        here_began = anchor.get("text", there_began)
        state = divergence_of(here_text, here_began, there_text, there_began)
        lines.append(PartDivergence(part, state, here_text, there_text, here_began, there_began, there.id))
    return lines


def list_chapters(
    session: Session, parent_id: int, after: int | None = None, most: int = PAGE
) -> tuple[list[ChapterLine], int | None]:
    """The chapters of a community, oldest first, with how far they differ; and where the next page begins.

    Four queries, however many there are.
    """
    query = select(Community).where(Community.parent_id == parent_id, Community.hidden_at.is_(None))
    if after is not None:
        query = query.where(Community.id > after)
    found = list(session.scalars(query.order_by(Community.id).limit(most + 1)))
    shown, more = found[:most], found[most - 1].id if len(found) > most else None
    there = find_charter(session, parent_id)
    charters = _in_force(session, [chapter.id for chapter in shown])
    began = _parts_of(session, (i for charter in charters.values() for i in _anchored(charter)))
    lines = []
    for chapter in shown:
        charter = charters.get(chapter.id)
        parts = _beside(charter, there, began) if charter is not None and there is not None else []
        counts = (sum(p.changed_here for p in parts), sum(p.changed_there for p in parts))
        lines.append(ChapterLine(chapter, *counts))
    return lines, more


def _in_force(session: Session, community_ids: Sequence[int]) -> dict[int, Charter]:
    """The charters in force of several communities."""
    newest = (
        select(Charter.community_id, func.max(Charter.version).label("version"))
        .where(Charter.community_id.in_(community_ids))
        .group_by(Charter.community_id)
        .subquery()
    )
    on = (Charter.community_id == newest.c.community_id) & (Charter.version == newest.c.version)
    return {charter.community_id: charter for charter in session.scalars(select(Charter).join(newest, on))}


def list_names(session: Session, parent_id: int, most: int) -> list[Community]:
    """The most lively chapters of a community, for a short list."""
    query = select(Community).where(
        Community.parent_id == parent_id, Community.hidden_at.is_(None), Community.state != CLOSED
    )
    return list(session.scalars(query.order_by(Community.active_at.desc(), Community.id.desc()).limit(most)))


def find_chapter(session: Session, parent_id: int, kind: str, code: str) -> Community | None:
    """The chapter a community has for a country or a language."""
    return session.scalar(
        select(Community).where(
            Community.parent_id == parent_id, Community.chapter_kind == kind, Community.chapter_code == code
        )
    )


def count_chapters(session: Session, community_id: int) -> int:
    """How many chapters a community has."""
    query = select(func.count()).select_from(Community)
    return session.scalar(query.where(Community.parent_id == community_id, Community.hidden_at.is_(None))) or 0


def get_offer(
    session: Session, offer_id: int, *, parent_id: int | None = None, chapter_id: int | None = None
) -> CharterOffer:
    """An offer to a community, or of a chapter; raises `NotFound`."""
    offer = session.get(CharterOffer, offer_id)
    if offer is None or (parent_id is not None and offer.parent_id != parent_id):
        raise NotFound
    if chapter_id is not None and offer.chapter_id != chapter_id:
        raise NotFound
    return offer


def list_offers(
    session: Session, *, parent_id: int | None = None, chapter_id: int | None = None,
    open_only: bool = False, before: int | None = None, most: int = PAGE,
) -> tuple[list[tuple[CharterOffer, Community]], int | None]:  # fmt: skip
    """Offers to a community or of a chapter, newest first, each with the community on the other side."""
    other = CharterOffer.chapter_id if parent_id is not None else CharterOffer.parent_id
    query = select(CharterOffer, Community).join(Community, Community.id == other)
    if parent_id is not None:
        query = query.where(CharterOffer.parent_id == parent_id)
    if chapter_id is not None:
        query = query.where(CharterOffer.chapter_id == chapter_id)
    if open_only:
        query = query.where(CharterOffer.state == OFFERED)
    if before is not None:
        query = query.where(CharterOffer.id < before)
    rows = [(row[0], row[1]) for row in session.execute(query.order_by(CharterOffer.id.desc()).limit(most + 1))]
    return rows[:most], rows[most - 1][0].id if len(rows) > most else None


def count_open_offers(session: Session, parent_id: int) -> int:
    """How many offers wait for an answer."""
    query = select(func.count()).select_from(CharterOffer)
    return session.scalar(query.where(CharterOffer.parent_id == parent_id, CharterOffer.state == OFFERED)) or 0
