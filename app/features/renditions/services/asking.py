"""Wishing for a translation, and finding those who could make it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.errors import Forbidden, Invalid
from app.core.jobs import enqueue
from app.core.messages import N_, Text
from app.core.notices import tell
from app.core.registries import Original, translatable
from app.features.accounts.queries import build_actor
from app.features.profiles.queries.reading import primary
from app.features.relations.queries import list_blocked_ids
from app.features.renditions.models import (
    Rendition,
    RenditionAsker,
    RenditionRequest,
    RenditionVersion,
    TranslatorAsked,
)
from app.features.renditions.policies import can_ask
from app.features.renditions.queries import find_original, title_of_original
from app.features.renditions.queries.renditions import find_open_request, find_rendition, is_stale, list_askers
from app.features.renditions.queries.waiting import BETWEEN_NOTICES, list_candidates
from app.features.vocabularies.queries import autonym, normalise_language

MOST_TOLD = 5


def check_language(original: Original, lang: str | None) -> str:
    """The language of a translation, written the one way; raises `Invalid` where it cannot be one."""
    tag = normalise_language(lang or "")
    if tag is None:
        raise Invalid({"lang": Text(N_("Please choose a language."))})
    if primary(tag) == primary(original.lang):
        raise Invalid({"lang": Text(N_("It is written in this language already."))})
    return tag


def check_free(session: Session, actor: Actor, original: Original) -> None:
    """Raise `Forbidden` for somebody who may not write where the original stands, such as whoever is muted there."""
    thing = translatable(original.kind)
    why = thing.obstacle(session, actor, original.thing_id) if thing is not None and thing.obstacle else None
    if why is not None:
        raise Forbidden(why.key, **dict(why.values))


def needs_people(rendition: Rendition | None, original: Original) -> bool:
    """Whether there is something left to do for people: nothing yet, only a machine's, or an outdated one."""
    if rendition is None or is_stale(rendition, original):
        return True
    return rendition.machine and rendition.reviewed_at is None


def ask_translation(session: Session, actor: Actor, original: Original, lang: str | None) -> RenditionRequest | None:
    """Wish for a translation; the open wish, one for all who have it. None: it is there, written by a person."""
    if not can_ask(actor) or actor.person_id is None:
        raise Forbidden
    check_free(session, actor, original)
    tag = check_language(original, lang)
    if not needs_people(find_rendition(session, original.kind, original.thing_id, tag), original):
        return None
    new = session.scalar(
        insert_unless_there(
            session,
            RenditionRequest,
            kind=original.kind,
            thing_id=original.thing_id,
            lang=tag,
            lang_base=primary(tag),
            source_base=primary(original.lang),
            open_key=f"{original.kind}:{original.thing_id}:{tag}",
            created_at=now(),
            machine="",
            machine_note="",
        ).returning(RenditionRequest.id)
    )
    request = find_open_request(session, original.kind, original.thing_id, tag)
    assert request is not None
    session.execute(
        insert_unless_there(session, RenditionAsker, request_id=request.id, person_id=actor.person_id, at=now())
    )
    if new is not None:
        enqueue(session, "renditions.find_translators", request_id=request.id)
    return request


def tell_translators(session: Session, request_id: int) -> list[int]:
    """Tell at most `MOST_TOLD` persons with both languages of a wish; those who may read what it is about."""
    request = session.get(RenditionRequest, request_id)
    if request is None or request.answered_at is not None:
        return []
    askers = list_askers(session, request.id)
    without = {*askers, *(other for asker in askers for other in list_blocked_ids(session, asker))}
    told: list[int] = []
    title = ""
    for account, person_id in list_candidates(session, request, without):
        original = find_original(session, build_actor(session, account), request.kind, request.thing_id)
        if original is None or not _mark_told(session, person_id):
            continue
        title = title_of_original(original)
        told.append(person_id)
        if len(told) == MOST_TOLD:
            break
    if told:
        tell(session, told, "translation_wanted", title=title, language=autonym(request.lang),
             kind=request.kind, thing_id=request.thing_id, lang=request.lang)  # fmt: skip
    return told


def _mark_told(session: Session, person_id: int) -> bool:
    """Note that somebody is told now; False if another job did so within the day."""
    moment = now()
    new = insert_unless_there(session, TranslatorAsked, person_id=person_id, at=moment)
    if session.scalar(new.returning(TranslatorAsked.person_id)) is not None:
        return True
    again = (
        update(TranslatorAsked)
        .where(TranslatorAsked.person_id == person_id, TranslatorAsked.at <= moment - BETWEEN_NOTICES)
        .values(at=moment)
        .returning(TranslatorAsked.person_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(again) is not None


def answer_request(session: Session, actor: Actor | None, original: Original, lang: str) -> None:
    """Close the open wish for a translation and tell those who had it."""
    request = find_open_request(session, original.kind, original.thing_id, lang)
    if request is None:
        return
    request.answered_at, request.open_key = now(), None
    session.flush()
    writer = actor.person_id if actor is not None else None
    blocked = list_blocked_ids(session, writer) if writer is not None else set()
    people = [one for one in list_askers(session, request.id) if one != writer and one not in blocked]
    tell(session, people, "translation_made", title=title_of_original(original), language=autonym(lang),
         kind=original.kind, thing_id=original.thing_id, lang=lang)  # fmt: skip


def forget_thing(session: Session, kind: str, thing_ids: int | Iterable[int]) -> None:
    """Let everything about things that are gone go with them: their renditions, and the wishes for more."""
    ids = [thing_ids] if isinstance(thing_ids, int) else list(thing_ids)
    requests = select(RenditionRequest.id).where(RenditionRequest.kind == kind, RenditionRequest.thing_id.in_(ids))
    renditions = select(Rendition.id).where(Rendition.kind == kind, Rendition.thing_id.in_(ids))
    for statement in (
        delete(RenditionAsker).where(RenditionAsker.request_id.in_(requests)),
        delete(RenditionRequest).where(RenditionRequest.kind == kind, RenditionRequest.thing_id.in_(ids)),
        delete(RenditionVersion).where(RenditionVersion.rendition_id.in_(renditions)),
        delete(Rendition).where(Rendition.kind == kind, Rendition.thing_id.in_(ids)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()
