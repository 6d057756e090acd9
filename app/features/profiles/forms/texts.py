"""Texts in several languages, and tags."""

from __future__ import annotations

import re
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField

from app.core.web.forms import LineField, TextField
from app.core.web.i18n import current_locale
from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.fields import Rows, VocabularyField
from app.features.profiles.models import Profile
from app.features.profiles.services.facets import Facets
from app.features.vocabularies.queries import autonym, direction, is_valid

_BETWEEN_TAGS = re.compile(r"[,،、，;؛\n]")


class TextRow(wtforms.Form):
    """What is written in one language."""

    lang = HiddenField()
    about = TextField(_l("About you"))
    interests = TextField(_l("What interests you"))

    def _known(self) -> bool:
        return len(str(self.lang.data)) <= 35 and is_valid("language", str(self.lang.data))

    @property
    def own_name(self) -> str:
        """The language's own name."""
        return autonym(str(self.lang.data)) if self._known() else str(self.lang.data)[:35]

    @property
    def dir(self) -> str:
        """The direction the language is written in."""
        return direction(str(self.lang.data)) if self._known() else "auto"


class TextsForm(SectionForm):
    """Biography and interests in each language, and tags."""

    section, title = "texts", _l("In your own words")
    lead = _l("Write in any language, and in as many as you like. Readers see the one they read best.")
    texts = Rows(FormField(TextRow), label=_l("Texts"))
    new_lang = VocabularyField(_l("Write in another language"), "language", empty=_l("Please choose"))
    tags = LineField(_l("Tags"), description=_l("A few words, with commas between them: open textbooks, radio lessons"))

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored; one empty row where nothing is written yet."""
        about, interests = dict(facets.about), dict(facets.interests)  # type: ignore[arg-type]
        langs = list(dict.fromkeys([*about, *interests])) or [current_locale().code]
        rows = [{"lang": tag, "about": about.get(tag, ""), "interests": interests.get(tag, "")} for tag in langs]
        return {"texts": rows, "tags": ", ".join(facets.tags)}  # type: ignore[arg-type]

    def prepare(self, profile: Profile, facets: Facets) -> None:
        """Nothing depends on the profile."""

    def add(self, target: str) -> None:
        """Add a row for the language chosen, unless there is one."""
        written = {row.form.lang.data for row in self.texts.entries}
        if target == "texts" and self.new_lang.data and self.new_lang.data not in written:
            self.texts.add({"lang": self.new_lang.data, "about": "", "interests": ""})
            self.new_lang.data = ""

    def facets(self) -> Facets:
        """Texts by language, and tags."""
        rows = {str(row.form.lang.data or ""): row.form for row in self.texts.entries}
        return Facets(
            about={tag: form.about.data or "" for tag, form in rows.items()},
            interests={tag: form.interests.data or "" for tag, form in rows.items()},
            tags=tuple(part.strip() for part in _BETWEEN_TAGS.split(self.tags.data or "") if part.strip()),
        )


class InstitutionTextRow(TextRow):
    """What is written about an institution in one language."""

    about = TextField(_l("Description"))
    interests = TextField(_l("What it is interested in"))


class InstitutionTextsForm(TextsForm):
    """Descriptions of an institution, and tags."""

    title = _l("Descriptions")
    texts = Rows(FormField(InstitutionTextRow), label=_l("Texts"))
