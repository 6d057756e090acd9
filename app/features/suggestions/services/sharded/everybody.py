"""Everybody in the shards that answer, by the lists of those features a question asks for: to count and to bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from app.features.suggestions.services.sharded.building import About
from app.features.suggestions.services.sharded.lists import (
    HOURS,
    POINTS,
    Held,
    Lists,
    ListSegment,
    Recorder,
    read_lists,
    read_slots,
)
from app.features.suggestions.services.sharded.shards import Shard, Shards
from app.matching import bridges, gaps
from app.matching.exposure import GROUPS, REGIONS
from app.matching.facets import Profile
from app.matching.filters import Field
from app.matching.index import Snapshot
from app.matching.query import Query
from app.matching.segment import Bitmap
from app.matching.side import Side


class Reader:
    """Reads lists and places of a generation, and keeps those that are asked for again and again."""

    def __init__(self, shards: Shards, about: About, schema: str) -> None:
        self.shards, self.about, self.schema = shards, about, schema
        self.features = len(about.vocabulary)
        self._held = {shard.number: Held() for shard in shards.all}
        self._sizes: dict[int, int] = {}
        self._gone: dict[int, tuple[frozenset[int], list[int]]] = {}

    def size(self, shard: Shard) -> int:
        """How many profiles stand in a shard."""
        if shard.number not in self._sizes:
            asked = f"SELECT next_slot FROM {self.schema}.about"
            self._sizes[shard.number] = shard.read(lambda one: (one.execute(asked).fetchone() or (0,))[0])
        return self._sizes[shard.number]

    def lists(self, shard: Shard, features: Iterable[int]) -> Lists:
        """The lists of features in a shard."""
        held, wanted = self._held[shard.number], set(features)
        found = held.take(wanted)
        missing = sorted(wanted - found.keys())
        if missing:
            read = shard.read(lambda one: read_lists(one, self.schema, missing))
            held.put(read)
            found |= read
        return found

    def slots(self, shard: Shard, keys: Iterable[int]) -> dict[int, int]:
        """The places of profiles in a shard."""
        wanted = sorted(keys)
        return shard.read(lambda one: read_slots(one, self.schema, wanted)) if wanted else {}

    def gone(self, shard: Shard, keys: frozenset[int]) -> list[int]:
        """The places of those whose rows are out of date; of more and more keys, only the new ones are looked up."""
        known, places = self._gone.get(shard.number, (frozenset(), []))
        if not known <= keys:  # another question knows of more already: this one began before
            return list(self.slots(shard, keys).values())
        if known != keys:
            places = [*places, *self.slots(shard, keys - known).values()]
            self._gone[shard.number] = keys, places
        return places

    def wanted(self, query: Query, more: Iterable[int] = ()) -> set[int]:
        """The lists a question needs: what is asked for when it is counted over nobody."""
        recorder = Recorder.over(self.features)
        vocabulary, rarity = self.about.vocabulary, self.about.rarity
        field = Field(
            recorder, recorder.everyone(), Side.of(query.profile, vocabulary, rarity), replace(query, named=0)
        )
        looked = [field]
        if query.kind == "bridges" and not query.target:
            # First it looks for peers out of reach, and an institution's peers are not those who can be a bridge.
            looked.append(field.asking(bridges.peers_of(query)))
        if query.target:
            looked.append(Field(recorder, recorder.everyone(), Side.of(query.target, vocabulary, rarity), query))
        for one in looked:
            recorder.union(one.side.wants.tolist())
            recorder.union(n for tag in one.side.speaks for _, _, n in one.side.vocabulary.working_languages(tag))
            _ = one.eligible, one.language_tiers, one.relevant
        recorder.union(field.find(*(f"p:{region}" for region in REGIONS)))
        recorder.union(field.find(*(f"k:of:{group}" for group in GROUPS)))
        if query.kind != "bridges":
            gaps.list_gaps([field])
        recorder.union(more)
        return recorder.wanted | {POINTS} | ({HOURS} if query.profile.hours else set())


class Everybody:
    """All profiles of some shards, each in one of them, and those that changed: a snapshot that can only count.

    Fields are kept for a question, so that what was worked out to find candidates isn't again to count them.
    """

    def __init__(self, reader: Reader, changes: Snapshot, gone: frozenset[int], alive: Sequence[int]) -> None:
        self._reader, self._changes, self._gone, self._alive = reader, changes, gone, alive
        self._fields: dict[tuple[int, int], tuple[Query, Profile | None, list[Field]]] = {}
        self.parts: list[tuple[int, ListSegment, Bitmap]] = []

    def read(self, query: Query, more: Sequence[int] = ()) -> None:
        """Read what a question asks for, and lists of some features more."""
        named = {*query.exclude, *query.known, query.profile.key, *((query.target.key,) if query.target else ())}
        named -= self._gone
        wanted = self._reader.wanted(query, more)
        self._fields.clear()
        self.parts = self._reader.shards.each(self._alive, lambda shard: self._part(shard, wanted, named))

    def _part(self, shard: Shard, wanted: set[int], named: set[int]) -> tuple[int, ListSegment, Bitmap]:
        """A shard without those who stand in an earlier one, and without rows that are out of date."""
        earlier = [-1 - number for number in self._alive if number < shard.number]
        lists, size = self._reader.lists(shard, [*wanted, *earlier]), self._reader.size(shard)
        segment = ListSegment.of(size, self._reader.features, lists, self._reader.slots(shard, named))
        live = segment.everyone() & ~segment.marked(np.array(self._reader.gone(shard, self._gone), np.int64))
        for other in earlier:
            also = lists[other]
            live &= ~(also if also.dtype == np.uint8 else segment.marked(also))
        return shard.number, segment.readable(shard.read, self._reader.schema), live

    def fields(self, query: Query, profile: Profile | None = None) -> list[Field]:
        """Return the segments as `profile` sees them, the asker unless said otherwise."""
        known = self._fields.get((id(query), id(profile)))
        if known is None:
            side = Side.of(profile or query.profile, self._changes.vocabulary, self._changes.rarity)
            segments = (*self._changes.segments, *((segment, live) for _, segment, live in self.parts))
            # The question is kept with them, so that no other takes its place in memory.
            known = query, profile, [Field(segment, live, side, query) for segment, live in segments]
            self._fields[id(query), id(profile)] = known
        return known[2]

    def in_shards(self, query: Query, profile: Profile | None = None) -> list[tuple[int, Field]]:
        """The fields of the shards alone, with their numbers."""
        fields = self.fields(query, profile)[len(self._changes.segments) :]
        return [(number, field) for (number, _, _), field in zip(self.parts, fields, strict=True)]
