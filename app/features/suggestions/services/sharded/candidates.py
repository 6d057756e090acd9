"""The candidates for a question: those rows that could be among the best, scored exactly by the code of the index.

First PostgreSQL gives by GIN those who have what the best must have, and the worst of the best found says how many
points one must come to. If the same conditions already hold for all who could, that is all. Else the lists, which are
read for counting anyway, say of everybody how many points they could come to at most, and the rows of those are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from app.features.suggestions.services.sharded import bounds
from app.features.suggestions.services.sharded.bounds import Bound, Conditions, Gain
from app.features.suggestions.services.sharded.everybody import Everybody, Reader
from app.features.suggestions.services.sharded.lists import read_rows
from app.features.suggestions.services.sharded.rows import Row, segment_of
from app.features.suggestions.services.sharded.shards import Shard
from app.matching import bridges, suggesting, weights
from app.matching.facets import Profile
from app.matching.filters import Field
from app.matching.index import Snapshot
from app.matching.query import Query
from app.matching.scoring import Bounds, leg_points, static_points
from app.matching.side import Side
from app.matching.suggesting import Shortlist

_FIRST = 400
"""About so many rows are looked at first, to know how good the best are."""
_BATCH = 1000
"""So many rows are read at once of those who could come to more: after each, fewer can."""
_STEPS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.65, 0.8, 1.0)
"""How far below the highest possible score the first look goes, in parts of it."""

Best = Callable[[Snapshot], Shortlist]
Everyone = Callable[[], list[tuple[int, Bounds]]]
"""What everybody in the shards could come to at most, by shard."""


class Candidates:
    """Collects the rows for one question from the shards that answer."""

    def __init__(
        self, reader: Reader, everybody: Everybody, changes: Snapshot, alive: Sequence[int], gone: frozenset[int]
    ) -> None:
        self._reader, self._everybody, self._changes = reader, everybody, changes
        self._alive, self._gone, self._features = alive, gone, reader.features
        self._rows: dict[int, Row] = {}
        self._seen: dict[int, set[int]] = {}
        self.read = 0
        """Rows that were read from the shards."""

    def for_keys(self, keys: Iterable[int]) -> Snapshot:
        """A snapshot with some profiles in it."""
        self._read_keys(keys)
        return self._snapshot()

    def for_query(self, query: Query) -> Snapshot:
        """A snapshot that holds at least the best for a question for peers, collaborators or institutions."""
        count = query.limit * weights.SHORTLIST
        if count <= 0:
            return self._snapshot()
        side, known, rarity = self._side(query), self._features, self._reader.about.rarity
        of = self._field(side, query)
        must, never = bounds.eligible(of, known)
        worth = query.model.of(query.kind)
        leg = (*bounds.wanted(side, worth, rarity, known), *bounds.spoken(side, worth, rarity, known))
        rest = bounds.static(side, worth) + (worth.border if query.kind == "collaborators" else 0)
        bound = Bound((leg,), rest, (*must, bounds.talking(side, known), bounds.relevant(of, known)), never)
        self._read_keys(query.known)
        self._collect(
            bound,
            count,
            self._near(side),
            lambda snapshot: suggesting.shortlist(snapshot.fields(query), query),
            lambda: [
                (number, Bounds.one_way(field, field.passing)) for number, field in self._everybody.in_shards(query)
            ],
        )
        return self._snapshot()

    def for_bridges(self, query: Query, target: Profile) -> Snapshot:
        """A snapshot that holds at least the best bridges to `target`, which is that of the query."""
        side, far_side = self._side(query), Side.of(target, self._changes.vocabulary, self._changes.rarity)
        known, worth, rarity = self._features, query.model.of("bridges"), self._reader.about.rarity
        must, never = bounds.eligible(self._field(side, query), known)
        legs = tuple(
            (*bounds.wanted(one, worth, rarity, known), *bounds.spoken(one, worth, rarity, known))
            for one in (side, far_side)
        )
        both = (bounds.talking(side, known), bounds.talking(far_side, known))

        def everyone() -> list[tuple[int, Bounds]]:
            nears, fars = self._everybody.in_shards(query), self._everybody.in_shards(query, target)
            return [(number, _standing(near, far)) for (number, near), (_, far) in zip(nears, fars, strict=True)]

        bound = Bound(legs, bounds.static(side, worth), (*must, *both), never)
        self._collect_bridges(bound, query, side, everyone)
        return self._snapshot()

    def far_side(self, query: Query) -> bridges.FarSide:
        """To whom bridges lead: the best matches without a common language, wherever they stand."""
        peers = bridges.peers_of(query)
        side, known, worth = self._side(query), self._features, query.model.of("peers")
        of, rarity = self._field(side, peers), self._reader.about.rarity
        must, never = bounds.eligible(of, known)
        bound = Bound(
            (bounds.wanted(side, worth, rarity, known),),
            bounds.static(side, worth),
            (*must, bounds.relevant(of, known)),
            (*never, *bounds.talking(side, known)),
        )
        self._collect(
            bound,
            weights.BRIDGE_FAR_SIDE,
            self._alive,
            lambda snapshot: bridges.out_of_reach(snapshot, query),
            lambda: [(number, Bounds.one_way(one, one.hidden)) for number, one in self._everybody.in_shards(peers)],
        )
        return bridges.FarSide.of(self._snapshot(), query)

    def for_far_side(self, query: Query, far: bridges.FarSide) -> Snapshot:
        """A snapshot that holds at least the best bridges to the far side, and that side."""
        side, known, worth = self._side(query), self._features, query.model.of("bridges")
        rarity = self._reader.about.rarity
        must, never = bounds.eligible(self._field(side, query), known)
        speakers = [tuple(one for one in each if one < known) for each in far.speakers(side.vocabulary)]
        gains = [
            Gain(each, share, bounds.having(each, rarity)) for each, share in zip(speakers, far.shares, strict=True)
        ]
        near = (*bounds.wanted(side, worth, rarity, known), *bounds.spoken(side, worth, rarity, known), *gains)
        anyone = tuple(feature for each in speakers for feature in each)
        bound = Bound((near,), bounds.static(side, worth), (*must, bounds.talking(side, known), anyone), never)

        def everyone() -> list[tuple[int, Bounds]]:
            return [(number, _reaching(field, far)) for number, field in self._everybody.in_shards(query)]

        self._collect_bridges(bound, query, side, everyone)
        return self._snapshot()

    def _collect_bridges(self, bound: Bound, query: Query, side: Side, everyone: Everyone) -> None:
        count = query.limit * weights.SHORTLIST
        if count > 0:
            best: Best = lambda snapshot: bridges.shortlist(snapshot, query)  # noqa: E731 - a question with its values
            self._collect(bound, count, self._near(side), best, everyone)

    def _collect(self, bound: Bound, count: int, shards: Sequence[int], best: Best, everyone: Everyone) -> None:
        """Read until nobody who isn't here could be among the best `count`."""
        within = self._first_look(bound)
        self._read(bounds.conditions(bound, bound.most - within, self._reader.about.rarity), shards)
        least = _worst_of(best(self._snapshot()), count)
        if least is not None and bound.most - least <= within:
            return
        bounded = everyone()
        while True:
            waiting = [
                (number, one, self._unread(number, one.reaching(_LOWEST if least is None else least)))
                for number, one in bounded
            ]
            if not any(len(rows) for _, _, rows in waiting):
                return
            self._read_slots(_highest(waiting, _BATCH))
            least = _worst_of(best(self._snapshot()), count)

    def _first_look(self, bound: Bound) -> int:
        """How far below the highest possible score to look first, by how many are likely to be there."""
        within = 0
        for step in _STEPS:
            reach = int(bound.most * step)
            if within and bounds.conditions(bound, bound.most - reach, self._reader.about.rarity).about > _FIRST:
                break
            within = reach
        return within

    def _unread(self, number: int, slots: np.ndarray) -> np.ndarray:
        seen = self._seen.get(number)
        return slots if not seen else slots[~np.isin(slots, np.fromiter(seen, np.int64, len(seen)))]

    def _read(self, asked: Conditions, shards: Sequence[int]) -> None:
        which, values = asked.sql()
        self._ask(shards, lambda _: (which, values))

    def _read_keys(self, keys: Iterable[int]) -> None:
        wanted = sorted({*keys} - self._gone)
        if wanted:
            self._ask(self._alive, lambda _: ("key = ANY(%s)", [wanted]))

    def _read_slots(self, chosen: dict[int, list[int]]) -> None:
        self._ask(list(chosen), lambda number: ("slot = ANY(%s)", [chosen[number]]))

    def _ask(self, shards: Sequence[int], which: Callable[[int], tuple[str, list[list[int]]]]) -> None:
        def rows_of(shard: Shard) -> tuple[int, list[Row]]:
            where, values = which(shard.number)
            return shard.number, shard.read(lambda one: read_rows(one, self._reader.schema, where, values))

        for number, rows in self._reader.shards.each(shards, rows_of):
            self.read += len(rows)
            seen = self._seen.setdefault(number, set())
            for row in rows:
                seen.add(row[5])
                if row[0] not in self._gone:
                    self._rows[row[0]] = row

    def _snapshot(self) -> Snapshot:
        """What was read so far, and what changed."""
        segment = segment_of(list(self._rows.values()), self._features)
        return replace(self._changes, segments=(*self._changes.segments, (segment, segment.everyone())))

    def _side(self, query: Query) -> Side:
        return Side.of(query.profile, self._changes.vocabulary, self._changes.rarity)

    def _field(self, side: Side, query: Query) -> Field:
        segment, live = self._changes.segments[0]
        return Field(segment, live, side, query)

    def _near(self, side: Side) -> Sequence[int]:
        """The shards in which those stand who could share a language with a side."""
        chosen = self._reader.about.placement.shards_of(side.speaks)
        return [number for number in self._alive if number in chosen]


