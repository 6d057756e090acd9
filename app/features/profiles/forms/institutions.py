"""Forms about who acts for an institution and how it is verified."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectChoice
from wtforms.validators import DataRequired

from app.core.web.forms import Form, LineField
from app.features.profiles.forms.fields import OneOf
from app.features.profiles.policies import EDITOR, OWNER, REPRESENTATIVE

ROLE_NAMES = {
    OWNER: _l("Owner"),
    EDITOR: _l("Editor"),
    REPRESENTATIVE: _l("Representative"),
}
ROLE_MEANINGS = {
    OWNER: _l("Owner: changes everything and decides who acts for it"),
    EDITOR: _l("Editor: changes what is said of it"),
    REPRESENTATIVE: _l("Representative: speaks for it, and changes nothing"),
}
ROLE_CHOICES = [SelectChoice(role, text) for role, text in ROLE_MEANINGS.items()]


class InviteForm(Form):
    """Ask somebody to act for an institution."""

    who = LineField(
        _l("Whom?"),
        description=_l("The name in the address of their page here, or their mail address."),
        validators=[DataRequired(_l("Please say whom you ask."))],
    )
    role = RadioField(_l("As what?"), choices=ROLE_CHOICES, validate_choice=False, default=EDITOR)


class AddressForm(Form):
    """The mail address a link is sent to."""

    address = LineField(_l("Your mail address there"), validators=[DataRequired(_l("Please write your mail address."))])


class RorForm(AddressForm):
    """A ROR record, and a mail address at one of its domains."""

    ror_id = LineField(_l("ROR id"), description=_l("It looks like https://ror.org/027pr6c67"))


class VouchForm(Form):
    """In whose name to vouch."""

    by = OneOf(_l("In the name of which institution?"))


class MergeForm(Form):
    """The record that goes into this one."""

    duplicate = LineField(
        _l("Which record is the duplicate?"),
        description=_l("The last part of the address of its page."),
        validators=[DataRequired(_l("Please say which."))],
    )
