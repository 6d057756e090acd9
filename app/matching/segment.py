"""A part of the index: for each feature who has it, for each profile what it wants; arrays only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.matching import loops, weights
from app.matching.compiled import kernels
from app.matching.encoding import Weighed
from app.matching.facets import INSTITUTION, Profile
from app.matching.hours import ALL_DAY
from app.matching.vocabulary import Ints, Numbers, Vocabulary

Bitmap = NDArray[np.uint8]
Points = NDArray[np.int16]

_DENSE_FROM = 1024  # in smaller segments every list is short
_FEW = 2000  # so many bits are quicker set one by one than by packing flags
_CAPACITY_UNSAID = -1


@dataclass(frozen=True, slots=True)
class Columns:
    """What is kept of each profile beside its features, shape (profiles,) each."""

    key: NDArray[np.int64]
    institution: NDArray[np.bool_]
    country: NDArray[np.uint16]
    region: NDArray[np.uint16]
    capacity: NDArray[np.int16]
    fresh_days: NDArray[np.uint16]
    hours: NDArray[np.uint64]
    points: Points
    """Points for capacity and freshness: the same whoever asks."""

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> "Columns":
        """Return the columns of `profiles`, in their order."""
        rows = [
            (
                one.key,
                one.kind == INSTITUTION,
                country_number(one.country),
                region_number(one.regions),
                _CAPACITY_UNSAID if one.capacity is None else max(0, min(one.capacity, 1000)),
                max(0, min(one.fresh_days, 65535)),
                one.hours & ALL_DAY,
                weights.capacity_points(one.capacity) + weights.freshness_points(one.fresh_days),
            )
            for one in profiles
        ]
        table = np.array(rows, np.int64).reshape(-1, 8)
        types = (np.int64, np.bool_, np.uint16, np.uint16, np.int16, np.uint16, np.uint64, np.int16)
        return cls(*(table[:, at].astype(kind) for at, kind in enumerate(types)))

    def take(self, which: NDArray[np.bool_]) -> "Columns":
        """Return those of the chosen profiles."""
        return Columns(*(getattr(self, one.name)[which] for one in fields(self)))

    @classmethod
    def stacked(cls, parts: Sequence["Columns"]) -> "Columns":
        """Put columns under each other; at least one part."""
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))


@lru_cache(maxsize=4096)
def country_number(country: str | None) -> int:
    """Return a country code as a number, 0 for none.

    >>> country_number("KE"), country_name(country_number("KE")), country_number(None)
    (19269, 'KE', 0)
    """
    return ord(country[0]) << 8 | ord(country[1]) if country and len(country) == 2 and country.isascii() else 0


def country_name(number: int) -> str | None:
    """Return the country code of a number."""
    return chr(number >> 8) + chr(number & 255) if number else None


@lru_cache(maxsize=4096)
def region_number(regions: tuple[str, ...]) -> int:
    """Return the broadest M49 region below the world as a number, 0 for none: what exposure is balanced over.

    >>> region_number(("001", "002", "202", "014")), region_number(())
    (2, 0)
    """
    return next((int(code) for code in regions if code != "001" and code.isdecimal() and len(code) == 3), 0)


@dataclass(frozen=True, slots=True)
class Segment:
    """Inverted lists and forward lists over `len(segment)` profiles.

    The list of a frequent feature is a bitmap (a bit per profile), that of a rare one its rows in ascending order;
    beyond one profile in 32 the bitmap is the smaller and the faster.

    Attributes
    ----------
    list_start, list_rows
        Rows of the feature `f` are ``list_rows[list_start[f]:list_start[f + 1]]``; shape (features + 1,) and (sum,).
    bitmap_at, bitmaps
        The bitmap of `f` is ``bitmaps[bitmap_at[f]]`` where that isn't -1; little bit order, padded to 64 profiles.
    want_start, want
        What a profile wants, as ``feature << 8 | units``.
    language_start, language
        What it speaks, as ``taught-in feature << 8 | teaches << 6 | accepts << 3 | level``.
    key_sorted, key_order
        The keys in ascending order, and their rows.
    """

    list_start: NDArray[np.int64]
    list_rows: Numbers
    bitmap_at: NDArray[np.int32]
    bitmaps: Bitmap
    want_start: NDArray[np.int64]
    want: Numbers
    language_start: NDArray[np.int64]
    language: Numbers
    key_sorted: NDArray[np.int64]
    key_order: Numbers
    columns: Columns

    def __len__(self) -> int:
        return len(self.columns.key)

    @property
    def bitmap_size(self) -> int:
        """Return the bytes of a bitmap over this segment."""
        return bitmap_bytes(len(self))

    def bitmap_of(self, feature: int) -> Bitmap | None:
        """Return the bitmap of a frequent feature, or None."""
        at = int(self.bitmap_at[feature]) if feature < len(self.bitmap_at) else -1
        return None if at < 0 else self.bitmaps[at]

    def rows_of(self, feature: int) -> Numbers:
        """Return the rows that have a rare feature."""
        if feature >= len(self.bitmap_at):
            return self.list_rows[:0]
        return self.list_rows[self.list_start[feature] : self.list_start[feature + 1]]

    def union(self, features: Iterable[int]) -> Bitmap:
        """Return a bitmap of the profiles that have any of `features`."""
        if (run := kernels()) is not None:
            return loops.union(run, self, features)
        found = np.zeros(self.bitmap_size, np.uint8)
        lists: list[Numbers] = []
        for feature in features:
            bitmap = self.bitmap_of(feature)
            if bitmap is None:
                lists.append(self.rows_of(feature))
            else:
                np.bitwise_or(found, bitmap, out=found)
        rows = np.concatenate(lists) if lists else self.list_rows[:0]
        if len(rows) > _FEW:
            found |= self.marked(rows)
        elif len(rows):
            np.bitwise_or.at(found, rows >> 3, np.uint8(1) << (rows & 7).astype(np.uint8))
        return found

    def counts(self, base: Bitmap, groups: Sequence[Sequence[int]]) -> list[int]:
        """Return for each group of features how many of `base` have any of them."""
        if (run := kernels()) is not None:
            return loops.counted(run, self, base, groups)
        return [count_bits(base & self.union(features)) for features in groups]

    def marked(self, rows: NDArray[np.integer]) -> Bitmap:
        """Return a bitmap of `rows`."""
        return bitmap_of(rows, len(self))

    def flags(self, bitmap: Bitmap) -> NDArray[np.uint8]:
        """Return a bitmap as bytes of 0 and 1, shape (len(self),)."""
        return np.unpackbits(bitmap, count=len(self), bitorder="little")

    def everyone(self) -> Bitmap:
        """Return a bitmap of all profiles."""
        found = np.zeros(self.bitmap_size, np.uint8)
        whole, rest = divmod(len(self), 8)
        found[:whole] = 255
        if rest:
            found[whole] = (1 << rest) - 1
        return found

    def add(self, points: Points, gains: Sequence[tuple[int, int]], times: int = 1) -> None:
        """Add to the points of everyone the gains of those features they have, each times `times`.

        Bitmaps are summed up in bytes first, as long as the sum fits into one: that takes half the time of summing them
        in the words of `points`.
        """
        tally: NDArray[np.uint8] | None = None
        tallied = 0
        for feature, gain in gains:
            bitmap = self.bitmap_of(feature)
            if bitmap is None:
                np.add.at(points, self.rows_of(feature), np.int16(gain * times))
                continue
            if tally is not None and tallied + gain > 255:
                points += np.multiply(tally, times, dtype=np.int16)
                tally, tallied = None, 0
            flags = self.flags(bitmap)
            flags *= np.uint8(gain)
            tally = flags if tally is None else np.add(tally, flags, out=tally)
            tallied += gain
        if tally is not None:
            points += np.multiply(tally, times, dtype=np.int16)

    def having(self, feature: int, rows: Ints) -> NDArray[np.bool_]:
        """Return which of `rows` have `feature`."""
        bitmap = self.bitmap_of(feature)
        if bitmap is not None:
            return np.asarray(bitmap[rows >> 3] >> (rows & 7).astype(np.uint8) & 1, np.bool_)
        having = self.rows_of(feature)
        if not len(having):
            return np.zeros(len(rows), np.bool_)
        at = np.minimum(np.searchsorted(having, rows.astype(np.uint32)), len(having) - 1)
        return np.asarray(having[at] == rows, np.bool_)

    def having_each(self, features: Sequence[int], rows: Ints) -> NDArray[np.bool_]:
        """Return for each of `features` which of `rows` have it, shape (features, rows)."""
        if (run := kernels()) is not None:
            return loops.held(run, self, features, rows)
        found = np.zeros((len(features), len(rows)), np.bool_)
        for at, feature in enumerate(features):
            found[at] = self.having(feature, rows)
        return found

    def find_rows(self, keys: Iterable[int]) -> Ints:
        """Return the rows of those `keys` that are here."""
        wanted = np.fromiter(keys, np.int64)
        if not len(wanted) or not len(self):
            return np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(self.key_sorted, wanted), len(self) - 1)
        return np.asarray(self.key_order[at[self.key_sorted[at] == wanted]], np.int64)

    def wants(self, rows: Ints) -> tuple[Numbers, Ints]:
        """Return what `rows` want, one behind the other, and where each begins (and the last ends)."""
        begin = self.want_start[rows]
        lengths = self.want_start[rows + 1] - begin
        ends = np.cumsum(lengths)
        at = np.repeat(begin - (ends - lengths), lengths) + np.arange(int(lengths.sum()))
        return self.want[at], np.concatenate([np.zeros(1, np.int64), ends])

    def part(self, rows: Ints) -> tuple["Segment", Ints]:
        """Return a segment in which `rows` can be scored, and which they are there: this one, where all is at hand."""
        return self, rows

    def said(self, row: int) -> bytes:
        """Return what a profile speaks as it is kept: the same for all who speak the same."""
        start = self.language_start
        return self.language[start.item(row) : start.item(row + 1)].tobytes()

    def speaks(self, row: int, vocabulary: Vocabulary) -> dict[str, tuple[int, int]]:
        """Return what a profile speaks: ``{tag: (level, lowest level accepted)}``."""
        packed = self.language[self.language_start[row] : self.language_start[row + 1]].tolist()
        return {vocabulary.feature(one >> 8).removeprefix("t:"): (one & 7, one >> 3 & 7) for one in packed}

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return all arrays by name, for storing."""
        named = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "columns"}
        return named | {f"column_{one.name}": getattr(self.columns, one.name) for one in fields(Columns)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> "Segment":
        """Return the segment whose :meth:`arrays` these are."""
        named = {one.name: arrays[one.name] for one in fields(cls) if one.name != "columns"}
        kept = Columns(**{one.name: arrays[f"column_{one.name}"] for one in fields(Columns)})  # type: ignore[arg-type]
        return cls(**named, columns=kept)  # type: ignore[arg-type]


def bitmap_bytes(profiles: int) -> int:
    """Return the bytes of a bitmap over so many profiles: whole words of 64.

    >>> bitmap_bytes(0), bitmap_bytes(1), bitmap_bytes(65)
    (0, 8, 16)
    """
    return (profiles + 63) // 64 * 8


def bitmap_of(rows: NDArray[np.integer], profiles: int) -> Bitmap:
    """Return a bitmap of `rows` over so many profiles.

    >>> bitmap_of(np.array([0, 3, 9]), 10).tolist()
    [9, 2, 0, 0, 0, 0, 0, 0]
    """
    flags = np.zeros(bitmap_bytes(profiles) * 8, np.bool_)
    flags[rows] = True
    return np.packbits(flags, bitorder="little")


def count_bits(bitmap: Bitmap) -> int:
    """Return how many profiles a bitmap holds."""
    return int(np.bitwise_count(bitmap.view(np.uint64)).sum())


def assemble(weighed: Weighed, kept: Columns, features: int) -> Segment:
    """Invert rows of features into lists, in O(n log n) of the features of all profiles."""
    profiles = len(kept.key)
    counts = np.bincount(weighed.has.values, minlength=features)
    order = weighed.has.values.astype(np.uint64) << np.uint64(32) | weighed.has.rows().astype(np.uint64)
    order.sort()
    rows = (order & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    del order
    ends = np.cumsum(counts)
    dense = np.flatnonzero((counts > profiles // 32) & (profiles >= _DENSE_FROM))
    bitmap_at = np.full(features, -1, np.int32)
    bitmap_at[dense] = np.arange(len(dense))
    bitmaps = np.zeros((len(dense), bitmap_bytes(profiles)), np.uint8)
    for at, feature in enumerate(dense):
        bitmaps[at] = bitmap_of(rows[ends[feature] - counts[feature] : ends[feature]], profiles)
    counts[dense] = 0
    listed = np.ones(len(rows), np.bool_)
    for feature in dense:
        listed[(ends[feature - 1] if feature else 0) : ends[feature]] = False
    return Segment(
        list_start=np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]),
        list_rows=rows[listed],
        bitmap_at=bitmap_at,
        bitmaps=bitmaps,
        want_start=weighed.want.starts(),
        want=weighed.want.values,
        language_start=weighed.language.starts(),
        language=weighed.language.values,
        key_sorted=np.sort(kept.key),
        key_order=np.argsort(kept.key, kind="stable").astype(np.uint32),
        columns=kept,
    )
