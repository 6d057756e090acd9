"""Forms of events."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TimeField,
)

from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.messages import N_, Text
from app.core.web.forms import AtMost, Form, LineField, TextField
from app.features.events.models import LONGEST_ADDRESS, LONGEST_PLACE, LONGEST_TEXT, LONGEST_TITLE, Event
from app.features.events.services.clocks import NoSuchTime, moment_at, moments_every
from app.features.events.services.drafts import Draft
from app.features.events.services.finding import DURATIONS, WINDOWS, Search
from app.features.profiles.forms.place import timezone_choices
from app.features.threads.forms import LanguageSelect, Wanted, language_choices
from app.features.vocabularies.queries import autonym


class DayField(DateField):
    """A day, with a message in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Please give the day like this: 2027-03-15.")) from None


class ClockField(TimeField):
    """A time of day, with a message in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([value[:5] for value in valuelist])
        except ValueError:
            raise ValueError(_("Please give the time like this: 14:30.")) from None


def _whole(text: Any, name: str, most: int = 9) -> int | None:
    typed = str(text or "").strip()
    if not typed:
        return None
    if typed.isascii() and typed.isdigit() and len(typed) <= most:
        return int(typed)
    raise Invalid({name: Text(N_("Please give a whole number, such as 20, or leave it empty."))})


def duration_choices(listed: Iterable[int]) -> list[tuple[str, str]]:
    """How long something takes, in words."""
    return [(str(m), ngettext("%(num)s minute", "%(num)s minutes", m)) for m in listed]


def _number(text: Any) -> int:
    typed = str(text or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


class EventForm(Form):
    """A meeting: what, when, where, in which languages. ``starts`` holds times found before, as moments in UTC."""

    title = LineField(_l("Title"), validators=[Wanted(), AtMost(LONGEST_TITLE)])
    lang = LanguageSelect(_l("Language of these texts"))
    description = TextField(_l("What is it about?"), validators=[AtMost(LONGEST_TEXT)])
    agenda = TextField(_l("Agenda"), validators=[AtMost(LONGEST_TEXT)])
    day = DayField(_l("Day"))
    clock = ClockField(_l("Time"))
    zone = SelectField(_l("By the clocks of"), choices=[], validate_choice=False)
    minutes = SelectField(_l("How long?"), choices=[], validate_choice=False)
    every = SelectField(_l("How often?"), choices=[], validate_choice=False)
    times = LineField(_l("How many, for a series?"), default="1")
    languages = SelectMultipleField(_l("Languages spoken"), choices=[], validate_choice=False)
    # Two pairs are enough for nearly all; each row is one interpreter's work.
    from_1 = SelectField(_l("Interpretation from"), choices=[], validate_choice=False)
    to_1 = SelectField(_l("into"), choices=[], validate_choice=False)
    from_2 = SelectField(_l("Also from"), choices=[], validate_choice=False)
    to_2 = SelectField(_l("into"), choices=[], validate_choice=False)
    link = LineField(_l("Address of the video room"), validators=[AtMost(LONGEST_ADDRESS)])
    place = LineField(_l("Place"), validators=[AtMost(LONGEST_PLACE)])
    capacity = LineField(_l("How many can come?"))
    token = HiddenField()
    version = HiddenField()

    def prepare(self, actor: Actor, languages: Sequence[str], country: str | None = None) -> None:
        """Fill in the choices; ``languages``: the likely ones first."""
        listed = language_choices(actor, languages)
        self.lang.choices = listed
        known = {tag for tag, _name in listed}
        # Not every language of the world on one page: the likely ones, and those chosen before.
        more = [(tag, autonym(tag)) for tag in self.languages.data or [] if tag not in known and len(tag) <= 35]
        self.languages.choices = [*listed, *more]
        for field in (self.from_1, self.to_1, self.from_2, self.to_2):
            other = [(tag, autonym(tag)) for tag in [field.data] if tag and tag not in known and len(tag) <= 35]
            field.choices = [("", _("None")), *listed, *other]
        self.zone.choices = timezone_choices(country)
        lengths = sorted({15, 30, 45, 60, 75, 90, 120, 150, 180, 240, 360, 480, _number(self.minutes.data) or 60})
        self.minutes.choices = duration_choices(lengths)
        self.every.choices = [
            ("0", _("Once")),
            ("1", _("Every week")),
            ("2", _("Every two weeks")),
            ("4", _("Every four weeks")),
        ]
        if not self.lang.data:
            self.lang.data = listed[0][0]

    def renew(self) -> None:
        """Give the form a token of its own, by which a second sending is known."""
        self.token.data = secrets.token_hex(16)

    def fill(self, event: Event, local: datetime) -> None:
        """Hold what is stored; ``local``: its start by the clocks of its zone."""
        for name in ("title", "lang", "description", "agenda", "zone", "link", "place", "languages"):
            getattr(self, name).data = getattr(event, name)
        self.day.data, self.clock.data = local.date(), local.time()
        self.minutes.data = str(event.minutes)
        self.capacity.data = "" if event.capacity is None else str(event.capacity)
        self.version.data = str(event.version)
        fields = ((self.from_1, self.to_1), (self.from_2, self.to_2))
        for (begin, end), pair in zip(fields, event.interpretation, strict=False):
            begin.data, end.data = pair[0], pair[1]

    def opened_at(self) -> int:
        """The version when the form was opened; one that never was if the field was tampered with."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1

    def starts(self) -> tuple[datetime, ...]:
        """The moments that day, time, zone and repetition mean; raises `Invalid` where a clock leaves one out."""
        if self.day.data is None or self.clock.data is None:
            missing = "day" if self.day.data is None else "clock"
            raise Invalid({missing: Text(N_("Please say when it is."))})
        every = _number(self.every.data)
        times = (_whole(self.times.data, "times", 3) or 1) if every else 1
        if every not in (0, 1, 2, 4) or times > 12:
            raise Invalid({"times": Text(N_("A series has at most %(limit)s events."), {"limit": 12})})
        known = {value for group in (timezone_choices(None)).values() for value, _label in group if value}
        if self.zone.data not in known:
            raise Invalid({"zone": Text(N_("We do not know this time zone. Please choose one from the list."))})
        day, clock, zone = self.day.data, self.clock.data, str(self.zone.data)
        try:
            return moments_every(day, clock, zone, every, times) if every else (moment_at(day, clock, zone),)
        except NoSuchTime as gap:
            told = Text(N_("On %(day)s the clocks go forward there and leave this time out."), {"day": str(gap.day)})
            raise Invalid({"clock": told}) from None
        except OverflowError:
            raise Invalid({"day": Text(N_("Please say when it is."))}) from None

    def pairs(self) -> list[tuple[str, str]]:
        """What is interpreted; raises `Invalid` for half a pair."""
        typed = [(self.from_1.data or "", self.to_1.data or ""), (self.from_2.data or "", self.to_2.data or "")]
        for number, (one, other) in enumerate(typed, start=1):
            if bool(one) != bool(other):
                raise Invalid({f"to_{number}": Text(N_("Please choose both languages of an interpretation."))})
        return [pair for pair in typed if all(pair)]

    def draft(self, starts: Sequence[datetime]) -> Draft:
        """What is to be planned."""
        return Draft(
            title=self.title.data or "",
            lang=self.lang.data or "",
            starts=starts,
            minutes=_number(self.minutes.data),
            zone=str(self.zone.data or ""),
            description=self.description.data or "",
            agenda=self.agenda.data or "",
            languages=self.languages.data or (),
            interpretation=self.pairs(),
            link=self.link.data or "",
            place=self.place.data or "",
            capacity=_whole(self.capacity.data, "capacity"),
        )


