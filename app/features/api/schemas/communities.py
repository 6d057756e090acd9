"""Communities as they are asked and given, with their charters and one's own place in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from flask import url_for
from marshmallow import Schema, fields, validate

from app.features.api.schemas.fields import AtMost, Between, Body, Cursor, Whole, Words, codes, one_of, said
from app.features.api.schemas.filtering import ChoiceSchema, asked, check
from app.features.api.schemas.profiles import NamedSchema, named
from app.features.api.schemas.translations import TranslatedSchema, Translations
from app.features.communities.models import (
    ACTIVE,
    ASKED,
    CHARTER_PARTS,
    JOINING,
    LEFT,
    READING,
    REMOVED,
    ROLES,
    STATES,
    TEMPLATES,
    Charter,
    Community,
    Member,
)
from app.features.communities.queries.finding import FACET_NAMES, LONGEST_TEXT, PAGE, Filters, read_filters
from app.features.profiles.queries.directory.filters import MOST_CODES
from app.features.profiles.queries.visible import ProfileView

MOST = 100


class CommunitiesQuery(Schema):
    """The filters of the page: within one any code is enough, all filters together must hold."""

    q = Words(validate=AtMost(LONGEST_TEXT), **said("Words in any script, of the name or the summary."))
    subject = codes(MOST_CODES, "ISCED-F codes; also finds what is for a broader field.")
    language = codes(MOST_CODES, "BCP 47 tags; pt finds pt-BR.")
    level = codes(MOST_CODES, "ISCED 2011 levels.")
    place = codes(MOST_CODES, "Countries (ISO 3166) and regions (M49); also finds what is for all that hold them.")
    template = fields.List(one_of(TEMPLATES), validate=AtMost(len(TEMPLATES)))
    state = fields.List(
        one_of(STATES), validate=AtMost(len(STATES)), **said("Without it all but those that are closed.")
    )
    facets = fields.Boolean(load_default=False, **said("Count what each further choice would find."))
    limit = fields.Integer(load_default=PAGE, validate=Between(1, MOST))
    cursor = Cursor()


class FacetedSchema(Schema):
    """What a community, a network or a resource is for."""

    subjects = fields.List(fields.String(), required=True, **said("ISCED-F 2013."))
    levels = fields.List(fields.String(), required=True, **said("ISCED 2011."))
    languages = fields.List(fields.String(), required=True)


class CommunityNameSchema(Schema):
    """A community in brief."""

    id = fields.String(required=True, **said("Its name in addresses."))
    name = fields.String(required=True)
    lang = fields.String(required=True, **said("The language of its texts."))
    url = fields.String(required=True, **said("The address of its page."))


class CommunitySchema(CommunityNameSchema, FacetedSchema, TranslatedSchema):
    """A community as lists show it."""

    summary = fields.String(required=True)
    template = one_of(TEMPLATES, required=True)
    state = one_of(STATES, required=True)
    joining = one_of(JOINING, required=True, **said("Who can come in: whoever wants, asks, or was invited."))
    reading = one_of(READING, required=True, **said("Who reads what is written inside."))
    places = fields.List(fields.String(), required=True, **said("Countries and regions."))
    members = fields.Integer(required=True)
    joined = fields.Boolean(required=True, **said("Whether you belong to it."))
    created_at = fields.DateTime(required=True)
    active_at = fields.DateTime(required=True)
    sample = fields.Boolean(required=True, **said("Made up, for trying things out."))


class CommunitiesSchema(Schema):
    """A page of communities: where something happened last comes first."""

    total = fields.Integer(required=True)
    communities = fields.List(fields.Nested(CommunitySchema), required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(ChoiceSchema)))
    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


class MembershipSchema(Schema):
    """Somebody's own place in a community."""

    state = one_of((ACTIVE, ASKED, LEFT, REMOVED), required=True)
    role = one_of(ROLES, required=True, allow_none=True, **said("Null for who does not belong to it now."))
    joined_at = fields.DateTime(required=True, allow_none=True)
    charter_version = fields.Integer(required=True, allow_none=True, **said("The version you accepted last."))
    muted_until = fields.DateTime(required=True, allow_none=True)
    removed_until = fields.DateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True, **said("Why you were muted, removed or not let in."))


class OwnCommunitiesQuery(Schema):
    """A page of your communities."""

    limit = fields.Integer(load_default=PAGE, validate=Between(1, MOST))
    cursor = Cursor()


class OwnCommunitySchema(CommunitySchema):
    """A community you belong to."""

    membership = fields.Nested(MembershipSchema, required=True)


class OwnCommunitiesSchema(Schema):
    """A page of the communities you belong to: where something happened last comes first."""

    communities = fields.List(fields.Nested(OwnCommunitySchema), required=True)
    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)


