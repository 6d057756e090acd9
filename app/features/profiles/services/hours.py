"""Working hours: checked, and joined where they overlap or touch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from app.core.messages import N_, Text
from app.features.profiles.services.facets import HoursFacet

STEP, DAY, MOST_A_DAY = 30, 24 * 60, 4


def _is_span(row: HoursFacet) -> bool:
    whole = row.begin % STEP == 0 and row.end % STEP == 0
    return whole and 0 <= row.weekday < 7 and 0 <= row.begin < DAY and 0 < row.end <= DAY


def join_spans(rows: Sequence[HoursFacet]) -> tuple[HoursFacet, ...]:
    """The same hours with spans that overlap or touch made one.

    >>> join_spans([HoursFacet(0, 600, 720), HoursFacet(0, 480, 600), HoursFacet(1, 480, 600)])
    (HoursFacet(weekday=0, begin=480, end=720), HoursFacet(weekday=1, begin=480, end=600))
    """
    joined: list[HoursFacet] = []
    for row in sorted(rows, key=lambda r: (r.weekday, r.begin, r.end)):
        last = joined[-1] if joined else None
        if last is not None and last.weekday == row.weekday and row.begin <= last.end:
            joined[-1] = HoursFacet(row.weekday, last.begin, max(last.end, row.end))
        else:
            joined.append(row)
    return tuple(joined)


def check_hours(rows: Sequence[HoursFacet], errors: dict[str, Text]) -> tuple[HoursFacet, ...]:
    """Hours as they are kept; puts a message beside ``hours`` for what cannot be taken."""
    if not all(_is_span(row) for row in rows):
        errors["hours"] = Text(N_("Please choose the hours from the lists."))
        return ()
    if any(row.end <= row.begin for row in rows):
        errors["hours"] = Text(
            N_("The end must be later than the beginning. Hours past midnight: one line until midnight, one from it.")
        )
        return ()
    joined = join_spans(rows)
    if any(len(list(spans)) > MOST_A_DAY for _day, spans in groupby(joined, key=lambda row: row.weekday)):
        errors["hours"] = Text(N_("Please keep it to %(limit)s spans a day."), {"limit": MOST_A_DAY})
    return joined
