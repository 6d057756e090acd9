"""The hard filters over one segment, as bitmaps: who may be shown, who can be talked to, who is relevant at all."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.matching import loops, weights
from app.matching.compiled import kernels
from app.matching.criteria import Speaks, common_languages
from app.matching.exposure import GROUPS
from app.matching.facets import INSTITUTION, PERSON
from app.matching.model import Worth
from app.matching.query import Query
from app.matching.segment import Bitmap, Points, Segment, count_bits
from app.matching.side import Side, partners
from app.matching.vocabulary import Ints

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

    @cached_property
    def worth(self) -> Worth:
        """What the criteria are worth for what is asked."""
        return self.query.model.of(self.query.kind)

    @property
    def border(self) -> int:
        """The points for crossing a border, which all candidates have alike: none but for collaborators."""
        return self.worth.border if self.query.kind == "collaborators" and self.query.profile.country else 0

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
        above = np.zeros(self.segment.bitmap_size, np.uint8)
        by_level = partners(self.side.speaks, self.side.vocabulary)
        for level in sorted(by_level, reverse=True):
            above = tiers[level] = above | self.segment.union(by_level[level])
        return dict(sorted(tiers.items()))

    @property
    def by_language(self) -> Bitmap:
        """Who has a working language in common with the asker."""
        return next(iter(self.language_tiers.values()), np.zeros(self.segment.bitmap_size, np.uint8))

    @cached_property
    def _interests(self) -> tuple[Units | None, Bitmap]:
        """The interest units of everyone, and who has enough of them to be relevant."""
        wanted = self.side.of_criterion(weights.INTERESTS)
        nobody = np.zeros(self.segment.bitmap_size, np.uint8)
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
    def relevant(self) -> Bitmap:
        """Who has anything to do with the asker, for this kind of suggestion.

        That is whoever shares a narrow field (a broad one, if the asker names it), a level or the next one, a tag, or
        enough of the interests; or, of some kinds, offers what the asker needs or needs what they offer.
        """
        activities = (weights.OFFERS, weights.NEEDS) if self.query.kind in _RELEVANT_ACTIVITIES else ()
        wanted = self.side.of_criterion(weights.LEVEL, weights.TAGS, *activities)
        found = self.by_interests | self.segment.union([*self.side.subject_relevant(), *(one for one, _ in wanted)])
        if self.query.known:
            found |= self.segment.marked(self.segment.find_rows(self.query.known))
        return found

    @cached_property
    def passing(self) -> Bitmap:
        """Who passes all hard filters and is relevant."""
        return self.eligible & self.relevant & self.by_language

    def count(self) -> int:
        """Return how many pass."""
        return count_bits(self.passing)

    @cached_property
    def hidden(self) -> Bitmap:
        """Who would pass if it weren't for the language."""
        return self.eligible & self.relevant & ~self.by_language

    @cached_property
    def unrelated(self) -> Bitmap:
        """Who passes the hard filters without being relevant."""
        return self.eligible & self.by_language & ~self.relevant

    def count_hidden_by_language(self) -> int:
        """Return how many would pass if it weren't for the language."""
        return count_bits(self.hidden)

    def new_speakers(self, speaks: Speaks) -> list[int]:
        """Return the features of those with whom the asker could talk if they spoke, and accepted, `speaks`."""
        known = partners(self.side.speaks, self.side.vocabulary)
        before = {number for level in known.values() for number in level}
        spoken = (number for level in partners(speaks, self.side.vocabulary).values() for number in level)
        return [number for number in spoken if number not in before]

    def groups_of(self, rows: Ints) -> list[frozenset[str]]:
        """Return the groups of countries each candidate belongs to."""
        numbers = {number: code for code in GROUPS for number in self.find(f"k:of:{code}")}
        if not numbers:
            return [frozenset()] * len(rows)
        held = self.segment.having_each(list(numbers), rows).T.tolist()
        return [frozenset(code for code, has in zip(numbers.values(), one, strict=True) if has) for one in held]

    def common_languages(self, row: int) -> dict[str, tuple[int, int]]:
        """Return the common working languages with a candidate and the level of each side, the best first."""
        said = self.segment.said(row)
        known = self._common.get(said)
        if known is None:
            theirs = self.segment.speaks(row, self.side.vocabulary)
            known = self._common[said] = common_languages(self.side.speaks, theirs)
        return known

    def common_languages_of(self, rows: Ints) -> list[dict[str, tuple[int, int]]]:
        """Return the same for several candidates; one dictionary for all who speak the same."""
        return [self.common_languages(row) for row in rows.tolist()]
