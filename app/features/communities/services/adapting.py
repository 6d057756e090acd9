"""Keeping the charters of a chapter and its parent in touch: newer words taken over, own words offered upward."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.core.cleaning import clean_line, clean_text
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.models import (
    CHARTER_PARTS,
    COORDINATOR,
    DECLINED,
    OFFERED,
    TAKEN,
    WITHDRAWN,
    Charter,
    CharterOffer,
    Community,
)
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries import list_member_ids
from app.features.communities.queries.chapters import find_parent
from app.features.communities.queries.charters import get_charter
from app.features.communities.services.charters import LONGEST_NOTE, CharterChanged, Wording, save_charter
from app.features.communities.services.logging import log_deed
from app.features.profiles.queries.reading import primary


class AnsweredAlready(Conflict):
    """Another coordinator, or the chapter itself, was quicker."""

    message = N_("This offer was answered or withdrawn in the meantime.")


def _sides(session: Session, standing: Standing, part: str) -> tuple[Community, Charter, Charter]:
    """The parent and both charters in force, for a coordinator of the chapter."""
    if not can_coordinate(standing):
        raise Forbidden
    parent = find_parent(session, standing.community)
    if parent is None:
        raise Conflict(N_("This community is not a chapter any more."))
    if part not in CHARTER_PARTS:
        raise Invalid(message=N_("There is no such part of a charter."))
    return parent, get_charter(session, standing.community.id), get_charter(session, parent.id)


def take_part(session: Session, standing: Standing, part: str, seen: int, there_id: int, note: str) -> Charter | None:
    """Replace a part of the chapter's charter by the parent's words, as a new version of the chapter's.

    ``seen`` and ``there_id`` are the versions that were looked at; raises `Conflict` if one of them is not in force.
    """
    _parent, here, there = _sides(session, standing, part)
    if there.id != there_id:
        raise CharterChanged
    if primary(here.lang) != primary(there.lang):
        raise Conflict(N_("The two charters are in different languages. Please translate this part by hand."))
    text = there.parts.get(part, "")
    anchors = {**here.anchors, part: {"version_id": there.id, "text": text}}
    wording = Wording(here.lang, {**here.parts, part: text}, here.licence, note)
    return save_charter(session, standing, seen, wording, anchors=anchors)


def keep_part(session: Session, standing: Standing, part: str, there_id: int) -> None:
    """Note that the chapter has seen the parent's newer words for a part and keeps its own."""
    _parent, here, there = _sides(session, standing, part)
    if there.id != there_id:
        raise CharterChanged
    anchor = here.anchors.get(part, {"text": here.parts.get(part, "")})
    here.anchors = {**here.anchors, part: {**anchor, "version_id": there.id}}
    session.flush()
    log_deed(session, standing, "kept_words", "charter", here.id, part=part)


