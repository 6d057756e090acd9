"""Times and languages of meetings in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import get_timezone_location
from flask_babel import format_date, format_time, get_locale, ngettext
from flask_babel import gettext as _

from app.core.actor import Actor
from app.core.clock import now
from app.features.events.models import CANCELLED, Event
from app.features.vocabularies.queries import autonym


def zone_of(name: str | None) -> ZoneInfo | None:
    """The zone of that name, if this machine knows it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset_of(moment: datetime) -> str:
    """How far the clocks stand from UTC, such as UTC+5:45."""
    minutes = int((moment.utcoffset() or timedelta(0)).total_seconds()) // 60
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02}' if rest else ''}"


def zone_label(zone: str, moment: datetime) -> str:
    """A zone by its place and how far its clocks stand from UTC at that moment."""
    return _("%(place)s, %(clocks)s", place=city_of(zone), clocks=offset_of(moment))


def city_of(zone: str) -> str:
    """The place a zone is named after, in the reader's language."""
    if zone == "UTC":
        return "UTC"
    try:
        return str(get_timezone_location(ZoneInfo(zone), locale=get_locale() or "en", return_city=True))
    except (LookupError, ValueError, OSError):
        return zone.rpartition("/")[2].replace("_", " ")


def clock_of(local: datetime) -> str:
    """The time of day as the reader writes it."""
    return str(format_time(local.time(), "short", rebase=False))


def day_of(local: datetime, form: str = "full") -> str:
    """The day as the reader writes it."""
    return str(format_date(local.date(), form, rebase=False))


def when(moment: datetime, zone: str, form: str = "full") -> str:
    """Day and time by the clocks of a zone."""
    local = moment.astimezone(zone_of(zone) or ZoneInfo("UTC"))
    return _("%(day)s, %(time)s", day=day_of(local, form), time=clock_of(local))


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A meeting's time by some clocks: whose they are, and what they show."""

    label: str
    text: str
    own: bool = False


def _span(begin: datetime, end: datetime) -> str:
    times = {"begin": clock_of(begin), "end": clock_of(end)}
    if begin.date() == end.date():
        return _("%(day)s, %(begin)s to %(end)s", day=day_of(begin), **times)
    other = _("%(day)s, %(time)s", day=day_of(end), time=clock_of(end))
    return _("%(day)s, %(begin)s to %(end)s", day=day_of(begin), begin=times["begin"], end=other)


def times_of(event: Event, actor: Actor) -> list[TimeLine]:
    """When a meeting is: by the reader's clocks, by those of where it was set, and in UTC; none twice."""
    wanted = [("own", actor.timezone), ("set", event.zone), ("utc", "UTC")]
    lines: list[TimeLine] = []
    seen: set[str] = set()
    for kind, name in wanted:
        zone = zone_of(name)
        if zone is None or name in seen or name is None:
            continue
        seen.add(name)
        begin, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
        clock = "UTC" if name == "UTC" else zone_label(name, begin)
        label = clock
        if kind == "own":
            label = _("Your time (%(zone)s)", zone=clock)
        elif kind == "set" and name != "UTC":
            label = _("Where it was set (%(zone)s)", zone=clock)
        lines.append(TimeLine(label, _span(begin, end), kind == "own"))
    return lines


def length_of(minutes: int) -> str:
    """How long it takes."""
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(num)s hour", "%(num)s hours", hours)] if hours else []
    parts += [ngettext("%(num)s minute", "%(num)s minutes", rest)] if rest or not hours else []
    return " ".join(parts)


def spoken_of(event: Event) -> list[str]:
    """The own names of the languages spoken."""
    return [autonym(tag) for tag in event.languages]


def interpreted_of(event: Event) -> list[str]:
    """What is interpreted: from one language into another."""
    # Isolated, so that a name written from right to left does not turn the order of the two.
    return [
        _("%(one)s into %(other)s", one=f"\u2068{autonym(pair[0])}\u2069", other=f"\u2068{autonym(pair[1])}\u2069")
        for pair in event.interpretation
        if len(pair) == 2
    ]


def texts_of(event: Event) -> dict[str, str]:
    """The texts of a meeting that members translate, by field."""
    texts = {"title": event.title, "description": event.description, "agenda": event.agenda}
    return {name: text for name, text in texts.items() if text}


def state_of(event: Event) -> str | None:
    """What must be said first of a meeting: cancelled, over, going on."""
    if event.state == CANCELLED:
        return _("Cancelled")
    moment = now()
    if event.ends_at <= moment:
        return _("Over")
    return _("Now") if event.starts_at <= moment else None


def line_of(event: Event, actor: Actor, answer: str | None = None) -> dict[str, Any]:
    """A meeting in a list: one time, the reader's own, else that of where it was set, else UTC."""
    zone = actor.timezone if actor.timezone and zone_of(actor.timezone) else event.zone
    local = event.starts_at.astimezone(zone_of(zone) or ZoneInfo("UTC"))
    answers = {"yes": _("You come"), "maybe": _("You come perhaps"), "no": _("You do not come")}
    return {
        "id": event.id,
        "title": event.title,
        "lang": event.lang,
        "when": when(event.starts_at, zone),
        "zone": "" if zone == actor.timezone else zone_label(zone, local),
        "length": length_of(event.minutes),
        "state": state_of(event),
        "cancelled": event.state == CANCELLED,
        "answer": answers.get(answer or ""),
        "yes": event.yes_count,
        "spoken": spoken_of(event),
        "series": event.series is not None,
    }
