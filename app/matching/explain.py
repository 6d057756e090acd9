"""Why: the contributions of a suggestion with their evidence, which add up to its score, and what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching import evidence, weights
from app.matching.criteria import common_languages
from app.matching.facets import LEVEL_NAMES
from app.matching.filters import Field
from app.matching.messages import KEYS
from app.matching.query import Contribution, Gap, Message, Suggestion
from app.matching.scoring import Found
from app.matching.segment import Segment, country_name
from app.matching.side import Side

__all__ = ["KEYS", "Explainer", "candidate_speaks"]

_FORWARD_NAMES = {weights.OFFERS: "they_offer", weights.NEEDS: "you_offer"}
_REVERSE_NAMES = {weights.OFFERS: "you_offer", weights.NEEDS: "they_offer"}
_BASIC = 3  # a common language at B1 or below is worth a word of warning
_OLD = 365

Features = dict[int, tuple[str, int]]
"""Wanted features by number: their string and units."""


def candidate_speaks(segment: Segment, row: int, side: Side) -> dict[str, tuple[int, int]]:
    """Return what a candidate speaks: ``{tag: (level, lowest level accepted)}``."""
    packed = segment.languages(row).tolist()
    return {side.vocabulary.feature(one >> 8).removeprefix("t:"): (one & 7, one >> 3 & 7) for one in packed}


@dataclass(slots=True)
class Explainer:
    """Explains candidates of one segment for one query.

    Parameters
    ----------
    field
        The segment as the asker sees it.
    kind
        Which multipliers count.
    found
        The candidates to be explained, a few.
    """

    field: Field
    kind: str
    found: Found
    _having: dict[int, NDArray[np.bool_]]

    @classmethod
    def of(cls, field: Field, kind: str, found: Found) -> "Explainer":
        """Look up which candidates have which wanted feature, O(wanted features * candidates * log list)."""
        having = {feature: field.segment.having(feature, found.row) for feature in field.side.wants.tolist()}
        return cls(field, kind, found, having)

    def suggestion(self, at: int) -> Suggestion:
        """Return the candidate at a place of `found`, explained."""
        forward, reverse = self.forward(at), self.reverse(at)
        shared = self.shared(at)
        limiting, other = (forward, reverse) if self.found.forward[at] <= self.found.reverse[at] else (reverse, forward)
        return Suggestion(
            key=int(self.found.key[at]),
            score=int(self.found.score[at]),
            contributions=(*limiting, *shared),
            other=() if self.field.query.guest else (*other, *shared),
            gaps=self.gaps(at),
        )

    def forward(self, at: int) -> tuple[Contribution, ...]:
        """Return what makes the candidate good for the asker."""
        side = self.field.side
        wanted = zip(side.wants.tolist(), side.units.tolist(), strict=True)
        return self._contributions(
            {number: units for number, units in wanted if self._having[number][at]}, _FORWARD_NAMES
        )

    def reverse(self, at: int) -> tuple[Contribution, ...]:
        """Return what makes the asker good for the candidate."""
        side = self.field.side
        wanted = {number: units for number, units in self._their_wants(at) if number in side.has}
        return self._contributions(wanted, _REVERSE_NAMES)

    def shared(self, at: int) -> tuple[Contribution, ...]:
        """Return what counts in both directions alike."""
        return (*self.language(at), *self.border(at), *self.static(at))

    def language(self, at: int) -> tuple[Contribution, ...]:
        """Return what the common working language adds."""
        common = self._common(at)
        best = max((min(levels) for levels in common.values()), default=0)
        points = weights.LANGUAGE_POINTS[best] * weights.LANGUAGE_MULTIPLIER[self.kind]
        said = tuple(
            Message("language.common", {"tag": tag, "mine": LEVEL_NAMES[mine], "theirs": LEVEL_NAMES[theirs]})
            for tag, (mine, theirs) in list(common.items())[:3]
        )
        return (Contribution("language", points, said),) if points else ()

    def border(self, at: int) -> tuple[Contribution, ...]:
        """Return what crossing a border adds."""
        mine = self.field.query.profile.country
        if self.kind != "collaborators" or not mine:
            return ()
        theirs = country_name(int(self.field.segment.columns.country[self.found.row[at]]))
        said = Message("place.border", {"mine": mine, "theirs": theirs})
        return (Contribution("border", weights.BORDER_POINTS, (said,)),)

    def static(self, at: int) -> tuple[Contribution, ...]:
        """Return what the candidate's capacity and freshness add or take."""
        kept, row = self.field.segment.columns, self.found.row[at]
        capacity, days = int(kept.capacity[row]), int(kept.fresh_days[row])
        room = weights.capacity_points(None if capacity < 0 else capacity)
        fresh = weights.freshness_points(days)
        found = []
        if room:
            key = "capacity.full" if capacity == 0 else "capacity.some"
            found.append(Contribution("capacity", room, (Message(key, {"count": capacity}),)))
        if fresh:
            key = "freshness.recent" if fresh > 0 else "freshness.old"
            found.append(Contribution("freshness", fresh, (Message(key, {"days": days}),)))
        return tuple(found)

    def gaps(self, at: int) -> tuple[Gap, ...]:
        """Return what is missing between the asker and a candidate, the weightiest first."""
        return tuple(Gap(message) for message in (*self._facet_gaps(at), *self._contact_gaps(at)))[:4]

    def _facet_gaps(self, at: int) -> Iterable[Message]:
        side = self.field.side
        name = side.vocabulary.feature
        mine = {name(number): bool(self._having[number][at]) for number in side.wants.tolist()}
        theirs = {name(number): number in side.has for number, _ in self._their_wants(at)}
        yield from evidence.subject_gaps(mine, theirs)
        yield from evidence.level_gaps(mine, theirs)
        if self.kind in ("collaborators", "institutions"):
            yield from evidence.activity_gaps(mine)

    def _contact_gaps(self, at: int) -> Iterable[Message]:
        common = self._common(at)
        if common:
            tag, levels = next(iter(common.items()))
            if min(levels) <= _BASIC:
                yield Message("gap.language.basic", {"tag": tag, "level": LEVEL_NAMES[min(levels)]})
        kept, row = self.field.segment.columns, self.found.row[at]
        if kept.capacity[row] == 0:
            yield Message("gap.capacity.full")
        if kept.fresh_days[row] > _OLD:
            yield Message("gap.freshness.old", {"days": int(kept.fresh_days[row])})

    def _common(self, at: int) -> dict[str, tuple[int, int]]:
        side = self.field.side
        return common_languages(side.speaks, candidate_speaks(self.field.segment, int(self.found.row[at]), side))

    def _their_wants(self, at: int) -> list[tuple[int, int]]:
        packed, _ = self.field.segment.wants(self.found.row[at : at + 1])
        return [(one >> 8, one & 255) for one in packed.tolist()]

    def _contributions(self, shared: Mapping[int, int], names: Mapping[int, str]) -> tuple[Contribution, ...]:
        """Return the contributions of shared features ``{number: units}``, one for each criterion."""
        side = self.field.side
        numbers = np.fromiter(shared, np.int64, len(shared))
        by_criterion: dict[int, list[int]] = {}
        for number, criterion in zip(numbers.tolist(), side.vocabulary.criteria(numbers).tolist(), strict=True):
            by_criterion.setdefault(criterion, []).append(number)
        found = []
        for criterion, multiplier in enumerate(weights.MULTIPLIERS[self.kind]):
            features = by_criterion.get(criterion, [])
            points = multiplier * sum(shared[number] for number in features)
            if points:
                name = names.get(criterion, weights.CRITERIA[criterion])
                strings = [side.vocabulary.feature(number) for number in features]
                found.append(Contribution(name, points, evidence.MAKERS[name](strings, side.profile)))
        return tuple(sorted(evidence.at_common_level(found), key=lambda one: -one.points))