_LOWEST = -(1 << 13)
"""No score is as low."""


def _worst_of(found: Shortlist, count: int) -> int | None:
    """The score of the last of the best `count`; None while there are fewer."""
    return int(found.found.score[-1]) if len(found) >= count else None


def _highest(waiting: list[tuple[int, Bounds, np.ndarray]], count: int) -> dict[int, list[int]]:
    """Those of the rows with the highest bounds, by shard: `count` of them, and equals."""
    every = np.concatenate([one.sums[rows] for _, one, rows in waiting])
    cut = np.partition(every, len(every) - count)[len(every) - count] if len(every) > count else every.min()
    chosen = {number: rows[one.sums[rows] >= cut].tolist() for number, one, rows in waiting}
    return {number: rows for number, rows in chosen.items() if rows}


def _standing(near: Field, far: Field) -> Bounds:
    worse = np.minimum(leg_points(near), leg_points(far))
    return Bounds.of_points(near, bridges.standing(near, far), worse + static_points(near))


def _reaching(field: Field, far: bridges.FarSide) -> Bounds:
    bitmaps = bridges.reach(field, far)
    points = leg_points(field, list(zip(bitmaps, far.shares, strict=True)))
    return Bounds.of_points(field, bridges.reaching(field, bitmaps), points + static_points(field))
