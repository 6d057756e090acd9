"""Profiles as they are taken and given."""

from __future__ import annotations

from typing import Any

from flask import url_for
from marshmallow import Schema, fields

from app.features.api.schemas.fields import Body, Whole, Words, YesNo, codes, one_of, said
from app.features.profiles.models import AUDIENCES, PARTS, SUGGESTED_AS, Institution, Person, Profile
from app.features.profiles.queries.visible import ProfileView
from app.features.profiles.services.facets import ActivityFacet, Facets, LanguageFacet, NameFacet, facets_of
from app.features.profiles.views.cards import address_of, title_of
from app.features.vocabularies.queries import CEFR, cefr_code

KINDS = ("person", "institution")
NAME_KINDS = ("label", "alias", "acronym")
_SUGGESTED_AS = tuple(dict.fromkeys(kind for kinds in SUGGESTED_AS.values() for kind in kinds))


class LanguageBody(Body):
    """A language, how well it is known, and what is accepted in others."""

    tag = Words(required=True, **said("A BCP 47 tag."))
    cefr = one_of(CEFR, required=True)
    teaches = YesNo(load_default=False)
    accepts = one_of(CEFR, load_default="B1")


class ActivityBody(Body):
    """Something offered or needed, with its subject and its language if it has one."""

    code = Words(required=True, **said("A code of the vocabulary activity."))
    subject = Words(allow_none=True, load_default=None)
    language = Words(allow_none=True, load_default=None)


class NameBody(Body):
    """A name of an institution."""

    name = Words(required=True)
    lang = Words(allow_none=True, load_default=None)
    kind = one_of(NAME_KINDS, load_default="label")


def _texts() -> fields.Dict:
    return fields.Dict(keys=Words(), values=Words(), **said("Language tag to text."))


class FacetsBody(Body):
    """What may be changed of a profile; what is not named stays as it is."""

    version = Whole(**said("As read before; where the profile has moved on since, nothing is changed (409)."))
    country = Words(allow_none=True)
    city = Words(allow_none=True)
    timezone = Words(allow_none=True)
    subjects = codes(15, "ISCED-F 2013 codes.")
    levels = codes(10, "ISCED 2011 levels, nf for non-formal.")
    languages = fields.List(fields.Nested(LanguageBody))
    offers = fields.List(fields.Nested(ActivityBody))
    needs = fields.List(fields.Nested(ActivityBody))
    tags = fields.List(Words())
    about = _texts()
    interests = _texts()
    suggestible = YesNo()
    not_suggested_as = fields.List(one_of(_SUGGESTED_AS), **said("As what not to suggest it to others all the same."))
    monthly_contacts = Whole(allow_none=True, **said("How many new contacts a month are welcome; null: left open."))


class PersonBody(FacetsBody):
    """What a person may change of their own profile."""

    name = Words()
    name_lang = Words(allow_none=True)
    audiences = fields.Dict(
        keys=one_of(PARTS), values=one_of(AUDIENCES), **said("Who may see each part: " + ", ".join(PARTS) + ".")
    )


class InstitutionBody(FacetsBody):
    """What owners and editors may change of an institution."""

    names = fields.List(fields.Nested(NameBody), **said("All names, the main one first."))
    type = Words()
    website = Words(allow_none=True)


def facets_from(data: dict[str, Any]) -> Facets:
    """A checked body as the facets to set."""
    said: dict[str, Any] = {name: value for name, value in data.items() if name != "version"}
    if "languages" in said:
        said["languages"] = tuple(
            LanguageFacet(row["tag"], CEFR.index(row["cefr"]) + 1, row["teaches"], CEFR.index(row["accepts"]) + 1)
            for row in said["languages"]
        )
    for direction in ("offers", "needs"):
        if direction in said:
            said[direction] = tuple(ActivityFacet(**row) for row in said[direction])
    if "names" in said:
        said["names"] = tuple(NameFacet(**row) for row in said["names"])
    return Facets(**said)


class LanguageSchema(Schema):
    """A language of a profile."""

    tag = fields.String(required=True)
    cefr = fields.String(required=True)
    teaches = fields.Boolean(required=True)
    accepts = fields.String(required=True, **said("The lowest level accepted in others."))
    shared = fields.Boolean(**said("Whether the reader and the profile can work in it."))


class ActivitySchema(Schema):
    """Something offered or needed."""

    code = fields.String(required=True)
    subject = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)


class NameSchema(Schema):
    """A name of an institution."""

    name = fields.String(required=True)
    lang = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)


class NamedSchema(Schema):
    """A profile in brief."""

    id = fields.String(required=True, **said("The handle, as in addresses."))
    name = fields.String(required=True, **said("A description where the name is not open to the reader."))
    kind = one_of(KINDS, required=True)
    url = fields.String(required=True, **said("The address of its page."))


class RoleSchema(NamedSchema):
    """Somebody who acts for an institution, or the institution they act for."""

    role = fields.String(required=True)