def offer_part(session: Session, standing: Standing, part: str, note: str) -> CharterOffer:
    """Offer the chapter's words for a part to the parent; an earlier offer of the same part that waits is withdrawn.

    The same words offered twice are one offer.
    """
    parent, here, there = _sides(session, standing, part)
    text, note = here.parts.get(part, ""), clean_line(note)
    if len(note) > LONGEST_NOTE:
        values = {"length": len(note), "limit": LONGEST_NOTE}
        raise Invalid({"note": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    if not text or text == there.parts.get(part, ""):
        raise Conflict(N_("This part says the same in both charters: there is nothing to offer."))
    waiting = session.scalars(
        select(CharterOffer).where(
            CharterOffer.chapter_id == standing.community.id, CharterOffer.part == part, CharterOffer.state == OFFERED
        )
    ).all()
    for offer in waiting:
        if offer.text == text and offer.parent_id == parent.id:
            return offer
        offer.state, offer.answered_at = WITHDRAWN, now()
    offer = CharterOffer(
        chapter_id=standing.community.id, parent_id=parent.id, part=part, text=text, lang=here.lang, note=note,
        state=OFFERED, offered_by=standing.actor.person_id,
    )  # fmt: skip
    session.add(offer)
    session.flush()
    log_deed(session, standing, "offered", "charter", here.id, part=part)
    people = set(list_member_ids(session, parent.id, (COORDINATOR,))) - {standing.actor.person_id}
    tell(
        session, people, "charter_offered", name=standing.community.name, parent=parent.name, slug=parent.slug,
        offer_id=offer.id,
    )  # fmt: skip
    return offer


def _answer(session: Session, offer: CharterOffer, state: str, by: int | None, answer: str = "") -> None:
    """Set what became of an offer, once: two who answer at the same moment don't both succeed."""
    done = session.execute(
        update(CharterOffer)
        .where(CharterOffer.id == offer.id, CharterOffer.state == OFFERED)
        .values(state=state, answered_by=by, answered_at=now(), answer=answer)
        .execution_options(synchronize_session=False)
    )
    if cast("CursorResult[Any]", done).rowcount != 1:
        raise AnsweredAlready
    session.refresh(offer)


def withdraw_offer(session: Session, standing: Standing, offer: CharterOffer) -> None:
    """Take an offer of the chapter back."""
    if not can_coordinate(standing) or offer.chapter_id != standing.community.id:
        raise Forbidden
    _answer(session, offer, WITHDRAWN, standing.actor.person_id)


def take_offer(session: Session, standing: Standing, offer: CharterOffer, seen: int, text: str, answer: str) -> Charter:
    """Make what a chapter offered part of the parent's charter, in the words ``text``, as a new version."""
    _may_answer(standing, offer)
    answer, text = _check_answer(answer), clean_text(text)
    if not text:
        raise Invalid({"text": Text(N_("Please write something."))})
    current = get_charter(session, standing.community.id)
    if current.parts.get(offer.part, "") == text:
        # Perhaps because somebody took this very offer a moment ago.
        session.refresh(offer)
        _may_answer(standing, offer)
        raise Invalid({"text": Text(N_("This is what your charter says already."))})
    _answer(session, offer, TAKEN, standing.actor.person_id, answer)
    wording = Wording(current.lang, {**current.parts, offer.part: text}, current.licence, answer)
    try:
        charter = save_charter(session, standing, seen, wording, offer_id=offer.id)
    except Invalid as problem:
        raise Invalid(
            {"text": found} if (found := problem.fields.get(f"part_{offer.part}")) else problem.fields
        ) from None
    assert charter is not None
    _bring_in_line(session, offer, charter)
    _tell_chapter(session, standing, offer, "offer_taken")
    return charter


def _bring_in_line(session: Session, offer: CharterOffer, charter: Charter) -> None:
    """The chapter that offered and the parent say the same in this part now, if the chapter still says it."""
    here = get_charter(session, offer.chapter_id)
    if here.parts.get(offer.part, "") == offer.text:
        here.anchors = {**here.anchors, offer.part: {"version_id": charter.id, "text": offer.text}}
        session.flush()


def decline_offer(session: Session, standing: Standing, offer: CharterOffer, answer: str) -> None:
    """Leave the parent's charter as it is, and say why."""
    _may_answer(standing, offer)
    answer = _check_answer(answer)
    if not answer:
        raise Invalid({"answer": Text(N_("Please say why in a few words: the chapter put thought into it."))})
    _answer(session, offer, DECLINED, standing.actor.person_id, answer)
    log_deed(session, standing, "declined", "charter", None, reason=answer, part=offer.part, chapter=offer.chapter_id)
    _tell_chapter(session, standing, offer, "offer_declined")


def _may_answer(standing: Standing, offer: CharterOffer) -> None:
    if not can_coordinate(standing) or offer.parent_id != standing.community.id:
        raise Forbidden
    if offer.state != OFFERED:
        raise AnsweredAlready


def _check_answer(answer: str) -> str:
    answer = clean_line(answer)
    if len(answer) > LONGEST_NOTE:
        values = {"length": len(answer), "limit": LONGEST_NOTE}
        raise Invalid({"answer": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), values)})
    return answer


def _tell_chapter(session: Session, standing: Standing, offer: CharterOffer, kind: str) -> None:
    chapter = session.get(Community, offer.chapter_id)
    if chapter is not None:
        people = set(list_member_ids(session, chapter.id, (COORDINATOR,))) - {standing.actor.person_id}
        tell(session, people, kind, name=standing.community.name, chapter=chapter.name, slug=chapter.slug)
