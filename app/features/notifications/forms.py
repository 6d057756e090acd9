"""Forms of notices."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from app.core.web.forms import Form

DIGESTS = {
    "daily": _l("Every day"),
    "weekly": _l("Once a week"),
    "none": _l("Never"),
}
REMINDERS = {
    "day": _l("A day before"),
    "both": _l("A day before, and again an hour before"),
    "none": _l("Never"),
}
LEVELS = {
    "all": _l("Also what is new there"),
    "mine": _l("Only what concerns me"),
    "none": _l("Nothing"),
}


class SettingsForm(Form):
    """How somebody wants to hear of things; the communities are fields of their own, by number."""

    digest = RadioField(_l("A mail with what is new"), choices=list(DIGESTS.items()), validate_choice=False)
    weekday = SelectField(_l("On which day"), coerce=int, validate_choice=False)
    hour = SelectField(_l("At what time"), coerce=int, validate_choice=False)
    direct = BooleanField(_l("Mail me at once what is meant for me: answers to me, my name, invitations, messages"))
    reminders = RadioField(
        _l("Remind me of events I said I come to"), choices=list(REMINDERS.items()), validate_choice=False
    )
