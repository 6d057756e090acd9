"""Titles and descriptions in the languages that members translated them into, for what is exported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.features.renditions.models import Rendition

Translations = dict[str, dict[str, str]]


def list_translations(session: Session, ids: Collection[int]) -> dict[int, Translations]:
    """By resource and field the texts by language; a machine's are left out, they are not to travel as if they were
    somebody's."""
    found: dict[int, Translations] = defaultdict(lambda: defaultdict(dict))
    if not ids:
        return found
    rows = session.execute(
        select(Rendition.thing_id, Rendition.lang, Rendition.fields)
        .where(
            Rendition.kind == "resource",
            Rendition.thing_id.in_(ids),
            Rendition.hidden_at.is_(None),
            Rendition.machine.is_(False),
        )
        .order_by(Rendition.thing_id, Rendition.lang)
    )
    for number, lang, fields in rows:
        for field, text in fields.items():
            if text:
                found[number][field][lang] = str(text)
    return found
