"""The lists of features of one shard, read when they are asked for: enough to count, and to filter."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any, Self

import numpy as np

from app.features.suggestions.services.sharded.rows import FIELDS, Row, segment_of
from app.features.suggestions.services.sharded.shards import Connection
from app.matching.building import empty_segment
from app.matching.segment import Bitmap, Columns, Points, Segment, bitmap_bytes
from app.matching.vocabulary import Ints, Numbers

Lists = dict[int, Bitmap | Numbers]
POINTS, HOURS = -1000, -1001
"""Under these stand the points for capacity and freshness of everyone, and the hours; see `Columns`."""
HELD = 48 << 20
"""Bytes of lists a process keeps of each shard: those that nearly every question needs."""


_NO_KEY = np.iinfo(np.int64).max
_BESIDES = 300  # what Python adds to a list


class Held:
    """The lists of a generation of a shard that were used last."""

    def __init__(self, room: int = HELD) -> None:
        self._lists: OrderedDict[int, Bitmap | Numbers] = OrderedDict()
        self._room = room
        self._turn = threading.Lock()

    def take(self, features: Iterable[int]) -> Lists:
        """Those of `features` that are here."""
        with self._turn:
            found = {feature: self._lists[feature] for feature in features if feature in self._lists}
            for feature in found:
                self._lists.move_to_end(feature)
        return found

    def put(self, lists: Lists) -> None:
        """Keep lists, and let go of the oldest when there is no room."""
        with self._turn:
            for feature, members in lists.items():
                if feature not in self._lists:
                    self._lists[feature] = members
                    self._room -= members.nbytes + _BESIDES
            while self._room < 0 and self._lists:
                self._room += self._lists.popitem(last=False)[1].nbytes + _BESIDES


def read_lists(connection: Connection, schema: str, features: Sequence[int]) -> Lists:
    """Read the lists of features; one that nobody has is an empty one."""
    found: Lists = {feature: np.zeros(0, np.uint32) for feature in features}
    with connection.cursor(binary=True) as cursor:
        cursor.execute(f"SELECT feature, dense, members FROM {schema}.lists WHERE feature = ANY(%s)", [list(features)])
        for feature, dense, members in cursor:
            found[feature] = np.frombuffer(members, np.uint8 if dense else "<u4")
    return found


def read_slots(connection: Connection, schema: str, keys: Sequence[int]) -> dict[int, int]:
    """The places of profiles in the lists, by their keys."""
    asked = connection.execute(f"SELECT key, slot FROM {schema}.rows WHERE key = ANY(%s)", [list(keys)])
    return dict(asked.fetchall())


def read_rows(connection: Connection, schema: str, which: str, values: Sequence[Any]) -> list[Row]:
    """Read rows under a condition."""
    with connection.cursor(binary=True) as cursor:
        cursor.execute(f"SELECT {FIELDS} FROM {schema}.rows WHERE {which}", values)
        return cursor.fetchall()


class ListSegment(Segment):
    """A segment with the lists of some features alone: enough to count and to bound scores; `part` reads rows."""

    __slots__ = ("_ask", "_features", "_schema")
    _ask: Callable[[Callable[[Connection], list[Row]]], list[Row]]
    _features: int
    _schema: str

    @classmethod
    def of(cls, size: int, features: int, lists: Lists, slots: dict[int, int]) -> Self:
        """Put lists together as a segment of `size` profiles, of whom only the places in `slots` are known."""
        dense = [feature for feature, one in lists.items() if feature >= 0 and one.dtype == np.uint8]
        sparse = sorted(feature for feature, one in lists.items() if feature >= 0 and one.dtype != np.uint8)
        bitmap_at = np.full(features, -1, np.int32)
        bitmap_at[dense] = np.arange(len(dense))
        counts = np.zeros(features + 1, np.int64)
        counts[np.array(sparse, np.int64) + 1] = [len(lists[feature]) for feature in sparse]
        bitmaps = np.stack([lists[one] for one in dense]) if dense else np.zeros((0, bitmap_bytes(size)), np.uint8)
        rows = np.concatenate([np.zeros(0, np.uint32), *(lists[feature] for feature in sparse)])
        none = empty_segment(0)
        keys = np.array([*sorted(slots), _NO_KEY], np.int64)
        found = cls.__new__(cls)
        for name, value in (
            ("list_start", np.cumsum(counts)),
            ("list_rows", rows.astype(np.uint32)),
            ("bitmap_at", bitmap_at),
            ("bitmaps", bitmaps.astype(np.uint8)),
            ("want_start", none.want_start),
            ("want", none.want),
            ("language_start", none.language_start),
            ("language", none.language),
            ("key_sorted", keys),
            ("key_order", np.array([slots.get(int(key), 0) for key in keys], np.uint32)),
            ("columns", _columns(size, lists)),
        ):
            object.__setattr__(found, name, value)
        return found

    def readable(self, ask: Callable[[Callable[[Connection], list[Row]]], list[Row]], schema: str) -> ListSegment:
        """Return the same, knowing where its rows can be read."""
        for name, value in (("_ask", ask), ("_schema", schema), ("_features", len(self.bitmap_at))):
            object.__setattr__(self, name, value)
        return self

    def part(self, rows: Ints) -> tuple[Segment, Ints]:
        """Return a segment in which `rows` can be scored, and which they are there."""
        if not len(rows):
            return empty_segment(self._features), rows
        slots = rows.tolist()
        found = self._ask(lambda one: read_rows(one, self._schema, "slot = ANY(%s) ORDER BY slot", [slots]))
        return segment_of(found, self._features), np.arange(len(found))


class Recorder(ListSegment):
    """A segment of nobody, which notes which lists are asked for: so that they can be read at once."""

    __slots__ = ("wanted",)
    wanted: set[int]

    @classmethod
    def over(cls, features: int) -> Self:
        """A recorder for a vocabulary of so many features."""
        found = cls.of(0, features, {}, {})
        object.__setattr__(found, "wanted", set())
        return found

    def union(self, features: Iterable[int]) -> Bitmap:
        """Note the features; nobody has them."""
        self.wanted.update(feature for feature in features if feature < len(self.bitmap_at))
        return np.zeros(0, np.uint8)

    def counts(self, base: Bitmap, groups: Sequence[Sequence[int]]) -> list[int]:
        """Note the features; nobody has them."""
        for features in groups:
            self.union(features)
        return [0] * len(groups)

    def add(self, points: Points, gains: Sequence[tuple[int, int]], times: int = 1) -> None:
        """Note the features; nobody has them."""
        self.union(feature for feature, _ in gains)


def _columns(size: int, lists: Lists) -> Columns:
    """The columns that count for everyone; zeros, which take no memory before they are written to, for the others."""
    empty = Columns.of(())
    known = {"points": lists.get(POINTS), "hours": lists.get(HOURS)}
    found = {}
    for one in fields(Columns):
        kind, bytes_of = getattr(empty, one.name).dtype, known.get(one.name)
        found[one.name] = np.zeros(size, kind) if bytes_of is None else bytes_of.view(np.uint8).view(kind)
    return Columns(**found)
