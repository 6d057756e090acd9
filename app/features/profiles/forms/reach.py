"""Who sees what, and who may get in touch."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, ValidationError

from app.core.web.forms import LineField
from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.fields import OneOf
from app.features.profiles.models import PARTS
from app.features.profiles.services.facets import Facets

AUDIENCE_NAMES = [
    ("everyone", _l("Everyone, also without signing in")),
    ("members", _l("Members who are signed in")),
    ("connections", _l("My connections")),
    ("me", _l("Only me")),
]


class VisibilityForm(SectionForm):
    """For each part of the profile, who may see it."""

    section, title = "visibility", _l("Who sees what")
    lead = _l("You decide for each part. Your country always stands on your card; nothing else has to.")
    name = OneOf(_l("Your name"), choices=AUDIENCE_NAMES)
    place = OneOf(_l("City and time zone"), choices=AUDIENCE_NAMES)
    teaching = OneOf(_l("Subjects and levels"), choices=AUDIENCE_NAMES)
    languages = OneOf(_l("Languages"), choices=AUDIENCE_NAMES)
    exchange = OneOf(_l("Offers and needs"), choices=AUDIENCE_NAMES)
    texts = OneOf(_l("Texts and tags"), choices=AUDIENCE_NAMES)
    institutions = OneOf(_l("Institutions you act for"), choices=AUDIENCE_NAMES)
    connections = OneOf(_l("Your connections"), choices=AUDIENCE_NAMES)

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored, else what holds until one chooses."""
        return {**PARTS, **dict(facets.audiences)}  # type: ignore[arg-type]

    def facets(self) -> Facets:
        """An audience for each part."""
        return Facets(audiences={part: str(self._fields[part].data or "") for part in PARTS})


class ContactsForm(SectionForm):
    """Whether one is suggested to others, and how many new contacts are welcome."""

    section, title = "contacts", _l("Suggestions and new contacts")
    suggestible = BooleanField(
        _l("Suggest me to others"), description=_l("If you take this off, you still see suggestions yourself.")
    )
    monthly_contacts = LineField(
        _l("How many new contacts a month are welcome?"),
        description=_l("0 if there is no room at present; leave it empty to leave it open."),
    )
    _number: int | None = None

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored."""
        number = facets.monthly_contacts
        return {"suggestible": facets.suggestible, "monthly_contacts": "" if number is None else str(number)}

    def validate_monthly_contacts(self, field: LineField) -> None:
        """A whole number or nothing."""
        try:
            self._number = int(field.data) if field.data else None
        except ValueError:
            raise ValidationError(_("Please give a whole number, such as 3.")) from None

    def facets(self) -> Facets:
        """The switch and the number."""
        return Facets(suggestible=bool(self.suggestible.data), monthly_contacts=self._number)


class InstitutionContactsForm(ContactsForm):
    """The same for an institution."""

    suggestible = BooleanField(_l("Suggest this institution to others"))
