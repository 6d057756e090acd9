"""Writes about guidance: a person has read a piece; coordinators switch one off or put it in their own words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.cleaning import clean_text
from app.core.clock import now
from app.core.database import insert_unless_there
from app.core.errors import Forbidden, Invalid, NotFound
from app.core.messages import N_, Text
from app.features.communities.guidance import BY_NAME
from app.features.communities.models import GuidanceChoice, GuidanceRead
from app.features.communities.policies import Standing, can_coordinate
from app.features.communities.services.logging import log_deed
from app.features.vocabularies.queries import normalise_language

LONGEST_OWN = 1200


def mark_read(session: Session, actor: Actor, name: str, community_id: int) -> None:
    """Note that somebody has read a piece; ``community_id``: whose own words they were, 0 for ours."""
    if actor.person_id is None:
        raise Forbidden
    if name not in BY_NAME:
        raise NotFound
    key = {"person_id": actor.person_id, "piece": name, "community_id": community_id}
    session.execute(insert_unless_there(session, GuidanceRead, **key, at=now()))
    session.execute(update(GuidanceRead).filter_by(**key).values(at=now()).execution_options(synchronize_session=False))


def choose_guidance(
    session: Session, standing: Standing, name: str, off: bool, text: str = "", lang: str | None = None
) -> None:
    """Show a piece, switch it off, or put it in the community's own words; raises `Invalid` beside text or lang."""
    if not can_coordinate(standing):
        raise Forbidden
    if name not in BY_NAME:
        raise NotFound
    text, tag = clean_text(text), normalise_language(lang) if lang else None
    if len(text) > LONGEST_OWN:
        sizes = {"length": len(text), "limit": LONGEST_OWN}
        raise Invalid({"text": Text(N_("This has %(length)s characters; please keep it to %(limit)s."), sizes)})
    if text and tag is None:
        raise Invalid({"lang": Text(N_("Please choose the language you wrote in."))})
    key = {"community_id": standing.community.id, "piece": name}
    session.execute(insert_unless_there(session, GuidanceChoice, **key, off=False, text="", at=now()))
    values: dict[str, Any] = {
        "off": off,
        "text": text,
        "lang": tag if text else None,
        "by_person_id": standing.actor.person_id,
    }
    session.execute(
        update(GuidanceChoice).filter_by(**key).values(at=now(), **values).execution_options(synchronize_session=False)
    )
    log_deed(session, standing, "guidance", "community", standing.community.id, piece=name, off=off, own=bool(text))
