"""The lists of features of one shard, read when they are asked for: enough to count, and to filter."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.features.suggestions.services.sharded.rows import FIELDS, Row, segment_of
from app.features.suggestions.services.sharded.shards import Connection
from app.matching.building import overlay_segment
from app.matching.segment import Bitmap, Columns, Segment
from app.matching.vocabulary import Ints, Numbers

Lists = dict[int, Bitmap | Numbers]
HELD = 48 << 20
"""Bytes of lists a process keeps of each shard: those that nearly every question needs."""


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
    """A segment of which the lists of features are read when they are asked for, and rows only by `part`.

    `ask` reads from the shard; `slots` are the places of the keys that are spoken of.
    """

    __slots__ = ("_ask", "_features", "_held", "_lists", "_schema", "_slots", "wanted")
    _ask: Callable[[Callable[[Connection], Any]], Any]
    _features: int
    _held: Held
    _lists: Lists
    _schema: str
    _slots: dict[int, int]
    wanted: set[int]

    def __init__(
        self,
        size: int,
        features: int,
        schema: str,
        ask: Callable[[Callable[[Connection], Any]], Any],
        slots: dict[int, int],
        held: Held,
    ) -> None:
        empty = overlay_segment([], features)
        none = {one.name: _none_of(getattr(empty.columns, one.name), size) for one in fields(Columns)}
        for one in fields(Segment):
            object.__setattr__(self, one.name, getattr(empty, one.name))
        object.__setattr__(self, "columns", Columns(**none))
        for name, value in (("_ask", ask), ("_features", features), ("_schema", schema), ("_slots", slots)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_held", held)
        object.__setattr__(self, "_lists", {})
        object.__setattr__(self, "wanted", set())

    def read(self, features: Iterable[int]) -> None:
        """Read the lists of some features at once."""
        missing = {feature for feature in features if feature not in self._lists}
        self._lists.update(self._held.take(missing))
        missing -= self._lists.keys()
        if missing:
            found = self._ask(lambda connection: read_lists(connection, self._schema, sorted(missing)))
            self._held.put(found)
            self._lists.update(found)

    def _list_of(self, feature: int) -> Bitmap | Numbers | None:
        if feature >= self._features:
            return None
        if feature not in self._lists:
            self.read([feature])
        return self._lists[feature]

    def bitmap_of(self, feature: int) -> Bitmap | None:
        """Return the bitmap of a frequent feature, or None."""
        found = self._list_of(feature)
        return cast(Bitmap, found) if found is not None and found.dtype == np.uint8 else None

    def rows_of(self, feature: int) -> Numbers:
        """Return the rows that have a rare feature."""
        found = self._list_of(feature)
        return cast(Numbers, found) if found is not None and found.dtype != np.uint8 else np.zeros(0, np.uint32)

    def find_rows(self, keys: Iterable[int]) -> Ints:
        """Return the rows of those `keys` that are here; only of such as were spoken of beforehand."""
        return np.array([self._slots[key] for key in keys if key in self._slots], np.int64)

    def part(self, rows: Ints) -> tuple[Segment, Ints]:
        """Return a segment in which `rows` can be scored, and which they are there."""
        slots = rows.tolist()
        found = self._ask(lambda one: read_rows(one, self._schema, "slot = ANY(%s) ORDER BY slot", [slots]))
        return segment_of(found, self._features), np.arange(len(found))


class Recorder(ListSegment):
    """A segment of nobody, which notes which lists are asked for: so that they can be read at once."""

    __slots__ = ()

    def __init__(self, features: int) -> None:
        super().__init__(0, features, "", lambda _: {}, {}, Held())

    def _list_of(self, feature: int) -> Bitmap | Numbers | None:
        if feature < self._features:
            self.wanted.add(feature)
        return None


def _none_of(column: NDArray[Any], size: int) -> NDArray[Any]:
    """A column of zeros that takes no memory."""
    return np.broadcast_to(np.zeros((), column.dtype), size)
