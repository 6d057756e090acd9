"""The form in which coordinators decide about a piece of guidance."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice

from app.core.web.forms import AtMost, Form, TextField
from app.features.communities.services.guidance import LONGEST_OWN
from app.features.threads.forms import LanguageSelect

OURS, OWN, OFF = "ours", "own", "off"


class GuidanceForm(Form):
    """Show it as it is, in own words, or not at all."""

    choice = RadioField(
        _l("What members see"),
        choices=[
            SelectChoice(OURS, _l("The words above")),
            SelectChoice(OWN, _l("Our own words")),
            SelectChoice(OFF, _l("Nothing")),
        ],
        validate_choice=False,
    )
    text = TextField(_l("Your own words"), validators=[AtMost(LONGEST_OWN)])
    lang = LanguageSelect()
