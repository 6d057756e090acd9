"""The base of every form, with fields that take what people really type."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField, ValidationError

from app.core.cleaning import clean_line, clean_text
from app.core.errors import Invalid
from app.core.web.i18n import translate


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