class CancelForm(Form):
    """Why a meeting is cancelled."""

    reason = TextField(_l("Why? Those who wanted to come read this."), validators=[AtMost(500)])
    following = BooleanField(_l("Cancel the later events of this series, too"))


class AfterwardsForm(Form):
    """What is kept of a meeting."""

    recording = LineField(_l("Address of the recording"), validators=[AtMost(LONGEST_ADDRESS)])
    notes = TextField(_l("Notes"), validators=[AtMost(LONGEST_TEXT)])
    notes_lang = LanguageSelect(_l("Language of the notes"))
    version = HiddenField()


class MeetForm(Form):
    """For whom and when a time is sought. It only asks, so it needs no secret and its answer has an address."""

    class Meta:
        """A form that reads."""

        csrf = False

    who = RadioField(_l("Who is to meet?"), choices=[], validate_choice=False)
    people = SelectMultipleField(_l("People"), choices=[], validate_choice=False)
    minutes = SelectField(_l("How long?"), choices=[], validate_choice=False)
    first = DayField(_l("From this day"))
    days = SelectField(_l("Within"), choices=[], validate_choice=False)
    every = SelectField(_l("How often?"), choices=[], validate_choice=False)
    times = SelectField(_l("How many, for a series?"), choices=[], validate_choice=False)
    remember = BooleanField(_l("Count what each carried in earlier events"))

    def prepare(self, whos: list[tuple[str, str]], people: list[tuple[str, str]]) -> None:
        """Fill in the choices."""
        self.who.choices, self.people.choices = whos, people
        self.minutes.choices = duration_choices(DURATIONS)
        self.days.choices = [(str(n), ngettext("%(num)s day", "%(num)s days", n)) for n in WINDOWS]
        self.every.choices = [
            ("0", _("One event")),
            ("1", _("A series, every week")),
            ("2", _("A series, every two weeks")),
            ("4", _("A series, every four weeks")),
        ]
        self.times.choices = [(str(n), str(n)) for n in range(1, 13)]

    def search(self, person_ids: Sequence[int], zone: str) -> Search:
        """What is sought, unchecked."""
        return Search(
            person_ids=person_ids,
            minutes=_number(self.minutes.data),
            first=self.first.data or date.min,
            days=_number(self.days.data),
            zone=zone,
            every=_number(self.every.data),
            times=_number(self.times.data) or 1,
            remember=bool(self.remember.data),
        )
