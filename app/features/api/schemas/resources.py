"""Resources as they are asked and given; as LRMI they are written by `resources.lrmi`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from marshmallow import Schema, fields

from app.features.api.schemas.communities import FacetedSchema
from app.features.api.schemas.fields import AtMost, Between, Cursor, Words, codes, one_of, said
from app.features.api.schemas.filtering import asked, check
from app.features.api.schemas.profiles import NamedSchema
from app.features.api.schemas.translations import TranslatedSchema, Translations
from app.features.communities.models import Community
from app.features.resources.formats import sum_up
from app.features.resources.licences import USES
from app.features.resources.models import AUDIENCES, CRITERIA, LANGUAGE, LEVEL, RELATIONS, SUBJECT, TYPES, Resource
from app.features.resources.queries.filters import MOST as MOST_CODES
from app.features.resources.queries.filters import Filters, read_filters
from app.features.resources.queries.lineage import Branch
from app.features.resources.queries.listing import PAGE, Choices
from app.features.resources.queries.reviews import Opinion

MOST = 100
LINK_STATES = ("unchecked", "fine", "failing", "dead")


class ResourcesQuery(Schema):
    """The filters of the page: within one any code is enough (uses must all be allowed), all must hold together."""

    q = Words(validate=AtMost(200), **said("Words in any script."))
    subject = codes(MOST_CODES, "ISCED-F codes; a broad field finds its detailed ones.")
    level = codes(MOST_CODES, "ISCED 2011 levels.")
    language = codes(MOST_CODES, "BCP 47 tags; pt finds pt-BR.")
    use = fields.List(one_of(USES), validate=AtMost(len(USES)), **said("What its licence must allow."))
    type = fields.List(one_of(TYPES), validate=AtMost(len(TYPES)))
    facets = fields.Boolean(load_default=False, **said("Count what each further choice would find."))
    limit = fields.Integer(load_default=PAGE, validate=Between(1, MOST))
    cursor = Cursor()


class CountSchema(Schema):
    """A further choice and how many it would find."""

    code = fields.String(required=True)
    count = fields.Integer(required=True)


class OpinionSchema(Schema):
    """What peers say together; averages from three reviews on."""

    reviews = fields.Integer(required=True)
    averages = fields.Dict(keys=one_of(CRITERIA), values=fields.Float(), required=True)


class ResourceSchema(FacetedSchema, TranslatedSchema):
    """An open educational resource as lists show it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True, **said("Markdown."))
    lang = fields.String(required=True, **said("The language of title and description."))
    link = fields.String(required=True, **said("Where it is."))
    link_state = one_of(LINK_STATES, required=True)
    type = one_of(TYPES, required=True)
    licence = fields.String(required=True, **said("An SPDX identifier where there is one."))
    authors = fields.List(fields.String(), required=True)
    formats = fields.List(fields.String(), required=True, **said("Media types."))
    editable = fields.String(required=True, allow_none=True, **said("yes, partly or no; null: no format is named."))
    printable = fields.String(required=True, allow_none=True, **said("The same, in large numbers."))
    audiences = fields.List(one_of(AUDIENCES), required=True)
    community = fields.String(required=True, allow_none=True, **said("Where it is shared; null: with everyone."))
    opinion = fields.Nested(OpinionSchema, required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True)
    sample = fields.Boolean(required=True, **said("Made up, for trying things out."))
    url = fields.String(required=True, **said("The address of its page here."))


class ResourcesSchema(Schema):
    """A page of resources, the newest first."""

    resources = fields.List(fields.Nested(ResourceSchema), required=True)
    total = fields.Integer(**said("Counted with `facets`."))
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(CountSchema)))
    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


class BranchSchema(Schema):
    """A resource that this one was made from, or that was made from it, with what lies beyond."""

    relation = one_of(RELATIONS, required=True)
    link = fields.String(required=True)
    licence = fields.String(required=True, allow_none=True)
    id = fields.Integer(required=True, allow_none=True, **said("Where it stands here for you."))
    title = fields.String(required=True, allow_none=True)
    lang = fields.String(required=True, allow_none=True)
    branches = fields.List(fields.Nested(lambda: BranchSchema()), required=True)


class ResourceWholeSchema(ResourceSchema):
    """A resource, whole."""

    added_by = fields.Nested(NamedSchema, required=True, allow_none=True)
    sources = fields.List(fields.Nested(BranchSchema), required=True, **said("What it was made from."))
    made = fields.List(fields.Nested(BranchSchema), required=True, **said("What was made from it."))


def filters_from(query: dict[str, Any]) -> Filters:
    """The filters asked for; a code that does not exist is refused."""
    values, names = asked(query), ("subject", "level", "language")
    unknown: list[tuple[str, str]] = []
    for name in names:
        _alone, codes_ = read_filters(lambda other, name=name: values(name) if other == name else [])  # type: ignore[misc]
        unknown += [(name, code) for code in codes_]
    check(query, names, unknown)
    return read_filters(values)[0]


def as_counts(choices: Choices) -> dict[str, list[dict[str, Any]]]:
    """The counts of every further choice."""
    return {name: [{"code": code, "count": count} for code, count in rows] for name, rows in choices.counts.items()}


_SAID = ("id", "title", "description", "lang", "link_state", "type", "licence", "authors", "formats", "audiences",
         "created_at", "changed_at", "sample")  # fmt: skip


def as_resource(
    resource: Resource, texts: Translations, opinion: Opinion | None, communities: Mapping[int, Community]
) -> dict[str, Any]:
    """A resource as lists show it."""
    place, summary = communities.get(resource.community_id or 0), sum_up(resource.formats)
    return {
        **{name: getattr(resource, name) for name in _SAID},
        **texts.of(resource.id),
        "subjects": list(resource.codes(SUBJECT)),
        "levels": list(resource.codes(LEVEL)),
        "languages": list(resource.codes(LANGUAGE)),
        "link": resource.url,
        "editable": summary.editable if summary else None,
        "printable": summary.printable if summary else None,
        "community": place.slug if place is not None else None,
        "opinion": {"reviews": opinion.number, "averages": opinion.averages} if opinion is not None else None,
        "url": url_for("resources.show_resource", resource_id=resource.id),
    }


def as_branches(branches: tuple[Branch, ...]) -> list[dict[str, Any]]:
    """A lineage in one direction."""
    return [
        {
            "relation": branch.relation,
            "link": branch.url,
            "licence": branch.licence,
            "id": branch.resource.id if branch.resource else None,
            "title": branch.resource.title if branch.resource else None,
            "lang": branch.resource.lang if branch.resource else None,
            "branches": as_branches(branch.branches),
        }
        for branch in branches
    ]
