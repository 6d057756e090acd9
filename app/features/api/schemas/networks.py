"""Networks that live elsewhere, as they are asked and given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from marshmallow import Schema, fields

from app.features.api.schemas.communities import FacetedSchema
from app.features.api.schemas.fields import AtMost, Cursor, Words, one_of, said
from app.features.api.schemas.filtering import ChoiceSchema, asked, check
from app.features.api.schemas.profiles import NamedSchema, named
from app.features.api.schemas.translations import TranslatedSchema, Translations
from app.features.communities.models import REACHES, WHO, ExternalNetwork
from app.features.communities.queries.networks import FACETS, LONGEST_TEXT, Filters, is_old, read_filters
from app.features.profiles.queries.visible import ProfileView


class NetworksQuery(Schema):
    """The filters of the page: one code of each kind at most, all filters together must hold."""

    q = Words(validate=AtMost(LONGEST_TEXT), **said("Words in any script, of the name or the summary."))
    subject = Words(**said("An ISCED-F code; also finds what is broader or narrower."))
    language = Words(**said("A BCP 47 tag."))
    level = Words(**said("An ISCED 2011 level."))
    place = Words(**said("A country (ISO 3166) or region (M49)."))
    reach = one_of(REACHES)
    who = one_of(WHO, **said("Who can take part."))
    facets = fields.Boolean(load_default=False, **said("Count what each further choice would find."))
    cursor = Cursor()


class NetworkSchema(FacetedSchema, TranslatedSchema):
    """A network that lives elsewhere and is kept here by members."""

    id = fields.String(required=True, **said("Its name in addresses."))
    name = fields.String(required=True)
    lang = fields.String(required=True, **said("The language of its summary."))
    summary = fields.String(required=True)
    url = fields.String(required=True, **said("The address of its page here."))
    link = fields.String(required=True, **said("Its own address."))
    places = fields.List(fields.String(), required=True)
    reach = one_of(REACHES, required=True)
    who = one_of(WHO, required=True)
    checked_at = fields.DateTime(required=True, **said("When somebody last looked whether this holds."))
    old = fields.Boolean(required=True, **said("Nobody has looked for a year."))
    added_by = fields.Nested(NamedSchema, required=True, allow_none=True)
    checked_by = fields.Nested(NamedSchema, required=True, allow_none=True)


class NetworksSchema(Schema):
    """A page of networks: those somebody looked at last come first."""

    total = fields.Integer(required=True)
    networks = fields.List(fields.Nested(NetworkSchema), required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(ChoiceSchema)))
    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


def filters_from(query: dict[str, Any]) -> Filters:
    """The filters asked for; a code that does not exist is refused."""
    filters = read_filters(asked(query))
    check(query, (), [(name, query[name]) for name in FACETS if name in query and filters.code(name) is None])
    return filters


def as_network(network: ExternalNetwork, texts: Translations, views: Mapping[int, ProfileView]) -> dict[str, Any]:
    """A network as it is given."""
    people = {"added_by": views.get(network.added_by or 0), "checked_by": views.get(network.checked_by or 0)}
    return {
        **{name: getattr(network, name) for name in ("name", "lang", "summary", "reach", "checked_at")},
        **{f"{kind}s": list(network.codes(kind)) for kind in FACETS},
        **texts.of(network.id),
        **{name: named(view) if view is not None else None for name, view in people.items()},
        "id": network.slug,
        "url": url_for("communities.show_network", slug=network.slug),
        "link": network.url,
        "who": network.who_can_join,
        "old": is_old(network),
    }
