"""Fields that profile forms share: pickers over a vocabulary, choices from one, rows that can be added."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, SelectChoice, SelectField
from wtforms.widgets import HiddenInput

from app.core.web.i18n import current_locale
from app.features.vocabularies.queries import Option, option, options, search

LONGEST_SEARCH = 100


class PickerField(Field):
    """Codes of a vocabulary, chosen by searching; rendered by the picker macro."""

    widget = HiddenInput()
    data: list[str]

    def __init__(self, label: Any, scheme: str, most: int = 50, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.scheme, self.most = scheme, most
        self.query = ""
        self.found: list[Option] | None = None

    def process_data(self, value: Iterable[str] | None) -> None:
        self.data = list(value or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = list(dict.fromkeys(str(v)[:35] for v in valuelist if v))[: self.most]

    @property
    def chosen(self) -> list[Option]:
        """What is chosen, with labels."""
        return [option(self.scheme, code, current_locale().code) for code in self.data or []]

    def asked(self) -> bool:
        """Whether something was typed to be found."""
        return bool(request.form.get(f"{self.name}_q", "").strip())

    def look_up(self) -> bool:
        """Search for what was typed beside the picker; says whether anything was found. What was found takes the place
        of what was typed, so that the next sending saves."""
        typed = request.form.get(f"{self.name}_q", "").strip()[:LONGEST_SEARCH]
        hits = search(self.scheme, typed, current_locale().code)
        self.found = [hit for hit in hits if hit.code not in (self.data or [])]
        self.query = "" if self.found else typed
        return bool(self.found)


class VocabularyField(SelectField):
    """One code of a vocabulary, from a list; whether it exists is checked where it is saved."""

    def __init__(self, label: Any, scheme: str, empty: Any = None, **kwargs: Any) -> None:
        super().__init__(label, choices=[], validate_choice=False, **kwargs)
        listed = [(o.code, o.label) for o in options(scheme, current_locale().code)]
        self.choices = [("", empty if empty is not None else _l("Not said")), *listed]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0])[:35] if valuelist else ""


class OneOf(SelectField):
    """One of a few fixed values; whether it is one of them is checked where it is saved."""

    def __init__(self, label: Any, choices: Iterable[tuple[str, Any]] = (), **kwargs: Any) -> None:
        listed = [SelectChoice(value, text) for value, text in choices]
        super().__init__(label, validate_choice=False, choices=listed, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0])[:60] if valuelist else ""


class Rows(FieldList):
    """Rows of a form; a row can be added and taken away, and the others keep what was typed in them."""

    def add(self, values: dict[str, Any]) -> None:
        """Add a row at the end."""
        self.append_entry(values)

    def take_away(self, number: int) -> None:
        """Take a row away and number the others anew."""
        kept = [entry.data for at, entry in enumerate(self.entries) if at != number]
        self.refill(kept)

    def refill(self, rows: list[Any]) -> None:
        """Hold exactly these rows."""
        while self.entries:
            self.pop_entry()
        for row in rows:
            self.append_entry(row)
