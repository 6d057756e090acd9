"""An original and a rendition of it as the templates show them: text beside text, and who is to be thanked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.core.errors import NotFound
from app.core.markdown import render_markdown
from app.core.registries import Original
from app.core.settings import Settings
from app.core.web.i18n import translate
from app.core.web.identity import current_actor
from app.core.web.pages import link_for
from app.core.web.sessions import db
from app.core.wording import Piece, compare_wordings
from app.features.profiles.queries.reading import primary
from app.features.profiles.queries.visible import ProfileView, present_many
from app.features.profiles.views.cards import address_of, reading_languages, title_of
from app.features.renditions.models import Rendition
from app.features.renditions.queries import get_original
from app.features.renditions.queries.renditions import Wording
from app.features.vocabularies.queries import normalise_language


@dataclass(frozen=True, slots=True)
class Part:
    """One text of an original with its translation; ``changed``: what became other words since the translation."""

    name: str
    label: str
    original: Markup
    translation: Markup | None
    markdown: bool
    changed: list[Piece] | None = None


def settings() -> Settings:
    """The application's settings."""
    found: Settings = current_app.extensions["settings"]
    return found


def original_and_tag(kind: str, thing_id: int, lang: str) -> tuple[Original, str]:
    """The original this reader asks for, and the language of the address; raises `NotFound` for what is none."""
    tag = normalise_language(lang)
    original = get_original(db(), current_actor(), kind, thing_id)
    if tag is None or tag != lang or primary(tag) == primary(original.lang):
        raise NotFound
    return original, tag


def back_to(original: Original) -> str:
    """The page the original stands on."""
    return link_for(original.endpoint, **original.values) or url_for("renditions.index")


def shown_text(text: str, markdown: bool) -> Markup:
    """A text as its readers see it."""
    return render_markdown(text) if markdown else escape(text)


def parts_of(original: Original, rendition: Rendition | None) -> list[Part]:
    """The texts of an original, each with its translation and with what changed since."""
    parts = []
    for name, text in original.fields.items():
        if not text:
            continue
        markdown = name in original.markdown
        words = (rendition.fields.get(name) if rendition is not None else None) or ""
        before = (rendition.source.get(name) if rendition is not None else None) or ""
        parts.append(
            Part(
                name,
                translate(original.labels.get(name, name)),
                shown_text(text, markdown),
                shown_text(words, markdown) if words else None,
                markdown,
                compare_wordings(before, text) if before and before != text else None,
            )
        )
    return parts


def people_by_id(ids: Iterable[int | None]) -> dict[int, ProfileView]:
    """Persons as far as this reader may see them, in a fixed number of queries."""
    wanted = sorted({number for number in ids if number is not None})
    return {view.id: view for view in present_many(db(), current_actor(), wanted, reading_languages())}


def credit(person_id: int | None, machine: bool, people: Mapping[int, ProfileView]) -> dict[str, Any]:
    """Who wrote a wording, as a name with its address."""
    if machine:
        return {"name": _("A machine"), "lang": None, "href": None}
    view = people.get(person_id or 0)
    if view is None:
        return {"name": _("A person who left"), "lang": None, "href": None}
    return {"name": title_of(view), "lang": view.name_lang, "href": address_of(view)}


def credits_of(wordings: Iterable[Wording], people: Mapping[int, ProfileView]) -> list[dict[str, Any]]:
    """Everybody who had a hand in it, once each, the latest first."""
    distinct = dict.fromkeys((wording.by_person_id, wording.machine) for wording in wordings)
    return [credit(person_id, machine, people) for person_id, machine in distinct]
