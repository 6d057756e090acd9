"""Bridges: through whom two sides that share no language can work together.

The language filter holds for each leg, from either side to the bridge, never for the pair that is bridged.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.matching import criteria, gaps, weights
from app.matching.explain import Explainer
from app.matching.filters import Field
from app.matching.found import Found
from app.matching.query import Answer, Contribution, Gap, Message, Query, Suggestion
from app.matching.scoring import best_leg, best_of, best_two_ways, leg_points
from app.matching.segment import Bitmap, count_bits
from app.matching.side import partners
from app.matching.suggesting import Counted, Shortlist, arranged, bare, fitting_groups, measured, merged
from app.matching.vocabulary import Vocabulary

if TYPE_CHECKING:
    from app.matching.index import Snapshot

_NAMED = 5


def suggest(snapshot: "Snapshot", query: Query, counted: Counted | None = None) -> Answer:
    """Return who could stand between the asker and `query.target`, or between them and their best matches.

    `snapshot` and `counted` are as in :func:`app.matching.suggesting.suggest`.
    """
    return (_between if query.target else _towards_many)(snapshot, query, counted or snapshot)


def shortlist(snapshot: "Snapshot", query: Query) -> Shortlist:
    """Return the exact best bridges, more than are shown, by descending score."""
    if query.target:
        return _best_between(snapshot.fields(query), snapshot.fields(query, query.target), query)
    return _best_towards(snapshot.fields(query), query, FarSide.of(snapshot, query))[0]


def _between(snapshot: "Snapshot", query: Query, counted: Counted) -> Answer:
    """Bridge to a named other: the score is that of the weaker leg, and of what counts for both."""
    near, far = snapshot.fields(query), snapshot.fields(query, query.target)
    common = criteria.common_languages(near[0].side.speaks, far[0].side.speaks)
    if common:
        return Answer(gaps=(Gap(Message("gap.bridge.shared", {"tag": next(iter(common))})),))
    all_near, all_far = (
        (near, far) if counted is snapshot else (counted.fields(query), counted.fields(query, query.target))
    )
    there = [standing(one, other) for one, other in zip(all_near, all_far, strict=True)]
    total, fitting = sum(map(count_bits, there)), fitting_groups(all_near, there)
    best = _best_between(near, far, query)
    chosen = arranged(best, query, fitting)
    opposite = {id(one): other for one, other in zip(near, far, strict=True)}
    return Answer(
        suggestions=_explained(
            query, chosen, lambda field, found: _between_explained(field, opposite[id(field)], found)
        ),
        total=total,
        gaps=gaps.list_gaps(near) if not near[0].side.speaks else (),
        exposure=measured(best, chosen, fitting, total),
    )


def standing(near: Field, far: Field) -> Bitmap:
    """Return who can talk to both sides."""
    return near.eligible & near.by_language & far.by_language


def _best_between(near: list[Field], far: list[Field], query: Query) -> Shortlist:
    wanted, parts = max(query.limit, 0) * weights.SHORTLIST, []
    for one, other in zip(near, far, strict=True):
        legs = leg_points(one), leg_points(other)
        parts.append((one, best_of(one, standing(one, other), legs, wanted)))
    return merged(parts, wanted, query.seed)


def _explained(
    query: Query, chosen: Shortlist, explain: Callable[[Field, Found], Iterable[Suggestion]]
) -> tuple[Suggestion, ...]:
    """Return the chosen with their reasons, in their order; those of a segment are explained together."""
    if not query.reasons:
        return bare(chosen.found)
    found: dict[int, Suggestion] = {}
    for field, places, own in chosen.by_field():
        found.update(zip(places.tolist(), explain(field, own), strict=True))
    return tuple(found[place] for place in range(len(chosen)))


def _between_explained(near: Field, far: Field, found: Found) -> Iterable[Suggestion]:
    one, other, score = Explainer(near, found), Explainer(far, found), found.score
    for at in range(len(found)):
        static = one.static(at)
        near_leg = (*one.language(at), *one.forward(at))
        far_leg = tuple(_far(each) for each in (*other.language(at), *other.forward(at)))
        limiting, beside = (near_leg, far_leg) if found.forward[at] <= found.reverse[at] else (far_leg, near_leg)
        reasons, others = (*limiting, *static), (*beside, *static)
        theirs = other.one_way(at)
        said = replace(one.one_way(at), reverse=theirs.forward, far_language=theirs.language)
        yield Suggestion(int(found.key[at]), int(score[at]), reasons, others, one.gaps(at), said)


def _far(contribution: Contribution) -> Contribution:
    evidence = tuple(Message(f"far.{one.key}", one.values) for one in contribution.evidence)
    return Contribution(f"far_{contribution.criterion}", contribution.points, evidence)


@dataclass(frozen=True, slots=True)
class FarSide:
    """The asker's best matches that share no language with them, and the points for reaching each, counted once."""

    found: Shortlist
    units: list[int]
    times: int

    @property
    def shares(self) -> list[int]:
        """Return the points for reaching each."""
        return [units * self.times for units in self.units]

    @classmethod
    def of(cls, snapshot: "Snapshot", query: Query, fields: Sequence[Field] | None = None) -> "FarSide":
        """Find whom bridges are to lead to; `fields` are those of the query, where they are known."""
        found = out_of_reach(snapshot, query, fields)
        worth = np.maximum(found.found.score, 1).tolist()
        return cls(found, weights.spread(weights.BRIDGE_REACH_POINTS, worth), query.model.bridges.reach)

    def speakers(self, vocabulary: Vocabulary) -> list[list[int]]:
        """Return for each of them the features of those who can talk to them."""
        spoken: dict[int, dict[str, tuple[int, int]]] = {}
        for field, places, found in self.found.by_field():
            rows = zip(places.tolist(), found.row.tolist(), strict=True)
            spoken.update((place, field.segment.speaks(row, field.side.vocabulary)) for place, row in rows)
        each = [partners(spoken[place], vocabulary) for place in range(len(self.found))]
        return [[number for level in one.values() for number in level] for one in each]


