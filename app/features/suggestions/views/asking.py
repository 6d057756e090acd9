"""For whom suggestions are asked: oneself, or an institution one acts for (``as`` in the address)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.profiles.models import Institution, Profile
from app.features.profiles.queries.delegates import list_institution_ids
from app.features.profiles.queries.profiles import find_own_person, find_profile
from app.features.profiles.queries.visible import present_many
from app.features.profiles.views.cards import reading_languages, title_of


@dataclass(frozen=True, slots=True)
class Asking:
    """The profile suggestions are for, and whether it is an institution one acts for."""

    profile: Profile

    @property
    def institution(self) -> bool:
        """Whether an institution asks."""
        return isinstance(self.profile, Institution)

    @property
    def link(self) -> dict[str, Any]:
        """What every address on its pages carries."""
        return {"as": self.profile.handle} if self.institution else {}


def who_asks() -> Asking | None:
    """Whose suggestions this request is about; None for someone without a profile of their own.

    An institution that one does not act for is not there (`NotFound`).
    """
    actor, handle = current_actor(), request.values.get("as", "")
    own = find_own_person(db(), actor)
    if own is None or not handle or handle == own.handle:
        return Asking(own) if own is not None else None
    profile = find_profile(db(), handle)
    if profile is None or profile.id not in list_institution_ids(db(), own.id):
        raise NotFound
    return Asking(profile)


def _address(kind: str, handle: str) -> str:
    # "as" cannot be written as a keyword.
    values: dict[str, Any] = {"kind": kind, "as": handle}
    return url_for("suggestions.index", **values)


def choices_of(asking: Asking, kind: str) -> list[dict[str, Any]]:
    """Oneself and the institutions one acts for, as links; empty where there is nothing to choose."""
    actor = current_actor()
    if actor.person_id is None:
        return []
    views = present_many(db(), actor, list_institution_ids(db(), actor.person_id), reading_languages())
    if not views:
        return []
    own = {"label": _("Myself"), "href": url_for("suggestions.index", kind=kind), "here": not asking.institution}
    return [own] + [
        {
            "label": title_of(view),
            "href": _address(kind, view.handle),
            "here": view.id == asking.profile.id,
        }
        for view in views
    ]
