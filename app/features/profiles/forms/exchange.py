"""Offers and needs."""

from __future__ import annotations

from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField, RadioField, SelectChoice

from app.core.web.i18n import current_locale
from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.fields import OneOf, Rows, VocabularyField
from app.features.profiles.models import INSTITUTION, NEED, OFFER, Profile
from app.features.profiles.services.facets import ActivityFacet, Facets
from app.features.vocabularies.queries import label, options

DIRECTIONS = [SelectChoice(OFFER, _l("I offer")), SelectChoice(NEED, _l("I need"))]
ITS_DIRECTIONS = [SelectChoice(OFFER, _l("It offers")), SelectChoice(NEED, _l("It needs"))]


class ActivityRow(wtforms.Form):
    """One offer or need, as added."""

    code = HiddenField()
    subject = HiddenField()
    language = HiddenField()

    def facet(self) -> ActivityFacet:
        """The row as it is saved."""
        code, subject, language = (str(f.data or "")[:35] for f in (self.code, self.subject, self.language))
        return ActivityFacet(code, subject or None, language or None)


def _values(rows: Any) -> list[dict[str, str]]:
    return [{"code": a.code, "subject": a.subject or "", "language": a.language or ""} for a in rows]


def _own_first(scheme: str, own: list[str]) -> dict[str | None, list[tuple[str, str]]]:
    locale = current_locale().code
    groups: dict[str | None, list[tuple[str, str]]] = {None: [("", str(_l("Any")))]}
    if own:
        groups[str(_l("Yours"))] = [(code, label(scheme, code, locale)) for code in own]
    groups[str(_l("All"))] = [(o.code, o.label) for o in options(scheme, locale) if o.code not in own]
    return groups


class ExchangeForm(SectionForm):
    """What is offered and what is needed; others are found by how the two fit."""

    section, title = "exchange", _l("Offers and needs")
    lead = _l("What could you do for others, and what would help you? Offers and needs that fit bring people together.")
    offers = Rows(FormField(ActivityRow), label=_l("Offers"))
    needs = Rows(FormField(ActivityRow), label=_l("Needs"))
    new_direction = RadioField(
        _l("Is it an offer or a need?"),
        choices=DIRECTIONS,
        validate_choice=False,
    )
    new_code = VocabularyField(_l("What?"), "activity", empty=_l("Please choose"))
    new_subject = OneOf(_l("In which subject?"))
    new_language = OneOf(_l("In which language?"))

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored."""
        return {"offers": _values(facets.offers), "needs": _values(facets.needs), "new_direction": OFFER}

    def prepare(self, profile: Profile, facets: Facets) -> None:
        """Put the profile's own subjects and languages first."""
        if profile.kind == INSTITUTION:
            self.new_direction.choices = ITS_DIRECTIONS
        self.new_subject.choices = _own_first("subject", list(facets.subjects))  # type: ignore[arg-type]
        self.new_language.choices = _own_first("language", [x.tag for x in facets.languages])  # type: ignore[union-attr]

    def add(self, target: str) -> None:
        """Make a row of what was chosen below the others."""
        if target == "exchange":
            self._take_new()

    def _take_new(self) -> None:
        if not self.new_code.data:
            return
        rows = self.needs if self.new_direction.data == NEED else self.offers
        row = {"code": self.new_code.data, "subject": self.new_subject.data, "language": self.new_language.data}
        if row not in rows.data:
            rows.add(row)
        self.new_code.data = self.new_subject.data = self.new_language.data = ""

    def facets(self) -> Facets:
        """Offers and needs."""
        self._take_new()
        return Facets(
            offers=tuple(e.form.facet() for e in self.offers), needs=tuple(e.form.facet() for e in self.needs)
        )
