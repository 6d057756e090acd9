"""The candidates for a question: those rows that could be among the best, found by GIN and scored exactly here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from app.features.suggestions.services.sharded import bounds
from app.features.suggestions.services.sharded.bounds import Bound, Conditions, Gain
from app.features.suggestions.services.sharded.building import About
from app.features.suggestions.services.sharded.lists import read_rows
from app.features.suggestions.services.sharded.rows import Row, segment_of
from app.features.suggestions.services.sharded.shards import Shards
from app.matching import bridges, suggesting, weights
from app.matching.filters import Field
from app.matching.index import Snapshot
from app.matching.query import Query
from app.matching.side import Side
from app.matching.suggesting import Shortlist

_FIRST = 2000
"""About so many rows are looked at first, to know how good the best are."""
_STEPS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0)
"""How far below the highest possible score the first look goes, in parts of it."""

Best = Callable[[Snapshot], Shortlist]


class Candidates:
    """Collects the rows for one question from the shards that answer."""

    def __init__(
        self,
        shards: Shards,
        schema: str,
        about: About,
        changes: Snapshot,
        alive: Sequence[int],
        gone: frozenset[int],
    ) -> None:
        self._shards, self._schema, self._about = shards, schema, about
        self._changes, self._alive, self._gone = changes, alive, gone
        self._features = len(about.vocabulary)
        self._rows: dict[int, Row] = {}
        self.read = 0
        """Rows that were read from the shards."""

    def for_keys(self, keys: Iterable[int]) -> Snapshot:
        """A snapshot with some profiles in it."""
        self._read_keys(keys)
        return self._snapshot()

    def for_query(self, query: Query) -> Snapshot:
        """A snapshot that holds at least the best for a question."""
        side = self._side(query)
        if query.kind == "bridges":
            self._for_bridges(query, side)
        elif query.limit > 0:
            of = Field(self._changes.segments[0][0], self._changes.segments[0][1], side, query)
            must, never = bounds.eligible(of, self._features)
            worth = query.model.of(query.kind)
            legs = (*bounds.wanted(side, worth, self._features), *bounds.spoken(side, worth, self._features))
            rest = bounds.static(side, worth) + (worth.border if query.kind == "collaborators" else 0)
            bound = Bound(
                (legs,),
                rest,
                (*must, bounds.talking(side, self._features), bounds.relevant(of, self._features)),
                never,
            )
            self._read_keys(query.known)
            self._collect(bound, query.limit * weights.SHORTLIST, self._near(side), _best(query))
        return self._snapshot()

    def _for_bridges(self, query: Query, side: Side) -> None:
        known, worth = self._features, query.model.of("bridges")
        of = Field(self._changes.segments[0][0], self._changes.segments[0][1], side, query)
        must, never = bounds.eligible(of, known)
        near = (*bounds.wanted(side, worth, known), *bounds.spoken(side, worth, known))
        if query.target:
            far_side = self._side(query, query.target)
            far = (*bounds.wanted(far_side, worth, known), *bounds.spoken(far_side, worth, known))
            both = (bounds.talking(side, known), bounds.talking(far_side, known))
            bound = Bound((near, far), bounds.static(side, worth), (*must, *both), never)
        else:
            self._collect_out_of_reach(query, side)
            reach = bridges.FarSide.of(self._snapshot(), query)
            speakers = [tuple(f for f in each if f < known) for each in reach.speakers(side.vocabulary)]
            gains = [Gain(each, share) for each, share in zip(speakers, reach.shares, strict=True)]
            anyone = tuple(feature for each in speakers for feature in each)
            must = [*must, bounds.talking(side, known), anyone]
            bound = Bound(((*near, *gains),), bounds.static(side, worth), tuple(must), never)
        if query.limit > 0:
            count = query.limit * weights.SHORTLIST
            self._collect(bound, count, self._near(side), lambda snapshot: bridges.shortlist(snapshot, query))

    def _collect_out_of_reach(self, query: Query, side: Side) -> None:
        """The best matches without a common language, wherever they stand."""
        peers = Query(query.profile, "peers", None, query.exclude, query.guest, seed=query.seed, model=query.model)
        of = Field(self._changes.segments[0][0], self._changes.segments[0][1], side, peers)
        must, never = bounds.eligible(of, self._features)
        worth = query.model.of("peers")
        bound = Bound(
            (bounds.wanted(side, worth, self._features),),
            bounds.static(side, worth),
            (*must, bounds.relevant(of, self._features)),
            (*never, *bounds.talking(side, self._features)),
        )
        best: Best = lambda snapshot: bridges.out_of_reach(snapshot, query)  # noqa: E731 - a question with its values
        self._collect(bound, weights.BRIDGE_FAR_SIDE, self._alive, best)

    def _collect(self, bound: Bound, count: int, shards: Sequence[int], best: Best) -> None:
        """Read until nobody who isn't here could be among the best `count`.

        First those who come close to the highest possible score; the `count`-th best of them says how close one has to
        come, and with that everybody who could is read.
        """
        seen, within = None, self._first_look(bound)
        while True:
            asked = bounds.conditions(bound, bound.most - within, self._about.rarity)
            if seen is None or asked.sets != seen.sets:
                self._read(asked, shards)
            seen = asked
            found = best(self._snapshot())
            below = bound.most - int(found[-1][1].score[0]) if len(found) >= count else bound.most + _NOTHING
            if below <= within:
                return
            # Where too few were found, look twice as far, and at last at everybody who passes the filters.
            far = len(found) >= count or 2 * within > bound.most
            within = below if far else max(2 * within, 1)

    def _first_look(self, bound: Bound) -> int:
        within = 0
        for step in _STEPS:
            reach = int(bound.most * step)
            if within and bounds.conditions(bound, bound.most - reach, self._about.rarity).about > _FIRST:
                break
            within = reach
        return within

    def _read(self, asked: Conditions, shards: Sequence[int]) -> None:
        which, values = asked.sql()
        parts = self._shards.each(
            shards, lambda shard: shard.read(lambda one: read_rows(one, self._schema, which, values))
        )
        self._keep(row for part in parts for row in part)

    def _read_keys(self, keys: Iterable[int]) -> None:
        wanted = sorted({*keys} - self._gone)
        if wanted:
            parts = self._shards.each(
                self._alive,
                lambda shard: shard.read(lambda one: read_rows(one, self._schema, "key = ANY(%s)", [wanted])),
            )
            self._keep(row for part in parts for row in part)

    def _keep(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self.read += 1
            if row[0] not in self._gone:
                self._rows[row[0]] = row

    def _snapshot(self) -> Snapshot:
        """What was read so far, and what changed."""
        segment = segment_of(list(self._rows.values()), self._features)
        return replace(self._changes, segments=(*self._changes.segments, (segment, segment.everyone())))

    def _side(self, query: Query, profile: object = None) -> Side:
        return Side.of(profile or query.profile, self._changes.vocabulary, self._changes.rarity)  # type: ignore[arg-type]

    def _near(self, side: Side) -> Sequence[int]:
        """The shards in which those stand who could share a language with a side."""
        chosen = self._about.placement.shards_of(side.speaks)
        return [number for number in self._alive if number in chosen]


_NOTHING = 1 << 15
"""Below the lowest score there is."""


def _best(query: Query) -> Best:
    return lambda snapshot: suggesting.shortlist(snapshot.fields(query), query)
