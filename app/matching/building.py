"""From profiles to a segment: in one pass over the profiles, then over compact arrays."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from app.matching.encoding import Encoder, Flat, Said, Weighed, weigh
from app.matching.facets import Profile
from app.matching.segment import Columns, Segment, assemble
from app.matching.text import GRAM_SPACE
from app.matching.vocabulary import Ints, Rarity, Vocabulary

_CHUNK = 10_000


def build_segment(
    profiles: Iterable[Profile], vocabulary: Vocabulary, frozen: Rarity | None = None
) -> tuple[Segment, Rarity]:
    """Build a segment and count how rare each feature is in it, unless rarity is frozen.

    Parameters
    ----------
    profiles
        Read once; only compact arrays of them are kept. Their keys are unique.
    vocabulary
        Takes up the new features.
    frozen
        The rarity to weigh with, of the same vocabulary.
    """
    encoder = Encoder(vocabulary)
    said: list[Said] = []
    kept: list[Columns] = []
    counts: Ints = np.zeros(GRAM_SPACE, np.int64)
    for chunk in chunked(profiles, _CHUNK):
        said.append(encoder.encode(chunk))
        kept.append(Columns.of(chunk))
        counts = counted(counts, said[-1], len(vocabulary))
    rarity = frozen if frozen is not None else Rarity(sum(len(one.key) for one in kept), counts.astype(np.uint32))
    weighed = []
    while said:
        weighed.append(weigh(said.pop(0), rarity, vocabulary))
    whole = Weighed(*(Flat.stacked(getattr(one, name) for one in weighed) for name in ("has", "want", "language")))
    weighed.clear()  # what is assembled takes as much memory again
    return assemble(whole, Columns.stacked([Columns.of(()), *kept]), len(vocabulary)), rarity


def empty_segment(features: int) -> Segment:
    """Return a segment of nobody, over so many features."""
    nothing = Flat.stacked(())
    return assemble(Weighed(nothing, nothing, nothing), Columns.of(()), features)


def chunked(profiles: Iterable[Profile], size: int) -> Iterator[list[Profile]]:
    """Yield so many profiles at a time."""
    rest = iter(profiles)
    while chunk := list(islice(rest, size)):
        yield chunk


def counted(counts: Ints, said: Said, features: int) -> Ints:
    """Return how many have each feature, shape (features,): those counted before, and those in `said`."""
    grown = np.zeros(features, np.int64)
    grown[: len(counts)] = counts
    grown += np.bincount(said.has.values, minlength=features)
    grown += np.bincount(said.gram.values, minlength=features)
    return grown
