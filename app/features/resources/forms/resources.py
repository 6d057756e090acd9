"""The form of a resource, and those of its withdrawal and of an import."""

from __future__ import annotations

import secrets
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import FormField, HiddenField, SelectMultipleField

from app.core.web.forms import AtMost, Form, LineField, TextField
from app.core.web.i18n import current_locale, translate
from app.core.web.identity import current_actor
from app.features.profiles.forms.base import RowsForm
from app.features.profiles.forms.fields import OneOf, PickerField, Rows
from app.features.resources import wording
from app.features.resources.formats import FORMATS
from app.features.resources.licences import LICENCES, name_of
from app.features.resources.services.checking import MOST_ORIGINS
from app.features.resources.values import OriginValues, ResourceValues
from app.features.threads.forms import LanguageSelect, Wanted, language_choices
from app.features.vocabularies.queries import options


def licence_choices(empty: str) -> list[tuple[str, str]]:
    """Every licence with what it allows, so that nobody has to know the letters."""
    shown = [("", empty)]
    for code, licence in LICENCES.items():
        words = translate(name_of(code))
        if licence.name and not licence.adaptable:
            words = _("%(licence)s – can't be adapted", licence=words)
        elif licence.name and not licence.commercial:
            words = _("%(licence)s – not for earning money", licence=words)
        shown.append((code, words))
    return shown


class OriginRow(wtforms.Form):
    """One thing that a resource was made from."""

    url = LineField(_l("Its address"))
    relation = OneOf(_l("What you have is"))
    licence = OneOf(_l("Its licence, if you know"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation.choices = [(code, _(words)) for code, words in wording.RELATIONS.items()]
        self.licence.choices = licence_choices(_("Not known"))


class ResourceForm(RowsForm):
    """Everything that is said of a resource."""

    url = LineField(_l("Address"), validators=[Wanted()])
    title = LineField(_l("Title"), validators=[Wanted()])
    description = TextField(_l("What is it, and how can it be used?"))
    lang = LanguageSelect(_l("Language of this title and text"))
    type = OneOf(_l("What is it?"), validators=[Wanted()])
    subjects = PickerField(_l("Subjects"), "subject")
    languages = PickerField(_l("Languages of the resource"), "language")
    levels = SelectMultipleField(_l("Levels"), validate_choice=False)
    licence = OneOf(_l("Licence"), validators=[Wanted()])
    authors = TextField(_l("Who made it?"))
    formats = SelectMultipleField(_l("File formats"), validate_choice=False)
    audiences = SelectMultipleField(_l("For whom is it?"), validate_choice=False)
    origins = Rows(FormField(OriginRow), label=_l("Made from"))
    token = HiddenField()
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        locale = current_locale().code
        self.lang.choices = language_choices(current_actor(), [self.lang.data] if self.lang.data else [])
        self.type.choices = [("", _("Please choose")), *((code, _(words)) for code, words in wording.TYPES.items())]
        self.levels.choices = [(o.code, o.label) for o in options("level", locale)]
        self.licence.choices = licence_choices(_("Please choose"))
        self.formats.choices = [(known.media, _(known.name)) for known in FORMATS]
        self.audiences.choices = [(code, _(words)) for code, words in wording.AUDIENCES.items()]

    @classmethod
    def of(cls, values: ResourceValues, version: int | None = None) -> ResourceForm:
        """The form with what is known, or with what was sent."""
        data = {
            "url": values.url,
            "title": values.title,
            "description": values.description,
            "lang": values.lang or current_locale().code,
            "type": values.type,
            "subjects": values.subjects,
            "languages": values.languages,
            "levels": values.levels,
            "licence": values.licence,
            "authors": "\n".join(values.authors),
            "formats": values.formats,
            "audiences": values.audiences,
            "origins": [{"url": o.url, "relation": o.relation, "licence": o.licence or ""} for o in values.origins],
            "token": secrets.token_hex(16),
            "version": str(version or ""),
        }
        return cls(data=data)

    def add(self, target: str) -> None:
        """One more thing it was made from."""
        if target == "origins" and len(self.origins.entries) < MOST_ORIGINS:
            self.origins.add({"url": "", "relation": "adaptation", "licence": ""})

    def values(self) -> ResourceValues:
        """What is to be saved."""
        return ResourceValues(
            url=self.url.data or "",
            title=self.title.data or "",
            description=self.description.data or "",
            lang=self.lang.data or "",
            licence=self.licence.data or "",
            type=self.type.data or "",
            authors=tuple((self.authors.data or "").split("\n")),
            formats=tuple(self.formats.data or ()),
            audiences=tuple(self.audiences.data or ()),
            subjects=tuple(self.subjects.data or ()),
            levels=tuple(self.levels.data or ()),
            languages=tuple(self.languages.data or ()),
            origins=tuple(
                OriginValues(row.form.url.data or "", row.form.relation.data or "", row.form.licence.data or None)
                for row in self.origins.entries
            ),
        )

    def opened_at(self) -> int:
        """The version the form was opened with; one that never was if the field was tampered with."""
        return number_of(self.version.data)


def number_of(text: object) -> int:
    """A number that a hidden field carries; -1 for anything else."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else -1


class WithdrawForm(Form):
    """Taking something back."""

    reason = LineField(_l("Why?"), validators=[AtMost(500)])
    version = HiddenField()


class ImportForm(Form):
    """Descriptions made elsewhere, pasted or as a file."""

    text = TextField(_l("Paste it here"))
    file = FileField(_l("Or choose a file"))
    lang = LanguageSelect(_l("Its language, where it doesn't say so itself"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lang.choices = language_choices(current_actor())
        self.lang.data = self.lang.data or current_locale().code
