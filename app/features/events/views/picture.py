"""A day around the world as a picture: for each group of people when they work, when it is night, and the slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.web.i18n import side_by_side
from app.features.events.views.words import city_of, clock_of, zone_of
from app.matching.meetings import FINE, FREE_DAY, HOLIDAY, NIGHT, Participant, load_of

WIDTH, LABEL, BAR, GAP, TOP = 360, 16, 18, 8, 20
PIECES = 48
STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of one kind: open (own hours), edge, rest (a day off or a holiday), night."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """A group whose clocks and hours are the same."""

    label: str
    y: int
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class DayPicture:
    """What the template draws; ``ticks``: x and the time of day by the reader's clocks."""

    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    slot_x: float
    slot_width: float
    height: int
    width: int = WIDTH
    bar: int = BAR


def _kind(person: Participant, moment: datetime) -> str:
    kinds = load_of(person, moment, 30).kinds
    if NIGHT in kinds:
        return "night"
    if HOLIDAY in kinds or FREE_DAY in kinds:
        return "rest"
    return "open" if kinds == (FINE,) else "edge"


def _bands(person: Participant, begin: datetime) -> tuple[Band, ...]:
    kinds = [_kind(person, begin + STEP * piece) for piece in range(PIECES)]
    bands, at = [], 0
    for piece in range(1, PIECES + 1):
        if piece == PIECES or kinds[piece] != kinds[at]:
            bands.append(Band(kinds[at], round(at * WIDTH / PIECES, 1), round((piece - at) * WIDTH / PIECES, 1)))
            at = piece
    return tuple(bands)


def _label(names: Sequence[str], zone: str) -> str:
    shown = side_by_side(names[:2]) + (f" +{len(names) - 2}" if len(names) > 2 else "")
    return f"{shown} · {city_of(zone)}"


def day_picture(people: Sequence[tuple[Participant, str]], start: datetime, minutes: int, zone: str) -> DayPicture:
    """The 24 hours around a slot, the slot in their middle; ``zone``: by whose clocks the hours are written."""
    before = (24 * 60 - minutes) // 2
    begin = start - timedelta(minutes=before - before % 60)
    groups: dict[object, list[tuple[Participant, str]]] = {}
    for person, name in people:
        groups.setdefault((person.zone, person.hours, person.weekend, person.holidays), []).append((person, name))
    order = sorted(groups.values(), key=lambda group: start.astimezone(zone_of(group[0][0].zone)).replace(tzinfo=None))
    rows = [
        Row(_label([name for _p, name in group], group[0][0].zone), TOP + number * (LABEL + BAR + GAP), bands)
        for number, group in enumerate(order)
        for bands in [_bands(group[0][0], begin)]
    ]
    scale = WIDTH / (24 * 60)
    ticks = [
        (round(hour * 60 * scale, 1), clock_of((begin + timedelta(hours=hour)).astimezone(zone_of(zone))))
        for hour in range(0, 24, 6)
    ]
    offset = (start - begin).total_seconds() / 60
    return DayPicture(
        tuple(rows), tuple(ticks), round(offset * scale, 1), round(minutes * scale, 1),
        TOP + len(rows) * (LABEL + BAR + GAP),
    )  # fmt: skip
