"""The base of every form, with fields that take what people really type."""

from __future__ import annotations

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, ValidationError

from app.core.errors import Invalid
from app.core.web.i18n import translate

# Marks that turn the direction of what follows can disguise a name. Zero-width joiners stay: scripts need them.
_DIRECTION = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff"))


def clean_line(text: str | None) -> str:
    """One line of text: composed, without control and direction marks, spaces folded.

    >>> clean_line(" Ada\\u202e  Lovelace ")
    'Ada Lovelace'
    """
    composed = unicodedata.normalize("NFC", text or "").translate(_DIRECTION)
    kept = "".join(" " if unicodedata.category(c) == "Cc" else c for c in composed)
    return " ".join(kept.split())


def clean_text(text: str | None) -> str:
    """Text of several lines: composed, line ends unified, without other control and direction marks."""
    composed = unicodedata.normalize("NFC", text or "").translate(_DIRECTION)
    unified = composed.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in unified if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


class LineField(StringField):
    """A line of text, cleaned."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = clean_line(valuelist[0])


class TextField(TextAreaField):
    """Several lines of text, cleaned."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = clean_text(valuelist[0])


class AtMost:
    """At most so many characters, said kindly and with the number that were typed."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, _form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(
                str(_l("This has %(length)s characters; please keep it to %(limit)s.", length=length, limit=self.limit))
            )


class Form(FlaskForm):
    """The base of every form: CSRF protected, and able to show what a service refused."""

    def show(self, problem: Invalid) -> None:
        """Put the messages of a refusal beside their fields (fields unknown here: on top of the form)."""
        for name, text in problem.fields.items():
            field = self._fields.get(name)
            if field is not None:
                field.errors = [*field.errors, translate(text)]
            else:
                self.form_errors.append(translate(text))
        if not problem.fields:
            self.form_errors.append(translate(problem.text))
