"""The directory as it is asked and answers."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from app.features.api.schemas.fields import AtMost, Between, Cursor, Words, codes, one_of, said
from app.features.api.schemas.filtering import ChoiceSchema, asked, check
from app.features.api.schemas.profiles import KINDS, CardSchema
from app.features.profiles.queries.directory import SCHEMES, Filters, Hidden, read_filters
from app.features.profiles.queries.directory.filters import LONGEST_TEXT, MOST_CODES
from app.features.profiles.queries.directory.paging import PAGE
from app.features.vocabularies.queries import CEFR

MOST = 100


class DirectoryQuery(Schema):
    """The filters of the page: within one any code is enough, all filters together must hold."""

    q = Words(validate=AtMost(LONGEST_TEXT), **said("Words in any script."))
    kind = one_of(KINDS)
    subject = codes(MOST_CODES, "ISCED-F codes; a broad field finds its detailed ones.")
    level = codes(MOST_CODES, "ISCED 2011 levels.")
    language = codes(MOST_CODES, "BCP 47 tags; pt finds pt-BR.")
    at_least = one_of(CEFR, **said("The lowest proficiency in one of the languages."))
    place = codes(MOST_CODES, "Countries (ISO 3166) and regions (M49).")
    type = codes(MOST_CODES, "Kinds of institutions.")
    offer = codes(MOST_CODES, "Activities offered.")
    need = codes(MOST_CODES, "Activities needed.")
    facets = fields.Boolean(load_default=False, **said("Count what each further choice would find."))
    limit = fields.Integer(load_default=PAGE, validate=Between(1, MOST))
    cursor = Cursor()


class HiddenSchema(Schema):
    """How many more there would be, and why they are not here."""

    language = fields.Integer(required=True, **said("Without the filter of languages."))
    proficiency = fields.Integer(required=True, **said("Without its lowest level."))
    members = fields.Integer(required=True, **said("For a member, rounded down to steps of five."))
    closed = fields.Boolean(required=True, **said("Whether some may be out of sight, however many."))


class DirectorySchema(Schema):
    """A page of the directory."""

    total = fields.Integer(required=True)
    profiles = fields.List(fields.Nested(CardSchema), required=True)
    hidden = fields.Nested(HiddenSchema, required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(ChoiceSchema)))
    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


def filters_from(query: dict[str, Any]) -> Filters:
    """The filters asked for. The page passes over a code that does not exist and says so; a program is refused."""

    filters, unknown = read_filters(asked(query))
    check(query, SCHEMES, unknown)
    return filters


def as_hidden(hidden: Hidden) -> dict[str, Any]:
    """What the answer leaves out."""
    names = ("language", "proficiency", "members", "closed")
    return {name: getattr(hidden, name) for name in names}
