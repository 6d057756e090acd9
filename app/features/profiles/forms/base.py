"""What every section of a profile has in common: a version, rows that come and go, pickers that search."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from flask import request
from wtforms import Field, HiddenField

from app.core.errors import Invalid
from app.core.web.forms import Form
from app.core.web.i18n import translate
from app.features.profiles.forms.fields import PickerField, Rows
from app.features.profiles.models import Profile
from app.features.profiles.services.facets import Facets, facets_of

ACTIONS = ("add", "remove", "find")


class RowsForm(Form):
    """A form with rows and pickers that work without scripts: "add", "take away" and "find" are buttons that send
    everything and show the page again with what was typed."""

    def acted(self) -> bool:
        """Do what a button asked for, if it was one that saves nothing; says whether it was.

        Text left in a picker counts as asking to find it (Enter was pressed), as long as something is found.
        """
        action = next((name for name in ACTIONS if name in request.form), None)
        if action == "add":
            self.add(request.form["add"])
        elif action == "remove":
            self._remove(request.form["remove"])
        pickers = [field for field in self._fields.values() if isinstance(field, PickerField)]
        found = [field.look_up() for field in pickers if field.asked()]
        return action is not None or any(found)

    def add(self, target: str) -> None:
        """Add a row to ``target``; forms with rows say how."""

    def _remove(self, target: str) -> None:
        name, _dash, number = target.rpartition("-")
        rows = self._fields.get(name)
        if isinstance(rows, Rows) and number.isascii() and number.isdigit() and int(number) < len(rows.entries):
            rows.take_away(int(number))

    def show(self, problem: Invalid) -> None:
        """Put each message beside its field, also inside rows (``languages-1-level``)."""
        left = {}
        inner = {field.name: field for field in self._inner_fields()}
        for name, text in problem.fields.items():
            if name in inner:
                inner[name].errors = [*inner[name].errors, translate(text)]
            else:
                left[name] = text
        for rows in self._rows():
            rows.errors = [entry.errors for entry in rows.entries if entry.errors]
        if left or not problem.fields:
            super().show(Invalid(left, problem.text.key, **problem.text.values))

    def _rows(self) -> Iterator[Rows]:
        return (field for field in self._fields.values() if isinstance(field, Rows))

    def _inner_fields(self) -> Iterator[Field]:
        for rows in self._rows():
            for entry in rows.entries:
                yield from entry.form


class SectionForm(RowsForm):
    """One section of a profile, on a page of its own."""

    section: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    version = HiddenField()

    @classmethod
    def of(cls, profile: Profile) -> SectionForm:
        """The form with what is stored, or with what was sent."""
        facets = facets_of(profile)
        form = cls(data={**cls.values(facets), "version": profile.version})
        form.prepare(profile, facets)
        return form

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What stands in the fields of a form just opened."""
        raise NotImplementedError

    def prepare(self, profile: Profile, facets: Facets) -> None:
        """Fill in choices that depend on the profile."""

    def facets(self) -> Facets:
        """What is to be saved."""
        raise NotImplementedError

    def opened_at(self) -> int:
        """The version of the profile when the form was opened; one that never was if the field was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
