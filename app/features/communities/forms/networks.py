"""The form in which members keep an external network."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectMultipleField

from app.core.web.forms import AtMost, LineField, TextField
from app.core.web.i18n import current_locale
from app.core.web.identity import current_actor
from app.features.communities.models import ExternalNetwork
from app.features.communities.services.networks import FACETS, LONGEST_NAME, LONGEST_SUMMARY, LONGEST_URL
from app.features.profiles.forms.base import RowsForm
from app.features.profiles.forms.fields import PickerField
from app.features.threads.forms import LanguageSelect, Wanted, language_choices
from app.features.vocabularies.queries import options


def reach_words() -> dict[str, str]:
    """How far a network reaches."""
    return {
        "local": _("One place"),
        "national": _("One country"),
        "regional": _("Several countries"),
        "global": _("The whole world"),
    }


def who_words() -> dict[str, str]:
    """Who can take part."""
    return {
        "everyone": _("Everyone"),
        "professionals": _("People who work in the field"),
        "institutions": _("Institutions and organizations"),
        "invited": _("Only those who are invited"),
    }


class NetworkForm(RowsForm):
    """What is said of a network."""

    name = LineField(_l("Name of the network"), validators=[Wanted(), AtMost(LONGEST_NAME)])
    url = LineField(_l("Address on the web"), validators=[Wanted(), AtMost(LONGEST_URL)])
    summary = TextField(
        _l("What it is, in a sentence or two"),
        validators=[Wanted(), AtMost(LONGEST_SUMMARY)],
        description=_l("In your own words: what do people do there, and for whom is it?"),
    )
    lang = LanguageSelect()
    languages = PickerField(_l("Languages people use there"), "language")
    subjects = PickerField(_l("Subjects"), "subject")
    levels = SelectMultipleField(_l("Levels"), validate_choice=False)
    places = PickerField(_l("Countries or regions"), "place")
    reach = RadioField(_l("How far does it reach?"), validate_choice=False, validators=[Wanted()])
    who_can_join = RadioField(_l("Who can take part?"), validate_choice=False, validators=[Wanted()])
    version = HiddenField()

    @classmethod
    def of(cls, network: ExternalNetwork | None) -> NetworkForm:
        """The form with what is kept, or with what was sent."""
        data: dict[str, Any] = {"reach": "global", "who_can_join": "everyone", "lang": current_locale().code}
        if network is not None:
            kept = ("name", "url", "summary", "lang", "reach", "who_can_join", "version")
            data = {name: getattr(network, name) for name in kept}
            data |= {field: list(network.codes(kind)) for field, kind in FACETS.items()}
        form = cls(data=data)
        locale = current_locale().code
        form.levels.choices = [(o.code, o.label) for o in options("level", locale)]
        form.lang.choices = language_choices(current_actor(), [locale, *([network.lang] if network else [])])
        form.reach.choices, form.who_can_join.choices = list(reach_words().items()), list(who_words().items())
        return form

    def values(self) -> dict[str, Any]:
        """What was entered."""
        return {name: field.data for name, field in self._fields.items() if name not in ("version", "csrf_token")}

    def opened_at(self) -> int:
        """The version when the form was opened; one that never was if the field was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
