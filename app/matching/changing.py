"""Changes since the build: small segments beside the base, merged as they grow, so that taking in a few stays cheap.

A change makes a segment of its own and takes the rows it replaces out of the bitmaps of those that still hold. Segments
are merged when the later one has grown to a part of the one before it, as in a log-structured merge tree (O'Neil et al.
1996): there are at most about three beside the base, and a profile is merged O(log n) times. A merge is linear: lists
are put behind each other, never sorted.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from app.matching.encoding import Encoder, weigh
from app.matching.facets import Profile
from app.matching.segment import Bitmap, Columns, Segment, assemble, bitmap_bytes
from app.matching.vocabulary import Ints, Numbers, Rarity, Vocabulary

Part = tuple[Segment, Bitmap]
"""A segment, and who of it still holds."""

_SMALL = 256  # so few are merged at every change
_SHARE = 32  # merged when the later has grown to this part of the earlier


def encoded(profiles: Sequence[Profile], rarity: Rarity, vocabulary: Vocabulary) -> tuple[Segment, Vocabulary]:
    """Return a segment of `profiles`, and the vocabulary with what they said that was new.

    `vocabulary` is left as it is, for who is using it: a longer one takes its place where anything was new.
    """
    grown = Vocabulary(parent=vocabulary)
    weighed = weigh(Encoder(grown).encode(list(profiles)), rarity, grown)
    if grown.features:
        known = vocabulary.features if vocabulary.parent is not None else []
        vocabulary = Vocabulary([*known, *grown.features], vocabulary.parent or vocabulary)
    return assemble(weighed, Columns.of(profiles), len(vocabulary)), vocabulary


def without(part: Part, keys: Iterable[int]) -> Part:
    """Return a part in which the profiles with `keys` no longer hold; O(keys log profiles)."""
    segment, live = part
    rows = segment.find_rows(keys)
    if not len(rows):
        return part
    live = live.copy()
    np.bitwise_and.at(live, rows >> 3, ~(np.uint8(1) << (rows & 7).astype(np.uint8)))
    return segment, live


def settled(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Merge the latest of `parts` (the base left out) as far as they have grown."""
    rest = [part for part in parts if part[1].any()]
    while len(rest) > 1 and (len(rest[-2][0]) < _SMALL or len(rest[-1][0]) * _SHARE >= len(rest[-2][0])):
        one = merged(rest[-2:])
        rest[-2:] = [(one, one.everyone())]
    return tuple(rest)


def merged(parts: Sequence[Part]) -> Segment:
    """Return one segment of all who hold in `parts`, in O(features of all profiles + vocabulary).

    Every list is kept as rows: bitmaps are worth their while in the base only.
    """
    flags = [np.asarray(segment.flags(live), np.bool_) for segment, live in parts]
    features = max(len(segment.bitmap_at) for segment, _ in parts)
    start, rows = _lists([segment for segment, _ in parts], flags, features)
    kept = Columns.stacked([segment.columns.take(holds) for (segment, _), holds in zip(parts, flags, strict=True)])
    want_start, want = _rows([(one.want_start, one.want) for one, _ in parts], flags)
    language_start, language = _rows([(one.language_start, one.language) for one, _ in parts], flags)
    return Segment(
        list_start=start,
        list_rows=rows,
        bitmap_at=np.full(features, -1, np.int32),
        bitmaps=np.zeros((0, bitmap_bytes(len(kept.key))), np.uint8),
        want_start=want_start,
        want=want,
        language_start=language_start,
        language=language,
        key_sorted=np.sort(kept.key),
        key_order=np.argsort(kept.key, kind="stable").astype(np.uint32),
        columns=kept,
    )


def _lists(segments: Sequence[Segment], flags: Sequence[NDArray[np.bool_]], features: int) -> tuple[Ints, Numbers]:
    """Put the lists of each feature behind each other, the rows numbered anew."""
    counts, lists, offset = list[Ints](), list[Numbers](), 0
    for segment, holds in zip(segments, flags, strict=True):
        numbers, rows = _pairs(segment)
        kept = holds[rows]
        counts.append(np.bincount(numbers[kept], minlength=features))
        lists.append((np.cumsum(holds) - 1 + offset).astype(np.uint32)[rows[kept]])
        offset += int(holds.sum())
    start = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.sum(counts, axis=0))])
    whole = np.empty(int(start[-1]), np.uint32)
    begin = start[:-1]
    for count, each in zip(counts, lists, strict=True):
        whole[np.arange(len(each)) + np.repeat(begin - (np.cumsum(count) - count), count)] = each
        begin = begin + count
    return start, whole


def _pairs(segment: Segment) -> tuple[Ints, Ints]:
    """Return the feature and the row of everything that profiles have, by feature and row."""
    rows = segment.list_rows.astype(np.int64)
    numbers = np.repeat(np.arange(len(segment.bitmap_at)), np.diff(segment.list_start))
    if not len(segment.bitmaps):
        return numbers, rows
    frequent = np.flatnonzero(segment.bitmap_at >= 0)
    found = [np.flatnonzero(segment.flags(segment.bitmaps[segment.bitmap_at[one]])) for one in frequent]
    rows = np.concatenate([rows, *found])
    numbers = np.concatenate([numbers, np.repeat(frequent, [len(one) for one in found])])
    order = np.argsort(numbers, kind="stable")
    return numbers[order], rows[order]


def _rows(parts: Sequence[tuple[Ints, Numbers]], flags: Sequence[NDArray[np.bool_]]) -> tuple[Ints, Numbers]:
    """Put what is listed by profile under each other."""
    lengths = [np.diff(start) for start, _ in parts]
    values = [value[np.repeat(holds, length)] for (_, value), length, holds in zip(parts, lengths, flags, strict=True)]
    ends = np.cumsum(np.concatenate([length[holds] for length, holds in zip(lengths, flags, strict=True)]))
    return np.concatenate([np.zeros(1, np.int64), ends]), np.concatenate(values)
