"""What one teaches and in which languages; also the first form of a person, which asks for just that."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FormField, HiddenField, SelectMultipleField
from wtforms.validators import DataRequired

from app.core.web.forms import LineField
from app.core.web.i18n import current_locale
from app.features.profiles.forms.base import RowsForm, SectionForm
from app.features.profiles.forms.fields import OneOf, PickerField, Rows, VocabularyField
from app.features.profiles.forms.place import only_zone
from app.features.profiles.models import DEFAULT_ACCEPTS
from app.features.profiles.services.facets import Facets, LanguageFacet
from app.features.vocabularies.queries import autonym, is_valid, label, options


def level_choices() -> list[tuple[str, str]]:
    """The levels of education in the reader's language."""
    return [(o.code, o.label) for o in options("level", current_locale().code)]


def _cefr_choices(empty: Any = None) -> list[tuple[str, Any]]:
    listed = [(str(n), label("cefr", n, current_locale().code)) for n in range(1, 8)]
    return [("", empty), *listed] if empty is not None else listed


class LanguageRow(wtforms.Form):
    """One language."""

    tag = HiddenField()
    level = OneOf(_l("How well do you know it?"))
    teaches = BooleanField(_l("I teach in it"))
    accepts = OneOf(_l("From others I need at least"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.level.choices = _cefr_choices(_l("Please choose"))
        self.accepts.choices = _cefr_choices()

    @property
    def own_name(self) -> str:
        """The language's own name."""
        return autonym(str(self.tag.data)) if self.known else str(self.tag.data or "")

    @property
    def known(self) -> bool:
        """Whether there is such a language."""
        tag = str(self.tag.data or "")
        return len(tag) <= 35 and is_valid("language", tag)

    def facet(self) -> LanguageFacet:
        """The row as it is saved."""
        return LanguageFacet(
            tag=str(self.tag.data or ""),
            level=_number(self.level.data),
            teaches=bool(self.teaches.data),
            accepts=_number(self.accepts.data) or DEFAULT_ACCEPTS,
        )


def _number(text: Any) -> int | None:
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 3 else None


def language_values(languages: Any) -> list[dict[str, Any]]:
    """Rows for languages that are stored."""
    return [
        {"tag": x.tag, "level": str(x.level or ""), "teaches": x.teaches, "accepts": str(x.accepts)} for x in languages
    ]


class LanguageRows(RowsForm):
    """The part of a form that holds languages: rows, and a picker to add more."""

    languages = Rows(FormField(LanguageRow), label=_l("Languages"))
    language = PickerField(_l("Add a language"), "language")

    def add(self, target: str) -> None:
        """Make rows of the languages chosen in the picker."""
        if target == "languages":
            self.take_picked()

    def take_picked(self) -> None:
        """Make a row of each language chosen in the picker that has none yet."""
        known = {row.form.tag.data for row in self.languages.entries}
        for tag in self.language.data or []:
            if tag not in known:
                self.languages.add({"tag": tag, "level": "", "teaches": False, "accepts": str(DEFAULT_ACCEPTS)})
        self.language.data = []

    def language_facets(self) -> tuple[LanguageFacet, ...]:
        """The languages as they are saved; one picked but without a row yet becomes one."""
        self.take_picked()
        return tuple(row.form.facet() for row in self.languages.entries)


class TeachingForm(SectionForm):
    """Subjects and levels."""

    section, title = "teaching", _l("What you teach")
    lead = _l("Choose as many as are true. Others find you by them.")
    subjects = PickerField(_l("Subjects"), "subject")
    levels = SelectMultipleField(_l("Levels"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels.choices = level_choices()

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored."""
        return {"subjects": facets.subjects, "levels": facets.levels}

    def facets(self) -> Facets:
        """Subjects and levels."""
        return Facets(subjects=tuple(self.subjects.data or ()), levels=tuple(self.levels.data or ()))


class InstitutionTeachingForm(TeachingForm):
    """Subjects and levels of an institution."""

    title = _l("Subjects and levels")


class LanguagesForm(LanguageRows, SectionForm):
    """Languages, their levels, and what is accepted in others."""

    section, title = "languages", _l("Languages")
    lead = _l("People are brought together only where both know a language well enough for the other.")

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored."""
        return {"languages": language_values(facets.languages)}

    def facets(self) -> Facets:
        """Languages."""
        return Facets(languages=self.language_facets())


class InstitutionLanguageRow(LanguageRow):
    """One language of an institution."""

    level = OneOf(_l("How well is it known there?"))
    teaches = BooleanField(_l("It is used for teaching"))
    accepts = OneOf(_l("Others need at least"))


class InstitutionLanguagesForm(LanguagesForm):
    """The languages an institution works in."""

    languages = Rows(FormField(InstitutionLanguageRow), label=_l("Languages"))


class FirstForm(LanguageRows):
    """What makes a profile: the name, and what the first suggestions need."""

    name = LineField(_l("Your name"), validators=[DataRequired(_l("Please write your name."))])
    subjects = PickerField(_l("What do you teach?"), "subject")
    levels = SelectMultipleField(_l("At which level?"), validate_choice=False)
    country = VocabularyField(_l("In which country?"), "country")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels.choices = level_choices()

    @classmethod
    def begin(cls, answers: dict[str, Any]) -> FirstForm:
        """The form with the answers that were given on the first page, or with what was sent."""
        known = answers.get("languages") or [{"tag": current_locale().code}]
        rows = [
            {"tag": row.get("tag", ""), "level": _as_level(row.get("level")), "teaches": bool(row.get("teaches")),
             "accepts": str(DEFAULT_ACCEPTS)}
            for row in known if isinstance(row, dict)
        ]  # fmt: skip
        return cls(data={**{k: answers.get(k) for k in ("subjects", "levels", "country")}, "languages": rows})

    def facets(self) -> Facets:
        """A first profile."""
        return Facets(
            name=self.name.data or "",
            subjects=tuple(self.subjects.data or ()),
            levels=tuple(self.levels.data or ()),
            languages=self.language_facets(),
            country=self.country.data or None,
            timezone=only_zone(self.country.data),
        )


def _as_level(level: Any) -> str:
    names = {"A1": 1, "A2": 2, "B1": 3, "B2": 4, "C1": 5, "C2": 6, "native": 7}
    return str(names.get(str(level), level or ""))
