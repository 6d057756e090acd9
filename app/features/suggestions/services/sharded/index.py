"""The index over shards: asked as the one in a file, with the same answers, partial where a shard is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from app.features.suggestions.services.sharded import tables
from app.features.suggestions.services.sharded.building import About, read_about
from app.features.suggestions.services.sharded.candidates import Candidates
from app.features.suggestions.services.sharded.lists import Held, ListSegment, Recorder, read_slots
from app.features.suggestions.services.sharded.shards import Shard, ShardLost, Shards
from app.matching import bridges, gaps, suggesting
from app.matching.building import overlay_segment
from app.matching.facets import Profile
from app.matching.filters import Field
from app.matching.index import Index, Snapshot, UnreadableIndex, weights_mark
from app.matching.query import Answer, Query, Suggestion
from app.matching.segment import Bitmap, Segment
from app.matching.side import Side, partners

log = logging.getLogger(__name__)
T = TypeVar("T")

_AREAS = ("002", "009", "019", "142", "150")
"""The regions exposure is balanced over: their lists are read with the others."""


class ShardedIndex:
    """A generation in all shards, and what changed since: the same questions as :class:`app.matching.index.Index`."""

    def __init__(self, shards: Shards, about: About, sizes: dict[int, int]) -> None:
        self.note = about.note
        self._shards, self._about, self._sizes = shards, about, sizes
        self._schema = tables.schema_of(about.generation)
        self._features = len(about.vocabulary)
        nobody = overlay_segment([], self._features)
        # What changed is held as beside an index file: here over a base in which nobody stands.
        self._changes = Index(Snapshot(about.vocabulary, about.rarity, ((nobody, nobody.everyone()),)))
        self._gone: frozenset[int] = frozenset()
        self.rows_read = 0
        """Rows that were fetched as candidates of the last list, for those who measure."""
        self._held = {number: Held() for number in sizes}
        self._places: dict[int, tuple[frozenset[int], dict[int, int]]] = {}

    @classmethod
    def open(cls, shards: Shards, generation: str) -> ShardedIndex:
        """Read what a generation is about from any shard; raises `UnreadableIndex` or `ShardLost`."""
        schema, lost = tables.schema_of(generation), ShardLost(0)
        for shard in shards.all:
            try:
                about, mark = shard.read(lambda one: read_about(one, schema))
            except ShardLost as error:
                lost = error
                continue
            if mark != weights_mark():
                raise UnreadableIndex(f"generation {generation} was built with other weights")
            if about.placement.count != len(shards):
                raise UnreadableIndex(f"generation {generation} is over another number of shards")
            return cls(shards, about, {})
        raise lost

    def apply(self, changed: Iterable[Profile], removed: Iterable[int] = ()) -> None:
        """Take in changes since the build, as :meth:`app.matching.index.Index.apply`."""
        changed, removed = list(changed), list(removed)
        self._gone |= {*(profile.key for profile in changed), *removed}
        self._changes.apply(changed, removed)

    def suggest(self, query: Query) -> Answer:
        """Return the best candidates with reasons and gaps; marked as partial where a shard doesn't answer."""

        def ask(alive: Sequence[int]) -> Answer:
            changes, gone = self._changes.snapshot, self._gone
            candidates = self._candidates(changes, alive, gone)
            chosen = candidates.for_query(query)
            self.rows_read = candidates.read
            counted = self._counted(
                changes, gone, query, alive, bridges.FarSide.of(chosen, query) if _far(query) else None
            )
            answer = bridges.suggest if query.kind == "bridges" else suggesting.suggest
            return answer(chosen, query, counted)

        return self._from_those_there(ask, lambda answer: replace(answer, partial=True))

    def count(self, query: Query) -> int:
        """Return how many candidates pass the hard filters and are relevant, in the shards that answer."""
        if query.kind == "bridges":
            return self.suggest(replace(query, limit=0)).total

        def ask(alive: Sequence[int]) -> int:
            counted = self._counted(self._changes.snapshot, self._gone, query, alive, None)
            return sum(field.count() for field in counted.fields(query))

        return self._from_those_there(ask, lambda number: number)

    def explain(self, query: Query, key: int) -> Suggestion | None:
        """Return why one candidate suits the asker; None if they don't pass the filters or their shard is lost."""
        return next(iter(self.explain_each(query, (key,), 1)), None)

    def explain_each(self, query: Query, keys: Sequence[int], most: int) -> tuple[Suggestion, ...]:
        """Return the same for the first `most` of `keys` who pass the filters, in their order."""

        def ask(alive: Sequence[int]) -> tuple[Suggestion, ...]:
            changes, gone = self._changes.snapshot, self._gone
            chosen = self._candidates(changes, alive, gone).for_keys(keys)
            return suggesting.explain_each(chosen, query, keys, most)

        return self._from_those_there(ask, lambda found: found)

    def _from_those_there(self, ask: Callable[[Sequence[int]], T], mark: Callable[[T], T]) -> T:
        """Ask without each shard that is found not to answer, from the start: who stands in two counts once."""
        alive = list(self._shards.awake())
        while True:
            try:
                found = ask(alive)
            except ShardLost as lost:
                log.warning("%s: the answer is partial", lost)
                alive.remove(lost.number)
                continue
            return found if len(alive) == len(self._shards) else mark(found)

    def _candidates(self, changes: Snapshot, alive: Sequence[int], gone: frozenset[int]) -> Candidates:
        return Candidates(self._shards, self._schema, self._about, changes, alive, gone)

    def _counted(
        self,
        changes: Snapshot,
        gone: frozenset[int],
        query: Query,
        alive: Sequence[int],
        far: bridges.FarSide | None,
    ) -> Snapshot:
        """A snapshot in which everybody is counted: lists of the shards, each profile in one of them, and changes."""
        named = {*query.exclude, *query.known, query.profile.key, *((query.target.key,) if query.target else ())}
        wanted = self._wanted(query, far)

        def prepare(shard: Shard) -> tuple[Segment, Bitmap]:
            slots, away = self._slots(shard, named, gone)
            segment = ListSegment(
                self._size(shard), self._features, self._schema, shard.read, slots, self._held_of(shard)
            )
            earlier = [-1 - number for number in alive if number < shard.number]
            segment.read([*wanted, *earlier])
            live = segment.everyone() & ~segment.union(earlier) & ~segment.marked(np.array(away, np.int64))
            return segment, live

        parts = self._shards.each(alive, prepare)
        return replace(changes, segments=(*changes.segments, *parts))

    def _slots(self, shard: Shard, named: set[int], gone: frozenset[int]) -> tuple[dict[int, int], list[int]]:
        """The places of those who are named, and of those whose row is out of date."""
        known = self._places.get(shard.number)
        if known is None or known[0] != gone:
            places = shard.read(lambda one: read_slots(one, self._schema, sorted(gone))) if gone else {}
            known = self._places[shard.number] = gone, places
        named = named - gone
        found = shard.read(lambda one: read_slots(one, self._schema, sorted(named))) if named else {}
        return found, list(known[1].values())

    def _size(self, shard: Shard) -> int:
        if shard.number not in self._sizes:
            asked = f"SELECT next_slot FROM {self._schema}.about"
            self._sizes[shard.number] = shard.read(lambda one: (one.execute(asked).fetchone() or (0,))[0])
        return self._sizes[shard.number]

    def _held_of(self, shard: Shard) -> Held:
        return self._held.setdefault(shard.number, Held())

    def _wanted(self, query: Query, far: bridges.FarSide | None) -> set[int]:
        """The lists a question needs: what is asked for when it is counted over nobody."""
        recorder = Recorder(self._features)
        vocabulary, rarity = self._about.vocabulary, self._about.rarity
        side = Side.of(query.profile, vocabulary, rarity)
        field = Field(recorder, recorder.everyone(), side, query)
        speaks = {tag: side.speaks[tag] for tag in side.speaks}
        asked = [field.find(*(f"p:{area}" for area in _AREAS))]
        asked += [list(numbers) for numbers in partners(speaks, side.vocabulary).values()]
        asked += far.speakers(side.vocabulary) if far else []
        for features in asked:
            recorder.union(features)
        _look(field)
        if query.target:
            _look(Field(recorder, recorder.everyone(), Side.of(query.target, vocabulary, rarity), query), False)
        return recorder.wanted


def _look(field: Field, gaps_too: bool = True) -> None:
    """Ask for everything that counting asks for."""
    _ = field.eligible, field.by_language, field.count(), field.count_hidden_by_language()
    if gaps_too and field.query.kind != "bridges":
        gaps.list_gaps([replace_named(field)])


def replace_named(field: Field) -> Field:
    """The same, for nobody to be named."""
    return Field(field.segment, field.live, field.side, replace(field.query, named=0))


def _far(query: Query) -> bool:
    return query.kind == "bridges" and query.target is None
