"""One side of a match, in the numbers of an index: what it wants, has and speaks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.matching import criteria
from app.matching.criteria import Speaks
from app.matching.encoding import Encoder
from app.matching.facets import Profile
from app.matching.model import Worth
from app.matching.vocabulary import Ints, Rarity, Vocabulary


@dataclass(frozen=True, slots=True)
class Side:
    """A profile ready to be compared with those of an index.

    Attributes
    ----------
    wants, units, criteria
        The wanted features, their units and criteria; shape (wanted,) each.
    has
        The numbers of the features it has.
    speaks
        ``{tag: (level, lowest level accepted)}``.
    vocabulary
        Knows the features of the index and those that only this profile has.
    """

    profile: Profile
    wants: Ints
    units: Ints
    criteria: Ints
    has: frozenset[int]
    speaks: Speaks
    vocabulary: Vocabulary

    @classmethod
    def of(cls, profile: Profile, vocabulary: Vocabulary, rarity: Rarity) -> "Side":
        """Encode `profile` with the vocabulary and rarity of an index, without adding to either."""
        own = Vocabulary(parent=vocabulary)
        weighed = Encoder(own).weigh_one(profile, rarity)
        return cls(
            profile=profile,
            wants=np.array(weighed.wants, np.int64),
            units=np.array(weighed.units, np.int64),
            criteria=np.array(weighed.criteria, np.int64),
            has=frozenset(weighed.has),
            speaks=criteria.working_languages(profile.languages),
            vocabulary=own,
        )

    def of_criterion(self, *chosen: int) -> list[tuple[int, int]]:
        """Return the wanted features of some criteria with their units."""
        every = zip(self.wants.tolist(), self.units.tolist(), self.criteria.tolist(), strict=True)
        return [(feature, units) for feature, units, criterion in every if criterion in chosen]

    def multiplied(self, worth: Worth) -> NDArray[np.int32]:
        """Return for each feature the multiplier it has in what others want: 0 where this side hasn't got it."""
        table = np.zeros(len(self.vocabulary), np.int32)
        having = np.fromiter(self.has, np.int64, len(self.has))
        by_criterion = np.array([*worth.multipliers, 0], np.int32)
        table[having] = by_criterion[self.vocabulary.criteria(having)]
        return table

    def subject_relevant(self) -> list[int]:
        """Return the subject features of which one is enough to be relevant."""
        return self.vocabulary.find_all(sorted(criteria.subject_relevant(self.profile.subjects)))


def partners(speaks: Speaks, vocabulary: Vocabulary) -> dict[int, list[int]]:
    """Return the features of those who can work with `speaks` in a language, by the lower level of the two.

    Each feature is a language with a level and a lowest level accepted, so the filter is a union of lists, and
    the best common language is the highest level at which a profile is found.
    """
    found: dict[int, list[int]] = {}
    for tag, (level, accepts) in speaks.items():
        for theirs, they_accept, number in vocabulary.working_languages(tag):
            if theirs >= accepts and they_accept <= level:
                found.setdefault(min(level, theirs), []).append(number)
    return found
