"""The texts of a profile on its page: in the language the reader reads best, or in the one they asked for."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from markupsafe import Markup, escape

from app.features.profiles.models import Profile
from app.features.profiles.queries.visible import ProfileView
from app.features.vocabularies.queries import autonym


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text with its language and the links to the others."""

    html: Markup
    lang: str
    others: list[dict[str, str]]


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs and lines."""
    parts = (part.strip() for part in text.split("\n\n"))
    lines = (Markup("<br>").join(escape(line) for line in part.split("\n")) for part in parts if part)
    return Markup("").join(Markup("<p>{}</p>").format(line) for line in lines)


def chosen_texts(profile: Profile, view: ProfileView, asked: str | None) -> dict[str, ShownText]:
    """About and interests, as far as open; ``asked``: the language of the address, if it named one."""
    shown = {}
    for field in ("about", "interests"):
        best = getattr(view, field)
        if best is None:
            continue
        texts = {text.lang: text.text for text in profile.texts if text.field == field}
        lang = asked if asked in texts else best.lang
        others = [
            {"lang": tag, "name": autonym(tag), "href": f"{request.path}?text={tag}"} for tag in texts if tag != lang
        ]
        shown[field] = ShownText(paragraphs(texts[lang]), lang, others)
    return shown
