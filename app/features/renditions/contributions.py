"""What renditions contribute: notices, the download, the going, and translations that can be reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.core.actor import MODERATOR, OPERATOR, Actor
from app.core.messages import N_
from app.core.notices import NoticeKind, add_notice_kind
from app.core.registries import Panel, Reportable, add_eraser, add_exporter, add_panel, add_reportable
from app.features.profiles.queries.profiles import find_person_of_account
from app.features.renditions.models import (
    Rendition,
    RenditionAsker,
    RenditionRequest,
    RenditionVersion,
    TranslatorAsked,
)
from app.features.renditions.queries import find_original
from app.features.renditions.queries.waiting import list_wishes
from app.features.renditions.services.writing import hide_rendition

PLACE = ("kind", "thing_id", "lang")


def export_renditions(session: Session, account_id: int) -> Any:
    """What a person translated, earlier wordings too, and what they asked for."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {}
    current = session.scalars(select(Rendition).where(Rendition.by_person_id == person.id).order_by(Rendition.id))
    earlier = session.execute(
        select(RenditionVersion, Rendition)
        .join(Rendition, Rendition.id == RenditionVersion.rendition_id)
        .where(RenditionVersion.by_person_id == person.id)
        .order_by(RenditionVersion.rendition_id, RenditionVersion.version)
    )
    asked = session.scalars(
        select(RenditionRequest)
        .join(RenditionAsker, RenditionAsker.request_id == RenditionRequest.id)
        .where(RenditionAsker.person_id == person.id)
        .order_by(RenditionRequest.id)
    )
    return {
        "written": [
            *(_wording(row, row.fields, row.updated_at.isoformat()) for row in current),
            *(_wording(row, version.fields, version.at.isoformat()) for version, row in earlier),
        ],
        "asked_for": [
            {"kind": row.kind, "number": row.thing_id, "language": row.lang, "asked_at": row.created_at.isoformat()}
            for row in asked
        ],
    }


def _wording(row: Rendition, fields: dict[str, Any], at: str) -> dict[str, Any]:
    return {"kind": row.kind, "number": row.thing_id, "language": row.lang, "texts": fields, "written_at": at}


def erase_renditions(session: Session, account_id: int) -> None:
    """What a person translated for all stays, without their name; what they asked for goes with them."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return
    mine = select(RenditionAsker.request_id).where(RenditionAsker.person_id == person.id)
    theirs = select(RenditionAsker.request_id).where(RenditionAsker.person_id != person.id)
    for statement in (
        update(Rendition).where(Rendition.by_person_id == person.id).values(by_person_id=None),
        update(Rendition).where(Rendition.reviewed_by == person.id).values(reviewed_by=None),
        update(RenditionVersion).where(RenditionVersion.by_person_id == person.id).values(by_person_id=None),
        delete(RenditionRequest).where(RenditionRequest.id.in_(mine), RenditionRequest.id.not_in(theirs)),
        delete(RenditionAsker).where(RenditionAsker.person_id == person.id),
        delete(TranslatorAsked).where(TranslatorAsked.person_id == person.id),
    ):
        session.execute(statement.execution_options(synchronize_session=False))


def describe_rendition(session: Session, actor: Actor, rendition_id: int) -> dict[str, Any] | None:
    """A translation as it is reported, for its readers and for those who moderate."""
    rendition = session.get(Rendition, rendition_id)
    if rendition is None:
        return None
    if not actor.roles & {OPERATOR, MODERATOR}:
        seen = find_original(session, actor, rendition.kind, rendition.thing_id)
        if rendition.hidden_at is not None or seen is None:
            return None
    return {
        "text": "\n\n".join(rendition.fields.values()),
        "lang": rendition.lang,
        "at": rendition.updated_at,
        "author_id": rendition.by_person_id,
        "person_id": rendition.by_person_id,
        "hidden": rendition.hidden_at is not None,
    }


def hide(session: Session, _actor: Actor, rendition_id: int, hidden: bool) -> None:
    """Take a translation out of sight, or show it again."""
    hide_rendition(session, rendition_id, hidden)


def load_home(session: Session, actor: Actor, _person: Any) -> dict[str, Any] | None:
    """For those with two languages: that somebody waits for them."""
    if actor.person_id is None or not actor.verified:
        return None
    wishes, more = list_wishes(session, actor)
    return {"number": len(wishes), "more": more is not None} if wishes else None


add_panel(Panel("home", "renditions.waiting", "renditions/home.html", load_home, order=70))
add_notice_kind(
    NoticeKind(
        "translation_wanted",
        N_("Somebody would like to read “%(title)s” in %(language)s. You have both languages."),
        "renditions.edit",
        PLACE,
    )
)
add_notice_kind(
    NoticeKind("translation_made", N_("“%(title)s” can now be read in %(language)s."), "renditions.show", PLACE)
)
add_notice_kind(
    NoticeKind(
        "translation_corrected",
        N_("Somebody improved your translation of “%(title)s” (%(language)s)."),
        "renditions.show",
        PLACE,
    )
)
add_notice_kind(
    NoticeKind(
        "translation_reviewed",
        N_("Somebody read your translation of “%(title)s” (%(language)s) and found it right."),
        "renditions.show",
        PLACE,
    )
)
add_exporter("translations", export_renditions)
add_eraser("renditions", erase_renditions)
add_reportable(Reportable("rendition", describe_rendition, hide))
