"""What a plan of a community says, as lines to read: before it is founded, in its settings, in a conflict of two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.web.i18n import side_by_side
from app.features.communities.charter_texts import PART_LABELS
from app.features.communities.licences import licence_of
from app.features.communities.services.plans import FACETS, STEPS
from app.features.communities.starting import PART_TITLES
from app.features.profiles.views.cards import word
from app.features.vocabularies.queries import autonym, is_valid

SHORT = 240


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a summary; ``lang`` when it is somebody's own words, ``markdown`` when these may be in Markdown."""

    label: str
    text: str
    lang: str | None = None
    markdown: bool = False


def joining_words() -> dict[str, str]:
    """Who becomes a member, in words."""
    return {
        "open": _("Everyone who wants to becomes a member."),
        "request": _("Whoever wants to join asks, and a coordinator lets them in."),
        "invitation": _("Only those who were invited become members."),
    }


def reading_words() -> dict[str, str]:
    """Who reads, in words."""
    return {
        "everyone": _("Everyone can read what is written here."),
        "members": _("Only members read what is written here."),
    }


def _labels() -> dict[str, str]:
    return {
        "name": _("Name"),
        "summary": _("In short"),
        "lang": _("Language of these texts"),
        "subjects": _("Subjects"),
        "levels": _("Levels"),
        "places": _("Countries or regions"),
        "languages": _("Languages"),
        "licence": _("Licence"),
        "joining": _("Joining"),
        "inviting": _("Inviting"),
        "reading": _("Reading"),
        "questions": _("Questions"),
        "first_task": _("First small task"),
    }


def _label(name: str) -> str:
    kind, _underscore, part = name.partition("_")
    if kind == "canvas":
        return _(PART_TITLES[part])
    return _(PART_LABELS[part]) if kind == "charter" else _labels()[name]


def _said(name: str, value: Any) -> str:
    if name in FACETS:
        return side_by_side(word(FACETS[name], code) for code in value or ())
    if name == "lang":
        return autonym(value) if value and is_valid("language", value) else ""
    if name == "licence":
        return licence_of(value).name if value else ""
    if name == "questions":
        return " · ".join(value or ())
    if name == "inviting":
        return {"members": _("Every member may invite."), "coordinators": _("Only coordinators invite.")}.get(value, "")
    if name in ("joining", "reading"):
        return {**joining_words(), **reading_words()}.get(value, "")
    return str(value or "")


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else text[:SHORT].rsplit(" ", 1)[0] + " …"


def summary_of(step: str, plan: Mapping[str, Any], whole: bool = False) -> list[Line]:
    """The lines of a step that say something; ``whole``: long texts are not shortened."""
    own = {"name", "summary", "questions", "first_task"}
    lines = []
    for name in STEPS[step]:
        text = _said(name, plan.get(name))
        markdown = name.startswith(("canvas_", "charter_"))
        lang = plan.get("lang") if markdown or name in own else None
        if text:
            lines.append(Line(_label(name), text if whole else _shortened(text), lang, markdown))
    return lines
