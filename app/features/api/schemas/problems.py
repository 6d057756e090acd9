"""The form of every error."""

from __future__ import annotations

from marshmallow import Schema, fields

PROBLEM = "application/problem+json"


class ProblemSchema(Schema):
    """A problem document (RFC 9457)."""

    type = fields.String(required=True, metadata={"description": "about:blank: the status says it all."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "In the reader's language."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "A message for each field that can't be taken; rows by number: languages-0-tag."},
    )
    reason = fields.String(metadata={"description": "Why an introduction can't be asked for, as a word for programs."})
    introduction = fields.Integer(metadata={"description": "The introduction that already waits."})
