"""What suggestions contribute: why two fit on a profile's page, and the download."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Problem
from app.core.registries import Panel, add_exporter, add_panel
from app.features.communities.queries.suiting import list_asides
from app.features.profiles.models import INSTITUTION, Profile
from app.features.profiles.queries.delegates import list_institution_ids
from app.features.profiles.queries.profiles import find_own_person, find_person_of_account
from app.features.suggestions.models import Dismissal, SuggestionAppearance, SuggestionShown
from app.features.suggestions.services import explain_pair
from app.features.suggestions.views.cards import reasons_of
from app.features.suggestions.wording import say_gaps

MOST_EXPORTED = 10_000


def load_fit(session: Session, actor: Actor, profile: Profile) -> dict[str, Any] | None:
    """Why the reader and the profile they look at fit; or, where they share no language, the way to a bridge."""
    own = find_own_person(session, actor)
    if own is None or own.id == profile.id or not actor.verified:
        return None
    if profile.kind == INSTITUTION and profile.id in list_institution_ids(session, own.id):
        return None
    try:
        pair = explain_pair(session, actor, own, profile)
    except Problem:
        return None
    if pair is None:
        return None
    if pair.match is None:
        return {"bridge": profile.handle} if not pair.share_language else None
    return {"gaps": say_gaps(pair.match.gaps[:2]), "bridge": None, **reasons_of(pair.match)}


def export_suggestions(session: Session, account_id: int) -> Any:
    """Whom a person put aside and why, and which lists they were shown."""
    person = find_person_of_account(session, account_id)
    if person is None:
        return {"put_aside": [], "communities_put_aside": [], "shown": [], "suggested_to_others": []}
    groups = list_asides(session, person.id, None, MOST_EXPORTED)[0]
    aside = session.execute(
        select(Profile.handle, Dismissal.reason, Dismissal.created_at)
        .join(Dismissal, Dismissal.dismissed_id == Profile.id)
        .where(Dismissal.profile_id == person.id)
        .order_by(Dismissal.created_at)
    )
    shown = session.scalars(
        select(SuggestionShown).where(SuggestionShown.profile_id == person.id).order_by(SuggestionShown.id)
    )
    own = select(SuggestionAppearance).where(SuggestionAppearance.profile_id == person.id)
    appeared = session.scalars(own.order_by(SuggestionAppearance.day, SuggestionAppearance.kind))
    return {
        "put_aside": [{"handle": handle, "reason": reason, "at": at.isoformat()} for handle, reason, at in aside],
        "communities_put_aside": [
            {"community": one.group.slug, "reason": one.reason, "at": one.at.isoformat()} for one in groups
        ],
        "shown": [{"kind": row.kind, "at": row.at.isoformat(), "number": len(row.shown["ids"])} for row in shown],
        "suggested_to_others": [
            {"day": row.day.isoformat(), "kind": row.kind, "times": row.times, "criteria": row.criteria}
            for row in appeared
        ],
    }


for _place in ("person", "institution"):
    add_panel(Panel(_place, f"suggestions.fit.{_place}", "suggestions/fit.html", load_fit, order=40))
add_exporter("suggestions", export_suggestions)
