"""Names and places of persons and institutions."""

from __future__ import annotations

from functools import cache
from typing import Any

import wtforms
from babel.core import get_global
from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField, RadioField
from wtforms.validators import DataRequired

from app.core.web.forms import Form, LineField
from app.core.web.i18n import current_locale
from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.fields import OneOf, Rows, VocabularyField
from app.features.profiles.models import Profile
from app.features.profiles.services.checking import timezones
from app.features.profiles.services.facets import Facets, NameFacet
from app.features.vocabularies.queries import autonym

NAME_KINDS = [("label", _l("Full name")), ("alias", _l("Also known as")), ("acronym", _l("Short form"))]


@cache
def _zones_of(country: str) -> tuple[str, ...]:
    territories = get_global("zone_territories")
    return tuple(zone for zone in timezones() if territories.get(zone) == country)


def only_zone(country: str | None) -> str | None:
    """The time zone of a country that has just one; where it has several, only its people can say which is theirs."""
    zones = _zones_of(country) if country else ()
    return zones[0] if len(zones) == 1 else None


def timezone_choices(country: str | None) -> dict[str | None, list[tuple[str, str]]]:
    """Time zones by name, those of ``country`` first."""
    near = _zones_of(country) if country else ()
    groups: dict[str | None, list[tuple[str, str]]] = {None: [("", str(_l("Not said")))]}
    if near:
        groups[str(_l("In your country"))] = [(zone, _spoken(zone)) for zone in near]
    groups[str(_l("All"))] = [(zone, _spoken(zone)) for zone in timezones() if zone not in near]
    return groups


def _spoken(zone: str) -> str:
    return zone.replace("_", " ").replace("/", " – ")


class PlaceFields(SectionForm):
    """Country, city and time zone."""

    country = VocabularyField(_l("Country"), "country")
    city = LineField(_l("City or town"))
    timezone = OneOf(_l("Time zone"), description=_l("So that others know when it is day where you are."))

    def prepare(self, profile: Profile, facets: Facets) -> None:
        """Put the time zones of the country first."""
        self.timezone.choices = timezone_choices(self.country.data)

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored."""
        return {
            "name": facets.name,
            "name_lang": facets.name_lang or "",
            "country": facets.country or "",
            "city": facets.city or "",
            "timezone": facets.timezone or "",
            "type": facets.type,
            "website": facets.website or "",
        }


class PersonPlaceForm(PlaceFields):
    """A person's name and place."""

    section, title = "place", _l("Name and place")
    name = LineField(_l("Your name"), validators=[DataRequired(_l("Please write your name."))])
    name_lang = VocabularyField(
        _l("Language of your name"), "language", description=_l("So that it is read aloud and shown well.")
    )

    def facets(self) -> Facets:
        """Name and place."""
        return Facets(
            name=self.name.data or "",
            name_lang=self.name_lang.data or None,
            country=self.country.data or None,
            city=self.city.data or None,
            timezone=self.timezone.data or None,
        )


class InstitutionPlaceForm(PlaceFields):
    """An institution's kind, place and website."""

    section, title = "place", _l("Kind and place")
    type = VocabularyField(_l("What kind of institution is it?"), "institution_type")
    website = LineField(_l("Website"), description=_l("It looks like https://www.example.org"))

    def facets(self) -> Facets:
        """Kind, place and website."""
        return Facets(
            type=self.type.data or "other",
            website=self.website.data or None,
            country=self.country.data or None,
            city=self.city.data or None,
            timezone=self.timezone.data or None,
        )


class NameRow(wtforms.Form):
    """One name of an institution."""

    name = LineField(_l("Name"))
    lang = HiddenField()
    kind = OneOf(_l("What is it?"), choices=NAME_KINDS)

    @property
    def language(self) -> str:
        """The own name of the language the name is in."""
        return autonym(str(self.lang.data)) if self.lang.data else ""


class NamesForm(SectionForm):
    """The names of an institution in its languages; one is the main one."""

    section, title = "names", _l("Names")
    lead = _l("In every language it goes by. All of them are found by searching.")
    names = Rows(FormField(NameRow), label=_l("Names"))
    main = RadioField(_l("Main name"), choices=[], validate_choice=False)
    new_name = LineField(_l("Another name"))
    new_lang = VocabularyField(_l("Its language"), "language")
    new_kind = OneOf(_l("What is it?"), choices=NAME_KINDS)

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored, the main name first."""
        rows = [{"name": n.name, "lang": n.lang or "", "kind": n.kind} for n in facets.names]  # type: ignore[union-attr]
        return {"names": rows, "main": "0", "new_lang": current_locale().code, "new_kind": "label"}

    def add(self, target: str) -> None:
        """Make a row of the name typed below the others."""
        if target == "names":
            self._take_new()

    def _take_new(self) -> None:
        if self.new_name.data:
            row = {"name": self.new_name.data, "lang": self.new_lang.data or "", "kind": self.new_kind.data or "label"}
            self.names.add(row)
            self.new_name.data = ""

    def facets(self) -> Facets:
        """The names, the main one first."""
        self._take_new()
        rows = [
            NameFacet(e.form.name.data or "", e.form.lang.data or None, e.form.kind.data or "label") for e in self.names
        ]
        chosen = str(self.main.data or "")
        first = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 4 else 0
        if first < len(rows):
            rows.insert(0, rows.pop(first))
        return Facets(names=tuple(rows))


class NewInstitutionForm(Form):
    """What makes an institution."""

    name = LineField(_l("Its name"), validators=[DataRequired(_l("Please write the name."))])
    lang = VocabularyField(_l("Language of this name"), "language")
    type = VocabularyField(_l("What kind of institution is it?"), "institution_type")
    country = VocabularyField(_l("Country"), "country")
    city = LineField(_l("City or town"))
    website = LineField(_l("Website"), description=_l("It looks like https://www.example.org"))

    def facets(self) -> Facets:
        """A first description."""
        return Facets(
            names=(NameFacet(self.name.data or "", self.lang.data or None),),
            type=self.type.data or "other",
            country=self.country.data or None,
            city=self.city.data or None,
            website=self.website.data or None,
        )
