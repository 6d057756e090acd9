"""Persons and institutions, as far as you may see them, and your own profile."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request

from app.core.errors import Conflict, NotFound
from app.core.messages import N_
from app.core.web.identity import current_actor
from app.core.web.sessions import db
from app.features.api import queries
from app.features.api.describing import operations
from app.features.api.schemas.profiles import (
    InstitutionBody,
    InstitutionSchema,
    OwnProfileSchema,
    PersonBody,
    PersonSchema,
    facets_from,
    own,
    whole,
)
from app.features.profiles.models import Institution, Person, Profile
from app.features.profiles.queries.visible import present
from app.features.profiles.services.saving import check_may_edit, update_facets
from app.features.profiles.views.cards import reading_languages

_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The ETag as read before; where the profile has moved on since, nothing is changed (412).",
}
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "The version, for If-Match."}}


class Moved(Conflict):
    """The profile is not the one named by If-Match any more."""

    status = 412
    message = N_("This was changed elsewhere while you were writing. Nothing was overwritten.")


def _etag(profile: Profile) -> str:
    return str(profile.version)


def _answer(body: Any, profile: Profile) -> Response:
    response = jsonify(body)
    response.set_etag(_etag(profile))
    return response


def _check_match(profile: Profile) -> None:
    # Compressing proxies weaken an ETag; the version in it says the same.
    if "If-Match" in request.headers and not request.if_match.contains_weak(_etag(profile)):
        raise Moved


def _own(person: Person) -> Response:
    return _answer(OwnProfileSchema().dump(own(person)), person)


@operations.response(200, OwnProfileSchema, headers=_ETAG)
def read_own_profile() -> Response:
    """Your own profile, as it is stored."""
    return _own(queries.get_own_person(db(), current_actor()))


@operations.doc(parameters=[_IF_MATCH])
@operations.arguments(PersonBody, location="json", required=False)
@operations.response(200, OwnProfileSchema, headers=_ETAG)
def change_own_profile(body: dict[str, Any]) -> Response:
    """Change parts of your own profile.

    Lists and maps are replaced as a whole. Saving anything, even nothing, also confirms that the profile still holds.
    """
    session, actor = db(), current_actor()
    person = queries.get_own_person(session, actor)
    _check_match(person)
    update_facets(session, actor, person, facets_from(body), body.get("version"))
    return _own(person)


@operations.response(200, PersonSchema)
def read_person(handle: str) -> dict[str, Any]:
    """A person, as far as you may see them."""
    session, actor, reading = db(), current_actor(), reading_languages()
    person, view = queries.get_person_view(session, actor, handle, reading)
    shown = "institutions" in view.open_parts
    return whole(person, view, queries.list_institutions_of(session, actor, person, reading) if shown else [])


def _institution(institution: Institution) -> Response:
    session, actor, reading = db(), current_actor(), reading_languages()
    view = present(session, actor, institution, reading)
    if view is None:
        raise NotFound
    people = queries.list_people_of(session, actor, institution, reading)
    return _answer(InstitutionSchema().dump(whole(institution, view, people)), institution)


@operations.response(200, InstitutionSchema, headers=_ETAG)
def read_institution(handle: str) -> Response:
    """An institution, with those who act for it; one that was merged into another leads to that one."""
    return _institution(queries.get_open_institution(db(), handle))


@operations.doc(parameters=[_IF_MATCH])
@operations.arguments(InstitutionBody, location="json", required=False)
@operations.response(200, InstitutionSchema, headers=_ETAG)
def change_institution(body: dict[str, Any], handle: str) -> Response:
    """Change parts of an institution you act for as owner or editor.

    Lists and maps are replaced as a whole. Saving anything, even nothing, also confirms that the profile still holds.
    """
    session, actor = db(), current_actor()
    institution = queries.get_open_institution(session, handle)
    if present(session, actor, institution) is None:
        raise NotFound
    check_may_edit(session, actor, institution)
    _check_match(institution)
    update_facets(session, actor, institution, facets_from(body), body.get("version"))
    return _institution(institution)
