"""Working hours: lines of days with a beginning and an end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

import wtforms
from babel.dates import get_day_names
from flask_babel import format_time, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FormField

from app.core.errors import Invalid
from app.core.messages import Text
from app.features.profiles.forms.base import SectionForm
from app.features.profiles.forms.fields import OneOf, Rows
from app.features.profiles.services.facets import Facets, HoursFacet

# Several days in one line, the widest first.
DAYS = {"all": tuple(range(7)), "mon_fri": (0, 1, 2, 3, 4), "sun_thu": (6, 0, 1, 2, 3), "sat_wed": (5, 6, 0, 1, 2)}
DAYS |= {str(day): (day,) for day in range(7)}
MOST_LINES = 28


def clock(minute: int) -> str:
    """A time of day as the reader writes it; the end of a day is its midnight."""
    return str(format_time(time(minute // 60 % 24, minute % 60), "short", rebase=False))


def day_choices() -> list[tuple[str, str]]:
    """Each day, and days that go together, in the reader's language."""
    names = get_day_names("wide", context="stand-alone", locale=get_locale() or "en")
    spans = {"mon_fri": (0, 4), "sun_thu": (6, 3), "sat_wed": (5, 2)}
    together = [
        (key, _("%(first)s to %(last)s", first=names[first], last=names[last])) for key, (first, last) in spans.items()
    ]
    return [("all", _("Every day")), *together, *((str(day), names[day]) for day in range(7))]


def rows_of(hours: Iterable[HoursFacet]) -> list[dict[str, str]]:
    """Hours as lines of the form: days that go together and have the same span stand in one."""
    days_of: dict[tuple[int, int], set[int]] = {}
    for row in hours:
        days_of.setdefault((row.begin, row.end), set()).add(row.weekday)
    lines: list[tuple[int, int, str, int]] = []
    for (begin, end), left in days_of.items():
        for number, (key, days) in enumerate(DAYS.items()):
            if left.issuperset(days):
                lines.append((number, begin, key, end))
                left.difference_update(days)
    return [{"days": key, "begin": str(begin), "end": str(end)} for _n, begin, key, end in sorted(lines)]


class HoursRow(wtforms.Form):
    """Days with a beginning and an end."""

    days = OneOf(_l("Days"))
    begin = OneOf(_l("From"))
    end = OneOf(_l("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(str(minute), clock(minute)) for minute in range(0, 24 * 60 + 1, 30)]
        self.days.choices = day_choices()
        self.begin.choices = [("", _("Please choose")), *steps[:-1]]
        self.end.choices = [("", _("Please choose")), *steps[1:]]

    @property
    def empty(self) -> bool:
        """Whether no time was chosen: such a line says nothing."""
        return not self.begin.data and not self.end.data

    def facets(self) -> Sequence[HoursFacet]:
        """A span for each of the days; one that nothing takes where something is missing."""
        days = DAYS.get(str(self.days.data), (-1,))
        return [HoursFacet(day, _minute(self.begin.data), _minute(self.end.data)) for day in days]


def _minute(text: Any) -> int:
    typed = str(text or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else -1


class HoursForm(SectionForm):
    """When a person works."""

    section, title = "hours", _l("Working hours")
    lead = _l("So that events are found at times that are fair to you, too. By the clocks of your time zone.")
    hours = Rows(FormField(HoursRow), label=_l("Working hours"))

    @classmethod
    def values(cls, facets: Facets) -> dict[str, Any]:
        """What is stored; an empty line if nothing is."""
        rows = rows_of(facets.hours)  # type: ignore[arg-type]
        return {"hours": rows or [{"days": "mon_fri", "begin": "", "end": ""}]}

    def add(self, target: str) -> None:
        """Add a line below the others."""
        if target == "hours" and len(self.hours.entries) < MOST_LINES:
            self.hours.add({"days": "0", "begin": "", "end": ""})

    def facets(self) -> Facets:
        """The lines in which a time was chosen."""
        lines = [entry.form for entry in self.hours.entries if not entry.form.empty]
        return Facets(hours=tuple(facet for line in lines for facet in line.facets()))

    def show(self, problem: Invalid) -> None:
        """Put the message beside each line that is wrong, else on top of the form."""
        said = problem.fields.get("hours")
        for entry in self.hours.entries if said else ():
            line = entry.form
            if line.empty:
                continue
            if not line.begin.data or not line.end.data:
                missing = line.begin if not line.begin.data else line.end
                missing.errors = [_("Please choose a time.")]
            elif _minute(line.end.data) <= _minute(line.begin.data):
                line.end.errors = [_("This must be later than the beginning.")]
        super().show(problem if said is None else Invalid({"form": Text(said.key, said.values)}))
