"""Forms of the order in the house: reporting, deciding, measures."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, RadioField

from app.core.web.forms import AtMost, Form, TextField
from app.features.communities.models.order import (
    FORWARDED,
    HIDDEN,
    LEFT_AS_IT_IS,
    LONGEST_NOTE,
    LONGEST_REASON,
    MUTED,
)
from app.features.communities.policies import REMOVE_DAYS
from app.features.threads.forms import LanguageSelect, Wanted

REASON_WORDS = {
    "unkind": _l("It is unkind, insulting or threatening"),
    "off_topic": _l("It does not belong here, or gets in the way"),
    "selling": _l("It sells something, or asks for money"),
    "untrue": _l("It is untrue, or pretends to be somebody else"),
    "unsafe": _l("Somebody could come to harm"),
    "other": _l("Something else"),
}
CAUSE_WORDS = {
    "unkind": _l("Unkind, insulting or threatening"),
    "off_topic": _l("Does not belong here"),
    "selling": _l("Sells something or asks for money"),
    "untrue": _l("Untrue, or pretends to be somebody else"),
    "unsafe": _l("Somebody could come to harm"),
    "other": _l("Something else"),
}

# What is done about a person on their own page.
MUTE, UNMUTE, REMOVE, RESTORE = "mute", "unmute", "remove", "restore"


FOR_GOOD = "0"


def mute_label(days: int) -> str:
    """Muting for a time, in words."""
    return str(
        ngettext(
            "Mute for %(num)s day: they read, and cannot write",
            "Mute for %(num)s days: they read, and cannot write",
            days,
        )
    )


def removal_label(days: int | None) -> str:
    """Taking out of the community, in words."""
    if days is None:
        return str(_("Take out of the community for good"))
    text = ngettext("Take out of the community for %(num)s day", "Take out of the community for %(num)s days", days)
    return str(text)


def with_days(choice: str, days: int | None) -> str:
    """A choice and its days as one value: one question on the page, not two."""
    return f"{choice}-{days or FOR_GOOD}"


def without_days(value: str | None) -> tuple[str, int | None]:
    """What was chosen, and for how many days (None: for good, or it has none)."""
    choice, _dash, days = (value or "").partition("-")
    return choice, int(days) if days.isascii() and days.isdigit() and len(days) < 5 and int(days) else None


def _timed(choice: str, mutes: str, days: Iterable[int]) -> list[tuple[str, str]]:
    if choice == mutes:
        return [(with_days(choice, number), mute_label(number)) for number in days]
    return [(with_days(choice, number), removal_label(number)) for number in REMOVE_DAYS]


class ReportThingForm(Form):
    """Telling the coordinators about a post or a person."""

    reason = RadioField(
        _l("What is wrong"), choices=list(REASON_WORDS.items()), validators=[Wanted()], validate_choice=False
    )
    note = TextField(_l("What should they know"), validators=[AtMost(LONGEST_NOTE)])
    lang = LanguageSelect()


class DecideReportForm(Form):
    """Deciding a report."""

    outcome = RadioField(_l("What to do"), choices=[], validators=[Wanted()], validate_choice=False)
    also_hide = BooleanField(_l("Hide the post as well"))
    reason = TextField(_l("Why"), validators=[AtMost(LONGEST_REASON)])
    lang = LanguageSelect()

    def offer(self, choices: list[str], days: Iterable[int]) -> None:
        """Offer what this actor may do about this report."""
        words = {
            LEFT_AS_IT_IS: _("Leave it as it is"),
            HIDDEN: _("Hide the post"),
            FORWARDED: _("This is beyond us: pass it on to the moderators of Commonweave"),
        }
        self.outcome.choices = []
        for choice in choices:
            self.outcome.choices += [(choice, words[choice])] if choice in words else _timed(choice, MUTED, days)


class MeasureForm(Form):
    """A measure about a person without a report, or undoing one."""

    action = RadioField(_l("What to do"), choices=[], validators=[Wanted()], validate_choice=False)
    cause = RadioField(
        _l("What it is about"), choices=list(CAUSE_WORDS.items()), validators=[Wanted()], validate_choice=False
    )
    reason = TextField(_l("Why"), validators=[Wanted(), AtMost(LONGEST_REASON)])
    lang = LanguageSelect()

    def offer(self, actions: list[str], days: Iterable[int]) -> None:
        """Offer what this actor may do about this person."""
        self.action.choices = [pair for action in actions for pair in _timed(action, MUTE, days)]


class UndoForm(Form):
    """Undoing a measure, with a word about it for the person."""

    action = RadioField(_l("What to do"), choices=[], validators=[Wanted()], validate_choice=False)
    reason = TextField(_l("A word to them"), validators=[AtMost(LONGEST_REASON)])
    lang = LanguageSelect()

    def offer(self, actions: list[str]) -> None:
        """Offer what can be undone."""
        words = {UNMUTE: _("Let them write again"), RESTORE: _("Let them back in")}
        self.action.choices = [(action, words[action]) for action in actions]
