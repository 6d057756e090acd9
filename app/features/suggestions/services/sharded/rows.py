"""Profiles as rows of a shard and back: packed by numpy, many at once, in the binary form PostgreSQL copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.matching.building import empty_segment
from app.matching.encoding import Flat, Weighed
from app.matching.segment import Columns, Segment, assemble
from app.matching.vocabulary import Numbers

COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_END = b"\xff\xff"
FIELDS = "key, facets, kept, want, language, slot"
"""What is read of a row, in order; see `segment_of`."""
Row = tuple[int, bytes, bytes, bytes, bytes, int]

_INT4 = 23
_NONE = pack(">iii", 0, 0, _INT4)  # an empty array has no dimension


def columns_type() -> np.dtype[Any]:
    """The columns of a profile as one record, whatever they are."""
    empty = Columns.of(())
    return np.dtype([(one.name, getattr(empty, one.name).dtype) for one in fields(Columns)])


def packed_rows(
    weighed: Weighed, kept: Columns, slots: Sequence[int], places: Sequence[int], chosen: Iterable[int]
) -> Iterator[bytes]:
    """Rows in the binary form of COPY: (key, slot, facets, kept, want, language, places) of the chosen profiles."""
    record = np.empty(len(kept.key), columns_type())
    for one in fields(Columns):
        record[one.name] = getattr(kept, one.name)
    table, size = record.tobytes(), record.dtype.itemsize
    has, has_at = _as_array(weighed.has.values), weighed.has.starts().tolist()
    want, want_at = weighed.want.values.astype("<u4").tobytes(), weighed.want.starts().tolist()
    speaks, speaks_at = weighed.language.values.astype("<u4").tobytes(), weighed.language.starts().tolist()
    keys = kept.key.tolist()
    for at in chosen:
        count = has_at[at + 1] - has_at[at]
        facets = pack(">iiiii", 1, 0, _INT4, count, 1) + has[8 * has_at[at] : 8 * has_at[at + 1]] if count else _NONE
        parts = (
            facets,
            table[size * at : size * (at + 1)],
            want[4 * want_at[at] : 4 * want_at[at + 1]],
            speaks[4 * speaks_at[at] : 4 * speaks_at[at + 1]],
        )
        head = pack(">hiqii", 7, 8, keys[at], 4, slots[at])
        yield head + b"".join(pack(">i", len(one)) + one for one in parts) + pack(">iq", 8, places[at])


def segment_of(rows: Sequence[Row], features: int) -> Segment:
    """Rows as a segment of the index, in their order."""
    if not rows:
        return empty_segment(features)
    _keys, facets, kept, want, language, _slots = zip(*rows, strict=True)
    return assemble(Weighed(facets_of(facets), _flat(want), _flat(language)), columns_of(kept), features)


def columns_of(kept: Sequence[bytes]) -> Columns:
    """The columns of rows."""
    record = np.frombuffer(b"".join(kept), columns_type())
    return Columns(*(np.ascontiguousarray(record[one.name]) for one in fields(Columns)))


def facets_of(arrays: Sequence[bytes]) -> Flat:
    """Arrays of integers, as PostgreSQL sends them, one behind the other."""
    values = np.frombuffer(b"".join(one[20:] for one in arrays), ">i4")[1::2].astype(np.uint32)
    lengths = np.fromiter((max(0, len(one) - 20) >> 3 for one in arrays), np.int64, len(arrays))
    return Flat(values, lengths)


def _flat(parts: Sequence[bytes]) -> Flat:
    values = np.frombuffer(b"".join(parts), "<u4").astype(np.uint32)
    return Flat(values, np.fromiter((len(one) >> 2 for one in parts), np.int64, len(parts)))


def _as_array(values: Numbers) -> bytes:
    """Integers as the elements of an array: the length of each before it."""
    pairs: NDArray[np.int32] = np.empty((len(values), 2), ">i4")
    pairs[:, 0] = 4
    pairs[:, 1] = values
    return pairs.tobytes()
