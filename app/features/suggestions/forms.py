"""Forms of suggestions."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from app.core.web.forms import Form
from app.features.suggestions.models import DISMISS_REASONS


class DismissForm(Form):
    """Not for me, because …"""

    reason = RadioField(
        _l("Why not?"), validators=[InputRequired(_l("Please choose one of the reasons."))], validate_choice=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(code, gettext(words)) for code, words in DISMISS_REASONS.items()]
