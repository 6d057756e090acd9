"""Figures about the whole as they are given; `insights.schemas` makes them."""

from __future__ import annotations

from marshmallow import Schema, fields

from app.features.api.schemas.fields import said


class GroupShareSchema(Schema):
    """A group's share of the attention, and its share among those who fit the same lists, from 0 to 1."""

    key = fields.String(
        required=True,
        **said(
            "An M49 region or group of countries, or a BCP 47 tag; unknown: country not given; others: small groups "
            "together."
        ),
    )
    given = fields.Float(required=True)
    due = fields.Float(required=True)


class ExposureSchema(Schema):
    """Whom suggestions brought to attention. Where there is not enough to tell, there are no figures."""

    enough = fields.Boolean(required=True, **said("Whether enough people looked at enough lists."))
    at = fields.String(**said("When it was summed up."))
    begin = fields.String(**said("Since when lists are counted."))
    days = fields.Integer()
    lists = fields.Integer()
    kinds = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        **said("How many lists of each kind; others: few of some kinds, together with those of another."),
    )
    regions = fields.List(fields.Nested(GroupShareSchema), **said("They exclude each other."))
    languages = fields.List(fields.Nested(GroupShareSchema), **said("Many share several, so they add up to more."))
    left_out = fields.Integer(**said("How many languages have too few speakers, or too small a share, to be told of."))
    groups = fields.List(
        fields.Nested(GroupShareSchema),
        **said("Least developed (199), landlocked developing (432), small island developing (722) countries."),
    )
    groups_left_out = fields.Integer(**said("How many of them have too few people to be told of."))
    given_up = fields.Float(**said("Which part of the relevance was given up for balance, on average."))
    most_given_up = fields.Float(**said("In the list where it was most."))
    promised = fields.Float(**said("What no list exceeds."))
