"""Forms of suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from app.core.web.forms import Form
from app.features.profiles.models import INSTITUTION, PERSON, SUGGESTED_AS
from app.features.suggestions.models import DISMISS_REASONS, GROUP_REASONS

# As what one may be suggested, and where one then stands.
_AS_PERSON = {
    "peers": (_l("As someone alike"), _l("To people with your subjects and levels, on their lists and first pages.")),
    "collaborators": (
        _l("As someone to work with"),
        _l("To those across a border, first where you offer what they need."),
    ),
    "bridges": (
        _l("As someone between two languages"),
        _l("To two people who share no language, if you speak with both."),
    ),
    "introducers": (
        _l("As someone who could introduce two groups"),
        _l("To communities, and to those of a language, if you know people on both sides."),
    ),
    "groups": (
        _l("As one of a group that could become a community"),
        _l("Whoever founds it may ask you to join; you decide."),
    ),
    "guests": (
        _l("To guests who are not signed in"),
        _l("As someone alike, with only what you show to everyone."),
    ),
}
_AS_INSTITUTION = {
    "institutions": (
        _l("As an institution close to what others do"),
        _l("To people and institutions with its subjects, levels and languages."),
    ),
    "collaborators": (_l("As a partner"), _l("To those across a border, first where it offers what they need.")),
    "groups": (
        _l("As one of a group that could become a community"),
        _l("Whoever founds it may ask those who act for it to join."),
    ),
}
_AS = {PERSON: _AS_PERSON, INSTITUTION: _AS_INSTITUTION}


class DismissForm(Form):
    """Not for me, because …"""

    reason = RadioField(
        _l("Why not?"), validators=[InputRequired(_l("Please choose one of the reasons."))], validate_choice=False
    )

    _reasons = DISMISS_REASONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(code, gettext(words)) for code, words in self._reasons.items()]


class DismissGroupForm(DismissForm):
    """The same of a community or a network."""

    _reasons = GROUP_REASONS


class KindsForm(Form):
    """As what a profile may be suggested: those that are ticked."""

    kinds = SelectMultipleField(_l("As what"))

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = SUGGESTED_AS[kind]
        self._said = _AS[kind]
        self.kinds.choices = [(code, str(self._said[code][0])) for code in self._asked]

    @property
    def refused(self) -> tuple[str, ...]:
        """Those that are not ticked."""
        return tuple(code for code in self._asked if code not in (self.kinds.data or ()))

    def lines(self, now: Mapping[str, str]) -> list[dict[str, Any]]:
        """Each with its words, what there is of it (``now``), and whether it is ticked."""
        ticked = self.kinds.data or ()
        return [
            {
                "value": code,
                "label": self._said[code][0],
                "hint": " ".join(filter(None, (str(self._said[code][1]), now.get(code)))),
                "on": code in ticked,
            }
            for code in self._asked
        ]
