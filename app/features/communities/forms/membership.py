"""Forms of membership: joining, asking, declining, roles, inviting."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField

from app.core.locales import OFFERED
from app.core.web.forms import AtMost, Form, LineField, TextField
from app.features.communities.models import COORDINATOR, FACILITATOR, MEMBER
from app.features.communities.services.invitations import LONGEST_NOTE
from app.features.communities.services.membership import LONGEST_ANSWER, LONGEST_REASON
from app.features.threads.forms import LanguageSelect, Wanted

ROLE_WORDS = {
    MEMBER: _l("Member"),
    FACILITATOR: _l("Facilitator"),
    COORDINATOR: _l("Coordinator"),
}
ROLE_HINTS = {
    MEMBER: _l("Takes part."),
    FACILITATOR: _l("Welcomes people and keeps order in the conversations."),
    COORDINATOR: _l("Looks after the community itself: its charter, its members, its settings. They are asked first."),
}
# How long a link works, in days.
LASTING = {"30": _l("One month"), "7": _l("One week"), "365": _l("One year"), "0": _l("Until somebody withdraws it")}
INVITERS = {"members": _l("Every member"), "coordinators": _l("Only coordinators")}


class JoinForm(Form):
    """Joining: the charter was read."""

    agree = BooleanField(_l("I have read the charter and agree to it"), validators=[Wanted()])
    # The version that was on the page.
    charter = HiddenField()

    @property
    def agreed(self) -> int | None:
        """The version agreed to; None if the box is not ticked."""
        shown = self.charter.data or ""
        return int(shown) if self.agree.data and shown.isascii() and shown.isdigit() and len(shown) < 9 else None


class AskToJoinForm(JoinForm):
    """Asking to be let in, without the questions; see `ask_form`."""

    lang = LanguageSelect(_l("Language of your answers"))

    def answers(self, count: int) -> list[str]:
        """What was answered, in the order of the questions."""
        return [self[f"answer_{number}"].data or "" for number in range(count)]


def ask_form(questions: Sequence[str]) -> AskToJoinForm:
    """The form to ask with: a field for each of the community's questions."""
    fields = {
        f"answer_{number}": TextField(question, validators=[Wanted(), AtMost(LONGEST_ANSWER)])
        for number, question in enumerate(questions)
    }
    # WTForms finds fields on the class.
    made = type("AskWithQuestionsForm", (AskToJoinForm,), fields)
    return made()  # type: ignore[no-any-return]


class DeclineRequestForm(Form):
    """Saying no to somebody who asked."""

    reason = TextField(_l("What you tell them"), validators=[Wanted(), AtMost(LONGEST_REASON)])


class WillingForm(Form):
    """Whether a member welcomes newcomers."""

    willing = BooleanField(_l("I gladly welcome newcomers"))


class RoleForm(Form):
    """Giving a member a role."""

    role = RadioField(_l("Role"), choices=list(ROLE_WORDS.items()), validators=[Wanted()], validate_choice=False)


class LinkForm(Form):
    """Making a link that lets people in."""

    days = SelectField(_l("It works for"), choices=list(LASTING.items()), validate_choice=False)

    @property
    def lasts(self) -> int | None:
        """For how many days; None without end, 0 for what is not on the list."""
        text = str(self.days.data or "")
        return None if text == "0" else int(text) if text in LASTING else 0


class AddressForm(Form):
    """Inviting by mail."""

    email = EmailField(_l("Mail address"), validators=[Wanted()])
    locale = SelectField(_l("Language of the mail"), choices=[(o.code, o.name) for o in OFFERED], validate_choice=False)
    note = TextField(_l("A few words with it"), validators=[AtMost(LONGEST_NOTE)])


class PersonForm(Form):
    """Inviting somebody who is here already."""

    who = LineField(_l("Address of their page"), validators=[Wanted()])
    note = TextField(_l("A few words with it"), validators=[AtMost(LONGEST_NOTE)])

    @property
    def handle(self) -> str:
        """The last part of the address, whatever was typed or pasted of it."""
        return re.split(r"[?#]", self.who.data or "")[0].strip().rstrip("/").rpartition("/")[2].removeprefix("@")


class InvitingForm(Form):
    """Who may invite."""

    inviting = RadioField(_l("Who may invite"), choices=list(INVITERS.items()), validate_choice=False)
