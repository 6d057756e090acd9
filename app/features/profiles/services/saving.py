"""Setting facets on a profile: row by row, so that what stays is not written anew."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, TypeVar

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Conflict, Forbidden
from app.core.messages import N_
from app.features.profiles.models import (
    NEED,
    OFFER,
    PARTS,
    SUGGESTED_AS,
    Institution,
    InstitutionName,
    Person,
    Profile,
    ProfileActivity,
    ProfileHours,
    ProfileLanguage,
    ProfileLevel,
    ProfileRefusal,
    ProfileSubject,
    ProfileTag,
    ProfileText,
)
from app.features.profiles.policies import can_edit, can_edit_person
from app.features.profiles.queries.delegates import find_role
from app.features.profiles.services.changes import note_change
from app.features.profiles.services.checking import check_facets, said
from app.features.profiles.services.facets import ActivityFacet, Facets, HoursFacet, LanguageFacet, NameFacet
from app.features.profiles.services.vouching import lapse_with_website, tell_of_names

Row = TypeVar("Row")


class ChangedElsewhere(Conflict):
    """The profile was changed, in another tab or by somebody else, since the form was opened."""

    message = N_("This was changed elsewhere while you were writing. Nothing was overwritten.")


def _sync(rows: list[Row], wanted: dict[Hashable, Row], key: Callable[[Row], Hashable]) -> None:
    """Make ``rows`` hold what is ``wanted``: others go, missing ones come; those that stay are left to the caller."""
    present = {key(row) for row in rows}
    rows[:] = [row for row in rows if key(row) in wanted]
    rows.extend(row for name, row in wanted.items() if name not in present)


def _set_subjects(profile: Profile, codes: Iterable[str]) -> None:
    _sync(profile.subjects, {code: ProfileSubject(code=code) for code in codes}, lambda row: row.code)


def _set_levels(profile: Profile, codes: Iterable[str]) -> None:
    _sync(profile.levels, {code: ProfileLevel(code=code) for code in codes}, lambda row: row.code)


def _set_tags(profile: Profile, tags: Iterable[str]) -> None:
    _sync(profile.tags, {tag: ProfileTag(tag=tag) for tag in tags}, lambda row: row.tag)


def _set_languages(profile: Profile, languages: Iterable[LanguageFacet]) -> None:
    wanted = {x.tag: x for x in languages}
    _sync(profile.languages, {tag: ProfileLanguage(tag=tag) for tag in wanted}, lambda row: row.tag)
    for row in profile.languages:
        facet = wanted[row.tag]
        row.level, row.teaches, row.accepts = facet.level or 1, facet.teaches, facet.accepts


def _set_activities(profile: Profile, direction: str, activities: Iterable[ActivityFacet]) -> None:
    wanted: dict[Hashable, ProfileActivity] = {
        (a.code, a.subject, a.language): ProfileActivity(
            direction=direction, code=a.code, subject=a.subject, language=a.language
        )
        for a in activities
    }
    rows = [row for row in profile.activities if row.direction == direction]
    others = [row for row in profile.activities if row.direction != direction]
    _sync(rows, wanted, lambda row: (row.code, row.subject, row.language))
    profile.activities[:] = others + rows


def _set_texts(profile: Profile, field: str, texts: dict[str, str]) -> None:
    rows = [row for row in profile.texts if row.field == field]
    others = [row for row in profile.texts if row.field != field]
    _sync(rows, {lang: ProfileText(field=field, lang=lang) for lang in texts}, lambda row: row.lang)
    for row in rows:
        row.text = texts[row.lang]
    profile.texts[:] = others + rows


def _set_refusals(profile: Profile, kinds: Iterable[str]) -> None:
    asked = [kind for kind in kinds if kind in SUGGESTED_AS[profile.kind]]
    _sync(profile.refusals, {kind: ProfileRefusal(kind=kind) for kind in asked}, lambda row: row.kind)


def _set_names(institution: Institution, names: Iterable[NameFacet]) -> None:
    listed = list(names)
    wanted: dict[Hashable, InstitutionName] = {
        (n.name, n.lang, n.kind): InstitutionName(name=n.name, lang=n.lang, kind=n.kind, main=False) for n in listed
    }
    _sync(institution.names, wanted, lambda row: (row.name, row.lang, row.kind))
    first = listed[0]
    for row in institution.names:
        row.main = (row.name, row.lang, row.kind) == (first.name, first.lang, first.kind)


def _set_audiences(person: Person, audiences: dict[str, str]) -> None:
    # A new mapping: the column would not notice a change inside the old one.
    person.audiences = {**PARTS, **person.audiences, **audiences}


def _set_hours(person: Person, hours: Iterable[HoursFacet]) -> None:
    wanted: dict[Hashable, ProfileHours] = {
        (h.weekday, h.begin): ProfileHours(weekday=h.weekday, begin=h.begin, end=h.end) for h in hours
    }
    _sync(person.hours, wanted, lambda row: (row.weekday, row.begin))
    for row in person.hours:
        row.end = wanted[row.weekday, row.begin].end


_COLUMNS = {"country", "city", "timezone", "suggestible", "monthly_contacts"}
_SHARED: dict[str, Callable[[Any, Any], None]] = {
    "subjects": _set_subjects,
    "levels": _set_levels,
    "languages": _set_languages,
    "tags": _set_tags,
    "offers": lambda profile, rows: _set_activities(profile, OFFER, rows),
    "needs": lambda profile, rows: _set_activities(profile, NEED, rows),
    "about": lambda profile, texts: _set_texts(profile, "about", texts),
    "interests": lambda profile, texts: _set_texts(profile, "interests", texts),
    "not_suggested_as": _set_refusals,
}
_OF_KIND: dict[type[Profile], tuple[set[str], dict[str, Callable[[Any, Any], None]]]] = {
    Person: ({"name", "name_lang"}, {"audiences": _set_audiences, "hours": _set_hours}),
    Institution: ({"type", "website"}, {"names": _set_names}),
}


def apply_facets(profile: Profile, facets: Facets) -> None:
    """Set checked facets; what belongs to the other kind of profile is passed over."""
    columns, setters = _OF_KIND[type(profile)]
    for name, value in said(facets):
        if name in _COLUMNS | columns:
            setattr(profile, name, value)
        elif name in _SHARED:
            _SHARED[name](profile, value)
        elif name in setters:
            setters[name](profile, value)


def check_may_edit(session: Session, actor: Actor, profile: Profile) -> None:
    """Raise unless the actor may change what is said of the profile."""
    if isinstance(profile, Person) and can_edit_person(actor, profile):
        return
    if isinstance(profile, Institution) and can_edit(actor, profile, find_role(session, actor, profile.id)):
        return
    raise Forbidden


def update_facets(session: Session, actor: Actor, profile: Profile, facets: Facets, version: int | None = None) -> None:
    """Change a profile; raises `ChangedElsewhere` where it has moved on since the form was opened with ``version``.

    Saving anything also confirms that the profile still holds.
    """
    check_may_edit(session, actor, profile)
    checked = check_facets(facets)
    if version is not None and version != profile.version:
        raise ChangedElsewhere
    before = (profile.website, [row.name for row in profile.names]) if isinstance(profile, Institution) else (None, [])
    apply_facets(profile, checked)
    if isinstance(profile, Institution):
        lapse_with_website(session, profile, before[0])
        tell_of_names(session, actor, profile, before[1])
    profile.confirmed_at = now()
    try:
        note_change(session, profile)
    except StaleDataError:
        raise ChangedElsewhere from None


def confirm_profile(session: Session, actor: Actor, profile: Profile) -> None:
    """Say that everything is still true."""
    check_may_edit(session, actor, profile)
    profile.confirmed_at = now()
    note_change(session, profile)
