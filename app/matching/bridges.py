"""Bridges: through whom two sides that share no language can work together.

The language filter holds for each leg, from either side to the bridge, never for the pair that is bridged.
"""

from typing import TYPE_CHECKING

import numpy as np

from app.matching import criteria, gaps, weights
from app.matching.explain import Explainer
from app.matching.filters import Field
from app.matching.query import Answer, Contribution, Gap, Message, Query, Suggestion
from app.matching.scoring import Found, best_of, best_two_ways, forward_points, language_points, static_points
from app.matching.segment import Bitmap, Points, count_bits
from app.matching.side import partners
from app.matching.suggesting import Shortlist, arranged, merged

if TYPE_CHECKING:
    from app.matching.index import Snapshot

_KIND = "bridges"
_NAMED = 5


def suggest(snapshot: "Snapshot", query: Query) -> Answer:
    """Return who could stand between the asker and `query.target`, or between them and their best matches."""
    return _between(snapshot, query) if query.target else _towards_many(snapshot, query)


def count(snapshot: "Snapshot", query: Query) -> int:
    """Return how many could be a bridge."""
    return suggest(snapshot, query).total


def _between(snapshot: "Snapshot", query: Query) -> Answer:
    """Bridge to a named other: the score is that of the weaker leg, and of what counts for both."""
    near = snapshot.fields(query)
    far = snapshot.fields(query, query.target)
    common = criteria.common_languages(near[0].side.speaks, far[0].side.speaks)
    if common:
        return Answer(gaps=(Gap(Message("gap.bridge.shared", {"tag": next(iter(common))})),))
    wanted = max(query.limit, 0) * weights.SHORTLIST
    parts, total = [], 0
    for one, other in zip(near, far, strict=True):
        passing = one.eligible & one.by_language & other.by_language
        total += count_bits(passing)
        legs = [forward_points(leg, _KIND) + language_points(leg, _KIND) for leg in (one, other)]
        parts.append((one, best_of(one, passing, legs[0], legs[1], static_points(one, _KIND), wanted, query.seed)))
    chosen = arranged(merged(parts, wanted, query.seed), query)
    opposite = {id(one): other for one, other in zip(near, far, strict=True)}
    return Answer(
        suggestions=tuple(_between_explained(field, opposite[id(field)], found) for field, found in chosen),
        total=total,
        gaps=gaps.list_gaps(near) if not near[0].side.speaks else (),
    )


def _between_explained(near: Field, far: Field, found: Found) -> Suggestion:
    one, other = Explainer(near, _KIND, found), Explainer(far, _KIND, found)
    static = one.static(0)
    near_leg = (*one.language(0), *one.forward(0))
    far_leg = tuple(_far(each) for each in (*other.language(0), *other.forward(0)))
    limiting, beside = (near_leg, far_leg) if found.forward[0] <= found.reverse[0] else (far_leg, near_leg)
    return Suggestion(int(found.key[0]), int(found.score[0]), (*limiting, *static), (*beside, *static), one.gaps(0))


def _far(contribution: Contribution) -> Contribution:
    evidence = tuple(Message(f"far.{one.key}", one.values) for one in contribution.evidence)
    return Contribution(f"far_{contribution.criterion}", contribution.points, evidence)


def _towards_many(snapshot: "Snapshot", query: Query) -> Answer:
    """Bridge to the best matches that share no language with the asker: the more and the better, the higher."""
    fields = snapshot.fields(query)
    far_side = _out_of_reach(snapshot, query)
    shares = weights.spread(_reach_points(query), [max(int(found.score[0]), 1) for _, found in far_side])
    wanted = max(query.limit, 0) * weights.SHORTLIST
    parts, reached, total = [], {}, 0
    for field in fields:
        reaching, bitmaps = _reach(field, far_side, shares)
        passing = (
            field.eligible
            & field.by_language
            & np.bitwise_or.reduce([np.zeros(field.segment.words, np.uint8), *bitmaps])
        )
        total += count_bits(passing)
        points = forward_points(field, _KIND) + language_points(field, _KIND) + reaching
        parts.append((field, best_of(field, passing, points, points, static_points(field, _KIND), wanted, query.seed)))
        reached[id(field)] = bitmaps
    chosen = arranged(merged(parts, wanted, query.seed), query)
    nobody = () if far_side else (Gap(Message("gap.bridge.none_hidden")),)
    return Answer(
        suggestions=tuple(
            _towards_explained(field, found, far_side, shares, reached[id(field)]) for field, found in chosen
        ),
        total=total,
        gaps=nobody,
        hidden_by_language=len(far_side),
    )


def _out_of_reach(snapshot: "Snapshot", query: Query) -> Shortlist:
    """Return the asker's best matches with whom they share no language."""
    peers = Query(query.profile, "peers", None, query.exclude, query.guest, seed=query.seed, model=query.model)
    parts = []
    for field in snapshot.fields(peers):
        hidden = field.eligible & field.relevant & ~field.by_language
        parts.append((field, best_two_ways(field, hidden, "peers", weights.BRIDGE_FAR_SIDE, query.seed)))
    return merged(parts, weights.BRIDGE_FAR_SIDE, query.seed)


def _reach_points(query: Query) -> int:
    return weights.BRIDGE_REACH_POINTS * query.model.of(_KIND).scale


def _reach(field: Field, far_side: Shortlist, shares: list[int]) -> tuple[Points, list[Bitmap]]:
    """Return the points for reaching the far side, and for each of them a bitmap of those who can talk to them."""
    points = np.zeros(len(field.segment), np.int16)
    bitmaps = []
    for (other, found), share in zip(far_side, shares, strict=True):
        speaks = other.segment.speaks(int(found.row[0]), other.side.vocabulary)
        spoken = partners(speaks, field.side.vocabulary)
        bitmap = field.segment.union(number for level in spoken.values() for number in level)
        points += np.multiply(field.segment.flags(bitmap), share, dtype=np.int16)
        bitmaps.append(bitmap)
    return points, bitmaps


def _towards_explained(
    field: Field, found: Found, far_side: Shortlist, shares: list[int], bitmaps: list[Bitmap]
) -> Suggestion:
    row = int(found.row[0])
    reached = [at for at, bitmap in enumerate(bitmaps) if bitmap[row >> 3] >> (row & 7) & 1]
    keys = tuple(int(far_side[at][1].key[0]) for at in reached)
    said = Message("bridge.reach", {"count": len(keys), "keys": keys[:_NAMED]})
    reach = Contribution("reach", sum(shares[at] for at in reached), (said,))
    one = Explainer(field, _KIND, found)
    contributions = (reach, *one.language(0), *one.forward(0), *one.static(0))
    return Suggestion(int(found.key[0]), int(found.score[0]), contributions, (), one.gaps(0))
