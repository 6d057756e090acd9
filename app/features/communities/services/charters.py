"""Writes of charters: the first one, new versions, accepting them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.cleaning import clean_line, clean_text
from app.core.clock import now
from app.core.database import insert_if_new
from app.core.errors import Conflict, Forbidden, Invalid
from app.core.messages import N_, Text
from app.core.notices import tell
from app.features.communities.licences import BY_CODE, DEFAULT_LICENCE
from app.features.communities.models import CHARTER_PARTS, Charter, Community, Member
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.queries import list_member_ids
from app.features.communities.queries.charters import get_charter
from app.features.communities.services.activity import touch
from app.features.communities.services.logging import log_deed
from app.features.vocabularies.queries import normalise_language

LONGEST_PART, LONGEST_NOTE = 3000, 500


class CharterChanged(Conflict):
    """Another coordinator saved a version meanwhile; the page shows both."""

    message = N_("Somebody saved another version of the charter in the meantime. Nothing was overwritten.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version of a charter is to say, and what is told about the change.

    ``translated`` are parts of a chapter's charter that say the same as the parent's in another language, namely as
    the parent's version with the number ``anchor_id`` (None: the one they said the same as before).
    """

    lang: str
    parts: Mapping[str, str]
    licence: str = DEFAULT_LICENCE
    note: str = ""
    small: bool = False
    translated: frozenset[str] = field(default_factory=frozenset)
    anchor_id: int | None = None


def check_wording(wording: Wording) -> Wording:
    """The same, cleaned; raises `Invalid` beside ``part_<name>``, ``lang``, ``licence`` or ``note``."""
    wrong: dict[str, Text] = {}
    parts = {part: clean_text(wording.parts.get(part)) for part in CHARTER_PARTS}
    too_long = N_("This has %(length)s characters; please keep it to %(limit)s.")
    for part, text in parts.items():
        if len(text) > LONGEST_PART:
            wrong[f"part_{part}"] = Text(too_long, {"length": len(text), "limit": LONGEST_PART})
    if not parts["purpose"]:
        wrong["part_purpose"] = Text(N_("Please say in a few words what the community is here for."))
    lang = normalise_language(wording.lang)
    if lang is None:
        wrong["lang"] = Text(N_("Please choose the language you wrote in."))
    if wording.licence not in BY_CODE:
        wrong["licence"] = Text(N_("Please choose one of these licences."))
    note = clean_line(wording.note)
    if len(note) > LONGEST_NOTE:
        wrong["note"] = Text(too_long, {"length": len(note), "limit": LONGEST_NOTE})
    if wrong or lang is None:
        raise Invalid(wrong)
    return replace(wording, lang=lang, parts=parts, note=note)


def first_charter(
    session: Session,
    community: Community,
    actor: Actor,
    lang: str,
    parts: Mapping[str, str],
    licence: str = DEFAULT_LICENCE,
    **more: Any,
) -> Charter:
    """Give a new community its charter; raises `Invalid` beside ``part_<name>``, ``lang`` or ``licence``."""
    wording = check_wording(Wording(lang, parts, licence))
    charter = Charter(
        community_id=community.id, version=1, lang=wording.lang, parts=dict(wording.parts), licence=wording.licence,
        created_by=actor.person_id, **more,
    )  # fmt: skip
    session.add(charter)
    session.flush()
    return charter


def save_charter(session: Session, standing: Standing, seen: int, wording: Wording, **more: Any) -> Charter | None:
    """Put a new version in force; None if nothing was changed. ``seen``: the version the coordinator began from.

    Raises `CharterChanged` if another version is in force by now. Members are told, unless it is a small correction.
    """
    if not can_coordinate(standing):
        raise Forbidden
    wording = check_wording(wording)
    current = get_charter(session, standing.community.id)
    if current.version != seen:
        raise CharterChanged
    anchors = _anchors_after(session, current, wording, standing.community.parent_id)
    before = (current.lang, {part: current.parts.get(part, "") for part in CHARTER_PARTS}, current.licence)
    same = (wording.lang, dict(wording.parts), wording.licence) == before and anchors == current.anchors
    if same and not more:
        return None
    values: dict[str, Any] = {"anchors": anchors, "base_id": current.base_id}
    values |= {"lang": wording.lang, "parts": dict(wording.parts), "licence": wording.licence, **more}
    return _put_in_force(session, standing, current, wording, values)


def _anchors_after(session: Session, current: Charter, wording: Wording, parent_id: int | None) -> dict[str, Any]:
    """What stands for the parent's wording once this version is in force."""
    anchors = dict(current.anchors)
    anchor = session.get(Charter, wording.anchor_id) if wording.anchor_id is not None else None
    moved = {"version_id": anchor.id} if anchor is not None and anchor.community_id == parent_id else {}
    for part in wording.translated & set(anchors):
        anchors[part] = {**anchors[part], "text": wording.parts[part], **moved}
    return anchors


def _put_in_force(
    session: Session, standing: Standing, current: Charter, wording: Wording, values: dict[str, Any]
) -> Charter:
    community = standing.community
    number = insert_if_new(
        session, Charter, community_id=community.id, version=current.version + 1, note=wording.note,
        small=wording.small, created_by=standing.actor.person_id, created_at=now(), **values,
    )  # fmt: skip
    charter = session.get(Charter, number) if number is not None else None
    if charter is None:
        raise CharterChanged
    _note_acceptance(session, standing, charter.version)
    log_deed(
        session, standing, "changed", "charter", charter.id, reason=charter.note, version=charter.version,
        small=charter.small,
    )  # fmt: skip
    touch(session, standing)
    if not charter.small:
        others = set(list_member_ids(session, community.id)) - {standing.actor.person_id}
        tell(session, others, "charter_changed", name=community.name, slug=community.slug)
    return charter


def accept_charter(session: Session, standing: Standing, version: int) -> None:
    """Note that a member accepts a version; raises `Conflict` if another is in force by now."""
    if not standing.is_member:
        raise Forbidden(N_("Only members are asked to accept the charter."))
    mine = Charter.community_id == standing.community.id
    newest = get_charter(session, standing.community.id).version
    # Small corrections since then don't matter: they are not asked about.
    asked = session.scalar(select(func.max(Charter.version)).where(mine, Charter.small.is_(False))) or newest
    if not asked <= version <= newest:
        raise Conflict(N_("The charter was changed again in the meantime. Please read the newest version."))
    _note_acceptance(session, standing, version)


def _note_acceptance(session: Session, standing: Standing, version: int) -> None:
    session.execute(
        update(Member)
        .where(
            Member.community_id == standing.community.id,
            Member.person_id == standing.actor.person_id,
            func.coalesce(Member.charter_version, 0) < version,
        )
        .values(charter_version=version)
        .execution_options(synchronize_session=False)
    )
