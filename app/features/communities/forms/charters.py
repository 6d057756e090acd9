"""Forms of charters and of chapters."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, SelectField

from app.core.web.forms import AtMost, Form, LineField, TextField
from app.core.web.i18n import translate
from app.features.communities.charter_texts import PART_HINTS, PART_LABELS
from app.features.communities.licences import LICENCES
from app.features.communities.models import CHARTER_PARTS, Charter
from app.features.communities.services.charters import LONGEST_NOTE, LONGEST_PART, Wording
from app.features.profiles.forms.fields import VocabularyField
from app.features.threads.forms import LanguageSelect, Wanted


def licence_choices() -> dict[str, list[tuple[str, str]]]:
    """The licences, those of open educational resources apart from the others."""
    named = {True: _("Open educational resources"), False: _("Not open educational resources")}
    return {
        named[oer]: [(licence.code, f"{licence.name} ({licence.code})") for licence in LICENCES if licence.oer is oer]
        for oer in (True, False)
    }


class CharterForm(Form):
    """A version of a charter: one field for each part, the licence, and what is said about the change."""

    part_purpose = TextField(_l("What we are here for"), validators=[Wanted(), AtMost(LONGEST_PART)])
    part_welcome = TextField(_l("Who is welcome, and how"), validators=[AtMost(LONGEST_PART)])
    part_talk = TextField(_l("How we talk with each other"), validators=[AtMost(LONGEST_PART)])
    part_decide = TextField(_l("How we decide"), validators=[AtMost(LONGEST_PART)])
    part_languages = TextField(_l("Our languages"), validators=[AtMost(LONGEST_PART)])
    part_licence = TextField(_l("What becomes of what we make"), validators=[AtMost(LONGEST_PART)])
    part_conflicts = TextField(_l("When we do not agree"), validators=[AtMost(LONGEST_PART)])
    lang = LanguageSelect()
    licence = SelectField(_l("Licence of what is made here"), validate_choice=False)
    note = LineField(_l("What you changed, and why"), validators=[AtMost(LONGEST_NOTE)])
    small = BooleanField(_l("This is a small correction: members are not asked again"))
    seen = HiddenField()
    anchor = HiddenField()

    def part(self, name: str) -> Field:
        """The field of a part."""
        return self._fields[f"part_{name}"]

    def hint(self, name: str) -> str:
        """What a part is good for."""
        return translate(PART_HINTS[name])

    def fill(self, charter: Charter) -> None:
        """Begin with what a version says."""
        for name in CHARTER_PARTS:
            self.part(name).data = charter.parts.get(name, "")
        self.lang.data, self.licence.data, self.seen.data = charter.lang, charter.licence, str(charter.version)

    def wording(self, translated: Any = ()) -> Wording:
        """What was typed."""
        anchor = self.anchor.data or ""
        return Wording(
            lang=self.lang.data or "",
            parts={name: self.part(name).data or "" for name in CHARTER_PARTS},
            licence=self.licence.data or "",
            note=self.note.data or "",
            small=bool(self.small.data),
            translated=frozenset(translated) & frozenset(CHARTER_PARTS),
            anchor_id=int(anchor) if anchor.isascii() and anchor.isdigit() and len(anchor) < 19 else None,
        )

    def seen_version(self) -> int:
        """The version the coordinator began from; 0 for none."""
        seen = self.seen.data or ""
        return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


class ChapterForm(Form):
    """Founding a chapter."""

    name = LineField(_l("Name of the chapter"), validators=[Wanted(), AtMost(120)])
    summary = TextField(_l("In one or two sentences"), validators=[AtMost(400)])
    lang = LanguageSelect()


class CountryChapterForm(ChapterForm):
    """A chapter for a country."""

    code = VocabularyField(_l("Country"), "country", _l("Please choose"), validators=[Wanted()])


class LanguageChapterForm(ChapterForm):
    """A chapter for a language."""

    code = VocabularyField(_l("Language"), "language", _l("Please choose"), validators=[Wanted()])


class OfferForm(Form):
    """Offering a part of a chapter's charter to the community it belongs to."""

    note = LineField(_l("Why it may suit everyone"), validators=[AtMost(LONGEST_NOTE)])


class AnswerForm(Form):
    """What the parent's coordinators answer to an offer."""

    text = TextField(_l("How it will stand in your charter"), validators=[AtMost(LONGEST_PART)])
    answer = LineField(_l("A few words to the chapter"), validators=[AtMost(LONGEST_NOTE)])
    seen = HiddenField()


def label_of(part: str) -> str:
    """What a part of a charter is called, in the reader's language."""
    return translate(PART_LABELS[part])
