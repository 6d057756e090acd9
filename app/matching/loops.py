"""The compiled loops over a segment: what :class:`app.matching.segment.Segment` and scoring do in numpy, sooner.

Every function takes the loaded :class:`app.matching.compiled.Kernels` and gives the same numbers as its counterpart.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.matching.compiled import Kernels, address
from app.matching.vocabulary import Ints

if TYPE_CHECKING:
    from app.matching.segment import Bitmap, Points, Segment

_LANES = 64
_MOST_UNITS = 255
_ROOM = 4096


def tables(segment: "Segment", gains: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Return the planes and the lists of features with gains, as the loops take them."""
    planes: list[int] = []
    lists: list[int] = []
    bitmaps, rows = address(segment.bitmaps), address(segment.list_rows)
    size, known, where, start = segment.bitmap_size, len(segment.bitmap_at), segment.bitmap_at, segment.list_start
    for feature, gain in gains:
        if feature >= known:
            continue
        at = where.item(feature)
        if at >= 0:
            planes += (bitmaps + at * size, gain)
            continue
        begin, end = start.item(feature), start.item(feature + 1)
        if end > begin:
            lists += (rows + begin * 4, end - begin, gain)
    return planes, lists


def union(run: Kernels, segment: "Segment", features: Iterable[int]) -> "Bitmap":
    """Return a bitmap of who has any of `features`, not to be written to; O(bitmaps + lengths of the lists)."""
    wanted = [feature for feature in features if feature < len(segment.bitmap_at)]
    if len(wanted) == 1 and (alone := segment.bitmap_of(wanted[0])) is not None:
        return alone
    found = np.empty(segment.bitmap_size, np.uint8)
    planes, lists = (array("q", one) for one in tables(segment, ((feature, 0) for feature in wanted)))
    run.unite(_at(planes), len(planes) // 2, _at(lists), len(lists) // 3, segment.bitmap_size // 8, address(found))
    return found


def counted(run: Kernels, segment: "Segment", base: "Bitmap", groups: Sequence[Sequence[int]]) -> list[int]:
    """Return for each group of features how many of `base` have any of them; O(as one union for each)."""
    bitmaps, rows = address(segment.bitmaps), address(segment.list_rows)
    size, known, where, start = segment.bitmap_size, len(segment.bitmap_at), segment.bitmap_at, segment.list_start
    planes, lists, marks = array("q"), array("q"), array("q")
    for features in groups:
        marks.extend((len(planes), 0, len(lists) // 2, 0))
        for feature in features:
            if feature >= known:
                continue
            at = where.item(feature)
            if at >= 0:
                planes.append(bitmaps + at * size)
                continue
            begin, end = start.item(feature), start.item(feature + 1)
            if end > begin:
                lists.extend((rows + begin * 4, end - begin))
        marks[-3], marks[-1] = len(planes), len(lists) // 2
    beside, counts = np.empty(size, np.uint8), array("q", bytes(8 * len(groups)))
    run.count(address(base), size // 8, _at(planes), _at(lists), _at(marks), len(groups), address(beside), _at(counts))
    return counts.tolist()


def _at(table: "array[int]") -> int:
    """Return where the first element is."""
    return table.buffer_info()[0]


def tallied(
    run: Kernels, segment: "Segment", gains: Sequence[tuple[int, int]], enough: int
) -> "tuple[NDArray[np.uint8], Bitmap] | None":
    """Return the sums of the gains everyone has, shape (profiles,), and who has enough; None if bytes are too small."""
    planes, lists = tables(segment, gains)
    if planes or sum(gain for _, gain in gains) > _MOST_UNITS:
        return None
    sums, marked = np.empty(segment.bitmap_size * 8, np.uint8), np.empty(segment.bitmap_size, np.uint8)
    table = array("q", lists)
    run.tally(_at(table), len(lists) // 3, segment.bitmap_size // 8, enough, address(sums), address(marked))
    return sums[: len(segment)], marked


@dataclass(slots=True)
class Terms:
    """What is summed up for everyone.

    Attributes
    ----------
    features, bitmaps
        The gain of whoever has a feature, or is in a bitmap.
    units, times
        Bytes that count so often.
    more
        Points to begin with.
    scale
        How often the segment's own points count.
    hours, hour_worth, most_hours
        Half hours to be shared, what a whole one is worth, and how many count.
    constant
        What everyone has.
    """

    features: list[tuple[int, int]] = field(default_factory=list)
    bitmaps: list[tuple["Bitmap", int]] = field(default_factory=list)
    units: NDArray[np.uint8] | None = None
    times: int = 0
    more: "Points | None" = None
    scale: int = 0
    hours: int = 0
    hour_worth: int = 0
    most_hours: int = 0
    constant: int = 0


def summed(run: Kernels, segment: "Segment", terms: Terms, passing: "Bitmap") -> "tuple[Points, Points]":
    """Return the sums of those who pass (zero of the others), 64 for a word, and the highest of each word.

    O(words * bitmaps + lengths of the lists); each array is read once.
    """
    planes, lists = tables(segment, terms.features)
    for bitmap, gain in terms.bitmaps:
        planes += (address(bitmap), gain)
    words = segment.bitmap_size // 8
    sums, highest = np.empty(words * _LANES, np.int16), np.empty(words, np.int16)
    table, cursors = array("q", planes + lists), array("q", bytes(8 * (len(lists) // 3)))
    shared = segment.columns.hours if terms.hours and terms.hour_worth else None
    run.lift(
        _at(table), len(planes) // 2, _at(table) + 8 * len(planes), len(lists) // 3, _at(cursors),
        _where(terms.units), terms.times, _where(terms.more),
        address(segment.columns.points) if terms.scale else 0, terms.scale,
        _where(shared), terms.hours, terms.most_hours, terms.hour_worth,
        terms.constant, address(passing), len(segment), words, address(sums), address(highest),
    )  # fmt: skip
    return sums, highest


def _where(array: NDArray[np.generic] | None) -> int:
    return 0 if array is None else address(array)


def cut(highest: "Points", size: int) -> int:
    """Return a bound that at least `size` words reach; 1 if there are fewer above it."""
    if size >= len(highest):
        return 1
    place = len(highest) - size
    return max(int(np.partition(highest, place)[place]), 1)


def collected(run: Kernels, sums: "Points", highest: "Points", least: int, below: int) -> Ints:
    """Return the rows whose sum is from `least` to under `below`, ascending; O(words + 64 * words that reach it)."""
    room = _ROOM
    while True:
        rows, number = np.empty(room, np.int64), np.empty(1, np.int64)
        run.collect(address(sums), address(highest), len(highest), least, below, address(rows), room, address(number))
        if number[0] <= room:
            return rows[: number[0]]
        room = int(number[0])


def answered(run: Kernels, segment: "Segment", rows: Ints, table: NDArray[np.int32]) -> Ints:
    """Return what `rows` want of what `table` says is had; O(features they want)."""
    points = np.empty(len(rows), np.int64)
    run.answer(
        address(rows), len(rows), address(segment.want_start), address(segment.want), address(table), address(points)
    )
    return points


def held(run: Kernels, segment: "Segment", features: Sequence[int], rows: Ints) -> NDArray[np.bool_]:
    """Return for each feature which of `rows` have it, shape (features, rows); O(features * rows * log list)."""
    said: list[int] = []
    bitmaps, lists = address(segment.bitmaps), address(segment.list_rows)
    known, where, start = len(segment.bitmap_at), segment.bitmap_at, segment.list_start
    for feature in features:
        if feature >= known:
            said += (lists, 0)
        elif (at := where.item(feature)) >= 0:
            said += (bitmaps + at * segment.bitmap_size, -1)
        else:
            begin = start.item(feature)
            said += (lists + begin * 4, start.item(feature + 1) - begin)
    found, table = np.empty((len(features), len(rows)), np.bool_), array("q", said)
    run.hold(_at(table), len(features), address(rows), len(rows), address(found))
    return found
