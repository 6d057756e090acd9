"""What the network lacks, as it is asked and given: communities that should exist, and who could introduce groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.features.api.schemas.fields import Cursor, said
from app.features.api.schemas.profiles import NamedSchema, named
from app.features.communities.queries.between import ToCommunity
from app.features.communities.queries.missing import Missing
from app.features.profiles.queries.visible import ProfileView

ROLES = "both: belongs to both communities; one: to one of them, and knows people of the other; liaison: to none."


class MissingQuery(Schema):
    """A page of communities that should exist."""

    cursor = Cursor()


class MissingSchema(Schema):
    """A group who match one another and share no community."""

    id = fields.Integer(required=True)
    subjects = fields.List(fields.String(), required=True, **said("ISCED-F 2013."))
    levels = fields.List(fields.String(), required=True, **said("ISCED 2011."))
    languages = fields.List(fields.String(), required=True)
    places = fields.List(fields.String(), required=True, **said("The country or region that holds all of it."))
    countries = fields.List(fields.String(), required=True)
    people = fields.Integer(required=True, **said("How many would be in it now; at least five."))
    institutions = fields.Integer(required=True)
    stability = fields.Integer(required=True, **said("How alike it is from one look to the next, in per cent."))
    with_you = fields.Boolean(required=True, **said("You would be in it."))
    some = fields.List(fields.Nested(NamedSchema), required=True, **said("Some who would be in it."))


class MissingPageSchema(Schema):
    """A page of them: on the first one those with you come first, then the largest."""

    communities = fields.List(fields.Nested(MissingSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class IntroducerSchema(NamedSchema):
    """Somebody who could introduce two communities to each other."""

    role = fields.String(required=True, **said(ROLES))


class ToCommunitySchema(Schema):
    """Another community, and who could introduce this one to it."""

    id = fields.String(required=True, **said("Its name in addresses."))
    name = fields.String(required=True)
    people = fields.List(fields.Nested(IntroducerSchema), required=True)


class IntroducersSchema(Schema):
    """To which communities somebody could introduce this one, those with most in common first."""

    communities = fields.List(fields.Nested(ToCommunitySchema), required=True)


def as_missing(one: Missing, views: Mapping[int, ProfileView]) -> dict[str, Any]:
    """A community that should exist, with the names the reader may see."""
    row = one.row
    return {
        "id": row.id,
        "subjects": row.facets.get("subject", []),
        "levels": row.facets.get("level", []),
        "languages": row.facets.get("language", []),
        "places": row.facets.get("place", []),
        "countries": row.countries,
        "people": one.people,
        "institutions": one.institutions,
        "stability": row.stability,
        "with_you": one.own,
        "some": [named(views[number]) for number in one.some_ids if number in views and views[number].name],
    }


def as_to_community(one: ToCommunity) -> dict[str, Any]:
    """Another community with those between."""
    people = [{**named(between.view), "role": between.role} for between in one.people]
    return {"id": one.community.slug, "name": one.community.name, "people": people}
