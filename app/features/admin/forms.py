"""Forms of those who run the platform."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from app.core.web.forms import Form

HAND = "hand"
UNTIL_BETTER, PINNED = "until-better", "pinned"
LASTING = {
    UNTIL_BETTER: _l("Until the weekly comparison proves others to be better"),
    PINNED: _l("Until somebody changes it here (pinned)"),
}


class ChooseForm(Form):
    """Which weights to use, and for how long; with the state that was seen: nobody undoes what they didn't see."""

    kind = HiddenField()
    use = HiddenField()
    version = IntegerField(widget=HiddenInput())
    lasting = RadioField(
        _l("For how long"),
        choices=list(LASTING.items()),
        validators=[InputRequired(_l("Please choose one of the two."))],
    )

    def model_id(self) -> int | None:
        """The number of the model to be used; None for the weights set by hand, -1 for what is no number."""
        said = self.use.data or ""
        if said == HAND:
            return None
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else -1
