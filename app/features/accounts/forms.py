"""Forms of accounts. What an address or a password must be is for the services; here is only what is asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import EmailInput

from app.core.web.forms import AtMost, Form, LineField


class AddressField(LineField):
    """A mail address."""

    widget = EmailInput()


_ADDRESS = [InputRequired(_l("Please write your mail address."))]
_PASSWORD = [InputRequired(_l("Please write your password."))]


class SignUpForm(Form):
    """Joining."""

    email = AddressField(_l("Mail address"), _ADDRESS)
    password = PasswordField(_l("Password"), [InputRequired(_l("Please choose a password."))])
    adult = BooleanField(
        _l("I am 18 or older"),
        [DataRequired(_l("This place is for adults. Please confirm that you are 18 or older."))],
    )
    privacy = BooleanField(
        _l("I have read the privacy notice and accept it"),
        [DataRequired(_l("Please read the privacy notice and accept it."))],
    )


class SignInForm(Form):
    """Signing in."""

    email = AddressField(_l("Mail address"), _ADDRESS)
    password = PasswordField(_l("Password"), _PASSWORD)
    remember = BooleanField(_l("Keep me signed in on this device"))


class ForgotForm(Form):
    """Asking for a link to choose a new password."""

    email = AddressField(_l("Mail address"), _ADDRESS)


class NewPasswordForm(Form):
    """A new password, after following the link."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Please choose a password."))])


class ChangePasswordForm(Form):
    """A new password, knowing the old one."""

    current = PasswordField(_l("Password until now"), _PASSWORD)
    password = PasswordField(_l("New password"), [InputRequired(_l("Please choose a password."))])


class ChangeAddressForm(Form):
    """Another mail address."""

    email = AddressField(_l("New mail address"), _ADDRESS)
    current = PasswordField(_l("Your password"), _PASSWORD)


class TokenForm(Form):
    """A token for a program."""

    name = LineField(_l("What is it for?"), [InputRequired(_l("Please give it a name.")), AtMost(80)])


class DeleteForm(Form):
    """Leaving for good."""

    current = PasswordField(_l("Your password"), _PASSWORD)


class SampleForm(Form):
    """Which sample person to be."""

    handle = LineField(_l("Handle"), [InputRequired(_l("Please write a handle."))])
