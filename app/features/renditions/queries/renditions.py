"""One rendition: what is kept, who is to be thanked, and the languages of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.errors import NotFound
from app.core.registries import Original
from app.features.profiles.models import ProfileLanguage
from app.features.profiles.queries.reading import primary
from app.features.renditions.models import Rendition, RenditionAsker, RenditionRequest, RenditionVersion


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a rendition, earlier or current: who wrote it and when."""

    version: int
    by_person_id: int | None
    machine: bool
    at: datetime
    fields: dict[str, str]


def find_rendition(session: Session, kind: str, thing_id: int, lang: str) -> Rendition | None:
    """The rendition of a thing in a language, hidden or not."""
    same = (Rendition.kind == kind, Rendition.thing_id == thing_id, Rendition.lang == lang)
    return session.scalar(select(Rendition).where(*same).execution_options(populate_existing=True))


def find_seen_rendition(session: Session, actor: Actor, kind: str, thing_id: int, lang: str) -> Rendition | None:
    """The same for a reader: a hidden one is there for those who moderate only."""
    rendition = find_rendition(session, kind, thing_id, lang)
    if rendition is not None and rendition.hidden_at is not None and not actor.roles & {OPERATOR, MODERATOR}:
        return None
    return rendition


def get_rendition(session: Session, actor: Actor, kind: str, thing_id: int, lang: str) -> Rendition:
    """The same; raises `NotFound`."""
    rendition = find_seen_rendition(session, actor, kind, thing_id, lang)
    if rendition is None:
        raise NotFound
    return rendition


def list_renditions(session: Session, kind: str, thing_id: int) -> list[Rendition]:
    """Every rendition of a thing that is in sight; those of people first."""
    same = (Rendition.kind == kind, Rendition.thing_id == thing_id, Rendition.hidden_at.is_(None))
    return list(session.scalars(select(Rendition).where(*same).order_by(Rendition.machine, Rendition.lang)))


def list_wordings(session: Session, rendition: Rendition) -> list[Wording]:
    """Every wording of a rendition, the current one first."""
    rows = session.scalars(
        select(RenditionVersion)
        .where(RenditionVersion.rendition_id == rendition.id)
        .order_by(RenditionVersion.version.desc())
        .limit(100)
    )
    earlier = [Wording(row.version, row.by_person_id, row.machine, row.at, dict(row.fields)) for row in rows]
    current = Wording(
        rendition.version, rendition.by_person_id, rendition.machine, rendition.updated_at, dict(rendition.fields)
    )
    return [current, *earlier]


def is_stale(rendition: Rendition, original: Original) -> bool:
    """Whether the words it was made from are other words now."""
    return any((rendition.source.get(name) or "") != text for name, text in original.fields.items())


def list_levels(session: Session, person_id: int | None) -> dict[str, int]:
    """A person's languages without script and region, each with the highest level they have in it."""
    if person_id is None:
        return {}
    levels: dict[str, int] = {}
    rows = session.execute(
        select(ProfileLanguage.tag, ProfileLanguage.level)
        .where(ProfileLanguage.profile_id == person_id)
        .order_by(ProfileLanguage.level, ProfileLanguage.tag)
    )
    for tag, level in rows:
        levels[primary(tag)] = max(level, levels.get(primary(tag), 0))
    return levels


def find_open_request(session: Session, kind: str, thing_id: int, lang: str) -> RenditionRequest | None:
    """The open wish for a translation, if somebody has one."""
    return session.scalar(
        select(RenditionRequest).where(
            RenditionRequest.kind == kind,
            RenditionRequest.thing_id == thing_id,
            RenditionRequest.lang == lang,
            RenditionRequest.answered_at.is_(None),
        )
    )


def list_open_requests(session: Session, kind: str, thing_id: int) -> list[RenditionRequest]:
    """The open wishes for translations of one thing."""
    same = (RenditionRequest.kind == kind, RenditionRequest.thing_id == thing_id)
    query = select(RenditionRequest).where(*same, RenditionRequest.answered_at.is_(None))
    return list(session.scalars(query.order_by(RenditionRequest.lang, RenditionRequest.id)))


def list_askers(session: Session, request_id: int) -> list[int]:
    """Who wishes for it."""
    query = select(RenditionAsker.person_id).where(RenditionAsker.request_id == request_id)
    return list(session.scalars(query.order_by(RenditionAsker.person_id)))


def count_askers(session: Session, request_ids: list[int]) -> dict[int, int]:
    """How many wish for each."""
    if not request_ids:
        return {}
    rows = session.execute(
        select(RenditionAsker.request_id, func.count())
        .where(RenditionAsker.request_id.in_(request_ids))
        .group_by(RenditionAsker.request_id)
    )
    return {row[0]: row[1] for row in rows}
