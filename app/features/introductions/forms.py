"""Forms of introductions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from app.core.web.forms import AtMost, Form, TextField
from app.features.introductions.policies import LONGEST_NOTE, LONGEST_REPLY
from app.features.threads.forms import LanguageSelect, Wanted

REASONS = {
    "busy": _l("Too much to do at the moment"),
    "field": _l("Not my field"),
    "language": _l("We would not find a language to work in"),
    "other": _l("Another reason"),
}


class SpeakerForm(Form):
    """For whom somebody acts: themselves, or an institution they speak for."""

    speaker = SelectField(_l("You speak for"), choices=[], validate_choice=False)


class AskForm(SpeakerForm):
    """Asking for contact."""

    note = TextField(_l("Your note"), validators=[Wanted(), AtMost(LONGEST_NOTE)])
    lang = LanguageSelect()


class AcceptForm(Form):
    """Saying yes."""

    reply = TextField(_l("A few words back"), validators=[AtMost(LONGEST_REPLY)])
    lang = LanguageSelect()


class DeclineForm(Form):
    """Saying no, politely."""

    reason = RadioField(
        _l("Why it does not suit"), choices=list(REASONS.items()), validators=[Wanted()], validate_choice=False
    )
    reply = TextField(_l("A few words with it"), validators=[AtMost(LONGEST_REPLY)])
    lang = LanguageSelect()
