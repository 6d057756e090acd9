"""Vocabularies as they are given."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.features.api.schemas.fields import AtMost, Between, Words, said

MOST_FOUND = 100


class VocabularyQuery(Schema):
    """What to look for."""

    q = Words(load_default="", validate=AtMost(200), **said("Any word, in any language; without it all codes."))
    limit = fields.Integer(
        load_default=12, validate=Between(1, MOST_FOUND), **said("At most so many, where something is looked for.")
    )


class VocabularySchema(Schema):
    """A vocabulary in brief."""

    scheme = fields.String(required=True)
    count = fields.Integer(required=True)
    url = fields.String(required=True)


class VocabulariesSchema(Schema):
    """Every vocabulary."""

    vocabularies = fields.List(fields.Nested(VocabularySchema), required=True)


class OptionSchema(Schema):
    """A code with its label."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    detail = fields.String(required=True, **said("A word that tells it from its like."))


class OptionsSchema(Schema):
    """The codes of a vocabulary, or those found, best first."""

    scheme = fields.String(required=True)
    options = fields.List(fields.Nested(OptionSchema), required=True)
