"""Why: the contributions of a suggestion with their evidence, which add up to its score, and what is missing."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from app.matching import evidence, weights
from app.matching.criteria import BANDS
from app.matching.facets import LEVEL_NAMES
from app.matching.filters import Field
from app.matching.hours import spans_of
from app.matching.messages import KEYS
from app.matching.query import Contribution, Gap, Measured, Message, Suggestion, Value
from app.matching.scoring import Found
from app.matching.segment import country_name

__all__ = ["KEYS", "Explainer"]

_FORWARD_NAMES = {weights.OFFERS: "they_offer", weights.NEEDS: "you_offer"}
_REVERSE_NAMES = {weights.OFFERS: "you_offer", weights.NEEDS: "they_offer"}
_BASIC = 3  # a common language at B1 or below is worth a word of warning
_OLD = 365


class Explainer:
    """Explains candidates of one segment for one query.

    Parameters
    ----------
    field
        The segment as the asker sees it.
    kind
        Which multipliers count.
    found
        The candidates to be explained, a few: O(wanted features * candidates * log list).
    """

    def __init__(self, field: Field, kind: str, found: Found) -> None:
        self.field, self.kind, self.found = field, kind, found
        self.worth = field.query.model.of(kind)
        side, segment = field.side, field.segment
        name = side.vocabulary.feature
        self._names = {number: name(number) for number in {*side.has, *side.wants.tolist()}}
        self._wanted = list(zip(side.wants.tolist(), side.units.tolist(), side.criteria.tolist(), strict=True))
        self._having = segment.having_each([number for number, _, _ in self._wanted], found.row)
        want, starts = segment.wants(found.row)
        numbers = (want >> np.uint32(8)).astype(np.int64)
        theirs = zip(numbers.tolist(), (want & 255).tolist(), side.vocabulary.criteria(numbers).tolist(), strict=True)
        every = list(theirs)
        self._theirs = [every[one:other] for one, other in pairwise(starts.tolist())]
        self._mine = [
            [one for one, having in zip(self._wanted, self._having, strict=True) if having[at]]
            for at in range(len(found))
        ]
        self._met = [[one for one in theirs if one[0] in side.has] for theirs in self._theirs]
        # The best are alike, and so much of what is said of them is the same.
        self._said: dict[tuple[str, tuple[str, ...], str], tuple[Message, ...]] = {}
        self._lacking: dict[tuple[object, ...], tuple[Message, ...]] = {}
        self._spoken: dict[int, tuple[Contribution, ...]] = {}
        self._at_once: dict[int, tuple[Contribution, ...]] = {}
        by_feature = {self._names[one[0]]: having for one, having in zip(self._wanted, self._having, strict=True)}
        said = evidence.deepest(name[2:] for name in by_feature if name.startswith("s:"))
        self._my_subjects = {code: by_feature[f"s:{code}"] for code in said}
        self._my_levels = [by_feature[f"l:{code}"] for code in set(side.profile.levels)]
        self._my_needs = [having for name, having in by_feature.items() if name.startswith("o:")]
        self._my_offers = [having for name, having in by_feature.items() if name.startswith("n:")]
        mine = (self._my_subjects.values(), self._my_levels, self._my_needs, self._my_offers)
        self._shown = [list(zip(*one, strict=True)) if one else [()] * len(found) for one in mine]
        self._common = [field.common_languages(row) for row in found.row.tolist()]
        self._best = [max((min(levels) for levels in common.values()), default=0) for common in self._common]
        kept = segment.columns
        self._capacity, self._days = kept.capacity[found.row].tolist(), kept.fresh_days[found.row].tolist()
        self._hours: list[int] = kept.hours[found.row].tolist()
        self._points: list[int] = kept.points[found.row].tolist()
        self._score, self._key = found.score.tolist(), found.key.tolist()
        self._is_limiting = (found.forward <= found.reverse).tolist()

    def suggestion(self, at: int) -> Suggestion:
        """Return the candidate at a place of `found`, explained."""
        forward, reverse = self.forward(at), self.reverse(at)
        shared = self.shared(at)
        limiting, other = (forward, reverse) if self._is_limiting[at] else (reverse, forward)
        return Suggestion(
            key=self._key[at],
            score=self._score[at],
            contributions=(*limiting, *shared),
            other=() if self.field.query.guest else (*other, *shared),
            gaps=self.gaps(at),
            measured=self.measured(at),
        )

    def measured(self, at: int) -> Measured:
        """Return what the score of the candidate is made of, under any model."""
        mine, theirs = [0] * len(weights.CRITERIA), [0] * len(weights.CRITERIA)
        for _, gain, criterion in self._mine[at]:
            mine[criterion] += gain
        for _, gain, criterion in self._met[at]:
            theirs[criterion] += gain
        return Measured(
            forward=tuple(mine),
            reverse=tuple(mine if self.field.query.guest else theirs),
            language=weights.LANGUAGE_POINTS[self._best[at]],
            hours=weights.hours_points(self._shared_hours(at).bit_count()),
            static=self._points[at],
        )

    def forward(self, at: int) -> tuple[Contribution, ...]:
        """Return what makes the candidate good for the asker."""
        return self._contributions(self._mine[at], _FORWARD_NAMES)

    def reverse(self, at: int) -> tuple[Contribution, ...]:
        """Return what makes the asker good for the candidate."""
        return self._contributions(self._met[at], _REVERSE_NAMES)

    def shared(self, at: int) -> tuple[Contribution, ...]:
        """Return what counts in both directions alike."""
        return (*self.language(at), *self.hours(at), *self.border(at), *self.static(at))

    def language(self, at: int) -> tuple[Contribution, ...]:
        """Return what the common working language adds."""
        common, points = self._common[at], weights.LANGUAGE_POINTS[self._best[at]] * self.worth.language
        if not points:
            return ()
        if id(common) not in self._spoken:  # the field keeps one for all who speak the same
            said = tuple(
                Message("language.common", {"tag": tag, "mine": LEVEL_NAMES[mine], "theirs": LEVEL_NAMES[theirs]})
                for tag, (mine, theirs) in list(common.items())[:3]
            )
            self._spoken[id(common)] = (Contribution("language", points, said),)
        return self._spoken[id(common)]

    def hours(self, at: int) -> tuple[Contribution, ...]:
        """Return what the working hours both share add."""
        shared, ahead = self._shared_hours(at), self.field.side.profile.utc_offset
        points = weights.hours_points(shared.bit_count()) * self.worth.hours
        if not points:
            return ()
        if shared not in self._at_once:
            values: dict[str, Value] = {"half_hours": shared.bit_count(), "spans": spans_of(shared, ahead)}
            self._at_once[shared] = (Contribution("hours", points, (Message("hours.shared", values),)),)
        return self._at_once[shared]

    def border(self, at: int) -> tuple[Contribution, ...]:
        """Return what crossing a border adds."""
        mine = self.field.query.profile.country
        if self.kind != "collaborators" or not mine:
            return ()
        theirs = country_name(int(self.field.segment.columns.country[self.found.row[at]]))
        said = Message("place.border", {"mine": mine, "theirs": theirs})
        points = self.worth.border
        return (Contribution("border", points, (said,)),) if points else ()

    def static(self, at: int) -> tuple[Contribution, ...]:
        """Return what the candidate's capacity and freshness add or take."""
        capacity, days = self._capacity[at], self._days[at]
        room = weights.capacity_points(None if capacity < 0 else capacity) * self.worth.scale
        fresh = weights.freshness_points(days) * self.worth.scale
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

    def _facet_gaps(self, at: int) -> tuple[Message, ...]:
        """Return what the facets lack, worked out once for all of whom the same is true."""
        theirs = tuple(number for number, _, criterion in self._theirs[at] if criterion == weights.SUBJECT)
        levels_said = any(criterion == weights.LEVEL for _, _, criterion in self._theirs[at])
        subjects, levels, needs, offers = (one[at] for one in self._shown)
        key = (theirs, levels_said, subjects, levels, needs, offers)
        if key not in self._lacking:
            self._lacking[key] = tuple(self._facets_lacking(theirs, levels_said, subjects, levels, (needs, offers)))
        return self._lacking[key]

    def _facets_lacking(
        self,
        theirs: Sequence[int],
        levels_said: bool,
        subjects: Sequence[bool],
        levels: Sequence[bool],
        activities: tuple[Sequence[bool], Sequence[bool]],
    ) -> Iterable[Message]:
        name, has = self.field.side.vocabulary.feature, self.field.side.has
        codes = {name(number)[2:]: number in has for number in theirs}
        yield from evidence.subject_gaps(
            dict(zip(self._my_subjects, subjects, strict=True)), {code: codes[code] for code in evidence.deepest(codes)}
        )
        yield from evidence.level_gaps(levels, levels_said)
        if self.kind in ("collaborators", "institutions"):
            yield from evidence.activity_gaps(*activities)

    def _contact_gaps(self, at: int) -> Iterable[Message]:
        common = self._common[at]
        if common:
            tag, levels = next(iter(common.items()))
            if min(levels) <= _BASIC:
                yield Message("gap.language.basic", {"tag": tag, "level": LEVEL_NAMES[min(levels)]})
        mine, theirs = self.field.side.profile.hours, self._hours[at]
        if mine and theirs and not mine & theirs:
            yield Message("gap.hours.none")
        if self._capacity[at] == 0:
            yield Message("gap.capacity.full")
        if self._days[at] > _OLD:
            yield Message("gap.freshness.old", {"days": self._days[at]})

    def _shared_hours(self, at: int) -> int:
        return self.field.side.profile.hours & self._hours[at]

    def _contributions(
        self, shared: Sequence[tuple[int, int, int]], names: Mapping[int, str]
    ) -> tuple[Contribution, ...]:
        """Return the contributions of shared features (number, units, criterion), one for each criterion."""
        features: dict[int, list[str]] = {}
        units: dict[int, int] = {}
        for number, gain, criterion in shared:
            features.setdefault(criterion, []).append(self._names[number])
            units[criterion] = units.get(criterion, 0) + gain
        levels = [feature[2:] for feature in features.get(weights.LEVEL, ()) if feature[2:] not in BANDS]
        found = []
        for criterion, multiplier in enumerate(self.worth.multipliers):
            points = multiplier * units.get(criterion, 0)
            if points:
                name = names.get(criterion, weights.CRITERIA[criterion])
                level = min(levels) if criterion == weights.SUBJECT and levels else ""
                found.append(Contribution(name, points, self._evidence(name, tuple(features[criterion]), level)))
        return tuple(sorted(found, key=lambda one: -one.points))

    def _evidence(self, name: str, features: tuple[str, ...], level: str) -> tuple[Message, ...]:
        """Return the evidence of a criterion, a subject with the level at which it is shared."""
        key = name, features, level
        if key not in self._said:
            said = evidence.MAKERS[name](features, self.field.side.profile)
            self._said[key] = tuple(evidence.at_level(one, level) for one in said) if level else said
        return self._said[key]