def _towards_many(snapshot: "Snapshot", query: Query, counted: Counted) -> Answer:
    """Bridge to the best matches that share no language with the asker: the more and the better, the higher."""
    fields = snapshot.fields(query)
    far = FarSide.of(snapshot, query, fields)
    best, reached = _best_towards(fields, query, far)
    counting = fields if counted is snapshot else counted.fields(query)
    there = [reaching(one, reached.get(id(one)) or reach(one, far)) for one in counting]
    total, fitting = sum(map(count_bits, there)), fitting_groups(counting, there)
    chosen = arranged(best, query, fitting)
    nobody = () if len(far.found) else (Gap(Message("gap.bridge.none_hidden")),)
    return Answer(
        suggestions=_explained(
            query,
            chosen,
            lambda field, found: _towards_explained(field, found, far, reached[id(field)]),
        ),
        total=total,
        gaps=nobody,
        hidden_by_language=len(far.found),
        exposure=measured(best, chosen, fitting, total),
    )


def _best_towards(fields: list[Field], query: Query, far: FarSide) -> tuple[Shortlist, dict[int, list[Bitmap]]]:
    wanted, parts, reached = max(query.limit, 0) * weights.SHORTLIST, [], {}
    for field in fields:
        bitmaps = reach(field, far)
        shares: dict[int, int] = {}
        for bitmap, share in zip(bitmaps, far.shares, strict=True):
            shares[id(bitmap)] = shares.get(id(bitmap), 0) + share
        more = [(bitmap, shares[key]) for key, bitmap in {id(one): one for one in bitmaps}.items()]
        parts.append((field, best_leg(field, reaching(field, bitmaps), more, wanted)))
        reached[id(field)] = bitmaps
    return merged(parts, wanted, query.seed), reached


def reaching(field: Field, bitmaps: list[Bitmap]) -> Bitmap:
    """Return who can talk to the asker and to any of the far side."""
    anyone = np.zeros(field.segment.bitmap_size, np.uint8)
    for bitmap in {id(one): one for one in bitmaps}.values():
        anyone |= bitmap
    anyone &= field.eligible
    anyone &= field.by_language
    return anyone


def peers_of(query: Query) -> Query:
    """Return the question whose answers without a common language are the far side."""
    return Query(query.profile, "peers", None, query.exclude, query.guest, seed=query.seed, model=query.model)


def out_of_reach(snapshot: "Snapshot", query: Query, fields: Sequence[Field] | None = None) -> Shortlist:
    """Return the asker's best matches with whom they share no language; `fields` are those of the query, if known."""
    peers = peers_of(query)
    parts = []
    for field in snapshot.fields(peers) if fields is None else [one.asking(peers) for one in fields]:
        parts.append((field, best_two_ways(field, field.hidden, weights.BRIDGE_FAR_SIDE)))
    return merged(parts, weights.BRIDGE_FAR_SIDE, query.seed)


def reach(field: Field, far: FarSide) -> list[Bitmap]:
    """Return for each of the far side a bitmap of those who can talk to them; one for all who speak the same."""
    each = [tuple(speakers) for speakers in far.speakers(field.side.vocabulary)]
    known = {speakers: field.segment.union(speakers) for speakers in dict.fromkeys(each)}
    return [known[speakers] for speakers in each]


def _towards_explained(field: Field, found: Found, far: FarSide, bitmaps: list[Bitmap]) -> Iterable[Suggestion]:
    one, score = Explainer(field, found), found.score
    for at, row in enumerate(found.row.tolist()):
        reached = [there for there, bitmap in enumerate(bitmaps) if bitmap.item(row >> 3) >> (row & 7) & 1]
        keys = tuple(int(far.found.found.key[there]) for there in reached)
        said = Message("bridge.reach", {"count": len(keys), "keys": keys[:_NAMED]})
        units = sum(far.units[there] for there in reached)
        reach = (Contribution("reach", units * far.times, (said,)),) if units * far.times else ()
        contributions = (*reach, *one.language(at), *one.forward(at), *one.static(at))
        made_of = replace(one.one_way(at), reach=units)
        yield Suggestion(int(found.key[at]), int(score[at]), contributions, (), one.gaps(at), made_of)