class DescribedSchema(NamedSchema):
    """What every profile is described by."""

    name_lang = fields.String(required=True, allow_none=True)
    country = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    timezone = fields.String(required=True, allow_none=True)
    subjects = fields.List(fields.String(), required=True)
    levels = fields.List(fields.String(), required=True)
    languages = fields.List(fields.Nested(LanguageSchema), required=True)
    offers = fields.List(fields.Nested(ActivitySchema), required=True)
    needs = fields.List(fields.Nested(ActivitySchema), required=True)
    tags = fields.List(fields.String(), required=True)
    confirmed_at = fields.DateTime(required=True)
    sample = fields.Boolean(required=True, **said("Made up, for trying things out."))


class WordsSchema(Schema):
    """What a profile says at length."""

    about = fields.Dict(keys=fields.String(), values=fields.String(), required=True, **said("Language tag to text."))
    interests = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    monthly_contacts = fields.Integer(required=True, allow_none=True)


class CardSchema(DescribedSchema):
    """A profile as far as the reader may see it; what is closed to them is null or empty."""

    connected = fields.Boolean(required=True, **said("Whether the reader and the profile are connected."))
    open_parts = fields.List(fields.String(), required=True, **said("The parts the reader may see."))
    type = fields.String(allow_none=True)
    verified_by = fields.String(allow_none=True)
    claimed = fields.Boolean(**said("False for an imported institution that nobody acts for yet."))


class ProfileSchema(CardSchema, WordsSchema):
    """A person or an institution, whole."""


class PersonSchema(ProfileSchema):
    """A person."""

    institutions = fields.List(fields.Nested(RoleSchema), required=True)


class InstitutionSchema(ProfileSchema):
    """An institution."""

    version = fields.Integer(required=True)
    names = fields.List(fields.Nested(NameSchema), required=True)
    website = fields.String(required=True, allow_none=True)
    ror_id = fields.String(required=True, allow_none=True)
    ror_status = fields.String(required=True, allow_none=True)
    verified_at = fields.DateTime(required=True, allow_none=True)
    people = fields.List(fields.Nested(RoleSchema), required=True)


class OwnProfileSchema(DescribedSchema, WordsSchema):
    """One's own profile as it is stored."""

    version = fields.Integer(required=True)
    audiences = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    suggestible = fields.Boolean(required=True)
    not_suggested_as = fields.List(one_of(_SUGGESTED_AS), required=True)


def named(view: ProfileView) -> dict[str, Any]:
    """A profile in brief."""
    return {"id": view.handle, "name": title_of(view), "kind": view.kind, "url": address_of(view)}


def _seen_languages(view: ProfileView) -> list[dict[str, Any]]:
    return [
        {
            "tag": x.tag, "cefr": x.level, "teaches": x.teaches, "accepts": cefr_code(x.accepts), "shared": x.shared
        }
        for x in view.languages
    ]  # fmt: skip


_SEEN = ("name_lang", "country", "city", "timezone", "subjects", "levels", "offers", "needs", "tags", "confirmed_at",
         "sample", "connected")  # fmt: skip


def card(view: ProfileView) -> dict[str, Any]:
    """A profile as a list shows it."""
    found = {name: getattr(view, name) for name in _SEEN}
    if view.is_institution:
        found |= {"type": view.type, "verified_by": view.verified_by, "claimed": view.claimed}
    return {**named(view), **found, "languages": _seen_languages(view), "open_parts": sorted(view.open_parts)}


def whole(profile: Profile, view: ProfileView, roles: list[tuple[ProfileView, str]]) -> dict[str, Any]:
    """A profile with its texts in every language, as far as open, and who acts for it or for whom it acts."""
    stored = facets_of(profile)
    others = [{**named(other), "role": role} for other, role in roles]
    found = {
        **card(view),
        "about": stored.about if view.about else {},
        "interests": stored.interests if view.interests else {},
        "monthly_contacts": view.monthly_contacts,
    }
    if isinstance(profile, Institution):
        more = {name: getattr(view, name) for name in ("names", "website", "ror_id", "ror_status", "verified_at")}
        return {**found, **more, "people": others, "version": profile.version}
    return {**found, "institutions": others}


def own(person: Person) -> dict[str, Any]:
    """One's own profile, in the form in which it can be sent back."""
    stored = facets_of(person)
    found: dict[str, Any] = {name: getattr(stored, name) for name in Facets.__dataclass_fields__}
    found["languages"] = [
        {"tag": x.tag, "cefr": cefr_code(x.level or 1), "teaches": x.teaches, "accepts": cefr_code(x.accepts)}
        for x in found["languages"]
    ]
    return {
        **found,
        "id": person.handle,
        "kind": person.kind,
        "url": url_for("profiles.show_person", handle=person.handle),
        "version": person.version,
        "audiences": {**PARTS, **dict(person.audiences)},
        "confirmed_at": person.confirmed_at,
        "sample": person.sample,
    }
