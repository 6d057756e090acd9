"""Forms of moderation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.core.web.forms import AtMost, Form, TextField
from app.features.moderation.models import LONGEST_NOTE
from app.features.threads.forms import LanguageSelect, Wanted

REASON_WORDS = {
    "unkind": _l("It is unkind, insulting or threatening"),
    "untrue": _l("It is not who they say they are, or it is untrue"),
    "selling": _l("It sells something, or asks for money"),
    "unsafe": _l("Somebody could come to harm"),
    "illegal": _l("I think it is against the law"),
    "other": _l("Something else"),
}


class ReportForm(Form):
    """Reporting something."""

    reason = RadioField(
        _l("What is wrong"), choices=list(REASON_WORDS.items()), validators=[Wanted()], validate_choice=False
    )
    note = TextField(_l("What should we know"), validators=[AtMost(LONGEST_NOTE)])
    lang = LanguageSelect()


class DecideForm(Form):
    """Deciding a report, or undoing what was done."""

    action = RadioField(_l("What to do"), choices=[], validators=[Wanted()], validate_choice=False)
    reason = TextField(_l("Why"), validators=[Wanted(), AtMost(LONGEST_NOTE)])
