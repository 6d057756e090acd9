"""Doing what a gap of a list proposes: one facet of one's own profile is changed as it was counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.errors import Invalid
from app.features.profiles.models import Profile
from app.features.profiles.services.facets import ActivityFacet, Facets, Keep, LanguageFacet, facets_of
from app.features.profiles.services.saving import update_facets
from app.matching.facets import speech_key

T = TypeVar("T")


def widen(session: Session, actor: Actor, profile: Profile, change: Mapping[str, str]) -> None:
    """Change the profile as ``change`` says, as in ``{"facet": "language", "tag": "fr", "accepts": "3"}``.

    Raises `Invalid` for what is no such change, `Forbidden` for whoever may not change the profile.
    """
    update_facets(session, actor, profile, _facets(profile, change))


def _facets(profile: Profile, change: Mapping[str, str]) -> Facets:
    said, code = facets_of(profile), change.get("code", "")
    match change.get("facet"):
        case "language":
            return Facets(languages=_accepting(profile, change.get("tag", ""), change.get("accepts", "")))
        case "level":
            return Facets(levels=_with(said.levels, code))
        case "subject":
            return Facets(subjects=_with(said.subjects, code))
        case "need":
            return Facets(needs=_with(said.needs, ActivityFacet(code)))
        case "offer":
            return Facets(offers=_with(said.offers, ActivityFacet(code)))
    raise Invalid


def _with(said: Sequence[T] | Keep, more: T) -> tuple[T, ...]:
    listed = () if isinstance(said, Keep) else tuple(said)
    return listed if more in listed else (*listed, more)


def _accepting(profile: Profile, tag: str, accepts: str) -> tuple[LanguageFacet, ...]:
    """The profile's languages, of which one now takes others at a lower level."""
    level = int(accepts) if accepts in tuple("1234567") else 0
    found = facets_of(profile).languages
    languages = () if isinstance(found, Keep) else tuple(found)
    if not level or tag not in {speech_key(one.tag) for one in languages}:
        raise Invalid
    return tuple(
        replace(one, accepts=min(one.accepts, level)) if speech_key(one.tag) == tag else one for one in languages
    )
