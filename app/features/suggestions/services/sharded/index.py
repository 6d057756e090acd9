"""The index over shards: asked as the one in a file, with the same answers, partial where a shard is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from app.features.suggestions.services.sharded import tables
from app.features.suggestions.services.sharded.building import About, read_about
from app.features.suggestions.services.sharded.candidates import Candidates
from app.features.suggestions.services.sharded.everybody import Everybody, Reader
from app.features.suggestions.services.sharded.shards import ShardLost, Shards
from app.matching import bridges, compiled, suggesting
from app.matching.building import empty_segment
from app.matching.facets import Profile
from app.matching.index import Index, Snapshot, UnreadableIndex, weights_mark
from app.matching.query import Answer, Query, Suggestion

log = logging.getLogger(__name__)
T = TypeVar("T")


class ShardedIndex:
    """A generation in all shards, and what changed since: the same questions as :class:`app.matching.index.Index`."""

    def __init__(self, shards: Shards, about: About) -> None:
        self.note = about.note
        self._shards, self._about = shards, about
        self._reader = Reader(shards, about, tables.schema_of(about.generation))
        nobody = empty_segment(len(about.vocabulary))
        # What changed is held as beside an index file: here over a base in which nobody stands.
        self._changes = Index(Snapshot(about.vocabulary, about.rarity, ((nobody, nobody.everyone()),)))
        # One state of them, with those whose rows in the shards are out of date.
        self._now: tuple[Snapshot, frozenset[int]] = self._changes.snapshot, frozenset()
        self.rows_read = 0
        """Rows that were fetched as candidates of the last list, for those who measure."""

    @classmethod
    def open(cls, shards: Shards, generation: str) -> ShardedIndex:
        """Read what a generation is about from any shard; raises `UnreadableIndex` or `ShardLost`."""
        compiled.load()
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
            return cls(shards, about)
        raise lost

    def apply(self, changed: Iterable[Profile], removed: Iterable[int] = ()) -> None:
        """Take in changes since the build, as :meth:`app.matching.index.Index.apply`."""
        changed, removed = list(changed), list(removed)
        self._changes.apply(changed, removed)
        gone = self._now[1] | {*(profile.key for profile in changed), *removed}
        self._now = self._changes.snapshot, gone

    def suggest(self, query: Query) -> Answer:
        """Return the best candidates with reasons and gaps; marked as partial where a shard doesn't answer."""

        def ask(alive: Sequence[int]) -> Answer:
            everybody, candidates = self._prepared(alive)
            everybody.read(query)
            if query.kind != "bridges":
                chosen = candidates.for_query(query)
                answer = suggesting.suggest(chosen, query, everybody)
            else:
                answer = self._bridges(query, everybody, candidates)
            self.rows_read = candidates.read
            return answer

        return self._from_those_there(ask, lambda answer: replace(answer, partial=True))

    def count(self, query: Query) -> int:
        """Return how many candidates pass the hard filters and are relevant, in the shards that answer."""
        if query.kind == "bridges":
            return self.suggest(replace(query, limit=0)).total

        def ask(alive: Sequence[int]) -> int:
            everybody, _ = self._prepared(alive)
            everybody.read(query)
            return sum(field.count() for field in everybody.fields(query))

        return self._from_those_there(ask, lambda number: number)

    def explain(self, query: Query, key: int) -> Suggestion | None:
        """Return why one candidate suits the asker; None if they don't pass the filters or their shard is lost."""
        return next(iter(self.explain_each(query, (key,), 1)), None)

    def explain_each(self, query: Query, keys: Sequence[int], most: int) -> tuple[Suggestion, ...]:
        """Return the same for the first `most` of `keys` who pass the filters, in their order."""

        def ask(alive: Sequence[int]) -> tuple[Suggestion, ...]:
            _, candidates = self._prepared(alive)
            return suggesting.explain_each(candidates.for_keys(keys), query, keys, most)

        return self._from_those_there(ask, lambda found: found)

    def _bridges(self, query: Query, everybody: Everybody, candidates: Candidates) -> Answer:
        if query.target:
            return bridges.suggest(candidates.for_bridges(query, query.target), query, everybody)
        far = candidates.far_side(query)
        known = len(self._about.vocabulary)
        speakers = [number for each in far.speakers(self._changes.snapshot.vocabulary) for number in each]
        everybody.read(query, [number for number in speakers if number < known])
        return bridges.suggest(candidates.for_far_side(query, far), query, everybody)

    def _prepared(self, alive: Sequence[int]) -> tuple[Everybody, Candidates]:
        """One state of what changed, for the whole of a question."""
        changes, gone = self._now
        everybody = Everybody(self._reader, changes, gone, alive)
        return everybody, Candidates(self._reader, everybody, changes, alive, gone)

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
