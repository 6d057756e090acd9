"""Profiles as rows of numbered features: first as they are said, then, once rarity is known, with their weights."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np

from app.matching import criteria, weights
from app.matching.facets import Activity, Language, Profile, speech_key
from app.matching.text import GRAM_SPACE, grams
from app.matching.vocabulary import Ints, Numbers, Rarity, Vocabulary

_BY_RARITY = np.array([one in (weights.SUBJECT, weights.TAGS) for one in range(weights.UNMEASURED + 1)])
_MIX, _BITS = 0x9E3779B97F4A7C15, (1 << 64) - 1
_GRAM_BITS = GRAM_SPACE.bit_length() - 1
_REMEMBERED = 200_000  # made facets kept by an encoder before it forgets them all


@dataclass(frozen=True, slots=True)
class _Facet:
    """How a part of a profile is read, and what it has and wants; without `has` they are the same features."""

    read: Callable[[Profile], Any]
    has: Callable[[Any], tuple[str, ...]] | None
    wants: Callable[[Any], criteria.Wants]


_FACETS = (
    _Facet(
        lambda one: (one.kind, one.suggestible, one.public, bool(one.country), one.not_as, one.groups),
        lambda said: criteria.filter_has(*said),
        lambda said: (),
    ),
    _Facet(attrgetter("subjects"), None, criteria.subject_wants),
    _Facet(attrgetter("levels"), None, criteria.level_wants),
    _Facet(attrgetter("languages"), criteria.language_has, criteria.teaching_wants),
    _Facet(attrgetter("tags"), None, criteria.tag_wants),
    _Facet(attrgetter("country", "regions"), None, lambda said: criteria.place_wants(*said)),
)


@dataclass(slots=True)
class _Made:
    """The numbers of what facets have and want, and the raw weights of the wanted."""

    has: list[int] = field(default_factory=list)
    want: list[int] = field(default_factory=list)
    raw: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Flat:
    """Lists of numbers, one after the other, and the length of each."""

    values: Numbers
    lengths: Ints

    def rows(self) -> Ints:
        """Return the row of every value."""
        return np.repeat(np.arange(len(self.lengths), dtype=np.int64), self.lengths)

    def starts(self) -> Ints:
        """Return where each row begins, and at last where the last one ends."""
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(self.lengths)])

    @classmethod
    def stacked(cls, parts: Iterable["Flat"]) -> "Flat":
        """Put lists under each other."""
        every = [cls(np.zeros(0, np.uint32), np.zeros(0, np.int64)), *parts]
        return cls(np.concatenate([one.values for one in every]), np.concatenate([one.lengths for one in every]))


@dataclass(frozen=True, slots=True)
class Said:
    """Profiles as numbered features, before rarity: what they have, want (with raw weights), write and speak."""

    has: Flat
    want: Flat
    want_raw: Ints
    gram: Flat
    language: Flat


@dataclass(frozen=True, slots=True)
class Weighed:
    """Profiles as the index keeps them: features they have, and wanted features as ``number << 8 | units``."""

    has: Flat
    want: Flat
    language: Flat


@dataclass(frozen=True, slots=True)
class One:
    """A single profile as the index keeps it: the features it has, and those it wants with their units and criteria."""

    has: list[int]
    wants: list[int]
    units: list[int]
    criteria: list[int]


class Encoder:
    """Turns profiles into rows of numbers; remembers what it made of each facet, since facets repeat."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known: dict[object, _Made] = {}
        self._spoken: dict[tuple[Language, ...], list[int]] = {}

    def encode(self, profiles: list[Profile]) -> Said:
        """Encode `profiles`, in O(features)."""
        whole, gram, language = _Made(), list[int](), list[int]()
        ends = [(0, 0, 0, 0)]
        for profile in profiles:
            self._add(whole, profile)
            if profile.interests:
                gram += grams(profile.interests)
            if profile.languages:
                language += self._spoken.get(profile.languages) or self._speak(profile.languages)
            ends.append((len(whole.has), len(whole.want), len(gram), len(language)))
        marks = np.array(ends, np.int64)
        lengths: Ints = marks[1:] - marks[:-1]
        return Said(
            has=Flat(np.array(whole.has, np.uint32), lengths[:, 0]),
            want=Flat(np.array(whole.want, np.uint32), lengths[:, 1]),
            want_raw=np.array(whole.raw, np.int64),
            gram=Flat(np.array(gram, np.uint32), lengths[:, 2]),
            language=Flat(np.array(language, np.uint32), lengths[:, 3]),
        )

    def weigh_one(self, profile: Profile, rarity: Rarity) -> One:
        """Do as :meth:`encode` and :func:`weigh` for a single profile: without arrays, which are slow for so few."""
        whole, grams_kept = _Made(), _keep_grams_of_one(grams(profile.interests), rarity)
        self._add(whole, profile)
        criteria_of = [self.vocabulary.criterion(number) for number in whole.want]
        units = weights.spread(weights.UNITS[weights.INTERESTS], [rarity.of_one(number) for number in grams_kept])
        for criterion, same in groupby(zip(criteria_of, whole.want, whole.raw, strict=True), itemgetter(0)):
            if _BY_RARITY[criterion]:
                units += weights.spread(weights.UNITS[criterion], [raw * rarity.of_one(one) for _, one, raw in same])
            else:
                units += [raw for _, _, raw in same]
        return One(
            has=grams_kept + whole.has,
            wants=grams_kept + whole.want,
            units=units,
            criteria=[weights.INTERESTS] * len(grams_kept) + criteria_of,
        )

    def _add(self, whole: _Made, profile: Profile) -> None:
        """Add what a profile has and wants by its facets and activities."""
        self._add_facets(whole, profile)
        for side, activities in (("o", profile.offers), ("n", profile.needs)):
            if activities:
                self._add_activities(whole, side, activities)

    def _add_facets(self, whole: _Made, profile: Profile) -> None:
        known = self._known
        for at, facet in enumerate(_FACETS):
            said = facet.read(profile)
            if said:
                made = known.get((at, said)) or self._make(at, said)
                whole.has += made.has
                whole.want += made.want
                whole.raw += made.raw

    def _make(self, at: int, said: Any) -> _Made:
        facet = _FACETS[at]
        made = self._numbered(None if facet.has is None else facet.has(said), facet.wants(said))
        return self._remember((at, said), made)

    def _add_activities(self, whole: _Made, side: str, activities: tuple[Activity, ...]) -> None:
        """Add offers or needs: what is offered is wanted by those who need it, and the other way round."""
        wanted = "n" if side == "o" else "o"
        if len({one.code for one in activities}) < len(activities):  # their features may be the same, and count once
            has, wants = criteria.activities_have(side, activities), criteria.activities_want(wanted, activities)
            made = self._numbered(has, wants)
            whole.has += made.has
            whole.want += made.want
            whole.raw += made.raw
            return
        for one, units in criteria.activity_shares(activities):
            made = self._known.get((side, one)) or self._make_activity(side, wanted, one)
            whole.has += made.has
            whole.want += made.want
            whole.raw += [units * percent // 100 for percent in made.raw]

    def _make_activity(self, side: str, wanted: str, one: Activity) -> _Made:
        made = self._numbered(criteria.activity_has(side, one), criteria.activity_wants(wanted, one))
        return self._remember((side, one), made)

    def _numbered(self, has: tuple[str, ...] | None, wants: criteria.Wants) -> _Made:
        number = self.vocabulary.number
        want = [number(feature) for feature, _ in wants]
        return _Made(want if has is None else [number(feature) for feature in has], want, [raw for _, raw in wants])

    def _remember(self, key: object, made: _Made) -> _Made:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[key] = made
        return made

    def _speak(self, languages: tuple[Language, ...]) -> list[int]:
        teaches = {speech_key(one.tag) for one in languages if one.teaches}
        spoken = [
            self.vocabulary.number(f"t:{tag}") << 8 | (tag in teaches) << 6 | accepts << 3 | level
            for tag, (level, accepts) in criteria.working_languages(languages).items()
        ]
        if len(self._spoken) >= _REMEMBERED:
            self._spoken.clear()
        self._spoken[languages] = spoken
        return spoken


def weigh(said: Said, rarity: Rarity, vocabulary: Vocabulary) -> Weighed:
    """Choose the n-grams to keep, and share out units by rarity; vectorised, O(features log features)."""
    gram = _keep_grams(said.gram, rarity)
    want_criteria = vocabulary.criteria(said.want.values)
    by_rarity = _BY_RARITY[want_criteria]
    raw = said.want_raw.copy()
    raw[by_rarity] *= rarity.of(said.want.values[by_rarity])
    units = raw.copy()
    group = (said.want.rows() << 4 | want_criteria)[by_rarity]
    whole = np.array(weights.UNITS, np.int64)[want_criteria[by_rarity]]
    units[by_rarity] = _spread(raw[by_rarity], group, whole)
    whole = np.full(len(gram.values), weights.UNITS[weights.INTERESTS], np.int64)
    gram_units = _spread(rarity.of(gram.values), gram.rows(), whole)
    want = Flat(_packed(said.want.values, units), said.want.lengths)
    want_gram = Flat(_packed(gram.values, gram_units), gram.lengths)
    return Weighed(_joined(gram, said.has), _joined(want_gram, want), said.language)


def _packed(numbers: Numbers, units: Ints) -> Numbers:
    return np.asarray(numbers << np.uint32(8) | units.astype(np.uint32), np.uint32)


def _keep_grams(gram: Flat, rarity: Rarity) -> Flat:
    """Keep the n-grams of each row that tell most: a weighted bottom-k sketch, none of them too common.

    Each n-gram draws a fixed pseudo-random number, divided by its rarity, and the smallest are kept (priority
    sampling, Duffield, Lund and Thorup 2007): the rarer the likelier, and what two texts share both tend to keep.
    """
    telling = ~rarity.too_common(gram.values)
    values, rows = gram.values[telling].astype(np.uint64), gram.rows()[telling].astype(np.uint64)
    drawn = (values + np.uint64(1)) * np.uint64(_MIX) >> np.uint64(35)
    drawn //= rarity.of(values.astype(np.int64)).astype(np.uint64)
    bits = np.uint64(_GRAM_BITS)
    order = np.sort((rows << np.uint64(29) | drawn) << bits | values)
    rows = order >> (bits + np.uint64(29))
    lengths: Ints = np.bincount(rows.astype(np.int64), minlength=len(gram.lengths)).astype(np.int64)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    keep = place < weights.GRAMS_KEPT
    kept = np.sort(rows[keep] << bits | order[keep] & np.uint64(GRAM_SPACE - 1)) & np.uint64(GRAM_SPACE - 1)
    return Flat(kept.astype(np.uint32), np.minimum(lengths, weights.GRAMS_KEPT))


def _keep_grams_of_one(said: Iterable[int], rarity: Rarity) -> list[int]:
    """Do as :func:`_keep_grams` for the n-grams of one profile."""
    most = rarity.most_telling
    drawn = [
        (((gram + 1) * _MIX & _BITS) >> 35) // rarity.of_one(gram) << _GRAM_BITS | gram
        for gram in said
        if rarity.count_one(gram) <= most
    ]
    return sorted(one & (GRAM_SPACE - 1) for one in sorted(drawn)[: weights.GRAMS_KEPT])


def _spread(raw: Ints, group: Ints, whole: Ints) -> Ints:
    """Do as :func:`app.matching.weights.spread` for many groups at once; a group's elements stand together.

    >>> _spread(np.array([1, 1, 1, 5]), np.array([0, 0, 0, 1]), np.array([100, 100, 100, 50])).tolist()
    [33, 33, 34, 50]
    """
    if not len(raw):
        return raw
    first = np.concatenate([np.ones(1, np.bool_), group[1:] != group[:-1]])
    starts = np.flatnonzero(first)
    lengths = np.diff(np.append(starts, len(raw)))
    running = np.cumsum(raw)
    before = np.repeat(running[starts] - raw[starts], lengths)
    sums = np.repeat(np.add.reduceat(raw, starts), lengths)
    upto = (running - before) * whole // sums
    given: Ints = np.where(first, 0, np.concatenate([np.zeros(1, np.int64), upto[:-1]]))
    shares: Ints = upto - given
    return shares


def _joined(one: Flat, other: Flat) -> Flat:
    """Put the rows of two lists behind each other, row by row."""
    lengths = one.lengths + other.lengths
    starts = np.cumsum(lengths) - lengths
    values = np.empty(int(lengths.sum()), np.uint32)
    for part, begin in ((one, starts), (other, starts + one.lengths)):
        at = np.arange(len(part.values)) - np.repeat(np.cumsum(part.lengths) - part.lengths, part.lengths)
        values[np.repeat(begin, part.lengths) + at] = part.values
    return Flat(values, lengths)