class ChapterSchema(Schema):
    """Of which community this is a chapter, and for what."""

    of = fields.Nested(CommunityNameSchema, required=True, allow_none=True)
    kind = one_of(("country", "language"), required=True)
    code = fields.String(required=True)


class CommunityWholeSchema(CommunitySchema):
    """A community, whole."""

    canvas = fields.Dict(keys=fields.String(), values=fields.String(), required=True, **said("Part to Markdown."))
    questions = fields.List(fields.String(), required=True, **said("What those who ask to join answer."))
    chapter = fields.Nested(ChapterSchema, required=True, allow_none=True)
    coordinators = fields.List(fields.Nested(NamedSchema), required=True)
    readers = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        **said("How many members read each language at B1 or better, of those who show you."),
    )
    charter_version = fields.Integer(required=True, allow_none=True, **said("The version in force."))
    membership = fields.Nested(MembershipSchema, required=True, allow_none=True)
    obstacle = fields.String(required=True, allow_none=True, **said("Why you cannot write here, in your language."))


class JoinBody(Body):
    """Coming in, or asking to."""

    charter = Whole(allow_none=True, load_default=None, **said("The version of the charter that you read and accept."))
    answers = fields.List(
        Words(),
        load_default=list,
        validate=AtMost(5),
        **said("The answers to the community's questions, in order."),
    )
    lang = Words(allow_none=True, load_default=None, **said("The BCP 47 tag of the language of the answers."))


class LeaveQuery(Schema):
    """Whether the last coordinator leaves all the same."""

    even_so = fields.Boolean(load_default=False, **said("Leave also where nobody else coordinates it."))


class CharterQuery(Schema):
    """Which version."""

    version = fields.Integer(validate=Between(1, 2**31 - 1), **said("Without it the one in force."))


class CharterVersionsQuery(Schema):
    """A page of versions."""

    cursor = Words(validate=validate.Regexp(r"^[0-9]{1,9}\Z"), **said("`next` of an earlier answer."))


class CharterVersionSchema(Schema):
    """A version of a charter."""

    version = fields.Integer(required=True)
    note = fields.String(required=True, **said("What changed, in the words of who changed it."))
    small = fields.Boolean(required=True, **said("A small correction: members are not asked to accept it."))
    created_at = fields.DateTime(required=True)
    by = fields.Nested(NamedSchema, required=True, allow_none=True)


class CharterSchema(CharterVersionSchema, TranslatedSchema):
    """A charter. Translations are of the version in force."""

    in_force = fields.Boolean(required=True)
    lang = fields.String(required=True)
    parts = fields.Dict(
        keys=one_of(CHARTER_PARTS), values=fields.String(), required=True, **said("Part to text in Markdown.")
    )
    licence = fields.String(required=True, **said("The SPDX identifier of the licence of what is made here."))
    divergence = fields.Dict(
        keys=one_of(CHARTER_PARTS),
        values=fields.String(),
        required=True,
        **said("Of a chapter: the parts that differ from its parent's charter, and where they were changed."),
    )


class CharterVersionsSchema(Schema):
    """A page of versions, the newest first."""

    versions = fields.List(fields.Nested(CharterVersionSchema), required=True)
    next = fields.String(required=True, allow_none=True)


def filters_from(query: dict[str, Any]) -> Filters:
    """The filters asked for; a code that does not exist is refused."""
    filters, unknown = read_filters(asked(query))
    check(query, FACET_NAMES, unknown)
    return filters


def as_name(community: Community) -> dict[str, Any]:
    """A community in brief."""
    url = url_for("communities.show_community", slug=community.slug)
    return {"id": community.slug, "name": community.name, "lang": community.lang, "url": url}


_SAID = ("summary", "template", "state", "joining", "reading", "created_at", "active_at", "sample")


def as_community(community: Community, texts: Translations, joined: Collection[int]) -> dict[str, Any]:
    """A community as lists show it."""
    return {
        **as_name(community),
        **{name: getattr(community, name) for name in _SAID},
        **{f"{kind}s": list(community.codes(kind)) for kind in FACET_NAMES},
        **texts.of(community.id),
        "members": community.member_count,
        "joined": community.id in joined,
    }


def as_membership(member: Member) -> dict[str, Any]:
    """Somebody's own place; why somebody was asked to be quiet is theirs to read."""
    names = ("state", "joined_at", "charter_version", "muted_until", "removed_until")
    role = member.role if member.state == ACTIVE else None
    return {**{name: getattr(member, name) for name in names}, "role": role, "reason": member.measure_reason or None}


def as_version(charter: Charter, views: Mapping[int, ProfileView]) -> dict[str, Any]:
    """A version without its texts."""
    by = views.get(charter.created_by or 0)
    names = ("version", "note", "small", "created_at")
    return {**{name: getattr(charter, name) for name in names}, "by": named(by) if by is not None else None}
