"""The sections of which a profile is made, in the order in which they are shown."""

from __future__ import annotations

from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.exchange import ExchangeForm
from app.features.profiles.forms.hours import HoursForm
from app.features.profiles.forms.place import InstitutionPlaceForm, NamesForm, PersonPlaceForm
from app.features.profiles.forms.reach import ContactsForm, InstitutionContactsForm, VisibilityForm
from app.features.profiles.forms.teaching import (
    InstitutionLanguagesForm,
    InstitutionTeachingForm,
    LanguagesForm,
    TeachingForm,
)
from app.features.profiles.forms.texts import InstitutionTextsForm, TextsForm
from app.features.profiles.models import INSTITUTION, PERSON

_PERSON: tuple[type[SectionForm], ...] = (
    PersonPlaceForm,
    HoursForm,
    TeachingForm,
    LanguagesForm,
    ExchangeForm,
    TextsForm,
    VisibilityForm,
    ContactsForm,
)
_INSTITUTION: tuple[type[SectionForm], ...] = (
    NamesForm,
    InstitutionPlaceForm,
    InstitutionTeachingForm,
    InstitutionLanguagesForm,
    ExchangeForm,
    InstitutionTextsForm,
    InstitutionContactsForm,
)
SECTIONS = {
    PERSON: {form.section: form for form in _PERSON},
    INSTITUTION: {form.section: form for form in _INSTITUTION},
}
