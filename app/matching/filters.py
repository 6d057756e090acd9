"""The hard filters over one segment, as bitmaps: who may be shown, who can be talked to, who is relevant at all."""

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching import loops, weights
from app.matching.compiled import kernels
from app.matching.criteria import Speaks, common_languages
from app.matching.exposure import GROUPS
from app.matching.facets import INSTITUTION, PERSON
from app.matching.query import Query
from app.matching.segment import Bitmap, Points, Segment, count_bits
from app.matching.side import Side, partners

Units = Points | NDArray[np.uint8]
_RELEVANT_ACTIVITIES = ("collaborators", "institutions")


def candidate_kinds(query: Query) -> tuple[str, ...]:
    """Return the kinds of profile that `query` asks for.

    Peers of a person are persons and those of an institution institutions; collaborators may be either; whoever
    bridges two sides is a person.
    """
    if query.kind == "institutions":
        return (INSTITUTION,)
    if query.kind == "collaborators":
        return (PERSON, INSTITUTION)
    return (PERSON,) if query.kind == "bridges" else (query.profile.kind,)


class Field:
    """The profiles of a segment before a query; each filter is worked out once, and when it is asked for."""

    def __init__(self, segment: Segment, live: Bitmap, side: Side, query: Query) -> None:
        self.segment = segment
        self.live = live
        self.side = side
        self.query = query
        self._common: dict[bytes, dict[str, tuple[int, int]]] = {}  # by what is spoken: many speak the same

    def asking(self, query: Query) -> "Field":
        """Return the same profiles before another question of the same profile; what both need is found once."""
        other = Field(self.segment, self.live, self.side, query)
        other.language_tiers, other._interests = self.language_tiers, self._interests
        return other

    def find(self, *features: str) -> list[int]:
        """Return the numbers of the known ones of `features`."""
        return self.side.vocabulary.find_all(features)

    @cached_property
    def eligible(self) -> Bitmap:
        """Who may be suggested to the asker at all: visible, willing, of the right kind and place, not excluded."""
        segment, query = self.segment, self.query
        found = self.live & segment.union(self.find(*(f"k:{kind}" for kind in candidate_kinds(query))))
        found &= segment.union(self.find("k:public" if query.guest else "k:suggestible"))
        if refusing := self.find(f"k:not:{query.kind}"):
            found &= ~segment.union(refusing)
        if query.kind == "collaborators":
            found &= segment.union(self.find("k:placed"))
            if query.profile.country:
                found &= ~segment.union(self.find(f"p:{query.profile.country}"))
        hidden = {*query.exclude, query.profile.key, *((query.target.key,) if query.target else ())}
        rows = segment.find_rows(hidden)
        np.bitwise_and.at(found, rows >> 3, ~(np.uint8(1) << (rows & 7).astype(np.uint8)))
        return found

    @cached_property
    def language_tiers(self) -> dict[int, Bitmap]:
        """Who shares a working language at least at a level, by that level, the lowest first."""
        tiers: dict[int, Bitmap] = {}
        above = np.zeros(self.segment.words, np.uint8)
        by_level = partners(self.side.speaks, self.side.vocabulary)
        for level in sorted(by_level, reverse=True):
            above = tiers[level] = above | self.segment.union(by_level[level])
        return dict(sorted(tiers.items()))

    @property
    def by_language(self) -> Bitmap:
        """Who has a working language in common with the asker."""
        return next(iter(self.language_tiers.values()), np.zeros(self.segment.words, np.uint8))

    @cached_property
    def _interests(self) -> tuple[Units | None, Bitmap]:
        """The interest units of everyone, and who has enough of them to be relevant."""
        wanted = self.side.of_criterion(weights.INTERESTS)
        nobody = np.zeros(self.segment.words, np.uint8)
        if not wanted:
            return None, nobody
        if (run := kernels()) is not None:
            tallied = loops.tallied(run, self.segment, wanted, weights.INTERESTS_RELEVANT)
            if tallied is not None:
                return tallied
        units = np.zeros(len(self.segment), np.int16)
        self.segment.add(units, wanted)
        packed = np.packbits(units >= weights.INTERESTS_RELEVANT, bitorder="little")
        nobody[: len(packed)] = packed
        return units, nobody

    @property
    def interest_units(self) -> Units | None:
        """The interest units of everyone, shape (profiles,); None if the asker has said none."""
        return self._interests[0]

    @property
    def by_interests(self) -> Bitmap:
        """Who is relevant by interests alone."""
        return self._interests[1]

    @cached_property
    def by_tags(self) -> Bitmap:
        """Who shares a tag."""
        return self._wanted(weights.TAGS)

    @cached_property
    def by_subject(self) -> Bitmap:
        """Who shares a narrow field, or a broad one if the asker names it."""
        return self.segment.union(self.side.subject_relevant())

    @cached_property
    def by_level(self) -> Bitmap:
        """Who shares a level or has one next to it."""
        return self._wanted(weights.LEVEL)

    @cached_property
    def by_activities(self) -> Bitmap:
        """Who offers what the asker needs, or needs what they offer."""
        return self._wanted(weights.OFFERS, weights.NEEDS)

    @cached_property
    def relevant(self) -> Bitmap:
        """Who has anything to do with the asker, for this kind of suggestion."""
        found = self.by_subject | self.by_level | self.by_interests | self.by_tags
        if self.query.kind in _RELEVANT_ACTIVITIES:
            found = found | self.by_activities
        if self.query.known:
            found = found | self.segment.marked(self.segment.find_rows(self.query.known))
        return found

    @cached_property
    def passing(self) -> Bitmap:
        """Who passes all hard filters and is relevant."""
        return self.eligible & self.relevant & self.by_language

    def count(self) -> int:
        """Return how many pass."""
        return count_bits(self.passing)

    def count_hidden_by_language(self) -> int:
        """Return how many would pass if it weren't for the language."""
        return count_bits(self.eligible & self.relevant & ~self.by_language)

    def added_speaking(self, speaks: Speaks) -> Bitmap:
        """Return who else would pass if the asker spoke, and accepted, `speaks`."""
        known = partners(self.side.speaks, self.side.vocabulary)
        before = {number for level in known.values() for number in level}
        spoken = (number for level in partners(speaks, self.side.vocabulary).values() for number in level)
        extra = self.segment.union(number for number in spoken if number not in before)
        return self.eligible & self.relevant & ~self.by_language & extra

    def added_relevant(self, features: Iterable[str]) -> Bitmap:
        """Return who else would pass if those who have any of `features` were relevant, too."""
        return self._spoken_to & self.segment.union(self.find(*features))

    @cached_property
    def _spoken_to(self) -> Bitmap:
        """Who passes the hard filters without being relevant."""
        return self.eligible & self.by_language & ~self.relevant

    @cached_property
    def groups(self) -> dict[str, Bitmap]:
        """Who is in a country of each group that exposure is measured by."""
        return {code: self.segment.union(self.find(f"k:of:{code}")) for code in GROUPS}

    def groups_of(self, row: int) -> frozenset[str]:
        """Return the groups of countries a candidate belongs to."""
        return frozenset(code for code, there in self.groups.items() if there[row >> 3] >> (row & 7) & 1)

    def common_languages(self, row: int) -> dict[str, tuple[int, int]]:
        """Return the common working languages with a candidate and the level of each side, the best first."""
        said = self.segment.said(row)
        known = self._common.get(said)
        if known is None:
            theirs = self.segment.speaks(row, self.side.vocabulary)
            known = self._common[said] = common_languages(self.side.speaks, theirs)
        return known

    def _wanted(self, *criteria: int) -> Bitmap:
        features: Iterable[int] = (feature for feature, _ in self.side.of_criterion(*criteria))
        return self.segment.union(features)
