"""The form of a review."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField

from app.core.web.forms import Form, TextField
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.features.profiles.forms.fields import OneOf, VocabularyField
from app.features.resources import wording
from app.features.resources.forms.resources import number_of
from app.features.resources.models import CRITERIA, Review
from app.features.resources.services.reviews import ReviewValues
from app.features.threads.forms import LanguageSelect, Wanted, language_choices


class ReviewForm(Form):
    """What a peer says of a resource."""

    quality = RadioField(_l("Quality"), validators=[Wanted()], validate_choice=False)
    inclusion = RadioField(_l("Inclusion"), validators=[Wanted()], validate_choice=False)
    suitability = RadioField(_l("Suitability here"), validators=[Wanted()], validate_choice=False)
    country = VocabularyField(_l("“Here” is in which country?"), "country")
    language = OneOf(_l("In which language do you teach there?"))
    text = TextField(_l("A few words for colleagues"))
    lang = LanguageSelect()
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in CRITERIA:
            field = getattr(self, name)
            field.choices = [(str(number), _(words)) for number, words in sorted(wording.ANSWERS.items(), reverse=True)]
            field.description = _(wording.QUESTIONS[name])
        known = language_choices(current_actor(), [tag for tag in (self.lang.data, self.language.data) if tag])
        self.lang.choices = known
        self.language.choices = [("", _("Not said")), *known]

    @classmethod
    def of(cls, review: Review | None, country: str | None) -> ReviewForm:
        """The form with what was said before, or with what was sent."""
        if review is None:
            return cls(data={"country": country or "", "lang": current_locale().code, "version": "0"})
        data: dict[str, Any] = {name: str(getattr(review, name)) for name in CRITERIA}
        data |= {"country": review.country or "", "language": review.language or "", "text": review.text}
        return cls(data={**data, "lang": review.lang or current_locale().code, "version": str(review.version)})

    def values(self) -> ReviewValues:
        """What is to be saved."""
        names = (*CRITERIA, "country", "language", "text", "lang")
        return ReviewValues(**{name: str(getattr(self, name).data or "") for name in names})

    def opened_at(self) -> int:
        """The version the form was opened with."""
        return number_of(self.version.data)
