"""The form of a practice note."""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField

from app.core.web.forms import LineField, TextField
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.features.profiles.forms.base import RowsForm
from app.features.profiles.forms.fields import OneOf, PickerField, VocabularyField
from app.features.resources import wording
from app.features.resources.forms.resources import number_of
from app.features.resources.values import NoteValues
from app.features.threads.forms import LanguageSelect, Wanted, language_choices


class PracticeForm(RowsForm):
    """What was tried, in which class, and what came of it."""

    title = LineField(_l("What did you try, in a few words?"), validators=[Wanted()])
    tried = TextField(_l("What did you do?"), validators=[Wanted()])
    adapted = TextField(_l("What did you change so that it fits your class?"))
    happened = TextField(_l("What happened?"), validators=[Wanted()])
    lang = LanguageSelect()
    again = RadioField(_l("Would you do it again?"), validators=[Wanted()], validate_choice=False)
    country = VocabularyField(_l("In which country?"), "country")
    level = VocabularyField(_l("At which level?"), "level")
    subject = PickerField(_l("Subject"), "subject", most=1)
    language = OneOf(_l("Language of the class"))
    class_size = OneOf(_l("Size of the class"))
    connectivity = OneOf(_l("Internet"))
    resource = OneOf(_l("Which resource did you use?"))
    token = HiddenField()
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = language_choices(current_actor(), [tag for tag in (self.lang.data, self.language.data) if tag])
        empty = ("", _("Not said"))
        self.lang.choices = known
        self.language.choices = [empty, *known]
        self.again.choices = [(code, _(words)) for code, words in wording.AGAIN.items()]
        self.class_size.choices = [empty, *((code, _(words)) for code, words in wording.CLASS_SIZES.items())]
        self.connectivity.choices = [empty, *((code, _(words)) for code, words in wording.CONNECTIVITY.items())]
        self.resource.choices = [("", _("None, or one that is not here"))]

    @classmethod
    def of(cls, values: NoteValues, version: int | None = None) -> PracticeForm:
        """The form with what is known, or with what was sent."""
        names = ("title", "tried", "adapted", "happened", "again", "country", "level", "language", "class_size")
        data: dict[str, Any] = {name: getattr(values, name) for name in (*names, "connectivity", "resource")}
        data["lang"] = values.lang or current_locale().code
        data["subject"] = [values.subject] if values.subject else []
        return cls(data={**data, "token": secrets.token_hex(16), "version": str(version or "")})

    def offer_resources(self, resources: list[tuple[int, str]]) -> None:
        """Let one of these be named."""
        chosen = [("", _("None, or one that is not here")), *((str(number), title) for number, title in resources)]
        self.resource.choices = chosen

    def values(self) -> NoteValues:
        """What is to be saved."""
        names = ("title", "lang", "tried", "adapted", "happened", "again", "country", "level", "language", "class_size")
        given = {name: str(getattr(self, name).data or "") for name in (*names, "connectivity", "resource")}
        return NoteValues(**given, subject=(self.subject.data or [""])[0])

    def opened_at(self) -> int:
        """The version the form was opened with."""
        return number_of(self.version.data)
