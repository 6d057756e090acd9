"""What members (and, marked as such, machines) translated: the best for the reader, and which languages there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api.schemas.fields import said
from app.features.api.schemas.profiles import NamedSchema, named
from app.features.profiles.views.cards import reading_languages
from app.features.renditions.queries import Shown, list_best, list_languages


class TranslationSchema(Schema):
    """A translation; what it leaves out is read in the original."""

    lang = fields.String(required=True)
    texts = fields.Dict(keys=fields.String(), values=fields.String(), required=True, **said("Field to text."))
    machine = fields.Boolean(required=True)
    reviewed = fields.Boolean(required=True, **said("Whether a second person read it."))
    stale = fields.Boolean(required=True, **said("Whether the original has changed since."))
    by = fields.Nested(NamedSchema, required=True, allow_none=True)


class TranslatedSchema(Schema):
    """Something that members translate."""

    translation = fields.Nested(
        TranslationSchema,
        required=True,
        allow_none=True,
        **said("Where you do not read the original, the best there is in a language you read (`lang` first)."),
    )
    translated_into = fields.List(fields.String(), required=True, **said("Every language it is kept in."))


class Translations:
    """The translations of several things of a kind, for this reader, in a fixed number of queries."""

    def __init__(self, kind: str, langs: Mapping[int, str], versions: Mapping[int, int] | None = None) -> None:
        session, actor = db(), current_actor()
        self._best = list_best(session, actor, kind, langs, versions, reading_languages())
        self._kept = list_languages(session, kind, list(langs))

    def of(self, number: int) -> dict[str, Any]:
        """The values of `TranslatedSchema` for one of them."""
        best = self._best.get(number)
        kept: Iterable[str] = self._kept.get(number, ())
        return {"translation": _as_translation(best) if best else None, "translated_into": list(kept)}


NOTHING: dict[str, Any] = {"translation": None, "translated_into": []}


def _as_translation(shown: Shown) -> dict[str, Any]:
    return {
        "lang": shown.lang,
        "texts": {name: text for name, text in shown.fields.items() if text},
        "machine": shown.machine,
        "reviewed": shown.reviewed,
        "stale": shown.stale,
        "by": named(shown.by) if shown.by is not None else None,
    }
