"""Why: the contributions of a suggestion with their evidence, which add up to its score, and what is missing."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache

from app.matching import evidence, legs, weights
from app.matching.facets import LEVEL_NAMES
from app.matching.filters import Field
from app.matching.found import Found
from app.matching.hours import spans_of
from app.matching.query import Contribution, Gap, Measured, Message, Suggestion, Value
from app.matching.segment import country_name

_BASIC = 3  # a common language at B1 or below is worth a word of warning
_OLD = 365
_MOST_GAPS = 4
_EXCHANGING = ("collaborators", "institutions")
_NO_HOURS = Gap(Message("gap.hours.none"))
_FULL = Gap(Message("gap.capacity.full"))


class Explainer:
    """Explains candidates of one segment for one query.

    The best are alike, and so much of what is said of them is the same: it is made once, and found again.

    Parameters
    ----------
    field
        The segment as the asker sees it.
    found
        The candidates to be explained, a few: O(wanted features * candidates * log list).
    """

    def __init__(self, field: Field, found: Found) -> None:
        self.field, self.found, self.worth = field, found, field.worth
        self._names = legs.Names(field.side.vocabulary)
        teller, self._reverse_teller = legs.tellers(field.side, self._names, self.worth.multipliers)
        self._forward = legs.Forward(field.side, field.segment, found.row, teller)
        self._theirs = legs.Theirs(field.side, field.segment, found.row)
        self._their_subjects = self._theirs.of_criterion(weights.SUBJECT)
        self._said_levels = self._theirs.have_said(weights.LEVEL)
        self._lacking: dict[object, tuple[Gap, ...]] = {}
        self._spoken: dict[int, tuple[tuple[Contribution, ...], tuple[Gap, ...]]] = {}
        self._at_once: dict[int, tuple[Contribution, ...]] = {}
        self._crossed: dict[int, tuple[Contribution, ...]] = {}
        self._common = field.common_languages_of(found.row)
        kept = field.segment.columns
        self._capacity, self._days = kept.capacity[found.row].tolist(), kept.fresh_days[found.row].tolist()
        self._hours: list[int] = kept.hours[found.row].tolist()
        self._points: list[int] = kept.points[found.row].tolist()
        self._country: list[int] = kept.country[found.row].tolist()
        self._score, self._key = found.score.tolist(), found.key.tolist()
        self._is_limiting = (found.forward <= found.reverse).tolist()

    @cached_property
    def _reverse(self) -> legs.Reverse:
        return legs.Reverse(self.field.side, self._theirs, self._reverse_teller)

    def suggestion(self, at: int) -> Suggestion:
        """Return the candidate at a place of `found`, explained."""
        forward = self._forward.leg(at)
        guest = self.field.query.guest
        reverse = forward if guest else self._reverse.leg(at)
        shared = self.shared(at)
        limiting, other = (forward, reverse) if self._is_limiting[at] else (reverse, forward)
        return Suggestion(
            key=self._key[at],
            score=self._score[at],
            contributions=limiting[1] + shared,
            other=() if guest else other[1] + shared,
            gaps=self.gaps(at),
            measured=self._measured(at, forward[0], reverse[0]),
        )

    def _measured(self, at: int, forward: tuple[int, ...], reverse: tuple[int, ...]) -> Measured:
        """Return what the score of the candidate is made of, under any model."""
        return Measured(
            forward=forward,
            reverse=reverse,
            language=weights.LANGUAGE_POINTS[self._best_level(at)],
            hours=weights.hours_points(self._shared_hours(at).bit_count()),
            static=self._points[at],
        )

    def one_way(self, at: int) -> Measured:
        """Return what the candidate is made of for the asker alone, working hours apart: a leg of a bridge."""
        units = self._forward.leg(at)[0]
        return Measured(units, units, weights.LANGUAGE_POINTS[self._best_level(at)], static=self._points[at])

    def forward(self, at: int) -> tuple[Contribution, ...]:
        """Return what makes the candidate good for the asker."""
        return self._forward.leg(at)[1]

    def shared(self, at: int) -> tuple[Contribution, ...]:
        """Return what counts in both directions alike."""
        return (*self.language(at), *self.hours(at), *self.border(at), *self.static(at))

    def language(self, at: int) -> tuple[Contribution, ...]:
        """Return what the common working language adds."""
        return self._of_language(at)[0]

    def _of_language(self, at: int) -> tuple[tuple[Contribution, ...], tuple[Gap, ...]]:
        """Return what the common working language adds, and what it lacks."""
        common = self._common[at]
        known = self._spoken.get(id(common))  # the field keeps one for all who speak the same
        if known is None:
            points = weights.LANGUAGE_POINTS[self._best_level(at)] * self.worth.language
            said = tuple(
                Message("language.common", {"tag": tag, "mine": LEVEL_NAMES[mine], "theirs": LEVEL_NAMES[theirs]})
                for tag, (mine, theirs) in list(common.items())[:3]
            )
            adds = (Contribution("language", points, said),) if points else ()
            known = self._spoken[id(common)] = adds, tuple(map(Gap, self._basic(at)))
        return known

    def _basic(self, at: int) -> Iterable[Message]:
        for tag, levels in list(self._common[at].items())[:1]:
            if min(levels) <= _BASIC:
                yield Message("gap.language.basic", {"tag": tag, "level": LEVEL_NAMES[min(levels)]})

    def _best_level(self, at: int) -> int:
        """Return the level of the best common language, which stands first, by the lower of the two."""
        return min(next(iter(self._common[at].values()), (0,)))

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
        mine, points, number = self.field.query.profile.country, self.field.border, self._country[at]
        if not points:
            return ()
        if number not in self._crossed:
            said = Message("place.border", {"mine": mine, "theirs": country_name(number)})
            self._crossed[number] = (Contribution("border", points, (said,)),)
        return self._crossed[number]

    def static(self, at: int) -> tuple[Contribution, ...]:
        """Return what the candidate's capacity and freshness add or take."""
        scale = self.worth.static
        return _of_capacity(self._capacity[at], scale) + _of_freshness(self._days[at], scale)

    def gaps(self, at: int) -> tuple[Gap, ...]:
        """Return what is missing between the asker and a candidate, the weightiest first."""
        return (*self._facet_gaps(at), *self._contact_gaps(at))[:_MOST_GAPS]

    def _facet_gaps(self, at: int) -> tuple[Gap, ...]:
        """Return what the facets lack, each part worked out once for all of whom the same is true."""
        shown, theirs = self._forward.shown, self._their_subjects[at]
        subjects, levels, said = shown(at, weights.SUBJECT), shown(at, weights.LEVEL), self._said_levels[at]
        found = self._once(("theirs", *theirs), lambda: evidence.their_subject_gaps(self._of_theirs(theirs)))
        if theirs:
            found += self._once(("mine", subjects), lambda: evidence.my_subject_gaps(self._of_mine(subjects)))
        found += self._once((levels, said), lambda: evidence.level_gaps(self._same_levels(levels), said))
        if self.field.query.kind not in _EXCHANGING:
            return found
        met = shown(at, weights.OFFERS), shown(at, weights.NEEDS)
        return found + self._once(met, lambda: evidence.activity_gaps(*met))

    def _once(self, key: object, make: Callable[[], Iterable[Message]]) -> tuple[Gap, ...]:
        known = self._lacking.get(key)
        if known is None:
            known = self._lacking[key] = tuple(map(Gap, make()))
        return known

    def _of_theirs(self, numbers: Sequence[int]) -> dict[str, bool]:
        """Return the deepest of their subjects, and whether the asker has each."""
        codes = {self._names[number][2:]: number in self.field.side.has for number in numbers}
        return {code: codes[code] for code in evidence.deepest(codes)}

    def _of_mine(self, shown: bytes) -> dict[str, bool]:
        """Return the deepest of the asker's subjects, and whether they have each."""
        codes = self._by_code(weights.SUBJECT, shown)
        return {code: codes[code] for code in evidence.deepest(codes)}

    def _same_levels(self, shown: bytes) -> list[bool]:
        codes = self._by_code(weights.LEVEL, shown)
        return [codes[code] for code in set(self.field.side.profile.levels)]

    def _by_code(self, criterion: int, shown: bytes) -> dict[str, bool]:
        """Return what a candidate has of a criterion by the codes of the asker."""
        wanted = self._forward.wanted(criterion)
        return {self._names[number][2:]: bool(has) for number, has in zip(wanted, shown, strict=True)}

    def _contact_gaps(self, at: int) -> Iterable[Gap]:
        yield from self._of_language(at)[1]
        mine, theirs = self.field.side.profile.hours, self._hours[at]
        if mine and theirs and not mine & theirs:
            yield _NO_HOURS
        if self._capacity[at] == 0:
            yield _FULL
        if self._days[at] > _OLD:
            yield Gap(Message("gap.freshness.old", {"days": self._days[at]}))

    def _shared_hours(self, at: int) -> int:
        return self.field.side.profile.hours & self._hours[at]


@lru_cache(maxsize=1024)
def _of_capacity(capacity: int, scale: int) -> tuple[Contribution, ...]:
    points = weights.capacity_points(None if capacity < 0 else capacity) * scale
    key = "capacity.full" if capacity == 0 else "capacity.some"
    return (Contribution("capacity", points, (Message(key, {"count": capacity}),)),) if points else ()


@lru_cache(maxsize=4096)
def _of_freshness(days: int, scale: int) -> tuple[Contribution, ...]:
    points = weights.freshness_points(days) * scale
    key = "freshness.recent" if points > 0 else "freshness.old"
    return (Contribution("freshness", points, (Message(key, {"days": days}),)),) if points else ()
