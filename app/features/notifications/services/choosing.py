"""How somebody wants to hear of things: rhythm, day and hour, mail at once, and of which communities."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.database import insert_unless_there
from app.core.errors import Forbidden, Invalid
from app.core.messages import N_, Text
from app.features.communities.queries import list_communities_of
from app.features.notifications.models import (
    LEVELS,
    NEVER,
    REMINDERS,
    RHYTHMS,
    UNREMINDED,
    CommunityFollow,
    NoticeSettings,
)
from app.features.notifications.words import DIGEST, REMINDING


def make_settings(session: Session, person_id: int) -> None:
    """Make sure that there is a row; also where two do so at once."""
    session.execute(insert_unless_there(session, NoticeSettings, person_id=person_id))


def _change(session: Session, person_id: int, **values: object) -> None:
    make_settings(session, person_id)
    session.execute(update(NoticeSettings).where(NoticeSettings.person_id == person_id).values(**values))


def save_settings(
    session: Session, actor: Actor, digest: str, weekday: int, hour: int, direct: bool, reminders: str | None
) -> None:
    """Keep how the actor wants to hear of things, without ``reminders`` what they chose of those; raises `Invalid`."""
    if actor.person_id is None:
        raise Forbidden
    problems: dict[str, Text] = {}
    if digest not in RHYTHMS:
        problems["digest"] = Text(N_("Please choose how often."))
    if not 0 <= weekday <= 6:
        problems["weekday"] = Text(N_("Please choose a day."))
    if not 0 <= hour <= 23:
        problems["hour"] = Text(N_("Please choose an hour."))
    if reminders is not None and reminders not in REMINDERS:
        problems["reminders"] = Text(N_("Please choose one of these."))
    if problems:
        raise Invalid(problems)
    _change(session, actor.person_id, digest=digest, weekday=weekday, hour=hour, direct=direct)
    if reminders is not None:
        _change(session, actor.person_id, reminders=reminders)


def choose_level(session: Session, actor: Actor, levels: Mapping[int, str]) -> None:
    """Keep what the actor wants in mails of each of their communities; what they don't belong to is left out."""
    if actor.person_id is None:
        raise Forbidden
    own = {community.id for community, _member in list_communities_of(session, actor.person_id)}
    for community_id, level in sorted(levels.items()):
        if community_id not in own or level not in LEVELS:
            continue
        key = {"person_id": actor.person_id, "community_id": community_id}
        session.execute(insert_unless_there(session, CommunityFollow, level=level, **key))
        session.execute(
            update(CommunityFollow)
            .where(CommunityFollow.person_id == actor.person_id, CommunityFollow.community_id == community_id)
            .values(level=level)
        )


def stop_mails(session: Session, person_id: int, what: int) -> None:
    """End somebody's digests, reminders or mails at once; asked by a signed link, so nobody need sign in."""
    ended = {DIGEST: {"digest": NEVER}, REMINDING: {"reminders": UNREMINDED}}
    _change(session, person_id, **ended.get(what, {"direct": False}))
